"""Faster R-CNN, as `torchvision.models.detection.faster_rcnn`."""

from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.torchvision import models as _models
from funcnet.compat.torchvision.models.detection._builders import (
    loaded,
    network,
    resnet50_fpn,
    settled,
    weights_enum,
)
from funcnet.compat.torchvision.models.detection.anchor_utils import AnchorGenerator
from funcnet.compat.torchvision.models.detection.backbone_utils import (
    _mobilenet_extractor,
)
from funcnet.compat.torchvision.models.detection.generalized_rcnn import GeneralizedRCNN
from funcnet.compat.torchvision.models.detection.image_list import Backbone, Weights
from funcnet.compat.torchvision.models.detection.roi_heads import RoIHeads
from funcnet.compat.torchvision.models.detection.rpn import (
    RegionProposalNetwork,
    RPNHead,
)
from funcnet.compat.torchvision.models.detection.transform import (
    GeneralizedRCNNTransform,
)
from funcnet.compat.torchvision.ops import Conv2dNormActivation, MultiScaleRoIAlign

__all__ = [
    "FasterRCNN",
    "FasterRCNN_MobileNet_V3_Large_320_FPN_Weights",
    "FasterRCNN_MobileNet_V3_Large_FPN_Weights",
    "FasterRCNN_ResNet50_FPN_V2_Weights",
    "FasterRCNN_ResNet50_FPN_Weights",
    "fasterrcnn_mobilenet_v3_large_320_fpn",
    "fasterrcnn_mobilenet_v3_large_fpn",
    "fasterrcnn_resnet50_fpn",
    "fasterrcnn_resnet50_fpn_v2",
]

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
NO_CHANNELS = (
    "backbone should contain an attribute out_channels specifying the number of output "
    "channels (assumed to be the same for all the levels)"
)


def _default_anchorgen() -> AnchorGenerator:
    sizes = ((32,), (64,), (128,), (256,), (512,))
    return AnchorGenerator(sizes, ((0.5, 1.0, 2.0),) * len(sizes))


def check_kind(name: str, value: Any, kind: type) -> None:
    """Raise TypeError unless an argument is of a class, or None."""
    if value is not None and not isinstance(value, kind):
        raise TypeError(
            f"{name} should be of type {kind.__name__} or None instead of {type(value)}"
        )


class FasterRCNN(GeneralizedRCNN):
    """Faster R-CNN: regions that a network proposes are classified, and moved.

    Args:
        backbone: from images to feature maps; has `out_channels`.
        num_classes: with the background; None if there is a `box_predictor`.
        min_size, max_size, image_mean, image_std: see `GeneralizedRCNNTransform`.
        rpn_anchor_generator, rpn_head: see `RegionProposalNetwork`, as the numbers.
        box_roi_pool, box_head, box_predictor: see `RoIHeads`, as the numbers.

    Source: Ren et al. (2015), https://arxiv.org/abs/1506.01497
    """

    def __init__(
        self,
        backbone: Backbone,
        num_classes: int | None = None,
        min_size: int | Sequence[int] = 800,
        max_size: int = 1333,
        image_mean: Sequence[float] | None = None,
        image_std: Sequence[float] | None = None,
        rpn_anchor_generator: AnchorGenerator | None = None,
        rpn_head: nn.Module | None = None,
        rpn_pre_nms_top_n_train: int = 2000,
        rpn_pre_nms_top_n_test: int = 1000,
        rpn_post_nms_top_n_train: int = 2000,
        rpn_post_nms_top_n_test: int = 1000,
        rpn_nms_thresh: float = 0.7,
        rpn_fg_iou_thresh: float = 0.7,
        rpn_bg_iou_thresh: float = 0.3,
        rpn_batch_size_per_image: int = 256,
        rpn_positive_fraction: float = 0.5,
        rpn_score_thresh: float = 0.0,
        box_roi_pool: MultiScaleRoIAlign | None = None,
        box_head: nn.Module | None = None,
        box_predictor: nn.Module | None = None,
        box_score_thresh: float = 0.05,
        box_nms_thresh: float = 0.5,
        box_detections_per_img: int = 100,
        box_fg_iou_thresh: float = 0.5,
        box_bg_iou_thresh: float = 0.5,
        box_batch_size_per_image: int = 512,
        box_positive_fraction: float = 0.25,
        bbox_reg_weights: tuple[float, float, float, float] | None = None,
        **kwargs: Any,
    ) -> None:
        if not hasattr(backbone, "out_channels"):
            raise ValueError(NO_CHANNELS)
        check_kind("rpn_anchor_generator", rpn_anchor_generator, AnchorGenerator)
        check_kind("box_roi_pool", box_roi_pool, MultiScaleRoIAlign)
        if num_classes is not None and box_predictor is not None:
            raise ValueError(
                "num_classes should be None when box_predictor is specified"
            )
        if num_classes is None and box_predictor is None:
            raise ValueError(
                "num_classes should not be None when box_predictor is not specified"
            )
        channels = backbone.out_channels
        anchors = rpn_anchor_generator or _default_anchorgen()
        if rpn_head is None:
            rpn_head = RPNHead(channels, anchors.num_anchors_per_location()[0])
        rpn = RegionProposalNetwork(
            *(anchors, rpn_head, rpn_fg_iou_thresh, rpn_bg_iou_thresh),
            *(rpn_batch_size_per_image, rpn_positive_fraction),
            {"training": rpn_pre_nms_top_n_train, "testing": rpn_pre_nms_top_n_test},
            {"training": rpn_post_nms_top_n_train, "testing": rpn_post_nms_top_n_test},
            rpn_nms_thresh,
            score_thresh=rpn_score_thresh,
        )
        if box_roi_pool is None:
            names = ["0", "1", "2", "3"]
            box_roi_pool = MultiScaleRoIAlign(names, output_size=7, sampling_ratio=2)
        if box_head is None:
            box_head = TwoMLPHead(channels * box_roi_pool.output_size[0] ** 2, 1024)
        if box_predictor is None:
            box_predictor = FastRCNNPredictor(1024, num_classes or 0)
        roi_heads = RoIHeads(
            box_roi_pool,
            box_head,
            box_predictor,
            box_fg_iou_thresh,
            box_bg_iou_thresh,
            box_batch_size_per_image,
            box_positive_fraction,
            bbox_reg_weights,
            box_score_thresh,
            box_nms_thresh,
            box_detections_per_img,
        )
        mean, std = image_mean or MEAN, image_std or STD
        transform = GeneralizedRCNNTransform(min_size, max_size, mean, std, **kwargs)
        super().__init__(backbone, rpn, roi_heads, transform)


