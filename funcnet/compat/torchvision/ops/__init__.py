"""Operators of detectors, and layers that networks share, as `torchvision.ops`.

Example:
    >>> import funcnet.compat as torch
    >>> from funcnet.compat.torchvision import ops
    >>> ops.box_area(torch.tensor([[0.0, 0.0, 2.0, 3.0]]))
    tensor([6.])
"""

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat.torchvision import _depth
from funcnet.compat.torchvision._missing import missing
from funcnet.compat.torchvision.ops import _drops, _losses, _regions
from funcnet.compat.torchvision.ops.boxes import (
    batched_nms,
    box_area,
    box_convert,
    box_iou,
    clip_boxes_to_image,
    complete_box_iou,
    distance_box_iou,
    generalized_box_iou,
    masks_to_boxes,
    nms,
    remove_small_boxes,
)
from funcnet.compat.torchvision.ops.deform_conv import DeformConv2d, deform_conv2d
from funcnet.compat.torchvision.ops.feature_pyramid_network import FeaturePyramidNetwork
from funcnet.compat.torchvision.ops.misc import (
    MLP,
    Conv2dNormActivation,
    Conv3dNormActivation,
    FrozenBatchNorm2d,
    Permute,
    SqueezeExcitation,
)
from funcnet.compat.torchvision.ops.poolers import MultiScaleRoIAlign

# torchvision's files that have the name of a function, which hides them here, too.
for _room, _files in (
    (
        _regions,
        {
            "ps_roi_align": "ps_roi_align PSRoIAlign",
            "ps_roi_pool": "ps_roi_pool PSRoIPool",
            "roi_align": "roi_align RoIAlign",
            "roi_pool": "roi_pool RoIPool",
        },
    ),
    (
        _losses,
        {
            "ciou_loss": "complete_box_iou_loss",
            "diou_loss": "distance_box_iou_loss",
            "focal_loss": "sigmoid_focal_loss",
            "giou_loss": "generalized_box_iou_loss",
        },
    ),
    (_depth, {"stochastic_depth": "stochastic_depth StochasticDepth"}),
    (_drops, {"drop_block": "drop_block2d drop_block3d DropBlock2d DropBlock3d"}),
):
    for _file, _names in _files.items():
        _shown = {_name: getattr(_room, _name) for _name in _names.split()}
        show_as(f"{__name__}.{_file}", _shown)

from funcnet.compat.torchvision._depth import (  # noqa: E402 - hides the files
    StochasticDepth,
    stochastic_depth,
)
from funcnet.compat.torchvision.ops._drops import (  # noqa: E402
    DropBlock2d,
    DropBlock3d,
    drop_block2d,
    drop_block3d,
)
from funcnet.compat.torchvision.ops._losses import (  # noqa: E402
    complete_box_iou_loss,
    distance_box_iou_loss,
    generalized_box_iou_loss,
    sigmoid_focal_loss,
)
from funcnet.compat.torchvision.ops._regions import (  # noqa: E402
    PSRoIAlign,
    PSRoIPool,
    RoIAlign,
    RoIPool,
    ps_roi_align,
    ps_roi_pool,
    roi_align,
    roi_pool,
)

__all__ = [
    "MLP",
    "Conv2dNormActivation",
    "Conv3dNormActivation",
    "DeformConv2d",
    "DropBlock2d",
    "DropBlock3d",
    "FeaturePyramidNetwork",
    "FrozenBatchNorm2d",
    "MultiScaleRoIAlign",
    "PSRoIAlign",
    "PSRoIPool",
    "Permute",
    "RoIAlign",
    "RoIPool",
    "SqueezeExcitation",
    "StochasticDepth",
    "batched_nms",
    "box_area",
    "box_convert",
    "box_iou",
    "clip_boxes_to_image",
    "complete_box_iou",
    "complete_box_iou_loss",
    "deform_conv2d",
    "distance_box_iou",
    "distance_box_iou_loss",
    "drop_block2d",
    "drop_block3d",
    "generalized_box_iou",
    "generalized_box_iou_loss",
    "masks_to_boxes",
    "nms",
    "ps_roi_align",
    "ps_roi_pool",
    "remove_small_boxes",
    "roi_align",
    "roi_pool",
    "sigmoid_focal_loss",
    "stochastic_depth",
]

__getattr__ = missing("ops", globals())
