"""Convolutions, as `torch.nn.modules.conv`."""

import math
from typing import Any

from funcnet import nn
from funcnet.compat.nn import init
from funcnet.compat.nn.modules._native import NativeModule, apply_native

_PER_DIMENSION = ("kernel_size", "stride", "padding", "dilation", "output_padding")


class _ConvNd(NativeModule):
    """What all convolutions have in common."""

    optional = ("bias",)
    dims: int
    transposed = False
    output_padding: Any = 0

    def _setting(self, name: str, value: Any) -> Any:
        if name in _PER_DIMENSION and isinstance(value, int):
            return (value,) * self.dims
        return value

    def reset_parameters(self) -> None:
        """Draw weight and bias from U(-b, b), b = 1 / sqrt(fan_in)."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init._calculate_fan_in_and_fan_out(self.weight)
            if fan_in != 0:
                bound = 1 / math.sqrt(fan_in)
                init.uniform_(self.bias, -bound, bound)

    def extra_repr(self) -> str:
        """The settings that are not the defaults, as PyTorch prints them."""
        zeros, ones = (0,) * self.dims, (1,) * self.dims
        parts = [f"{self.in_channels}, {self.out_channels}"]
        parts += [f"kernel_size={self.kernel_size}", f"stride={self.stride}"]
        if self.padding != zeros:
            padding = self.padding
            parts.append(f"padding={padding}")
        if self.dilation != ones:
            parts.append(f"dilation={self.dilation}")
        if self.transposed and self.output_padding != zeros:
            parts.append(f"output_padding={self.output_padding}")
        if self.groups != 1:
            parts.append(f"groups={self.groups}")
        if self.bias is None:
            parts.append("bias=False")
        if self.padding_mode != "zeros":
            parts.append(f"padding_mode={self.padding_mode}")
        return ", ".join(parts)


class Conv1d(_ConvNd):
    """Convolve over one dimension, as `torch.nn.Conv1d`."""

    native_class = nn.Conv1d
    dims = 1


class Conv2d(_ConvNd):
    """Convolve over two dimensions, as `torch.nn.Conv2d`."""

    native_class = nn.Conv2d
    dims = 2


class Conv3d(_ConvNd):
    """Convolve over three dimensions, as `torch.nn.Conv3d`."""

    native_class = nn.Conv3d
    dims = 3


class _ConvTransposeNd(_ConvNd):
    """What transposed convolutions have in common."""

    transposed = True

    def forward(self, input: Any, output_size: Any = None) -> Any:
        """Convolve; `output_size` chooses among the sizes that are possible."""
        layer = self._native.layer
        if output_size is not None:
            layer = layer.replace(output_padding=self._padding_for(input, output_size))
        return apply_native(self, layer, (input,), {})

    def _padding_for(self, input: Any, output_size: Any) -> tuple[int, ...]:
        size = list(output_size)[-self.dims :]
        least = [
            (n - 1) * s - 2 * p + d * (k - 1) + 1
            for n, s, p, d, k in zip(
                input.shape[-self.dims :],
                *(self.stride, self.padding, self.dilation, self.kernel_size),
                strict=True,
            )
        ]
        extra = tuple(wanted - found for wanted, found in zip(size, least, strict=True))
        limits = [max(s, d) for s, d in zip(self.stride, self.dilation, strict=True)]
        if any(not 0 <= e < limit for e, limit in zip(extra, limits, strict=True)):
            most = [n + limit - 1 for n, limit in zip(least, limits, strict=True)]
            raise ValueError(
                f"requested an output size of {size}, but valid sizes range from "
                f"{least} to {most} (for an input of {list(input.shape[2:])})"
            )
        return extra


class ConvTranspose1d(_ConvTransposeNd):
    """Convolve backwards over one dimension, as `torch.nn.ConvTranspose1d`."""

    native_class = nn.ConvTranspose1d
    dims = 1


class ConvTranspose2d(_ConvTransposeNd):
    """Convolve backwards over two dimensions, as `torch.nn.ConvTranspose2d`."""

    native_class = nn.ConvTranspose2d
    dims = 2


class ConvTranspose3d(_ConvTransposeNd):
    """Convolve backwards over three dimensions, as `torch.nn.ConvTranspose3d`."""

    native_class = nn.ConvTranspose3d
    dims = 3