class TwoMLPHead(nn.Module):
    """Two linear layers with ReLU."""

    def __init__(self, in_channels: int, representation_size: int) -> None:
        super().__init__()
        self.fc6 = nn.Linear(in_channels, representation_size)
        self.fc7 = nn.Linear(representation_size, representation_size)

    def forward(self, x: Tensor) -> Any:
        """Return `(n, representation_size)`."""
        return F.relu(self.fc7(F.relu(self.fc6(x.flatten(start_dim=1)))))


class FastRCNNConvFCHead(nn.Sequential):
    """Convolutions, then linear layers with ReLU.

    Args:
        input_size: `(channels, height, width)`.
        conv_layers, fc_layers: their channels and features.
        norm_layer: of the convolutions.
    """

    def __init__(
        self,
        input_size: tuple[int, int, int],
        conv_layers: list[int],
        fc_layers: list[int],
        norm_layer: Callable[..., nn.Module] | None = None,
    ) -> None:
        size, height, width = input_size
        blocks: list[nn.Module] = []
        for channels in conv_layers:
            blocks.append(Conv2dNormActivation(size, channels, norm_layer=norm_layer))
            size = channels
        blocks.append(nn.Flatten())
        size = size * height * width
        for features in fc_layers:
            blocks += [nn.Linear(size, features), nn.ReLU(inplace=True)]
            size = features
        super().__init__(*blocks)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(
                    layer.weight, mode="fan_out", nonlinearity="relu"
                )
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)


