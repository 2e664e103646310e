"""Deformable convolution, as `torchvision.ops.deform_conv`."""

import math
from typing import Any

import funcnet.compat as torch
from funcnet._types import Array
from funcnet.compat._core.annotations import PerDim
from funcnet.compat._ops.registry import recorded
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import init
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.modules.utils import _pair
from funcnet.compat.nn.parameter import Parameter
from funcnet.compat.torchvision.ops._utils import in_full_precision
from funcnet.functional.ops import deformable


@recorded("deform_conv2d")
def _convolve(
    input: Array,
    offset: Array,
    weight: Array,
    bias: Array | None,
    mask: Array | None,
    *settings: Any,
) -> Any:
    stride, padding, dilation = settings
    given = input, offset, weight, bias, stride, padding, dilation, mask
    return deformable.deform_conv2d(*given)


def deform_conv2d(
    input: Tensor,
    offset: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: PerDim = (1, 1),
    padding: PerDim = (0, 0),
    dilation: PerDim = (1, 1),
    mask: Tensor | None = None,
) -> Tensor:
    """Convolve where offsets say, as `torchvision.ops.deform_conv2d`.

    Args:
        input: `(batch, in, height, width)`.
        offset: `(batch, groups * taps * 2, out_height, out_width)`, (y, x) of each tap.
        weight: `(out, in / groups, kernel_height, kernel_width)`.
        bias: `(out,)`.
        stride, padding, dilation: as in `conv2d`.
        mask: `(batch, groups * taps, out_height, out_width)`, factors of the taps.
    """
    taps = weight.shape[-2] * weight.shape[-1]
    if offset.shape[1] // (2 * taps) == 0:
        raise RuntimeError(
            "the shape of the offset tensor at dimension 1 is not valid. It should be "
            "a multiple of 2 * weight.size[2] * weight.size[3].\nGot offset.shape[1]="
            f"{offset.shape[1]}, while 2 * weight.size[2] * weight.size[3]={2 * taps}"
        )
    settings = _pair(stride), _pair(padding), _pair(dilation)
    result: Tensor = in_full_precision(
        _convolve, input, offset, weight, bias, mask, *settings
    )
    return result


class DeformConv2d(Module):
    """`deform_conv2d` with its parameters, as `torchvision.ops.DeformConv2d`."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: PerDim,
        stride: PerDim = 1,
        padding: PerDim = 0,
        dilation: PerDim = 1,
        groups: int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__()
        if in_channels % groups != 0:
            raise ValueError("in_channels must be divisible by groups")
        if out_channels % groups != 0:
            raise ValueError("out_channels must be divisible by groups")
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = _pair(kernel_size)
        self.stride = _pair(stride)
        self.padding = _pair(padding)
        self.dilation = _pair(dilation)
        self.groups = groups
        shape = (out_channels, in_channels // groups, *self.kernel_size)
        self.weight = Parameter(torch.empty(shape))
        if bias:
            self.bias = Parameter(torch.empty(out_channels))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weight and bias from U(-b, b), b = 1 / sqrt(inputs of an output)."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init._calculate_fan_in_and_fan_out(self.weight)
            init.uniform_(self.bias, -1 / math.sqrt(fan_in), 1 / math.sqrt(fan_in))

    def forward(self, input: Tensor, offset: Tensor, mask: Tensor | None = None) -> Any:
        """Convolve where the offsets say."""
        settings = self.stride, self.padding, self.dilation
        return deform_conv2d(input, offset, self.weight, self.bias, *settings, mask)

    def __repr__(self) -> str:
        shown = f"{self.in_channels}, {self.out_channels}"
        shown += f", kernel_size={self.kernel_size}, stride={self.stride}"
        for name, default in (("padding", (0, 0)), ("dilation", (1, 1)), ("groups", 1)):
            if getattr(self, name) != default:
                shown += f", {name}={getattr(self, name)}"
        shown += ", bias=False" if self.bias is None else ""
        return f"{type(self).__name__}({shown})"
