"""Blocks of layers, as `torchvision.ops.misc`."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._core.annotations import PerDim
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.nn.modules.utils import _ntuple

Made = Callable[..., nn.Module]
interpolate = F.interpolate


class FrozenBatchNorm2d(nn.Module):
    """Batch normalization by fixed numbers, as `torchvision.ops.FrozenBatchNorm2d`.

    All four of them are buffers: nothing is learned, and no batch changes them.
    """

    def __init__(self, num_features: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.register_buffer("weight", torch.ones(num_features))
        self.register_buffer("bias", torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def _load_from_state_dict(
        self, state_dict: dict[str, Any], prefix: str, *args: Any
    ) -> None:
        state_dict.pop(f"{prefix}num_batches_tracked", None)
        super()._load_from_state_dict(state_dict, prefix, *args)

    def forward(self, x: Tensor) -> Any:
        """Normalize each channel."""
        numbers = self.running_mean, self.running_var, self.weight, self.bias
        return F.batch_norm(x, *numbers, False, 0.0, self.eps)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.weight.shape[0]}, eps={self.eps})"


class ConvNormActivation(nn.Sequential):
    """Convolution, normalization and activation, the last two if they are given.

    As `torchvision.ops.misc.ConvNormActivation`: without `padding` the output is as
    large as the input, up to the stride; without `bias` there is one if nothing
    normalizes.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: PerDim = 3,
        stride: PerDim = 1,
        padding: PerDim | str | None = None,
        groups: int = 1,
        norm_layer: Made | None = nn.BatchNorm2d,
        activation_layer: Made | None = nn.ReLU,
        dilation: PerDim = 1,
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
                stacklevel=outside(),
            )


def _same_size(kernel_size: Any, dilation: Any) -> Any:
    if isinstance(kernel_size, int) and isinstance(dilation, int):
        return (kernel_size - 1) // 2 * dilation
    many = kernel_size if isinstance(kernel_size, Sequence) else dilation
    sizes, gaps = (_ntuple(len(many))(x) for x in (kernel_size, dilation))
    return tuple((k - 1) // 2 * gap for k, gap in zip(sizes, gaps, strict=True))


class Conv2dNormActivation(ConvNormActivation):
    """`ConvNormActivation` of images, as `torchvision.ops.Conv2dNormActivation`."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: PerDim = 3,
        stride: PerDim = 1,
        padding: PerDim | str | None = None,
        groups: int = 1,
        norm_layer: Made | None = nn.BatchNorm2d,
        activation_layer: Made | None = nn.ReLU,
        dilation: PerDim = 1,
        inplace: bool | None = True,
        bias: bool | None = None,
    ) -> None:
        shape = in_channels, out_channels, kernel_size, stride, padding, groups
        made = norm_layer, activation_layer, dilation, inplace, bias
        super().__init__(*shape, *made, nn.Conv2d)


class Conv3dNormActivation(ConvNormActivation):
    """`ConvNormActivation` of volumes, as `torchvision.ops.Conv3dNormActivation`."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: PerDim = 3,
        stride: PerDim = 1,
        padding: PerDim | str | None = None,
        groups: int = 1,
        norm_layer: Made | None = nn.BatchNorm3d,
        activation_layer: Made | None = nn.ReLU,
        dilation: PerDim = 1,
        inplace: bool | None = True,
        bias: bool | None = None,
    ) -> None:
        shape = in_channels, out_channels, kernel_size, stride, padding, groups
        made = norm_layer, activation_layer, dilation, inplace, bias
        super().__init__(*shape, *made, nn.Conv3d)


class SqueezeExcitation(nn.Module):
    """Weigh channels by what all of the image shows: `torchvision.ops`'.

    Source: Hu et al. (2017), https://arxiv.org/abs/1709.01507
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

    def _scale(self, input: Tensor) -> Any:
        squeezed = self.activation(self.fc1(self.avgpool(input)))
        return self.scale_activation(self.fc2(squeezed))

    def forward(self, input: Tensor) -> Any:
        """Scale each channel."""
        return self._scale(input) * input


class MLP(nn.Sequential):
    """Linear layers, each but the last with norm and activation; dropout behind each.

    As `torchvision.ops.MLP`.
    """

    def __init__(
        self,
        in_channels: int,
        hidden_channels: list[int],
        norm_layer: Made | None = None,
        activation_layer: Made = nn.ReLU,
        inplace: bool | None = None,
        bias: bool = True,
        dropout: float = 0.0,
    ) -> None:
        settings: dict[str, Any] = {} if inplace is None else {"inplace": inplace}
        sizes = [in_channels, *hidden_channels]
        layers: list[nn.Module] = []
        for index, size in enumerate(hidden_channels):
            layers.append(nn.Linear(sizes[index], size, bias=bias))
            if index < len(hidden_channels) - 1:
                if norm_layer is not None:
                    layers.append(norm_layer(size))
                layers.append(activation_layer(**settings))
            layers.append(nn.Dropout(dropout, **settings))
        super().__init__(*layers)


class Permute(nn.Module):
    """Order dimensions anew, as `torchvision.ops.Permute`."""

    def __init__(self, dims: list[int]) -> None:
        super().__init__()
        self.dims = dims

    def forward(self, x: Tensor) -> Any:
        """Return a view with the dimensions in the order of `dims`."""
        return x.permute(self.dims)