class FastRCNNPredictor(nn.Module):
    """Logits of classes and codes of boxes, a linear layer for each.

    Args:
        in_channels: of the features.
        num_classes: with the background.
    """

    def __init__(self, in_channels: int, num_classes: int) -> None:
        super().__init__()
        self.cls_score = nn.Linear(in_channels, num_classes)
        self.bbox_pred = nn.Linear(in_channels, num_classes * 4)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return `(n, classes)` and `(n, classes * 4)`."""
        if x.dim() == 4:
            assert list(x.shape[2:]) == [1, 1], (
                "x has the wrong shape, expecting the last two dimensions to be [1,1] "
                f"instead of {list(x.shape[2:])}"
            )
        features = x.flatten(start_dim=1)
        return self.cls_score(features), self.bbox_pred(features)


# --- builders ------------------------------------------------------------------------

_WITH_RESNET = _models.ResNet50_Weights.IMAGENET1K_V1

FasterRCNN_ResNet50_FPN_Weights = weights_enum(
    "FasterRCNN_ResNet50_FPN_Weights", __name__
)
FasterRCNN_ResNet50_FPN_V2_Weights = weights_enum(
    "FasterRCNN_ResNet50_FPN_V2_Weights", __name__
)
FasterRCNN_MobileNet_V3_Large_FPN_Weights = weights_enum(
    "FasterRCNN_MobileNet_V3_Large_FPN_Weights", __name__
)
FasterRCNN_MobileNet_V3_Large_320_FPN_Weights = weights_enum(
    "FasterRCNN_MobileNet_V3_Large_320_FPN_Weights", __name__
)


@network(FasterRCNN_ResNet50_FPN_Weights, whole=True)
def fasterrcnn_resnet50_fpn(
    weights: Weights,
    progress: bool,
    num_classes: int | None = None,
    weights_backbone: Weights = _WITH_RESNET,
    trainable_backbone_layers: int | None = None,
    **options: Any,
) -> FasterRCNN:
    """Faster R-CNN on ResNet-50 with a feature pyramid; see `FasterRCNN`."""
    plan = settled(
        *(weights, num_classes, weights_backbone, trainable_backbone_layers),
        *(options, _models.ResNet50_Weights),
    )
    backbone = resnet50_fpn(plan, progress, frozen=True)
    model = FasterRCNN(backbone, num_classes=plan.classes, **options)
    return loaded(model, weights, progress, "COCO_V1")


@network(FasterRCNN_ResNet50_FPN_V2_Weights, whole=True)
def fasterrcnn_resnet50_fpn_v2(
    weights: Weights,
    progress: bool,
    num_classes: int | None = None,
    weights_backbone: Weights = None,
    trainable_backbone_layers: int | None = None,
    **options: Any,
) -> FasterRCNN:
    """Faster R-CNN with norms in the pyramid and convolutions in the heads.

    Source: Li et al. (2021), https://arxiv.org/abs/2111.11429
    """
    plan = settled(
        *(weights, num_classes, weights_backbone, trainable_backbone_layers),
        *(options, _models.ResNet50_Weights),
    )
    backbone = resnet50_fpn(plan, progress, frozen=False, norm_layer=nn.BatchNorm2d)
    model = FasterRCNN(backbone, plan.classes, **second_version(backbone), **options)
    return loaded(model, weights, progress)


def second_version(backbone: Backbone) -> dict[str, Any]:
    """The parts in which the second version of a detector differs from the first."""
    anchors = _default_anchorgen()
    channels, count = backbone.out_channels, anchors.num_anchors_per_location()[0]
    return {
        "rpn_anchor_generator": anchors,
        "rpn_head": RPNHead(channels, count, conv_depth=2),
        "box_head": FastRCNNConvFCHead(
            (channels, 7, 7), [256] * 4, [1024], norm_layer=nn.BatchNorm2d
        ),
    }


def _on_mobilenet(
    weights: Weights,
    progress: bool,
    num_classes: int | None,
    weights_backbone: Weights,
    trainable_backbone_layers: int | None,
    options: dict[str, Any],
) -> FasterRCNN:
    plan = settled(
        *(weights, num_classes, weights_backbone, trainable_backbone_layers),
        *(options, _models.MobileNet_V3_Large_Weights),
        layers=(6, 3),
    )
    network = _models.mobilenet_v3_large(
        weights=plan.weights, progress=progress, norm_layer=plan.norm_layer
    )
    backbone = _mobilenet_extractor(network, True, plan.layers)
    sizes = ((32, 64, 128, 256, 512),) * 3
    anchors = AnchorGenerator(sizes, ((0.5, 1.0, 2.0),) * len(sizes))
    settings = {"rpn_score_thresh": 0.05, "rpn_anchor_generator": anchors, **options}
    return loaded(FasterRCNN(backbone, plan.classes, **settings), weights, progress)


@network(FasterRCNN_MobileNet_V3_Large_320_FPN_Weights, whole=True)
def fasterrcnn_mobilenet_v3_large_320_fpn(
    weights: Weights,
    progress: bool,
    num_classes: int | None = None,
    weights_backbone: Weights = "IMAGENET1K_V1",
    trainable_backbone_layers: int | None = None,
    **options: Any,
) -> FasterRCNN:
    """Faster R-CNN on MobileNetV3, for images whose shorter side is 320."""
    small = {"min_size": 320, "max_size": 640}
    fewer = {"rpn_pre_nms_top_n_test": 150, "rpn_post_nms_top_n_test": 150}
    return _on_mobilenet(
        *(weights, progress, num_classes, weights_backbone),
        *(trainable_backbone_layers, {**small, **fewer, **options}),
    )


@network(FasterRCNN_MobileNet_V3_Large_FPN_Weights, whole=True)
def fasterrcnn_mobilenet_v3_large_fpn(
    weights: Weights,
    progress: bool,
    num_classes: int | None = None,
    weights_backbone: Weights = "IMAGENET1K_V1",
    trainable_backbone_layers: int | None = None,
    **options: Any,
) -> FasterRCNN:
    """Faster R-CNN on MobileNetV3 with a feature pyramid."""
    return _on_mobilenet(
        *(weights, progress, num_classes, weights_backbone),
        *(trainable_backbone_layers, options),
    )
