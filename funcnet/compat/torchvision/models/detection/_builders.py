"""What the functions share that build detectors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from funcnet.compat import nn
from funcnet.compat.torchvision import models as _models
from funcnet.compat.torchvision.models.detection._utils import overwrite_eps
from funcnet.compat.torchvision.models.detection.backbone_utils import (
    _resnet_fpn_extractor,
    _validate_trainable_layers,
)
from funcnet.compat.torchvision.models.detection.image_list import Backbone, Weights
from funcnet.compat.torchvision.ops import FrozenBatchNorm2d

network: Callable[..., Any] = _models._api.network
weights_enum: Callable[..., Any] = _models._api.weights_enum
Model = Any


@dataclass
class Plan:
    """What is settled before a detector is built.

    Attributes:
        classes: their number, the background with them.
        weights: of the backbone, or None.
        trained: whether the backbone has weights, its own or the detector's.
        layers: how many parts of the backbone learn.
    """

    classes: int
    weights: Weights
    trained: bool
    layers: int

    @property
    def norm_layer(self) -> type[nn.Module]:
        """Norms are frozen where weights come with their statistics."""
        return FrozenBatchNorm2d if self.trained else nn.BatchNorm2d


def settled(
    weights: Weights,
    num_classes: int | None,
    weights_backbone: Weights,
    trainable_backbone_layers: int | None,
    options: dict[str, Any],
    backbone: Backbone,
    *,
    classes: int = 91,
    layers: tuple[int, int] = (5, 3),
) -> Plan:
    """Settle what weights and options say together.

    Args:
        weights: of the detector, or None.
        num_classes, weights_backbone, trainable_backbone_layers: as the caller gave.
        options: in which a script may say `pretrained_backbone`, as earlier.
        backbone: the enumeration of the backbone's weights.
        classes: their number by default.
        layers: the parts of the backbone, and those that learn by default.
    """
    if "pretrained_backbone" in options:
        weights_backbone = options.pop("pretrained_backbone")
    if isinstance(weights_backbone, bool):
        weights_backbone = next(iter(backbone)) if weights_backbone else None
    chosen = backbone.verify(weights_backbone)
    if weights is not None:
        chosen = None
        known = {} if num_classes is None else {"num_classes": num_classes}
        _models._api.number_of_classes(known, weights)
        num_classes = known["num_classes"]
    trained = weights is not None or chosen is not None
    count = classes if num_classes is None else num_classes
    most, default = layers
    learning = _validate_trainable_layers(
        trained, trainable_backbone_layers, most, default
    )
    return Plan(count, chosen, trained, learning)


def resnet50_fpn(
    plan: Plan,
    progress: bool,
    *,
    frozen: bool,
    extra: Callable[[], Any] | None = None,
    **options: Any,
) -> Any:
    """Make a ResNet-50 with a feature pyramid.

    Args:
        frozen: whether its norms are, where it has weights.
        extra: makes what adds levels: after the network, whose parameters are drawn
            first.
        options: of the pyramid.
    """
    norm = {"norm_layer": plan.norm_layer} if frozen else {}
    backbone = _models.resnet50(weights=plan.weights, progress=progress, **norm)
    if extra is not None:
        options["extra_blocks"] = extra()
    return _resnet_fpn_extractor(backbone, plan.layers, **options)


def loaded(
    model: Model, weights: Weights, progress: bool, without_eps: str = ""
) -> Model:
    """The detector with its weights, if there are any.

    Args:
        without_eps: the weights that were trained with norms whose `eps` is 0.
    """
    if weights is not None:
        state = weights.get_state_dict(progress=progress, check_hash=True)
        model.load_state_dict(state)
        if weights.name == without_eps:
            overwrite_eps(model, 0.0)
    return model
