"""MobileNet v3."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ._api import network, weights_enum
from ._backend import Array, flatten, initialize, nn
from ._blocks import Conv2dNormActivation, SqueezeExcitation, make_divisible
from .mobilenetv2 import mobile_parameters

__all__ = [
    "MobileNetV3",
    "MobileNet_V3_Large_Weights",
    "MobileNet_V3_Small_Weights",
    "mobilenet_v3_large",
    "mobilenet_v3_small",
]


class InvertedResidualConfig:
    """What a block is made with: the channels of the paper's table, and their factor.

    Args:
        activation: "HS" for hard swish, "RE" for ReLU.
    """

    def __init__(
        self,
        input_channels: int,
        kernel: int,
        expanded_channels: int,
        out_channels: int,
        use_se: bool,
        activation: str,
        stride: int,
        dilation: int,
        width_mult: float,
    ) -> None:
        self.input_channels = self.adjust_channels(input_channels, width_mult)
        self.kernel = kernel
        self.expanded_channels = self.adjust_channels(expanded_channels, width_mult)
        self.out_channels = self.adjust_channels(out_channels, width_mult)
        self.use_se = use_se
        self.use_hs = activation == "HS"
        self.stride = stride
        self.dilation = dilation

    @staticmethod
    def adjust_channels(channels: int, width_mult: float) -> int:
        """Times as many channels, a multiple of 8."""
        return make_divisible(channels * width_mult, 8)


_SQUEEZE = partial(SqueezeExcitation, scale_activation=nn.Hardsigmoid)


class InvertedResidual(nn.Module):
    """More channels, a convolution of each by itself, squeeze, fewer channels."""

    def __init__(
        self,
        cnf: InvertedResidualConfig,
        norm_layer: Callable[..., Any],
        se_layer: Callable[..., Any] = _SQUEEZE,
    ) -> None:
        super().__init__()
        if not 1 <= cnf.stride <= 2:
            raise ValueError("illegal stride value")
        wide = cnf.expanded_channels
        made: dict[str, Any] = {
            "norm_layer": norm_layer,
            "activation_layer": nn.Hardswish if cnf.use_hs else nn.ReLU,
        }
        layers: list[Any] = []
        if wide != cnf.input_channels:
            layers.append(
                Conv2dNormActivation(cnf.input_channels, wide, kernel_size=1, **made)
            )
        layers.append(
            Conv2dNormActivation(
                wide,
                wide,
                kernel_size=cnf.kernel,
                stride=1 if cnf.dilation > 1 else cnf.stride,
                dilation=cnf.dilation,
                groups=wide,
                **made,
            )
        )
        if cnf.use_se:
            layers.append(se_layer(wide, make_divisible(wide // 4, 8)))
        made["activation_layer"] = None
        layers.append(
            Conv2dNormActivation(wide, cnf.out_channels, kernel_size=1, **made)
        )
        same = cnf.stride == 1 and cnf.input_channels == cnf.out_channels
        self.use_res_connect = same
        self.block = nn.Sequential(*layers)
        self.out_channels = cnf.out_channels
        self._is_cn = cnf.stride > 1

    def forward(self, input: Array) -> Array:
        result = self.block(input)
        if self.use_res_connect:
            result += input
        return result


class MobileNetV3(nn.Module):
    """MobileNet v3.

    Args:
        inverted_residual_setting: of each block.
        last_channel: channels before the last layer.
        block: `InvertedResidual` by default.
        norm_layer: batch norm with eps 0.001 and momentum 0.01 by default.

    Source: Howard et al., "Searching for MobileNetV3" (2019),
    https://arxiv.org/abs/1905.02244
    """

    def __init__(
        self,
        inverted_residual_setting: Sequence[InvertedResidualConfig],
        last_channel: int,
        num_classes: int = 1000,
        block: Callable[..., Any] | None = None,
        norm_layer: Callable[..., Any] | None = None,
        dropout: float = 0.2,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        settings = inverted_residual_setting
        if not settings:
            raise ValueError("The inverted_residual_setting should not be empty")
        if not isinstance(settings, Sequence) or not all(
            isinstance(one, InvertedResidualConfig) for one in settings
        ):
            raise TypeError(
                "The inverted_residual_setting should be List[InvertedResidualConfig]"
            )
        norm = norm_layer or partial(nn.BatchNorm2d, eps=0.001, momentum=0.01)
        made: dict[str, Any] = {"norm_layer": norm, "activation_layer": nn.Hardswish}
        first, last = settings[0].input_channels, settings[-1].out_channels
        self.features = nn.Sequential(
            Conv2dNormActivation(3, first, kernel_size=3, stride=2, **made),
            *((block or InvertedResidual)(one, norm) for one in settings),
            Conv2dNormActivation(last, 6 * last, kernel_size=1, **made),
        )
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(
            nn.Linear(6 * last, last_channel),
            nn.Hardswish(inplace=True),
            nn.Dropout(p=dropout, inplace=True),
            nn.Linear(last_channel, num_classes),
        )
        initialize(self)

    def _reset_parameters(self) -> None:
        mobile_parameters(self)

    def _forward_impl(self, x: Array) -> Array:
        return self.classifier(flatten(self.avgpool(self.features(x)), 1))

    def forward(self, x: Array) -> Array:
        return self._forward_impl(x)


def _mobilenet_v3_conf(
    arch: str,
    width_mult: float = 1.0,
    reduced_tail: bool = False,
    dilated: bool = False,
    **kwargs: Any,
) -> tuple[list[InvertedResidualConfig], int]:
    """The blocks of a network, and the channels before its last layer."""
    part = 2 if reduced_tail else 1
    wide = 2 if dilated else 1
    rows: tuple[tuple[Any, ...], ...]
    if arch == "mobilenet_v3_large":
        tail = 160 // part, 5, 960 // part, 160 // part, True, "HS", 1, wide
        rows = (
            (16, 3, 16, 16, False, "RE", 1, 1),
            (16, 3, 64, 24, False, "RE", 2, 1),
            (24, 3, 72, 24, False, "RE", 1, 1),
            (24, 5, 72, 40, True, "RE", 2, 1),
            (40, 5, 120, 40, True, "RE", 1, 1),
            (40, 5, 120, 40, True, "RE", 1, 1),
            (40, 3, 240, 80, False, "HS", 2, 1),
            (80, 3, 200, 80, False, "HS", 1, 1),
            (80, 3, 184, 80, False, "HS", 1, 1),
            (80, 3, 184, 80, False, "HS", 1, 1),
            (80, 3, 480, 112, True, "HS", 1, 1),
            (112, 3, 672, 112, True, "HS", 1, 1),
            (112, 5, 672, 160 // part, True, "HS", 2, wide),
            tail,
            tail,
        )
        last = 1280
    elif arch == "mobilenet_v3_small":
        tail = 96 // part, 5, 576 // part, 96 // part, True, "HS", 1, wide
        rows = (
            (16, 3, 16, 16, True, "RE", 2, 1),
            (16, 3, 72, 24, False, "RE", 2, 1),
            (24, 3, 88, 24, False, "RE", 1, 1),
            (24, 5, 96, 40, True, "HS", 2, 1),
            (40, 5, 240, 40, True, "HS", 1, 1),
            (40, 5, 240, 40, True, "HS", 1, 1),
            (40, 5, 120, 48, True, "HS", 1, 1),
            (48, 5, 144, 48, True, "HS", 1, 1),
            (48, 5, 288, 96 // part, True, "HS", 2, wide),
            tail,
            tail,
        )
        last = 1024
    else:
        raise ValueError(f"Unsupported model type {arch}")
    settings = [InvertedResidualConfig(*row, width_mult) for row in rows]
    return settings, InvertedResidualConfig.adjust_channels(last // part, width_mult)


MobileNet_V3_Large_Weights = weights_enum("MobileNet_V3_Large_Weights", __name__)
MobileNet_V3_Small_Weights = weights_enum("MobileNet_V3_Small_Weights", __name__)


@network(MobileNet_V3_Large_Weights)
def mobilenet_v3_large(**options: Any) -> MobileNetV3:
    """MobileNet v3, large; see `MobileNetV3` for the options.

    Args:
        options: also `width_mult`, `reduced_tail` and `dilated`, for the blocks.
    """
    settings = _mobilenet_v3_conf("mobilenet_v3_large", **options)
    return MobileNetV3(*settings, **options)


@network(MobileNet_V3_Small_Weights)
def mobilenet_v3_small(**options: Any) -> MobileNetV3:
    """MobileNet v3, small; the options are those of `mobilenet_v3_large`."""
    settings = _mobilenet_v3_conf("mobilenet_v3_small", **options)
    return MobileNetV3(*settings, **options)
