"""What the networks share that classify pixels."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from .._api import number_of_classes, set_option
from .._backend import Array, F, nn, with_weights
from .._utils import IntermediateLayerGetter, backbone_weights


class _SimpleSegmentationModel(nn.Module):
    """A backbone, and what classifies its maps, resized to the image.

    Args:
        backbone: gives the maps "out" and, for the auxiliary loss, "aux".
        classifier: from a map to the logits of classes.
        aux_classifier: from the other map, or None.
    """

    def __init__(
        self,
        backbone: nn.Module,
        classifier: nn.Module,
        aux_classifier: nn.Module | None = None,
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.classifier = classifier
        self.aux_classifier = aux_classifier

    def forward(self, x: Array) -> Any:
        size = x.shape[-2:]
        features = self.backbone(x)
        result = OrderedDict(out=resized(self.classifier(features["out"]), size))
        if self.aux_classifier is not None:
            result["aux"] = resized(self.aux_classifier(features["aux"]), size)
        return result


def resized(x: Array, size: Any) -> Array:
    """A map of the size of the image."""
    return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


def built(
    weights: Any,
    progress: bool,
    num_classes: int | None,
    aux_loss: bool | None,
    weights_backbone: Any,
    options: dict[str, Any],
    backbone: Callable[..., Any],
    known: Any,
    make: Callable[[Any, int, bool], Any],
) -> Any:
    """Build a network as weights and options say together.

    Args:
        weights, progress, num_classes, aux_loss, weights_backbone, options: as the
            caller gave.
        backbone: builds the backbone of its weights.
        known: the enumeration of these.
        make: from backbone, classes and auxiliary loss to the network.
    """
    chosen = backbone_weights(
        weights, weights_backbone, known, options, "IMAGENET1K_V1"
    )
    asked = {"num_classes": num_classes, "aux_loss": aux_loss}
    settings: dict[str, Any] = {k: one for k, one in asked.items() if one is not None}
    if weights is not None:
        number_of_classes(settings, weights)
        set_option(settings, "aux_loss", True)
    classes = settings.get("num_classes", 21)
    model = make(backbone(weights=chosen), classes, bool(settings.get("aux_loss")))
    return model if weights is None else with_weights(model, weights, progress)


def on_resnet(backbone: nn.Module, aux: bool) -> IntermediateLayerGetter:
    """The last map of a ResNet, and for the auxiliary loss the one before."""
    layers = {"layer4": "out", **({"layer3": "aux"} if aux else {})}
    return IntermediateLayerGetter(backbone, layers)


def stages_of(features: Any) -> list[int]:
    """The blocks of a MobileNet that begin a stage, and the last one."""
    starts = [i for i, block in enumerate(features) if getattr(block, "_is_cn", False)]
    return [0, *starts, len(features) - 1]
