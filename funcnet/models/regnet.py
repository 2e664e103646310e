"""RegNet."""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from ._api import network, weights_enum
from ._backend import Array, flatten, init, initialize, nn
from ._blocks import Conv2dNormActivation, SqueezeExcitation, make_divisible

__all__ = [
    "RegNet",
    "RegNet_X_1_6GF_Weights",
    "RegNet_X_3_2GF_Weights",
    "RegNet_X_8GF_Weights",
    "RegNet_X_16GF_Weights",
    "RegNet_X_32GF_Weights",
    "RegNet_X_400MF_Weights",
    "RegNet_X_800MF_Weights",
    "RegNet_Y_1_6GF_Weights",
    "RegNet_Y_3_2GF_Weights",
    "RegNet_Y_8GF_Weights",
    "RegNet_Y_16GF_Weights",
    "RegNet_Y_32GF_Weights",
    "RegNet_Y_128GF_Weights",
    "RegNet_Y_400MF_Weights",
    "RegNet_Y_800MF_Weights",
    "regnet_x_1_6gf",
    "regnet_x_3_2gf",
    "regnet_x_8gf",
    "regnet_x_16gf",
    "regnet_x_32gf",
    "regnet_x_400mf",
    "regnet_x_800mf",
    "regnet_y_1_6gf",
    "regnet_y_3_2gf",
    "regnet_y_8gf",
    "regnet_y_16gf",
    "regnet_y_32gf",
    "regnet_y_128gf",
    "regnet_y_400mf",
    "regnet_y_800mf",
]

Made = Callable[..., Any]


class SimpleStemIN(Conv2dNormActivation):
    """The first convolution."""

    def __init__(
        self, width_in: int, width_out: int, norm_layer: Made, activation_layer: Made
    ) -> None:
        made: dict[str, Any] = {
            "norm_layer": norm_layer,
            "activation_layer": activation_layer,
        }
        super().__init__(width_in, width_out, kernel_size=3, stride=2, **made)


class BottleneckTransform(nn.Sequential):
    """1×1, 3×3 in groups, squeeze (if it is wanted), 1×1."""

    def __init__(
        self,
        width_in: int,
        width_out: int,
        stride: int,
        norm_layer: Made,
        activation_layer: Made,
        group_width: int,
        bottleneck_multiplier: float,
        se_ratio: float | None,
    ) -> None:
        made: dict[str, Any] = {
            "norm_layer": norm_layer,
            "activation_layer": activation_layer,
        }
        w = round(width_out * bottleneck_multiplier)
        layers: OrderedDict[str, Any] = OrderedDict()
        layers["a"] = Conv2dNormActivation(width_in, w, kernel_size=1, **made)
        layers["b"] = Conv2dNormActivation(
            *(w, w, 3, stride), groups=w // group_width, **made
        )
        if se_ratio:
            squeezed = round(se_ratio * width_in)
            layers["se"] = SqueezeExcitation(w, squeezed, activation=activation_layer)
        made["activation_layer"] = None
        layers["c"] = Conv2dNormActivation(w, width_out, kernel_size=1, **made)
        super().__init__(layers)


class ResBottleneckBlock(nn.Module):
    """A bottleneck beside the input."""

    def __init__(
        self,
        width_in: int,
        width_out: int,
        stride: int,
        norm_layer: Made,
        activation_layer: Made,
        group_width: int = 1,
        bottleneck_multiplier: float = 1.0,
        se_ratio: float | None = None,
    ) -> None:
        super().__init__()
        self.proj = None
        if width_in != width_out or stride != 1:
            self.proj = Conv2dNormActivation(
                width_in,
                width_out,
                kernel_size=1,
                stride=stride,
                norm_layer=norm_layer,
                activation_layer=None,
            )
        shape = width_in, width_out, stride, norm_layer, activation_layer
        self.f = BottleneckTransform(
            *shape, group_width, bottleneck_multiplier, se_ratio
        )
        self.activation = activation_layer(inplace=True)

    def forward(self, x: Array) -> Array:
        same = x if self.proj is None else self.proj(x)
        return self.activation(same + self.f(x))


