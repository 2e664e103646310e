"""Names of `torchvision.ops`, which refuse when they are used."""

from typing import Final

from funcnet.compat.torchvision._later import show_later

# Each file's names.
_FILES: Final = {
    "boxes": """
        nms batched_nms remove_small_boxes clip_boxes_to_image box_convert box_area
        box_iou generalized_box_iou complete_box_iou distance_box_iou masks_to_boxes
    """,
    "ciou_loss": "complete_box_iou_loss",
    "deform_conv": "deform_conv2d DeformConv2d",
    "diou_loss": "distance_box_iou_loss",
    "drop_block": "drop_block2d drop_block3d DropBlock2d DropBlock3d",
    "feature_pyramid_network": """
        ExtraFPNBlock FeaturePyramidNetwork LastLevelMaxPool LastLevelP6P7
    """,
    "focal_loss": "sigmoid_focal_loss",
    "giou_loss": "generalized_box_iou_loss",
    "misc": """
        FrozenBatchNorm2d ConvNormActivation Conv2dNormActivation Conv3dNormActivation
        SqueezeExcitation MLP Permute
    """,
    "poolers": "initLevelMapper LevelMapper MultiScaleRoIAlign",
    "ps_roi_align": "ps_roi_align PSRoIAlign",
    "ps_roi_pool": "ps_roi_pool PSRoIPool",
    "roi_align": "lazy_compile maybe_cast roi_align RoIAlign",
    "roi_pool": "roi_pool RoIPool",
    "stochastic_depth": "stochastic_depth StochasticDepth",
}

show_later("ops", _FILES)
