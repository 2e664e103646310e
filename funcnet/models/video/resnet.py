"""Residual networks of videos: R3D, MC3 and R(2+1)D."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from .._api import network, weights_enum
from .._backend import Array, flatten, init, initialize, nn

__all__ = [
    "MC3_18_Weights",
    "R2Plus1D_18_Weights",
    "R3D_18_Weights",
    "VideoResNet",
    "mc3_18",
    "r2plus1d_18",
    "r3d_18",
]


class Conv3DSimple(nn.Conv3d):
    """A 3×3×3 convolution."""

    def __init__(
        self,
        in_planes: int,
        out_planes: int,
        midplanes: int | None = None,
        stride: int = 1,
        padding: int = 1,
    ) -> None:
        super().__init__(in_planes, out_planes, (3, 3, 3), stride, padding, bias=False)

    @staticmethod
    def get_downsample_stride(stride: int) -> tuple[int, int, int]:
        """The stride of the convolution beside a block."""
        return stride, stride, stride


class Conv2Plus1D(nn.Sequential):
    """A convolution of each frame, and one over frames."""

    def __init__(
        self,
        in_planes: int,
        out_planes: int,
        midplanes: int,
        stride: int = 1,
        padding: int = 1,
    ) -> None:
        steps, pads = (1, stride, stride), (0, padding, padding)
        super().__init__(
            nn.Conv3d(in_planes, midplanes, (1, 3, 3), steps, pads, bias=False),
            nn.BatchNorm3d(midplanes),
            nn.ReLU(inplace=True),
            nn.Conv3d(
                midplanes,
                out_planes,
                (3, 1, 1),
                stride=(stride, 1, 1),
                padding=(padding, 0, 0),
                bias=False,
            ),
        )

    @staticmethod
    def get_downsample_stride(stride: int) -> tuple[int, int, int]:
        """The stride of the convolution beside a block."""
        return stride, stride, stride


class Conv3DNoTemporal(nn.Conv3d):
    """A 3×3 convolution of each frame."""

    def __init__(
        self,
        in_planes: int,
        out_planes: int,
        midplanes: int | None = None,
        stride: int = 1,
        padding: int = 1,
    ) -> None:
        steps, pads = (1, stride, stride), (0, padding, padding)
        super().__init__(in_planes, out_planes, (1, 3, 3), steps, pads, bias=False)

    @staticmethod
    def get_downsample_stride(stride: int) -> tuple[int, int, int]:
        """The stride of the convolution beside a block."""
        return 1, stride, stride


def _between(inplanes: int, planes: int) -> int:
    """The channels with which two convolutions have as many weights as a 3D one."""
    return (inplanes * planes * 27) // (inplanes * 9 + 3 * planes)


class BasicBlock(nn.Module):
    """Two convolutions beside the identity."""

    expansion: ClassVar[int] = 1

    def __init__(
        self,
        inplanes: int,
        planes: int,
        conv_builder: Callable[..., Any],
        stride: int = 1,
        downsample: nn.Module | None = None,
    ) -> None:
        super().__init__()
        between = _between(inplanes, planes)
        self.conv1 = nn.Sequential(
            conv_builder(inplanes, planes, between, stride),
            nn.BatchNorm3d(planes),
            nn.ReLU(inplace=True),
        )
        self.conv2 = nn.Sequential(
            conv_builder(planes, planes, between), nn.BatchNorm3d(planes)
        )
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: Array) -> Array:
        out = self.conv2(self.conv1(x))
        identity = x if self.downsample is None else self.downsample(x)
        out += identity
        return self.relu(out)


class Bottleneck(nn.Module):
    """A convolution between two of 1×1×1, beside the identity."""

    expansion: ClassVar[int] = 4

    def __init__(
        self,
        inplanes: int,
        planes: int,
        conv_builder: Callable[..., Any],
        stride: int = 1,
        downsample: nn.Module | None = None,
    ) -> None:
        super().__init__()
        wide = planes * self.expansion
        self.conv1 = nn.Sequential(
            nn.Conv3d(inplanes, planes, kernel_size=1, bias=False),
            nn.BatchNorm3d(planes),
            nn.ReLU(inplace=True),
        )
        self.conv2 = nn.Sequential(
            conv_builder(planes, planes, _between(inplanes, planes), stride),
            nn.BatchNorm3d(planes),
            nn.ReLU(inplace=True),
        )
        self.conv3 = nn.Sequential(
            nn.Conv3d(planes, wide, kernel_size=1, bias=False), nn.BatchNorm3d(wide)
        )
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: Array) -> Array:
        out = self.conv3(self.conv2(self.conv1(x)))
        identity = x if self.downsample is None else self.downsample(x)
        out += identity
        return self.relu(out)


class BasicStem(nn.Sequential):
    """A 3D convolution that halves height and width."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv3d(3, 64, (3, 7, 7), (1, 2, 2), (1, 3, 3), bias=False),
            nn.BatchNorm3d(64),
            nn.ReLU(inplace=True),
        )


