"""Blocks of layers that many networks are made of, as in `torchvision.ops`."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from ._backend import Array, StochasticDepth, nn, permute

__all__ = [
    "MLP",
    "Conv2dNormActivation",
    "Conv3dNormActivation",
    "ConvNormActivation",
    "Permute",
    "SqueezeExcitation",
    "StochasticDepth",
    "make_divisible",
]

Made = Callable[..., Any]


class ConvNormActivation(nn.Sequential):
    """Convolution, normalization and activation, the last two if they are given.

    Without `padding` the output is as large as the input, up to the stride; without
    `bias` there is one if nothing normalizes.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any = 3,
        stride: Any = 1,
        padding: Any = None,
        groups: int = 1,
        norm_layer: Made | None = nn.BatchNorm2d,
        activation_layer: Made | None = nn.ReLU,
        dilation: Any = 1,
        inplace: bool | None = True,
        bias: bool | None = None,
        conv_layer: Made = nn.Conv2d,
    ) -> None:
        if padding is None:
            padding = _same_size(kernel_size, dilation)
        layers = [
            conv_layer(
                *(in_channels, out_channels, kernel_size, stride, padding),
                dilation=dilation,
                groups=groups,
                bias=norm_layer is None if bias is None else bias,
            )
        ]
        if norm_layer is not None:
            layers.append(norm_layer(out_channels))
        if activation_layer is not None:
            settings = {} if inplace is None else {"inplace": inplace}
            layers.append(activation_layer(**settings))
        super().__init__(*layers)
        self.out_channels = out_channels
        if type(self) is ConvNormActivation:
            warnings.warn(
                "Don't use ConvNormActivation directly, please use "
                "Conv2dNormActivation and Conv3dNormActivation instead.",
                stacklevel=2,
            )


def _same_size(kernel_size: Any, dilation: Any) -> Any:
    if isinstance(kernel_size, int) and isinstance(dilation, int):
        return (kernel_size - 1) // 2 * dilation
    count = len(kernel_size if isinstance(kernel_size, Sequence) else dilation)
    sizes, gaps = (
        tuple(x) if isinstance(x, Sequence) else (x,) * count
        for x in (kernel_size, dilation)
    )
    return tuple((k - 1) // 2 * gap for k, gap in zip(sizes, gaps, strict=True))


class Conv2dNormActivation(ConvNormActivation):
    """`ConvNormActivation` of images."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any = 3,
        stride: Any = 1,
        padding: Any = None,
        groups: int = 1,
        norm_layer: Made | None = nn.BatchNorm2d,
        activation_layer: Made | None = nn.ReLU,
        dilation: Any = 1,
        inplace: bool | None = True,
        bias: bool | None = None,
    ) -> None:
        shape = in_channels, out_channels, kernel_size, stride, padding, groups
        made = norm_layer, activation_layer, dilation, inplace, bias
        super().__init__(*shape, *made, nn.Conv2d)


class Conv3dNormActivation(ConvNormActivation):
    """`ConvNormActivation` of volumes."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any = 3,
        stride: Any = 1,
        padding: Any = None,
        groups: int = 1,
        norm_layer: Made | None = nn.BatchNorm3d,
        activation_layer: Made | None = nn.ReLU,
        dilation: Any = 1,
        inplace: bool | None = True,
        bias: bool | None = None,
    ) -> None:
        shape = in_channels, out_channels, kernel_size, stride, padding, groups
        made = norm_layer, activation_layer, dilation, inplace, bias
        super().__init__(*shape, *made, nn.Conv3d)


class SqueezeExcitation(nn.Module):
    """Weigh channels by what all of the image shows.

    Source: Hu et al., "Squeeze-and-Excitation Networks" (2017),
    https://arxiv.org/abs/1709.01507
    """

    def __init__(
        self,
        input_channels: int,
        squeeze_channels: int,
        activation: Made = nn.ReLU,
        scale_activation: Made = nn.Sigmoid,
    ) -> None:
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(input_channels, squeeze_channels, 1)
        self.fc2 = nn.Conv2d(squeeze_channels, input_channels, 1)
        self.activation = activation()
        self.scale_activation = scale_activation()

    def _scale(self, input: Array) -> Array:
        squeezed = self.activation(self.fc1(self.avgpool(input)))
        return self.scale_activation(self.fc2(squeezed))

    def forward(self, input: Array) -> Array:
        return self._scale(input) * input


class MLP(nn.Sequential):
    """Linear layers, each but the last with norm and activation; dropout after each."""

    def __init__(
        self,
        in_channels: int,
        hidden_channels: Sequence[int],
        norm_layer: Made | None = None,
        activation_layer: Made = nn.ReLU,
        inplace: bool | None = None,
        bias: bool = True,
        dropout: float = 0.0,
    ) -> None:
        settings: dict[str, Any] = {} if inplace is None else {"inplace": inplace}
        sizes = [in_channels, *hidden_channels]
        layers: list[Any] = []
        for index, size in enumerate(hidden_channels):
            layers.append(nn.Linear(sizes[index], size, bias=bias))
            if index < len(hidden_channels) - 1:
                if norm_layer is not None:
                    layers.append(norm_layer(size))
                layers.append(activation_layer(**settings))
            layers.append(nn.Dropout(dropout, **settings))
        super().__init__(*layers)


class Permute(nn.Module):
    """Order dimensions anew."""

    def __init__(self, dims: Sequence[int]) -> None:
        super().__init__()
        self.dims = dims

    def forward(self, x: Array) -> Array:
        return permute(x, self.dims)


def make_divisible(value: float, divisor: int, least: int | None = None) -> int:
    """The multiple of a divisor next to a number of channels, not below 90 % of it."""
    near = max(least or divisor, int(value + divisor / 2) // divisor * divisor)
    return near + divisor if near < 0.9 * value else near
