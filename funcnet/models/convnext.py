"""ConvNeXt."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ._api import network, weights_enum
from ._backend import Array, LayerNorm2d, init, initialize, nn, parameter
from ._blocks import Conv2dNormActivation, Permute, StochasticDepth

__all__ = [
    "ConvNeXt",
    "ConvNeXt_Base_Weights",
    "ConvNeXt_Large_Weights",
    "ConvNeXt_Small_Weights",
    "ConvNeXt_Tiny_Weights",
    "convnext_base",
    "convnext_large",
    "convnext_small",
    "convnext_tiny",
]

Made = Callable[..., Any]


class CNBlock(nn.Module):
    """A convolution of each channel by itself, and a perceptron at each pixel."""

    def __init__(
        self,
        dim: int,
        layer_scale: float,
        stochastic_depth_prob: float,
        norm_layer: Made | None = None,
    ) -> None:
        super().__init__()
        norm = norm_layer or partial(nn.LayerNorm, eps=1e-6)
        self.block = nn.Sequential(
            nn.Conv2d(dim, dim, kernel_size=7, padding=3, groups=dim, bias=True),
            Permute([0, 2, 3, 1]),
            norm(dim),
            nn.Linear(in_features=dim, out_features=4 * dim, bias=True),
            nn.GELU(),
            nn.Linear(in_features=4 * dim, out_features=dim, bias=True),
            Permute([0, 3, 1, 2]),
        )
        self.layer_scale = parameter((dim, 1, 1), "constant", val=layer_scale)
        self.stochastic_depth = StochasticDepth(stochastic_depth_prob, "row")

    def forward(self, input: Array) -> Array:
        result = self.stochastic_depth(self.layer_scale[None] * self.block(input))
        result += input
        return result


class CNBlockConfig:
    """Channels of a stage and of the next, and the number of blocks."""

    def __init__(
        self, input_channels: int, out_channels: int | None, num_layers: int
    ) -> None:
        self.input_channels = input_channels
        self.out_channels = out_channels
        self.num_layers = num_layers

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in vars(self).items())
        return f"{type(self).__name__}({shown})"


class ConvNeXt(nn.Module):
    """ConvNeXt.

    Args:
        block_setting: of each stage.
        stochastic_depth_prob: of the last block; those before have less.
        layer_scale: what the blocks are multiplied by at first.
        block: `CNBlock` by default.
        norm_layer: `LayerNorm2d` with eps 1e-6 by default.

    Source: Liu et al., "A ConvNet for the 2020s" (2022),
    https://arxiv.org/abs/2201.03545
    """

    def __init__(
        self,
        block_setting: Sequence[CNBlockConfig],
        stochastic_depth_prob: float = 0.0,
        layer_scale: float = 1e-6,
        num_classes: int = 1000,
        block: Made | None = None,
        norm_layer: Made | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        if not block_setting:
            raise ValueError("The block_setting should not be empty")
        if not isinstance(block_setting, Sequence) or not all(
            isinstance(one, CNBlockConfig) for one in block_setting
        ):
            raise TypeError("The block_setting should be List[CNBlockConfig]")
        block = block or CNBlock
        norm = norm_layer or partial(LayerNorm2d, eps=1e-6)
        layers: list[Any] = [
            Conv2dNormActivation(
                3,
                block_setting[0].input_channels,
                kernel_size=4,
                stride=4,
                padding=0,
                norm_layer=norm,
                activation_layer=None,
                bias=True,
            )
        ]
        blocks = sum(one.num_layers for one in block_setting)
        index = 0
        for one in block_setting:
            size, out = one.input_channels, one.out_channels
            stage = []
            for _ in range(one.num_layers):
                rate = stochastic_depth_prob * index / (blocks - 1.0)
                stage.append(block(size, layer_scale, rate))
                index += 1
            layers.append(nn.Sequential(*stage))
            if out is not None:
                down = nn.Conv2d(size, out, kernel_size=2, stride=2)
                layers.append(nn.Sequential(norm(size), down))
        last = block_setting[-1]
        size = last.input_channels if last.out_channels is None else last.out_channels
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(
            norm(size), nn.Flatten(1), nn.Linear(size, num_classes)
        )
        initialize(self)

    def _reset_parameters(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Conv2d | nn.Linear):
                init.trunc_normal_(m.weight, std=0.02)
                if m.bias is not None:
                    init.zeros_(m.bias)

    def _forward_impl(self, x: Array) -> Array:
        return self.classifier(self.avgpool(self.features(x)))

    def forward(self, x: Array) -> Array:
        return self._forward_impl(x)


def _convnext(
    widths: Sequence[int], depths: Sequence[int], rate: float, options: dict[str, Any]
) -> ConvNeXt:
    nexts = [*widths[1:], None]
    rows = zip(widths, nexts, depths, strict=True)
    settings = [CNBlockConfig(*row) for row in rows]
    return ConvNeXt(settings, **{"stochastic_depth_prob": rate, **options})


ConvNeXt_Tiny_Weights = weights_enum("ConvNeXt_Tiny_Weights", __name__)
ConvNeXt_Small_Weights = weights_enum("ConvNeXt_Small_Weights", __name__)
ConvNeXt_Base_Weights = weights_enum("ConvNeXt_Base_Weights", __name__)
ConvNeXt_Large_Weights = weights_enum("ConvNeXt_Large_Weights", __name__)


@network(ConvNeXt_Tiny_Weights)
def convnext_tiny(**options: Any) -> ConvNeXt:
    """ConvNeXt-Tiny; see `ConvNeXt` for the options."""
    return _convnext([96, 192, 384, 768], [3, 3, 9, 3], 0.1, options)


@network(ConvNeXt_Small_Weights)
def convnext_small(**options: Any) -> ConvNeXt:
    """ConvNeXt-Small; see `ConvNeXt` for the options."""
    return _convnext([96, 192, 384, 768], [3, 3, 27, 3], 0.4, options)


@network(ConvNeXt_Base_Weights)
def convnext_base(**options: Any) -> ConvNeXt:
    """ConvNeXt-Base; see `ConvNeXt` for the options."""
    return _convnext([128, 256, 512, 1024], [3, 3, 27, 3], 0.5, options)


@network(ConvNeXt_Large_Weights)
def convnext_large(**options: Any) -> ConvNeXt:
    """ConvNeXt-Large; see `ConvNeXt` for the options."""
    return _convnext([192, 384, 768, 1536], [3, 3, 27, 3], 0.5, options)
