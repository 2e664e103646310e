"""MobileNet v2."""

from collections.abc import Callable, Sequence
from typing import Any

from ._api import network, weights_enum
from ._backend import Array, F, flatten, init, initialize, nn
from ._blocks import Conv2dNormActivation, make_divisible

__all__ = ["MobileNetV2", "MobileNet_V2_Weights", "mobilenet_v2"]


class InvertedResidual(nn.Module):
    """More channels, a convolution of each by itself, fewer channels again."""

    def __init__(
        self,
        inp: int,
        oup: int,
        stride: int,
        expand_ratio: float,
        norm_layer: Callable[..., Any] | None = None,
    ) -> None:
        super().__init__()
        if stride not in (1, 2):
            raise ValueError(f"stride should be 1 or 2 instead of {stride}")
        norm = norm_layer or nn.BatchNorm2d
        hidden = round(inp * expand_ratio)
        made: dict[str, Any] = {"norm_layer": norm, "activation_layer": nn.ReLU6}
        layers: list[Any] = []
        if expand_ratio != 1:
            layers.append(Conv2dNormActivation(inp, hidden, kernel_size=1, **made))
        layers += [
            Conv2dNormActivation(hidden, hidden, stride=stride, groups=hidden, **made),
            nn.Conv2d(hidden, oup, 1, 1, 0, bias=False),
            norm(oup),
        ]
        self.stride = stride
        self.use_res_connect = stride == 1 and inp == oup
        self.conv = nn.Sequential(*layers)
        self.out_channels = oup
        self._is_cn = stride > 1

    def forward(self, x: Array) -> Array:
        return x + self.conv(x) if self.use_res_connect else self.conv(x)


# Expansion, channels, blocks and stride of each stage.
_STAGES = (
    *((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2)),
    *((6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)),
)


class MobileNetV2(nn.Module):
    """MobileNet v2.

    Args:
        width_mult: times as many channels everywhere.
        inverted_residual_setting: of each stage the expansion, the channels, the
            number of blocks and the stride of the first.
        round_nearest: channels are multiples of this number.
        block: `InvertedResidual` by default.

    Source: Sandler et al., "MobileNetV2" (2018), https://arxiv.org/abs/1801.04381
    """

    def __init__(
        self,
        num_classes: int = 1000,
        width_mult: float = 1.0,
        inverted_residual_setting: Sequence[Sequence[int]] | None = None,
        round_nearest: int = 8,
        block: Callable[..., Any] | None = None,
        norm_layer: Callable[..., Any] | None = None,
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        block = block or InvertedResidual
        norm = norm_layer or nn.BatchNorm2d
        stages = (
            _STAGES if inverted_residual_setting is None else inverted_residual_setting
        )
        if not stages or len(stages[0]) != 4:
            raise ValueError(
                "inverted_residual_setting should be non-empty or a 4-element list, "
                f"got {inverted_residual_setting}"
            )
        made: dict[str, Any] = {"norm_layer": norm, "activation_layer": nn.ReLU6}
        channels = make_divisible(32 * width_mult, round_nearest)
        self.last_channel = make_divisible(1280 * max(1.0, width_mult), round_nearest)
        features = [Conv2dNormActivation(3, channels, stride=2, **made)]
        for expansion, width, blocks, stride in stages:
            size = make_divisible(width * width_mult, round_nearest)
            for i in range(blocks):
                step = stride if i == 0 else 1
                features.append(
                    block(channels, size, step, expand_ratio=expansion, norm_layer=norm)
                )
                channels = size
        last = Conv2dNormActivation(channels, self.last_channel, kernel_size=1, **made)
        self.features = nn.Sequential(*features, last)
        self.classifier = nn.Sequential(
            nn.Dropout(p=dropout), nn.Linear(self.last_channel, num_classes)
        )
        initialize(self)

    def _reset_parameters(self) -> None:
        mobile_parameters(self)

    def _forward_impl(self, x: Array) -> Array:
        x = F.adaptive_avg_pool2d(self.features(x), (1, 1))
        return self.classifier(flatten(x, 1))

    def forward(self, x: Array) -> Array:
        return self._forward_impl(x)


def mobile_parameters(model: Any) -> None:
    """Draw the parameters of a mobile network."""
    for m in model.modules():
        if isinstance(m, nn.Conv2d):
            init.kaiming_normal_(m.weight, mode="fan_out")
            if m.bias is not None:
                init.zeros_(m.bias)
        elif isinstance(m, nn.BatchNorm2d | nn.GroupNorm):
            init.ones_(m.weight)
            init.zeros_(m.bias)
        elif isinstance(m, nn.Linear):
            init.normal_(m.weight, 0, 0.01)
            init.zeros_(m.bias)


MobileNet_V2_Weights = weights_enum("MobileNet_V2_Weights", __name__)


@network(MobileNet_V2_Weights)
def mobilenet_v2(**options: Any) -> MobileNetV2:
    """MobileNet v2; see `MobileNetV2` for the options."""
    return MobileNetV2(**options)