class AnyStage(nn.Sequential):
    """Blocks of one width."""

    def __init__(
        self,
        width_in: int,
        width_out: int,
        stride: int,
        depth: int,
        block_constructor: Made,
        norm_layer: Made,
        activation_layer: Made,
        group_width: int,
        bottleneck_multiplier: float,
        se_ratio: float | None = None,
        stage_index: int = 0,
    ) -> None:
        super().__init__()
        made = norm_layer, activation_layer, group_width, bottleneck_multiplier
        for i in range(depth):
            size = (
                (width_in, width_out, stride) if i == 0 else (width_out, width_out, 1)
            )
            block = block_constructor(*size, *made, se_ratio)
            setattr(self, f"block{stage_index}-{i}", block)


class BlockParams:
    """Depth, width, groups and stride of each stage."""

    def __init__(
        self,
        depths: list[int],
        widths: list[int],
        group_widths: list[int],
        bottleneck_multipliers: list[float],
        strides: list[int],
        se_ratio: float | None = None,
    ) -> None:
        self.depths = depths
        self.widths = widths
        self.group_widths = group_widths
        self.bottleneck_multipliers = bottleneck_multipliers
        self.strides = strides
        self.se_ratio = se_ratio

    @classmethod
    def from_init_params(
        cls,
        depth: int,
        w_0: int,
        w_a: float,
        w_m: float,
        group_width: int,
        bottleneck_multiplier: float = 1.0,
        se_ratio: float | None = None,
        **kwargs: Any,
    ) -> "BlockParams":
        """The stages that the four numbers of a RegNet give.

        Widths grow linearly from `w_0` by `w_a` a block, are rounded to powers of
        `w_m`, and then to multiples of 8; blocks of one width make a stage.
        """
        if w_a < 0 or w_0 <= 0 or w_m <= 1 or w_0 % 8 != 0:
            raise ValueError("Invalid RegNet settings")
        linear = np.arange(depth) * np.float32(w_a) + np.float32(w_0)
        powers = np.round(np.log(linear / np.float32(w_0)) / np.float32(math.log(w_m)))
        exact = np.float32(w_0) * np.float32(w_m) ** powers.astype(np.float32)
        rounded = (np.round(exact / 8) * 8).astype(int).tolist()
        stages = sorted(set(rounded), key=rounded.index)
        depths = [rounded.count(width) for width in stages]
        count = len(stages)
        inner = [int(width * bottleneck_multiplier) for width in stages]
        groups = [min(group_width, width) for width in inner]
        fitting = [make_divisible(w, g) for w, g in zip(inner, groups, strict=True)]
        return cls(
            depths=depths,
            widths=[int(width / bottleneck_multiplier) for width in fitting],
            group_widths=groups,
            bottleneck_multipliers=[bottleneck_multiplier] * count,
            strides=[2] * count,
            se_ratio=se_ratio,
        )

    def _get_expanded_params(self) -> Iterator[tuple[Any, ...]]:
        lists: Sequence[Sequence[Any]] = (
            *(self.widths, self.strides, self.depths, self.group_widths),
            self.bottleneck_multipliers,
        )
        return zip(*lists, strict=True)


