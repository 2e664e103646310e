"""Residual networks: ResNet, ResNeXt and wide ResNet."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from ._api import network, set_option, weights_enum
from ._backend import Array, flatten, init, initialize, nn

__all__ = [
    "ResNeXt50_32X4D_Weights",
    "ResNeXt101_32X8D_Weights",
    "ResNeXt101_64X4D_Weights",
    "ResNet",
    "ResNet18_Weights",
    "ResNet34_Weights",
    "ResNet50_Weights",
    "ResNet101_Weights",
    "ResNet152_Weights",
    "Wide_ResNet50_2_Weights",
    "Wide_ResNet101_2_Weights",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "resnext50_32x4d",
    "resnext101_32x8d",
    "resnext101_64x4d",
    "wide_resnet50_2",
    "wide_resnet101_2",
]


def conv3x3(
    in_planes: int, out_planes: int, stride: int = 1, groups: int = 1, dilation: int = 1
) -> nn.Conv2d:
    """A 3×3 convolution that keeps the size, up to its stride."""
    return nn.Conv2d(
        in_planes,
        out_planes,
        kernel_size=3,
        stride=stride,
        padding=dilation,
        groups=groups,
        bias=False,
        dilation=dilation,
    )


def conv1x1(in_planes: int, out_planes: int, stride: int = 1) -> nn.Conv2d:
    """A 1×1 convolution."""
    return nn.Conv2d(in_planes, out_planes, kernel_size=1, stride=stride, bias=False)


class BasicBlock(nn.Module):
    """Two 3×3 convolutions beside the identity."""

    expansion: ClassVar[int] = 1

    def __init__(
        self,
        inplanes: int,
        planes: int,
        stride: int = 1,
        downsample: nn.Module | None = None,
        groups: int = 1,
        base_width: int = 64,
        dilation: int = 1,
        norm_layer: Callable[..., Any] | None = None,
    ) -> None:
        super().__init__()
        norm_layer = norm_layer or nn.BatchNorm2d
        if groups != 1 or base_width != 64:
            raise ValueError("BasicBlock only supports groups=1 and base_width=64")
        if dilation > 1:
            raise NotImplementedError("Dilation > 1 not supported in BasicBlock")
        self.conv1 = conv3x3(inplanes, planes, stride)
        self.bn1 = norm_layer(planes)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = conv3x3(planes, planes)
        self.bn2 = norm_layer(planes)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: Array) -> Array:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        identity = x if self.downsample is None else self.downsample(x)
        out += identity
        return self.relu(out)


class Bottleneck(nn.Module):
    """A 3×3 convolution between two of 1×1, beside the identity.

    The stride is that of the 3×3 convolution; the paper has it in the first one.
    """

    expansion: ClassVar[int] = 4

    def __init__(
        self,
        inplanes: int,
        planes: int,
        stride: int = 1,
        downsample: nn.Module | None = None,
        groups: int = 1,
        base_width: int = 64,
        dilation: int = 1,
        norm_layer: Callable[..., Any] | None = None,
    ) -> None:
        super().__init__()
        norm_layer = norm_layer or nn.BatchNorm2d
        width = int(planes * (base_width / 64.0)) * groups
        self.conv1 = conv1x1(inplanes, width)
        self.bn1 = norm_layer(width)
        self.conv2 = conv3x3(width, width, stride, groups, dilation)
        self.bn2 = norm_layer(width)
        self.conv3 = conv1x1(width, planes * self.expansion)
        self.bn3 = norm_layer(planes * self.expansion)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: Array) -> Array:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        identity = x if self.downsample is None else self.downsample(x)
        out += identity
        return self.relu(out)


class ResNet(nn.Module):
    """Residual network of four stages of blocks.

    Args:
        block: `BasicBlock` or `Bottleneck`.
        layers: the number of blocks in each stage.
        zero_init_residual: let each block begin as the identity.
        groups: of the 3×3 convolutions of a bottleneck.
        width_per_group: their channels in the first stage, by group.
        replace_stride_with_dilation: for each of the last three stages, keep the size
            and dilate instead.
        norm_layer: `nn.BatchNorm2d` by default.

    Source: He et al., "Deep Residual Learning for Image Recognition" (2015),
    https://arxiv.org/abs/1512.03385
    """

    def __init__(
        self,
        block: type[BasicBlock | Bottleneck],
        layers: Sequence[int],
        num_classes: int = 1000,
        zero_init_residual: bool = False,
        groups: int = 1,
        width_per_group: int = 64,
        replace_stride_with_dilation: Sequence[bool] | None = None,
        norm_layer: Callable[..., Any] | None = None,
    ) -> None:
        super().__init__()
        self._norm_layer = norm_layer or nn.BatchNorm2d
        self._zero_init_residual = zero_init_residual
        self.inplanes = 64
        self.dilation = 1
        if replace_stride_with_dilation is None:
            replace_stride_with_dilation = [False, False, False]
        if len(replace_stride_with_dilation) != 3:
            raise ValueError(
                "replace_stride_with_dilation should be None or a 3-element tuple, got "
                f"{replace_stride_with_dilation}"
            )
        self.groups = groups
        self.base_width = width_per_group
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = self._norm_layer(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        dilate = replace_stride_with_dilation
        self.layer1 = self._make_layer(block, 64, layers[0])
        self.layer2 = self._make_layer(block, 128, layers[1], 2, dilate[0])
        self.layer3 = self._make_layer(block, 256, layers[2], 2, dilate[1])
        self.layer4 = self._make_layer(block, 512, layers[3], 2, dilate[2])
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(512 * block.expansion, num_classes)
        initialize(self)

    def _reset_parameters(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(m, nn.BatchNorm2d | nn.GroupNorm):
                init.constant_(m.weight, 1)
                init.constant_(m.bias, 0)
        if not self._zero_init_residual:
            return
        for m in self.modules():
            if isinstance(m, Bottleneck) and m.bn3.weight is not None:
                init.constant_(m.bn3.weight, 0)
            elif isinstance(m, BasicBlock) and m.bn2.weight is not None:
                init.constant_(m.bn2.weight, 0)

    def _make_layer(
        self,
        block: type[BasicBlock | Bottleneck],
        planes: int,
        blocks: int,
        stride: int = 1,
        dilate: bool = False,
    ) -> nn.Sequential:
        norm_layer = self._norm_layer
        first_dilation = self.dilation
        if dilate:
            self.dilation *= stride
            stride = 1
        out_planes = planes * block.expansion
        downsample = None
        if stride != 1 or self.inplanes != out_planes:
            downsample = nn.Sequential(
                conv1x1(self.inplanes, out_planes, stride), norm_layer(out_planes)
            )
        width = (self.groups, self.base_width)
        layers = [
            block(
                self.inplanes,
                planes,
                stride,
                downsample,
                *width,
                first_dilation,
                norm_layer,
            )
        ]
        self.inplanes = out_planes
        for _ in range(1, blocks):
            layers.append(
                block(out_planes, planes, 1, None, *width, self.dilation, norm_layer)
            )
        return nn.Sequential(*layers)

    def _forward_impl(self, x: Array) -> Array:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(flatten(self.avgpool(x), 1))

    def forward(self, x: Array) -> Array:
        return self._forward_impl(x)


ResNet18_Weights = weights_enum("ResNet18_Weights", __name__)
ResNet34_Weights = weights_enum("ResNet34_Weights", __name__)
ResNet50_Weights = weights_enum("ResNet50_Weights", __name__)
ResNet101_Weights = weights_enum("ResNet101_Weights", __name__)
ResNet152_Weights = weights_enum("ResNet152_Weights", __name__)
ResNeXt50_32X4D_Weights = weights_enum("ResNeXt50_32X4D_Weights", __name__)
ResNeXt101_32X8D_Weights = weights_enum("ResNeXt101_32X8D_Weights", __name__)
ResNeXt101_64X4D_Weights = weights_enum("ResNeXt101_64X4D_Weights", __name__)
Wide_ResNet50_2_Weights = weights_enum("Wide_ResNet50_2_Weights", __name__)
Wide_ResNet101_2_Weights = weights_enum("Wide_ResNet101_2_Weights", __name__)


@network(ResNet18_Weights)
def resnet18(**options: Any) -> ResNet:
    """ResNet-18; see `ResNet` for the options."""
    return ResNet(BasicBlock, [2, 2, 2, 2], **options)


@network(ResNet34_Weights)
def resnet34(**options: Any) -> ResNet:
    """ResNet-34; see `ResNet` for the options."""
    return ResNet(BasicBlock, [3, 4, 6, 3], **options)


@network(ResNet50_Weights)
def resnet50(**options: Any) -> ResNet:
    """ResNet-50; see `ResNet` for the options."""
    return ResNet(Bottleneck, [3, 4, 6, 3], **options)


@network(ResNet101_Weights)
def resnet101(**options: Any) -> ResNet:
    """ResNet-101; see `ResNet` for the options."""
    return ResNet(Bottleneck, [3, 4, 23, 3], **options)


@network(ResNet152_Weights)
def resnet152(**options: Any) -> ResNet:
    """ResNet-152; see `ResNet` for the options."""
    return ResNet(Bottleneck, [3, 8, 36, 3], **options)


def _wide(layers: list[int], options: dict[str, Any], **settings: int) -> ResNet:
    for name, value in settings.items():
        set_option(options, name, value)
    return ResNet(Bottleneck, layers, **options)


@network(ResNeXt50_32X4D_Weights)
def resnext50_32x4d(**options: Any) -> ResNet:
    """ResNeXt-50: 32 groups of 4 channels (https://arxiv.org/abs/1611.05431)."""
    return _wide([3, 4, 6, 3], options, groups=32, width_per_group=4)


@network(ResNeXt101_32X8D_Weights)
def resnext101_32x8d(**options: Any) -> ResNet:
    """ResNeXt-101: 32 groups of 8 channels (https://arxiv.org/abs/1611.05431)."""
    return _wide([3, 4, 23, 3], options, groups=32, width_per_group=8)


@network(ResNeXt101_64X4D_Weights)
def resnext101_64x4d(**options: Any) -> ResNet:
    """ResNeXt-101: 64 groups of 4 channels (https://arxiv.org/abs/1611.05431)."""
    return _wide([3, 4, 23, 3], options, groups=64, width_per_group=4)


@network(Wide_ResNet50_2_Weights)
def wide_resnet50_2(**options: Any) -> ResNet:
    """Wide ResNet-50: twice the channels inside (https://arxiv.org/abs/1605.07146)."""
    return _wide([3, 4, 6, 3], options, width_per_group=128)


@network(Wide_ResNet101_2_Weights)
def wide_resnet101_2(**options: Any) -> ResNet:
    """Wide ResNet-101: twice the channels inside (https://arxiv.org/abs/1605.07146)."""
    return _wide([3, 4, 23, 3], options, width_per_group=128)
