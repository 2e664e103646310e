"""ShuffleNet v2."""

from collections.abc import Callable, Sequence
from typing import Any

from ._api import network, weights_enum
from ._backend import Array, cat, chunk, nn, permute

__all__ = [
    "ShuffleNetV2",
    "ShuffleNet_V2_X0_5_Weights",
    "ShuffleNet_V2_X1_0_Weights",
    "ShuffleNet_V2_X1_5_Weights",
    "ShuffleNet_V2_X2_0_Weights",
    "shufflenet_v2_x0_5",
    "shufflenet_v2_x1_0",
    "shufflenet_v2_x1_5",
    "shufflenet_v2_x2_0",
]


def channel_shuffle(x: Array, groups: int) -> Array:
    """Take channels from each group in turn."""
    batch, channels, height, width = x.shape
    x = x.reshape(batch, groups, channels // groups, height, width)
    return permute(x, (0, 2, 1, 3, 4)).reshape(batch, channels, height, width)


class InvertedResidual(nn.Module):
    """Two branches, one of which is the input itself where the size stays."""

    def __init__(self, inp: int, oup: int, stride: int) -> None:
        super().__init__()
        if not 1 <= stride <= 3:
            raise ValueError("illegal stride value")
        half = oup // 2
        if stride == 1 and inp != half << 1:
            raise ValueError(
                f"Invalid combination of stride {stride}, inp {inp} and oup {oup} "
                "values. If stride == 1 then inp should be equal to oup // 2 << 1."
            )
        self.stride = stride
        self.branch1 = nn.Sequential()
        if stride > 1:
            self.branch1 = nn.Sequential(
                self.depthwise_conv(inp, inp, 3, stride, 1),
                nn.BatchNorm2d(inp),
                nn.Conv2d(inp, half, kernel_size=1, bias=False),
                nn.BatchNorm2d(half),
                nn.ReLU(inplace=True),
            )
        self.branch2 = nn.Sequential(
            nn.Conv2d(inp if stride > 1 else half, half, kernel_size=1, bias=False),
            nn.BatchNorm2d(half),
            nn.ReLU(inplace=True),
            self.depthwise_conv(half, half, 3, stride, 1),
            nn.BatchNorm2d(half),
            nn.Conv2d(half, half, kernel_size=1, bias=False),
            nn.BatchNorm2d(half),
            nn.ReLU(inplace=True),
        )

    @staticmethod
    def depthwise_conv(
        i: int,
        o: int,
        kernel_size: int,
        stride: int = 1,
        padding: int = 0,
        bias: bool = False,
    ) -> Any:
        """A convolution of each channel by itself."""
        return nn.Conv2d(i, o, kernel_size, stride, padding, bias=bias, groups=i)

    def forward(self, x: Array) -> Array:
        if self.stride == 1:
            kept, changed = chunk(x, 2, 1)
            out = cat((kept, self.branch2(changed)), 1)
        else:
            out = cat((self.branch1(x), self.branch2(x)), 1)
        return channel_shuffle(out, 2)


class ShuffleNetV2(nn.Module):
    """ShuffleNet v2.

    Args:
        stages_repeats: the number of blocks in each of the three stages.
        stages_out_channels: channels of the first convolution, the stages and the last.

    Source: Ma et al., "ShuffleNet V2" (2018), https://arxiv.org/abs/1807.11164
    """

    def __init__(
        self,
        stages_repeats: Sequence[int],
        stages_out_channels: Sequence[int],
        num_classes: int = 1000,
        inverted_residual: Callable[..., Any] = InvertedResidual,
    ) -> None:
        super().__init__()
        if len(stages_repeats) != 3:
            raise ValueError("expected stages_repeats as list of 3 positive ints")
        if len(stages_out_channels) != 5:
            raise ValueError("expected stages_out_channels as list of 5 positive ints")
        self._stage_out_channels = stages_out_channels
        channels, *stages, last = stages_out_channels
        self.conv1 = nn.Sequential(
            nn.Conv2d(3, channels, 3, 2, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(inplace=True),
        )
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        for i, (repeats, size) in enumerate(zip(stages_repeats, stages, strict=True)):
            blocks = [inverted_residual(channels, size, 2)]
            blocks += [inverted_residual(size, size, 1) for _ in range(repeats - 1)]
            setattr(self, f"stage{i + 2}", nn.Sequential(*blocks))
            channels = size
        self.conv5 = nn.Sequential(
            nn.Conv2d(channels, last, 1, 1, 0, bias=False),
            nn.BatchNorm2d(last),
            nn.ReLU(inplace=True),
        )
        self.fc = nn.Linear(last, num_classes)

    def _forward_impl(self, x: Array) -> Array:
        x = self.maxpool(self.conv1(x))
        x = self.conv5(self.stage4(self.stage3(self.stage2(x))))
        return self.fc(x.mean((2, 3)))

    def forward(self, x: Array) -> Array:
        return self._forward_impl(x)


def _shufflenetv2(
    first: Sequence[int], last: int, options: dict[str, Any]
) -> ShuffleNetV2:
    return ShuffleNetV2([4, 8, 4], [24, *first, last], **options)


ShuffleNet_V2_X0_5_Weights = weights_enum("ShuffleNet_V2_X0_5_Weights", __name__)
ShuffleNet_V2_X1_0_Weights = weights_enum("ShuffleNet_V2_X1_0_Weights", __name__)
ShuffleNet_V2_X1_5_Weights = weights_enum("ShuffleNet_V2_X1_5_Weights", __name__)
ShuffleNet_V2_X2_0_Weights = weights_enum("ShuffleNet_V2_X2_0_Weights", __name__)


@network(ShuffleNet_V2_X0_5_Weights)
def shufflenet_v2_x0_5(**options: Any) -> ShuffleNetV2:
    """ShuffleNet v2 with half the channels."""
    return _shufflenetv2([48, 96, 192], 1024, options)


@network(ShuffleNet_V2_X1_0_Weights)
def shufflenet_v2_x1_0(**options: Any) -> ShuffleNetV2:
    """ShuffleNet v2."""
    return _shufflenetv2([116, 232, 464], 1024, options)


@network(ShuffleNet_V2_X1_5_Weights)
def shufflenet_v2_x1_5(**options: Any) -> ShuffleNetV2:
    """ShuffleNet v2 with one and a half times the channels."""
    return _shufflenetv2([176, 352, 704], 1024, options)


@network(ShuffleNet_V2_X2_0_Weights)
def shufflenet_v2_x2_0(**options: Any) -> ShuffleNetV2:
    """ShuffleNet v2 with twice the channels."""
    return _shufflenetv2([244, 488, 976], 2048, options)
