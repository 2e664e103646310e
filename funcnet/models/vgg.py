"""VGG networks, with and without batch norm."""

from collections.abc import Sequence
from typing import Any, Final

from ._api import network, number_of_classes, weights_enum
from ._backend import Array, flatten, init, initialize, nn

__all__ = [
    "VGG",
    "VGG11_BN_Weights",
    "VGG11_Weights",
    "VGG13_BN_Weights",
    "VGG13_Weights",
    "VGG16_BN_Weights",
    "VGG16_Weights",
    "VGG19_BN_Weights",
    "VGG19_Weights",
    "vgg11",
    "vgg11_bn",
    "vgg13",
    "vgg13_bn",
    "vgg16",
    "vgg16_bn",
    "vgg19",
    "vgg19_bn",
]

cfgs: Final[dict[str, tuple[int | str, ...]]] = {
    "A": (64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"),
    "B": (64, 64, "M", 128, 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"),
    "D": (
        *(64, 64, "M", 128, 128, "M", 256, 256, 256, "M"),
        *(512, 512, 512, "M", 512, 512, 512, "M"),
    ),
    "E": (
        *(64, 64, "M", 128, 128, "M", 256, 256, 256, 256, "M"),
        *(512, 512, 512, 512, "M", 512, 512, 512, 512, "M"),
    ),
}


class VGG(nn.Module):
    """VGG: 3×3 convolutions, pooling between them, and three linear layers.

    Args:
        features: the convolutions; see `make_layers`.
        init_weights: draw parameters by the network's rule, not by the layers'.

    Source: Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale
    Image Recognition" (2014), https://arxiv.org/abs/1409.1556
    """

    def __init__(
        self,
        features: nn.Module,
        num_classes: int = 1000,
        init_weights: bool = True,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self._init_weights = init_weights
        self.features = features
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096),
            nn.ReLU(True),
            nn.Dropout(p=dropout),
            nn.Linear(4096, 4096),
            nn.ReLU(True),
            nn.Dropout(p=dropout),
            nn.Linear(4096, num_classes),
        )
        initialize(self)

    def _reset_parameters(self) -> None:
        for m in self.modules() if self._init_weights else ():
            if isinstance(m, nn.Conv2d):
                init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
                if m.bias is not None:
                    init.constant_(m.bias, 0)
            elif isinstance(m, nn.BatchNorm2d):
                init.constant_(m.weight, 1)
                init.constant_(m.bias, 0)
            elif isinstance(m, nn.Linear):
                init.normal_(m.weight, 0, 0.01)
                init.constant_(m.bias, 0)

    def forward(self, x: Array) -> Array:
        return self.classifier(flatten(self.avgpool(self.features(x)), 1))


def make_layers(cfg: Sequence[int | str], batch_norm: bool = False) -> nn.Sequential:
    """Convolutions of so many channels, with pooling where the list has "M"."""
    layers: list[Any] = []
    channels = 3
    for size in cfg:
        if size == "M":
            layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
            continue
        layers.append(nn.Conv2d(channels, int(size), kernel_size=3, padding=1))
        channels = int(size)
        if batch_norm:
            layers.append(nn.BatchNorm2d(channels))
        layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


def _vgg(cfg: str, batch_norm: bool, options: dict[str, Any]) -> VGG:
    return VGG(make_layers(cfgs[cfg], batch_norm), **options)


def _for_weights(options: dict[str, Any], weights: Any) -> None:
    options["init_weights"] = False
    if weights.meta["categories"] is not None:
        number_of_classes(options, weights)


VGG11_Weights = weights_enum("VGG11_Weights", __name__)
VGG11_BN_Weights = weights_enum("VGG11_BN_Weights", __name__)
VGG13_Weights = weights_enum("VGG13_Weights", __name__)
VGG13_BN_Weights = weights_enum("VGG13_BN_Weights", __name__)
VGG16_Weights = weights_enum("VGG16_Weights", __name__)
VGG16_BN_Weights = weights_enum("VGG16_BN_Weights", __name__)
VGG19_Weights = weights_enum("VGG19_Weights", __name__)
VGG19_BN_Weights = weights_enum("VGG19_BN_Weights", __name__)


@network(VGG11_Weights, adjust=_for_weights)
def vgg11(**options: Any) -> VGG:
    """VGG-11; see `VGG` for the options."""
    return _vgg("A", False, options)


@network(VGG11_BN_Weights, adjust=_for_weights)
def vgg11_bn(**options: Any) -> VGG:
    """VGG-11 with batch norm; see `VGG` for the options."""
    return _vgg("A", True, options)


@network(VGG13_Weights, adjust=_for_weights)
def vgg13(**options: Any) -> VGG:
    """VGG-13; see `VGG` for the options."""
    return _vgg("B", False, options)


@network(VGG13_BN_Weights, adjust=_for_weights)
def vgg13_bn(**options: Any) -> VGG:
    """VGG-13 with batch norm; see `VGG` for the options."""
    return _vgg("B", True, options)


@network(VGG16_Weights, adjust=_for_weights)
def vgg16(**options: Any) -> VGG:
    """VGG-16; see `VGG` for the options."""
    return _vgg("D", False, options)


@network(VGG16_BN_Weights, adjust=_for_weights)
def vgg16_bn(**options: Any) -> VGG:
    """VGG-16 with batch norm; see `VGG` for the options."""
    return _vgg("D", True, options)


@network(VGG19_Weights, adjust=_for_weights)
def vgg19(**options: Any) -> VGG:
    """VGG-19; see `VGG` for the options."""
    return _vgg("E", False, options)


@network(VGG19_BN_Weights, adjust=_for_weights)
def vgg19_bn(**options: Any) -> VGG:
    """VGG-19 with batch norm; see `VGG` for the options."""
    return _vgg("E", True, options)