class R2Plus1dStem(nn.Sequential):
    """A convolution of each frame that halves height and width, one over frames."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv3d(3, 45, (1, 7, 7), (1, 2, 2), (0, 3, 3), bias=False),
            nn.BatchNorm3d(45),
            nn.ReLU(inplace=True),
            nn.Conv3d(45, 64, (3, 1, 1), (1, 1, 1), (1, 0, 0), bias=False),
            nn.BatchNorm3d(64),
            nn.ReLU(inplace=True),
        )


class VideoResNet(nn.Module):
    """Residual network of videos.

    Args:
        block: `BasicBlock` or `Bottleneck`.
        conv_makers: the convolution of each stage.
        layers: the number of blocks in each stage.
        stem: makes what comes first.
        zero_init_residual: refused by torchvision's blocks, which have no `bn3`.

    Source: Tran et al., "A Closer Look at Spatiotemporal Convolutions for Action
    Recognition" (2017), https://arxiv.org/abs/1711.11248
    """

    def __init__(
        self,
        block: type[BasicBlock | Bottleneck],
        conv_makers: Sequence[Any],
        layers: Sequence[int],
        stem: Callable[..., Any],
        num_classes: int = 400,
        zero_init_residual: bool = False,
    ) -> None:
        super().__init__()
        self._zero_init_residual = zero_init_residual
        self.inplanes = 64
        self.stem = stem()
        self.layer1 = self._make_layer(block, conv_makers[0], 64, layers[0])
        self.layer2 = self._make_layer(block, conv_makers[1], 128, layers[1], 2)
        self.layer3 = self._make_layer(block, conv_makers[2], 256, layers[2], 2)
        self.layer4 = self._make_layer(block, conv_makers[3], 512, layers[3], 2)
        self.avgpool = nn.AdaptiveAvgPool3d((1, 1, 1))
        self.fc = nn.Linear(512 * block.expansion, num_classes)
        initialize(self)

    def _reset_parameters(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Conv3d):
                init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
                if m.bias is not None:
                    init.constant_(m.bias, 0)
            elif isinstance(m, nn.BatchNorm3d):
                init.constant_(m.weight, 1)
                init.constant_(m.bias, 0)
            elif isinstance(m, nn.Linear):
                init.normal_(m.weight, 0, 0.01)
                init.constant_(m.bias, 0)
        if not self._zero_init_residual:
            return
        for m in self.modules():
            if isinstance(m, Bottleneck):
                init.constant_(m.bn3.weight, 0)

    def _make_layer(
        self,
        block: type[BasicBlock | Bottleneck],
        conv_builder: Any,
        planes: int,
        blocks: int,
        stride: int = 1,
    ) -> nn.Sequential:
        wide = planes * block.expansion
        downsample = None
        if stride != 1 or self.inplanes != wide:
            steps = conv_builder.get_downsample_stride(stride)
            downsample = nn.Sequential(
                nn.Conv3d(self.inplanes, wide, 1, steps, bias=False),
                nn.BatchNorm3d(wide),
            )
        first = block(self.inplanes, planes, conv_builder, stride, downsample)
        self.inplanes = wide
        rest = [block(wide, planes, conv_builder) for _ in range(1, blocks)]
        return nn.Sequential(first, *rest)

    def forward(self, x: Array) -> Array:
        x = self.layer4(self.layer3(self.layer2(self.layer1(self.stem(x)))))
        return self.fc(flatten(self.avgpool(x), 1))


R3D_18_Weights = weights_enum("R3D_18_Weights", __name__)
MC3_18_Weights = weights_enum("MC3_18_Weights", __name__)
R2Plus1D_18_Weights = weights_enum("R2Plus1D_18_Weights", __name__)


@network(R3D_18_Weights)
def r3d_18(**options: Any) -> VideoResNet:
    """R3D-18: 3D convolutions; see `VideoResNet` for the options."""
    makers = [Conv3DSimple] * 4
    return VideoResNet(BasicBlock, makers, [2, 2, 2, 2], BasicStem, **options)


@network(MC3_18_Weights)
def mc3_18(**options: Any) -> VideoResNet:
    """MC3-18: 3D convolutions first, then those of each frame."""
    makers = [Conv3DSimple, *[Conv3DNoTemporal] * 3]
    return VideoResNet(BasicBlock, makers, [2, 2, 2, 2], BasicStem, **options)


@network(R2Plus1D_18_Weights)
def r2plus1d_18(**options: Any) -> VideoResNet:
    """R(2+1)D-18: each 3D convolution is one of each frame and one over frames."""
    makers = [Conv2Plus1D] * 4
    return VideoResNet(BasicBlock, makers, [2, 2, 2, 2], R2Plus1dStem, **options)