class RegNet(nn.Module):
    """RegNet X (without squeeze) or Y.

    Source: Radosavovic et al., "Designing Network Design Spaces" (2020),
    https://arxiv.org/abs/2003.13678
    """

    def __init__(
        self,
        block_params: BlockParams,
        num_classes: int = 1000,
        stem_width: int = 32,
        stem_type: Made | None = None,
        block_type: Made | None = None,
        norm_layer: Made | None = None,
        activation: Made | None = None,
    ) -> None:
        super().__init__()
        norm = norm_layer or nn.BatchNorm2d
        activation = activation or nn.ReLU
        self.stem = (stem_type or SimpleStemIN)(3, stem_width, norm, activation)
        made = block_type or ResBottleneckBlock, norm, activation
        stages: OrderedDict[str, Any] = OrderedDict()
        size = stem_width
        for i, row in enumerate(block_params._get_expanded_params()):
            width, stride, depth, *rest = row
            index = f"block{i + 1}"
            shape = size, width, stride, depth
            settings = *made, *rest, block_params.se_ratio, i + 1
            stages[index] = AnyStage(*shape, *settings)
            size = width
        self.trunk_output = nn.Sequential(stages)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(in_features=size, out_features=num_classes)
        initialize(self)

    def _reset_parameters(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                size = m.weight.shape
                fan_out = size[0] * size[2] * size[3]
                init.normal_(m.weight, mean=0.0, std=math.sqrt(2.0 / fan_out))
            elif isinstance(m, nn.BatchNorm2d):
                init.ones_(m.weight)
                init.zeros_(m.bias)
            elif isinstance(m, nn.Linear):
                init.normal_(m.weight, mean=0.0, std=0.01)
                init.zeros_(m.bias)

    def forward(self, x: Array) -> Array:
        x = self.trunk_output(self.stem(x))
        return self.fc(flatten(self.avgpool(x), 1))


def _regnet(options: dict[str, Any], **numbers: Any) -> RegNet:
    params = BlockParams.from_init_params(**numbers, **options)
    norm = partial(nn.BatchNorm2d, eps=1e-05, momentum=0.1)
    return RegNet(params, **{"norm_layer": norm, **options})


RegNet_Y_400MF_Weights = weights_enum("RegNet_Y_400MF_Weights", __name__)
RegNet_Y_800MF_Weights = weights_enum("RegNet_Y_800MF_Weights", __name__)
RegNet_Y_1_6GF_Weights = weights_enum("RegNet_Y_1_6GF_Weights", __name__)
RegNet_Y_3_2GF_Weights = weights_enum("RegNet_Y_3_2GF_Weights", __name__)
RegNet_Y_8GF_Weights = weights_enum("RegNet_Y_8GF_Weights", __name__)
RegNet_Y_16GF_Weights = weights_enum("RegNet_Y_16GF_Weights", __name__)
RegNet_Y_32GF_Weights = weights_enum("RegNet_Y_32GF_Weights", __name__)
RegNet_Y_128GF_Weights = weights_enum("RegNet_Y_128GF_Weights", __name__)
RegNet_X_400MF_Weights = weights_enum("RegNet_X_400MF_Weights", __name__)
RegNet_X_800MF_Weights = weights_enum("RegNet_X_800MF_Weights", __name__)
RegNet_X_1_6GF_Weights = weights_enum("RegNet_X_1_6GF_Weights", __name__)
RegNet_X_3_2GF_Weights = weights_enum("RegNet_X_3_2GF_Weights", __name__)
RegNet_X_8GF_Weights = weights_enum("RegNet_X_8GF_Weights", __name__)
RegNet_X_16GF_Weights = weights_enum("RegNet_X_16GF_Weights", __name__)
RegNet_X_32GF_Weights = weights_enum("RegNet_X_32GF_Weights", __name__)


@network(RegNet_Y_400MF_Weights)
def regnet_y_400mf(**options: Any) -> RegNet:
    """RegNetY-400MF; see `RegNet` for the options."""
    return _regnet(
        options, depth=16, w_0=48, w_a=27.89, w_m=2.09, group_width=8, se_ratio=0.25
    )


@network(RegNet_Y_800MF_Weights)
def regnet_y_800mf(**options: Any) -> RegNet:
    """RegNetY-800MF; see `RegNet` for the options."""
    return _regnet(
        options, depth=14, w_0=56, w_a=38.84, w_m=2.4, group_width=16, se_ratio=0.25
    )


@network(RegNet_Y_1_6GF_Weights)
def regnet_y_1_6gf(**options: Any) -> RegNet:
    """RegNetY-1.6GF; see `RegNet` for the options."""
    return _regnet(
        options, depth=27, w_0=48, w_a=20.71, w_m=2.65, group_width=24, se_ratio=0.25
    )


@network(RegNet_Y_3_2GF_Weights)
def regnet_y_3_2gf(**options: Any) -> RegNet:
    """RegNetY-3.2GF; see `RegNet` for the options."""
    return _regnet(
        options, depth=21, w_0=80, w_a=42.63, w_m=2.66, group_width=24, se_ratio=0.25
    )


@network(RegNet_Y_8GF_Weights)
def regnet_y_8gf(**options: Any) -> RegNet:
    """RegNetY-8GF; see `RegNet` for the options."""
    return _regnet(
        options, depth=17, w_0=192, w_a=76.82, w_m=2.19, group_width=56, se_ratio=0.25
    )


@network(RegNet_Y_16GF_Weights)
def regnet_y_16gf(**options: Any) -> RegNet:
    """RegNetY-16GF; see `RegNet` for the options."""
    return _regnet(
        options, depth=18, w_0=200, w_a=106.23, w_m=2.48, group_width=112, se_ratio=0.25
    )


@network(RegNet_Y_32GF_Weights)
def regnet_y_32gf(**options: Any) -> RegNet:
    """RegNetY-32GF; see `RegNet` for the options."""
    return _regnet(
        options, depth=20, w_0=232, w_a=115.89, w_m=2.53, group_width=232, se_ratio=0.25
    )


@network(RegNet_Y_128GF_Weights)
def regnet_y_128gf(**options: Any) -> RegNet:
    """RegNetY-128GF; see `RegNet` for the options."""
    return _regnet(
        options, depth=27, w_0=456, w_a=160.83, w_m=2.52, group_width=264, se_ratio=0.25
    )


@network(RegNet_X_400MF_Weights)
def regnet_x_400mf(**options: Any) -> RegNet:
    """RegNetX-400MF; see `RegNet` for the options."""
    return _regnet(options, depth=22, w_0=24, w_a=24.48, w_m=2.54, group_width=16)


@network(RegNet_X_800MF_Weights)
def regnet_x_800mf(**options: Any) -> RegNet:
    """RegNetX-800MF; see `RegNet` for the options."""
    return _regnet(options, depth=16, w_0=56, w_a=35.73, w_m=2.28, group_width=16)


@network(RegNet_X_1_6GF_Weights)
def regnet_x_1_6gf(**options: Any) -> RegNet:
    """RegNetX-1.6GF; see `RegNet` for the options."""
    return _regnet(options, depth=18, w_0=80, w_a=34.01, w_m=2.25, group_width=24)


@network(RegNet_X_3_2GF_Weights)
def regnet_x_3_2gf(**options: Any) -> RegNet:
    """RegNetX-3.2GF; see `RegNet` for the options."""
    return _regnet(options, depth=25, w_0=88, w_a=26.31, w_m=2.25, group_width=48)


@network(RegNet_X_8GF_Weights)
def regnet_x_8gf(**options: Any) -> RegNet:
    """RegNetX-8GF; see `RegNet` for the options."""
    return _regnet(options, depth=23, w_0=80, w_a=49.56, w_m=2.88, group_width=120)


@network(RegNet_X_16GF_Weights)
def regnet_x_16gf(**options: Any) -> RegNet:
    """RegNetX-16GF; see `RegNet` for the options."""
    return _regnet(options, depth=22, w_0=216, w_a=55.59, w_m=2.1, group_width=128)


@network(RegNet_X_32GF_Weights)
def regnet_x_32gf(**options: Any) -> RegNet:
    """RegNetX-32GF; see `RegNet` for the options."""
    return _regnet(options, depth=23, w_0=320, w_a=69.86, w_m=2.0, group_width=168)
