"""EfficientNet, v1 and v2."""

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ._api import network, weights_enum
from ._backend import Array, flatten, init, initialize, nn
from ._blocks import (
    Conv2dNormActivation,
    SqueezeExcitation,
    StochasticDepth,
    make_divisible,
)

__all__ = [
    "EfficientNet",
    "EfficientNet_B0_Weights",
    "EfficientNet_B1_Weights",
    "EfficientNet_B2_Weights",
    "EfficientNet_B3_Weights",
    "EfficientNet_B4_Weights",
    "EfficientNet_B5_Weights",
    "EfficientNet_B6_Weights",
    "EfficientNet_B7_Weights",
    "EfficientNet_V2_L_Weights",
    "EfficientNet_V2_M_Weights",
    "EfficientNet_V2_S_Weights",
    "efficientnet_b0",
    "efficientnet_b1",
    "efficientnet_b2",
    "efficientnet_b3",
    "efficientnet_b4",
    "efficientnet_b5",
    "efficientnet_b6",
    "efficientnet_b7",
    "efficientnet_v2_l",
    "efficientnet_v2_m",
    "efficientnet_v2_s",
]

Made = Callable[..., Any]


@dataclass
class _MBConvConfig:
    """What the blocks of a stage are made with.

    Attributes:
        expand_ratio: how many times as many channels a block has inside.
        kernel: the size of its large convolution.
        stride: of the first block.
        num_layers: the number of blocks.
        block: their class.
    """

    expand_ratio: float
    kernel: int
    stride: int
    input_channels: int
    out_channels: int
    num_layers: int
    block: Made

    @staticmethod
    def adjust_channels(
        channels: int, width_mult: float, min_value: int | None = None
    ) -> int:
        """Times as many channels, a multiple of 8."""
        return make_divisible(channels * width_mult, 8, min_value)


class MBConvConfig(_MBConvConfig):
    """What the `MBConv` blocks of a stage are made with."""

    def __init__(
        self,
        expand_ratio: float,
        kernel: int,
        stride: int,
        input_channels: int,
        out_channels: int,
        num_layers: int,
        width_mult: float = 1.0,
        depth_mult: float = 1.0,
        block: Made | None = None,
    ) -> None:
        super().__init__(
            expand_ratio,
            kernel,
            stride,
            self.adjust_channels(input_channels, width_mult),
            self.adjust_channels(out_channels, width_mult),
            self.adjust_depth(num_layers, depth_mult),
            block or MBConv,
        )

    @staticmethod
    def adjust_depth(num_layers: int, depth_mult: float) -> int:
        """Times as many blocks."""
        return math.ceil(num_layers * depth_mult)


class FusedMBConvConfig(_MBConvConfig):
    """What the `FusedMBConv` blocks of a stage are made with."""

    def __init__(
        self,
        expand_ratio: float,
        kernel: int,
        stride: int,
        input_channels: int,
        out_channels: int,
        num_layers: int,
        block: Made | None = None,
    ) -> None:
        shape = expand_ratio, kernel, stride, input_channels, out_channels, num_layers
        super().__init__(*shape, block or FusedMBConv)


class _Block(nn.Module):
    """A residual block whose inner part is dropped at random in training."""

    def _set(self, cnf: _MBConvConfig, layers: list[Any], rate: float) -> None:
        same = cnf.stride == 1 and cnf.input_channels == cnf.out_channels
        self.use_res_connect = same
        self.block = nn.Sequential(*layers)
        self.stochastic_depth = StochasticDepth(rate, "row")
        self.out_channels = cnf.out_channels

    def forward(self, input: Array) -> Array:
        result = self.block(input)
        if self.use_res_connect:
            result = self.stochastic_depth(result)
            result += input
        return result


def _check_stride(cnf: _MBConvConfig) -> None:
    if not 1 <= cnf.stride <= 2:
        raise ValueError("illegal stride value")


