"""Convolutions, as `torch.nn.modules.conv`."""

import math
from collections.abc import Sequence
from typing import Any

from funcnet import nn
from funcnet.compat._core.annotations import FactoryKwargs
from funcnet.compat._ops import FUNCTIONS
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.nn import init
from funcnet.compat.nn._module.native_module import NativeModule
from funcnet.compat.nn.modules.utils import _public_modules


class _ConvNd(NativeModule):
    """What all convolutions have in common."""

    repr_positional = "in_channels out_channels"
    repr_fields = "kernel_size stride"
    repr_if_changed = "padding dilation output_padding groups bias padding_mode"
    optional = ("bias",)
    per_dimension = ("kernel_size", "stride", "padding", "dilation", "output_padding")
    transposed = False
    output_padding: Any = 0

    def reset_parameters(self) -> None:
        """Draw weight and bias from U(-b, b), b = 1 / sqrt(fan_in)."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init._calculate_fan_in_and_fan_out(self.weight)
            if fan_in != 0:
                bound = 1 / math.sqrt(fan_in)
                init.uniform_(self.bias, -bound, bound)


class _Correlation(_ConvNd):
    """What convolutions that are not transposed have in common."""

    steps = ("_conv_forward", "_reversed_padding_repeated_twice")

    def _complete(self, native: Any, factory_kwargs: FactoryKwargs) -> None:
        attributes = self.__dict__
        attributes["output_padding"] = (0,) * self.dims
        attributes["_reversed_padding_repeated_twice"] = (
            native._amounts()
            if isinstance(self.padding, str)
            else tuple(native._amounts())
        )

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name == "padding" and self.__dict__.get("padding_mode") != "zeros":
            # The padding that is applied first keeps its value, as in PyTorch.
            self.__dict__["_by_formula"] = True

    def _formula(self, input: Tensor) -> Any:
        return self._conv_forward(input, self.weight, self.bias)

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Any:
        """Convolve with another weight or bias, all else as the module says."""
        padding = self.padding
        if self.padding_mode != "zeros":
            amounts = self._reversed_padding_repeated_twice
            input = F.pad(input, amounts, self.padding_mode)
            padding = (0,) * self.dims
        convolve = FUNCTIONS[f"nn.functional.conv{self.dims}d"]
        settings = (self.stride, padding, self.dilation, self.groups)
        return convolve(input, weight, bias, *settings)


class Conv1d(_Correlation):
    """Apply a 1D convolution, as `torch.nn.Conv1d`."""

    native_class = nn.Conv1d
    dims = 1


class Conv2d(_Correlation):
    """Apply a 2D convolution, as `torch.nn.Conv2d`."""

    native_class = nn.Conv2d
    dims = 2


class Conv3d(_Correlation):
    """Apply a 3D convolution, as `torch.nn.Conv3d`."""

    native_class = nn.Conv3d
    dims = 3


class _ConvTransposeNd(_ConvNd):
    """What transposed convolutions have in common."""

    transposed = True
    steps = ("_output_padding",)

    def forward(self, input: Tensor, output_size: Sequence[int] | None = None) -> Any:
        """Convolve; `output_size` chooses among the sizes that are possible."""
        if output_size is None:
            return self._run((input,))
        return self._formula(input, output_size)

    def _formula(self, input: Tensor, output_size: Sequence[int] | None = None) -> Any:
        if self.padding_mode != "zeros":
            name = type(self).__name__
            raise ValueError(f"Only `zeros` padding mode is supported for {name}")
        geometry = (self.stride, self.padding, self.kernel_size)
        extra = self._output_padding(
            input, output_size, *geometry, self.dims, self.dilation
        )
        convolve = FUNCTIONS[f"nn.functional.conv_transpose{self.dims}d"]
        settings = (self.stride, self.padding, extra, self.groups, self.dilation)
        return convolve(input, self.weight, self.bias, *settings)

    def _output_padding(
        self,
        input: Tensor,
        output_size: Sequence[int] | None,
        stride: Sequence[int],
        padding: Sequence[int],
        kernel_size: Sequence[int],
        num_spatial_dims: int,
        dilation: Sequence[int] | None = None,
    ) -> Any:
        """How much is added at the end so that the output has the size wanted."""
        dims = num_spatial_dims
        if output_size is None:
            return self.output_padding
        with_batch = input.dim() == dims + 2
        whole = dims + 1 + with_batch
        if len(output_size) not in (dims, whole):
            raise ValueError(
                f"ConvTranspose{dims}D: for {input.dim()}D input, output_size must "
                f"have {dims} or {whole} elements (got {len(output_size)})"
            )
        size = list(output_size)[-dims:]
        steps = (1,) * dims if dilation is None else dilation
        least = [
            (n - 1) * s - 2 * p + d * (k - 1) + 1
            for n, s, p, d, k in zip(
                input.shape[-dims:], stride, padding, steps, kernel_size, strict=True
            )
        ]
        most = [n + s - 1 for n, s in zip(least, stride, strict=True)]
        if any(not a <= n <= z for a, n, z in zip(least, size, most, strict=True)):
            raise ValueError(
                f"requested an output size of {size}, but valid sizes range from "
                f"{least} to {most} (for an input of {list(input.shape[2:])})"
            )
        return [n - a for n, a in zip(size, least, strict=True)]


class ConvTranspose1d(_ConvTransposeNd):
    """Apply a 1D transposed convolution, as `torch.nn.ConvTranspose1d`."""

    native_class = nn.ConvTranspose1d
    dims = 1


class ConvTranspose2d(_ConvTransposeNd):
    """Apply a 2D transposed convolution, as `torch.nn.ConvTranspose2d`."""

    native_class = nn.ConvTranspose2d
    dims = 2


class ConvTranspose3d(_ConvTransposeNd):
    """Apply a 3D transposed convolution, as `torch.nn.ConvTranspose3d`."""

    native_class = nn.ConvTranspose3d
    dims = 3


__all__ = _public_modules(globals())
