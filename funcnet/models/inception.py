"""Inception v3."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ._api import network, number_of_classes, set_option, weights_enum
from ._backend import Array, F, cat, flatten, init, initialize, nn, with_weights
from .googlenet import from_imagenet

__all__ = [
    "Inception3",
    "InceptionOutputs",
    "Inception_V3_Weights",
    "_InceptionOutputs",
    "inception_v3",
]

Made = Callable[..., Any] | None


class InceptionOutputs(NamedTuple):
    """What the network gives in training: logits, also of the auxiliary head."""

    logits: Any
    aux_logits: Any


_InceptionOutputs = InceptionOutputs


class BasicConv2d(nn.Module):
    """Convolution, batch norm, ReLU."""

    def __init__(self, in_channels: int, out_channels: int, **kwargs: Any) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, bias=False, **kwargs)
        self.bn = nn.BatchNorm2d(out_channels, eps=0.001)

    def forward(self, x: Array) -> Array:
        return F.relu(self.bn(self.conv(x)))


def _pooled(x: Array) -> Array:
    return F.avg_pool2d(x, kernel_size=3, stride=1, padding=1)


class InceptionA(nn.Module):
    """Branches of 1×1, 5×5 and two 3×3 convolutions, and pooling."""

    def __init__(
        self, in_channels: int, pool_features: int, conv_block: Made = None
    ) -> None:
        super().__init__()
        conv = conv_block or BasicConv2d
        self.branch1x1 = conv(in_channels, 64, kernel_size=1)
        self.branch5x5_1 = conv(in_channels, 48, kernel_size=1)
        self.branch5x5_2 = conv(48, 64, kernel_size=5, padding=2)
        self.branch3x3dbl_1 = conv(in_channels, 64, kernel_size=1)
        self.branch3x3dbl_2 = conv(64, 96, kernel_size=3, padding=1)
        self.branch3x3dbl_3 = conv(96, 96, kernel_size=3, padding=1)
        self.branch_pool = conv(in_channels, pool_features, kernel_size=1)

    def forward(self, x: Array) -> Array:
        double = self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        return cat(
            [
                self.branch1x1(x),
                self.branch5x5_2(self.branch5x5_1(x)),
                self.branch3x3dbl_3(double),
                self.branch_pool(_pooled(x)),
            ],
            1,
        )


class InceptionB(nn.Module):
    """Half the size: branches of one and of two 3×3 convolutions, and pooling."""

    def __init__(self, in_channels: int, conv_block: Made = None) -> None:
        super().__init__()
        conv = conv_block or BasicConv2d
        self.branch3x3 = conv(in_channels, 384, kernel_size=3, stride=2)
        self.branch3x3dbl_1 = conv(in_channels, 64, kernel_size=1)
        self.branch3x3dbl_2 = conv(64, 96, kernel_size=3, padding=1)
        self.branch3x3dbl_3 = conv(96, 96, kernel_size=3, stride=2)

    def forward(self, x: Array) -> Array:
        double = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x)))
        pooled = F.max_pool2d(x, kernel_size=3, stride=2)
        return cat([self.branch3x3(x), double, pooled], 1)


class InceptionC(nn.Module):
    """Branches of 7×7 convolutions, each a row and a column."""

    def __init__(
        self, in_channels: int, channels_7x7: int, conv_block: Made = None
    ) -> None:
        super().__init__()
        conv = conv_block or BasicConv2d
        c7 = channels_7x7
        row: dict[str, Any] = {"kernel_size": (1, 7), "padding": (0, 3)}
        column: dict[str, Any] = {"kernel_size": (7, 1), "padding": (3, 0)}
        self.branch1x1 = conv(in_channels, 192, kernel_size=1)
        self.branch7x7_1 = conv(in_channels, c7, kernel_size=1)
        self.branch7x7_2 = conv(c7, c7, **row)
        self.branch7x7_3 = conv(c7, 192, **column)
        self.branch7x7dbl_1 = conv(in_channels, c7, kernel_size=1)
        self.branch7x7dbl_2 = conv(c7, c7, **column)
        self.branch7x7dbl_3 = conv(c7, c7, **row)
        self.branch7x7dbl_4 = conv(c7, c7, **column)
        self.branch7x7dbl_5 = conv(c7, 192, **row)
        self.branch_pool = conv(in_channels, 192, kernel_size=1)

    def forward(self, x: Array) -> Array:
        single = self.branch7x7_3(self.branch7x7_2(self.branch7x7_1(x)))
        double = self.branch7x7dbl_3(self.branch7x7dbl_2(self.branch7x7dbl_1(x)))
        double = self.branch7x7dbl_5(self.branch7x7dbl_4(double))
        pooled = self.branch_pool(_pooled(x))
        return cat([self.branch1x1(x), single, double, pooled], 1)


class InceptionD(nn.Module):
    """Half the size: branches of a 3×3 and a 7×7 convolution, and pooling."""

    def __init__(self, in_channels: int, conv_block: Made = None) -> None:
        super().__init__()
        conv = conv_block or BasicConv2d
        self.branch3x3_1 = conv(in_channels, 192, kernel_size=1)
        self.branch3x3_2 = conv(192, 320, kernel_size=3, stride=2)
        self.branch7x7x3_1 = conv(in_channels, 192, kernel_size=1)
        self.branch7x7x3_2 = conv(192, 192, kernel_size=(1, 7), padding=(0, 3))
        self.branch7x7x3_3 = conv(192, 192, kernel_size=(7, 1), padding=(3, 0))
        self.branch7x7x3_4 = conv(192, 192, kernel_size=3, stride=2)

    def forward(self, x: Array) -> Array:
        large = self.branch7x7x3_3(self.branch7x7x3_2(self.branch7x7x3_1(x)))
        pooled = F.max_pool2d(x, kernel_size=3, stride=2)
        small = self.branch3x3_2(self.branch3x3_1(x))
        return cat([small, self.branch7x7x3_4(large), pooled], 1)


class InceptionE(nn.Module):
    """Branches whose last convolution is a row beside a column."""

    def __init__(self, in_channels: int, conv_block: Made = None) -> None:
        super().__init__()
        conv = conv_block or BasicConv2d
        row: dict[str, Any] = {"kernel_size": (1, 3), "padding": (0, 1)}
        column: dict[str, Any] = {"kernel_size": (3, 1), "padding": (1, 0)}
        self.branch1x1 = conv(in_channels, 320, kernel_size=1)
        self.branch3x3_1 = conv(in_channels, 384, kernel_size=1)
        self.branch3x3_2a = conv(384, 384, **row)
        self.branch3x3_2b = conv(384, 384, **column)
        self.branch3x3dbl_1 = conv(in_channels, 448, kernel_size=1)
        self.branch3x3dbl_2 = conv(448, 384, kernel_size=3, padding=1)
        self.branch3x3dbl_3a = conv(384, 384, **row)
        self.branch3x3dbl_3b = conv(384, 384, **column)
        self.branch_pool = conv(in_channels, 192, kernel_size=1)

    def forward(self, x: Array) -> Array:
        single = self.branch3x3_1(x)
        double = self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        return cat(
            [
                self.branch1x1(x),
                self.branch3x3_2a(single),
                self.branch3x3_2b(single),
                self.branch3x3dbl_3a(double),
                self.branch3x3dbl_3b(double),
                self.branch_pool(_pooled(x)),
            ],
            1,
        )


class InceptionAux(nn.Module):
    """The auxiliary head."""

    def __init__(
        self, in_channels: int, num_classes: int, conv_block: Made = None
    ) -> None:
        super().__init__()
        conv = conv_block or BasicConv2d
        self.conv0 = conv(in_channels, 128, kernel_size=1)
        self.conv1 = conv(128, 768, kernel_size=5)
        self.fc = nn.Linear(768, num_classes)

    def forward(self, x: Array) -> Array:
        x = self.conv1(self.conv0(F.avg_pool2d(x, kernel_size=5, stride=3)))
        return self.fc(flatten(F.adaptive_avg_pool2d(x, (1, 1)), 1))


_BLOCKS = (
    *(BasicConv2d, InceptionA, InceptionB, InceptionC),
    *(InceptionD, InceptionE, InceptionAux),
)


class Inception3(nn.Module):
    """Inception v3, for images of 299 pixels.

    In training the output is an `InceptionOutputs`, if there is an auxiliary head.

    Args:
        aux_logits: have it.
        transform_input: take images normalised as for the other networks.
        inception_blocks: the convolution, blocks A to E, and the auxiliary head.
        init_weights: draw parameters by the network's rule, not by the layers'.

    Source: Szegedy et al., "Rethinking the Inception Architecture for Computer Vision"
    (2015), https://arxiv.org/abs/1512.00567
    """

    def __init__(
        self,
        num_classes: int = 1000,
        aux_logits: bool = True,
        transform_input: bool = False,
        inception_blocks: Sequence[Callable[..., Any]] | None = None,
        init_weights: bool | None = None,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        blocks = inception_blocks or _BLOCKS
        if init_weights is None:
            warnings.warn(
                "The default weight initialization of inception_v3 will be changed in "
                "future releases of torchvision. If you wish to keep the old behavior, "
                "please set init_weights=True.",
                FutureWarning,
                stacklevel=2,
            )
            init_weights = True
        if len(blocks) != 7:
            raise ValueError(
                f"length of inception_blocks should be 7 instead of {len(blocks)}"
            )
        conv, a, b, c, d, e, aux = blocks
        self._init_weights = init_weights
        self.aux_logits = aux_logits
        self.transform_input = transform_input
        self.Conv2d_1a_3x3 = conv(3, 32, kernel_size=3, stride=2)
        self.Conv2d_2a_3x3 = conv(32, 32, kernel_size=3)
        self.Conv2d_2b_3x3 = conv(32, 64, kernel_size=3, padding=1)
        self.maxpool1 = nn.MaxPool2d(kernel_size=3, stride=2)
        self.Conv2d_3b_1x1 = conv(64, 80, kernel_size=1)
        self.Conv2d_4a_3x3 = conv(80, 192, kernel_size=3)
        self.maxpool2 = nn.MaxPool2d(kernel_size=3, stride=2)
        self.Mixed_5b = a(192, pool_features=32)
        self.Mixed_5c = a(256, pool_features=64)
        self.Mixed_5d = a(288, pool_features=64)
        self.Mixed_6a = b(288)
        self.Mixed_6b = c(768, channels_7x7=128)
        self.Mixed_6c = c(768, channels_7x7=160)
        self.Mixed_6d = c(768, channels_7x7=160)
        self.Mixed_6e = c(768, channels_7x7=192)
        self.AuxLogits: Any = aux(768, num_classes) if aux_logits else None
        self.Mixed_7a = d(768)
        self.Mixed_7b = e(1280)
        self.Mixed_7c = e(2048)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.dropout = nn.Dropout(p=dropout)
        self.fc = nn.Linear(2048, num_classes)
        initialize(self)

    def _reset_parameters(self) -> None:
        for name, m in self.named_modules() if self._init_weights else ():
            if isinstance(m, nn.Conv2d | nn.Linear):
                std = 0.001 if name == "AuxLogits.fc" else 0.1
                init.trunc_normal_(m.weight, mean=0.0, std=std, a=-2, b=2)
            elif isinstance(m, nn.BatchNorm2d):
                init.constant_(m.weight, 1)
                init.constant_(m.bias, 0)

    def forward(self, x: Array) -> Any:
        x = from_imagenet(x) if self.transform_input else x
        x = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x)))
        x = self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(self.maxpool1(x)))
        x = self.Mixed_5d(self.Mixed_5c(self.Mixed_5b(self.maxpool2(x))))
        x = self.Mixed_6c(self.Mixed_6b(self.Mixed_6a(x)))
        x = self.Mixed_6e(self.Mixed_6d(x))
        with_aux = self.training and self.aux_logits
        aux = self.AuxLogits(x) if with_aux else None
        x = self.Mixed_7c(self.Mixed_7b(self.Mixed_7a(x)))
        x = self.fc(flatten(self.dropout(self.avgpool(x)), 1))
        return InceptionOutputs(x, aux) if with_aux else x


Inception_V3_Weights = weights_enum("Inception_V3_Weights", __name__)


@network(Inception_V3_Weights, whole=True)
def inception_v3(
    weights: Any = None, progress: bool = True, **options: Any
) -> Inception3:
    """Inception v3; see `Inception3` for the options."""
    if weights is None:
        return Inception3(**options)
    aux_logits = options.pop("aux_logits", True)
    options.setdefault("transform_input", True)
    set_option(options, "init_weights", False)
    number_of_classes(options, weights)
    model: Inception3 = with_weights(Inception3(**options), weights, progress)
    if not aux_logits:
        model.aux_logits, model.AuxLogits = False, None
    return model