class MBConv(_Block):
    """More channels, a convolution of each by itself, squeeze, fewer channels."""

    def __init__(
        self,
        cnf: MBConvConfig,
        stochastic_depth_prob: float,
        norm_layer: Made,
        se_layer: Made = SqueezeExcitation,
    ) -> None:
        super().__init__()
        _check_stride(cnf)
        made: dict[str, Any] = {"norm_layer": norm_layer, "activation_layer": nn.SiLU}
        size = cnf.input_channels
        wide = cnf.adjust_channels(size, cnf.expand_ratio)
        layers: list[Any] = []
        if wide != size:
            layers.append(Conv2dNormActivation(size, wide, kernel_size=1, **made))
        layers.append(
            Conv2dNormActivation(
                *(wide, wide, cnf.kernel, cnf.stride), groups=wide, **made
            )
        )
        silu = partial(nn.SiLU, inplace=True)
        layers.append(se_layer(wide, max(1, size // 4), activation=silu))
        made["activation_layer"] = None
        layers.append(
            Conv2dNormActivation(wide, cnf.out_channels, kernel_size=1, **made)
        )
        self._set(cnf, layers, stochastic_depth_prob)


class FusedMBConv(_Block):
    """More channels by a full convolution, fewer channels."""

    def __init__(
        self, cnf: FusedMBConvConfig, stochastic_depth_prob: float, norm_layer: Made
    ) -> None:
        super().__init__()
        _check_stride(cnf)
        size, out = cnf.input_channels, cnf.out_channels
        wide = cnf.adjust_channels(size, cnf.expand_ratio)
        made: dict[str, Any] = {"norm_layer": norm_layer, "activation_layer": nn.SiLU}
        first = out if wide == size else wide
        layers: list[Any] = [
            Conv2dNormActivation(size, first, cnf.kernel, cnf.stride, **made)
        ]
        if wide != size:
            made["activation_layer"] = None
            layers.append(Conv2dNormActivation(wide, out, kernel_size=1, **made))
        self._set(cnf, layers, stochastic_depth_prob)


class EfficientNet(nn.Module):
    """EfficientNet, v1 or v2.

    Args:
        inverted_residual_setting: of each stage.
        dropout: before the last layer.
        stochastic_depth_prob: of the last block; those before have less.
        norm_layer: `nn.BatchNorm2d` by default.
        last_channel: channels before the last layer; four times those of the last
            stage by default.

    Source: Tan and Le, "EfficientNet" (2019), https://arxiv.org/abs/1905.11946, and
    "EfficientNetV2" (2021), https://arxiv.org/abs/2104.00298
    """

    def __init__(
        self,
        inverted_residual_setting: Sequence[MBConvConfig | FusedMBConvConfig],
        dropout: float,
        stochastic_depth_prob: float = 0.2,
        num_classes: int = 1000,
        norm_layer: Made | None = None,
        last_channel: int | None = None,
    ) -> None:
        super().__init__()
        settings = inverted_residual_setting
        if not settings:
            raise ValueError("The inverted_residual_setting should not be empty")
        if not isinstance(settings, Sequence) or not all(
            isinstance(one, _MBConvConfig) for one in settings
        ):
            raise TypeError(
                "The inverted_residual_setting should be List[MBConvConfig]"
            )
        norm = norm_layer or nn.BatchNorm2d
        made: dict[str, Any] = {"norm_layer": norm, "activation_layer": nn.SiLU}
        first = settings[0].input_channels
        layers: list[Any] = [Conv2dNormActivation(3, first, stride=2, **made)]
        blocks = sum(one.num_layers for one in settings)
        index = 0
        for one in settings:
            stage: list[Any] = []
            cnf = copy.copy(one)
            for _ in range(one.num_layers):
                rate = stochastic_depth_prob * float(index) / blocks
                stage.append(cnf.block(cnf, rate, norm))
                index += 1
                cnf = copy.copy(cnf)
                cnf.input_channels, cnf.stride = cnf.out_channels, 1
            layers.append(nn.Sequential(*stage))
        size = settings[-1].out_channels
        wide = 4 * size if last_channel is None else last_channel
        layers.append(Conv2dNormActivation(size, wide, kernel_size=1, **made))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(
            nn.Dropout(p=dropout, inplace=True), nn.Linear(wide, num_classes)
        )
        initialize(self)

    def _reset_parameters(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                init.kaiming_normal_(m.weight, mode="fan_out")
                if m.bias is not None:
                    init.zeros_(m.bias)
            elif isinstance(m, nn.BatchNorm2d | nn.GroupNorm):
                init.ones_(m.weight)
                init.zeros_(m.bias)
            elif isinstance(m, nn.Linear):
                bound = 1.0 / math.sqrt(m.out_features)
                init.uniform_(m.weight, -bound, bound)
                init.zeros_(m.bias)

    def _forward_impl(self, x: Array) -> Array:
        return self.classifier(flatten(self.avgpool(self.features(x)), 1))

    def forward(self, x: Array) -> Array:
        return self._forward_impl(x)


# Expansion, kernel, stride, channels in and out, blocks.
_B = (
    *((1, 3, 1, 32, 16, 1), (6, 3, 2, 16, 24, 2), (6, 5, 2, 24, 40, 2)),
    *((6, 3, 2, 40, 80, 3), (6, 5, 1, 80, 112, 3), (6, 5, 2, 112, 192, 4)),
    (6, 3, 1, 192, 320, 1),
)
# The first three stages are fused.
_V2 = {
    "s": (
        *((1, 3, 1, 24, 24, 2), (4, 3, 2, 24, 48, 4), (4, 3, 2, 48, 64, 4)),
        *((4, 3, 2, 64, 128, 6), (6, 3, 1, 128, 160, 9), (6, 3, 2, 160, 256, 15)),
    ),
    "m": (
        *((1, 3, 1, 24, 24, 3), (4, 3, 2, 24, 48, 5), (4, 3, 2, 48, 80, 5)),
        *((4, 3, 2, 80, 160, 7), (6, 3, 1, 160, 176, 14), (6, 3, 2, 176, 304, 18)),
        (6, 3, 1, 304, 512, 5),
    ),
    "l": (
        *((1, 3, 1, 32, 32, 4), (4, 3, 2, 32, 64, 7), (4, 3, 2, 64, 96, 7)),
        *((4, 3, 2, 96, 192, 10), (6, 3, 1, 192, 224, 19), (6, 3, 2, 224, 384, 25)),
        (6, 3, 1, 384, 640, 7),
    ),
}


def _v1(
    width: float, depth: float, dropout: float, options: dict[str, Any], **norm: float
) -> EfficientNet:
    settings = [MBConvConfig(*row, width_mult=width, depth_mult=depth) for row in _B]
    if norm:
        options.setdefault("norm_layer", partial(nn.BatchNorm2d, **norm))
    return EfficientNet(settings, **{"dropout": dropout, **options})


def _v2(kind: str, dropout: float, options: dict[str, Any]) -> EfficientNet:
    rows = _V2[kind]
    settings: list[Any] = [
        *(FusedMBConvConfig(*row) for row in rows[:3]),
        *(MBConvConfig(*row) for row in rows[3:]),
    ]
    options.setdefault("norm_layer", partial(nn.BatchNorm2d, eps=1e-3))
    return EfficientNet(
        settings, **{"dropout": dropout, "last_channel": 1280, **options}
    )


EfficientNet_B0_Weights = weights_enum("EfficientNet_B0_Weights", __name__)
EfficientNet_B1_Weights = weights_enum("EfficientNet_B1_Weights", __name__)
EfficientNet_B2_Weights = weights_enum("EfficientNet_B2_Weights", __name__)
EfficientNet_B3_Weights = weights_enum("EfficientNet_B3_Weights", __name__)
EfficientNet_B4_Weights = weights_enum("EfficientNet_B4_Weights", __name__)
EfficientNet_B5_Weights = weights_enum("EfficientNet_B5_Weights", __name__)
EfficientNet_B6_Weights = weights_enum("EfficientNet_B6_Weights", __name__)
EfficientNet_B7_Weights = weights_enum("EfficientNet_B7_Weights", __name__)
EfficientNet_V2_S_Weights = weights_enum("EfficientNet_V2_S_Weights", __name__)
EfficientNet_V2_M_Weights = weights_enum("EfficientNet_V2_M_Weights", __name__)
EfficientNet_V2_L_Weights = weights_enum("EfficientNet_V2_L_Weights", __name__)


@network(EfficientNet_B0_Weights)
def efficientnet_b0(**options: Any) -> EfficientNet:
    """EfficientNet-B0; see `EfficientNet` for the options."""
    return _v1(1.0, 1.0, 0.2, options)


@network(EfficientNet_B1_Weights)
def efficientnet_b1(**options: Any) -> EfficientNet:
    """EfficientNet-B1; see `EfficientNet` for the options."""
    return _v1(1.0, 1.1, 0.2, options)


@network(EfficientNet_B2_Weights)
def efficientnet_b2(**options: Any) -> EfficientNet:
    """EfficientNet-B2; see `EfficientNet` for the options."""
    return _v1(1.1, 1.2, 0.3, options)


@network(EfficientNet_B3_Weights)
def efficientnet_b3(**options: Any) -> EfficientNet:
    """EfficientNet-B3; see `EfficientNet` for the options."""
    return _v1(1.2, 1.4, 0.3, options)


@network(EfficientNet_B4_Weights)
def efficientnet_b4(**options: Any) -> EfficientNet:
    """EfficientNet-B4; see `EfficientNet` for the options."""
    return _v1(1.4, 1.8, 0.4, options)


@network(EfficientNet_B5_Weights)
def efficientnet_b5(**options: Any) -> EfficientNet:
    """EfficientNet-B5; see `EfficientNet` for the options."""
    return _v1(1.6, 2.2, 0.4, options, eps=0.001, momentum=0.01)


@network(EfficientNet_B6_Weights)
def efficientnet_b6(**options: Any) -> EfficientNet:
    """EfficientNet-B6; see `EfficientNet` for the options."""
    return _v1(1.8, 2.6, 0.5, options, eps=0.001, momentum=0.01)


@network(EfficientNet_B7_Weights)
def efficientnet_b7(**options: Any) -> EfficientNet:
    """EfficientNet-B7; see `EfficientNet` for the options."""
    return _v1(2.0, 3.1, 0.5, options, eps=0.001, momentum=0.01)


@network(EfficientNet_V2_S_Weights)
def efficientnet_v2_s(**options: Any) -> EfficientNet:
    """EfficientNetV2-S; see `EfficientNet` for the options."""
    return _v2("s", 0.2, options)


@network(EfficientNet_V2_M_Weights)
def efficientnet_v2_m(**options: Any) -> EfficientNet:
    """EfficientNetV2-M; see `EfficientNet` for the options."""
    return _v2("m", 0.3, options)


@network(EfficientNet_V2_L_Weights)
def efficientnet_v2_l(**options: Any) -> EfficientNet:
    """EfficientNetV2-L; see `EfficientNet` for the options."""
    return _v2("l", 0.4, options)
