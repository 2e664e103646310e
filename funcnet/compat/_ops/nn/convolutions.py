"""Affine maps and convolutions, with PyTorch's words where shapes do not fit."""

from typing import Any

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._core.annotations import PerDim
from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._ops.linalg.matmul import check_product
from funcnet.compat._ops.registry import operation


@operation("nn.functional.linear")
def linear(input: Array, weight: Array, bias: Array | None = None) -> Any:
    """Compute `input @ weight.T + bias`, as `torch.nn.functional.linear`.

    `(*, in_features)` and `(out_features, in_features)` give `(*, out_features)`.
    """
    if input.dtype.kind not in "iub":
        return F.linear(input, weight, bias)
    check_product(input, weight.T, biased=bias is not None)  # integers, in PyTorch too
    y = input @ weight.T
    return y if bias is None else y + bias


@operation("nn.functional.bilinear", "bilinear", method=False)
def bilinear(
    input1: Array, input2: Array, weight: Array, bias: Array | None = None
) -> Any:
    """Map two inputs with a matrix for each output, as `torch.nn.functional.bilinear`.

    `(*, in1)`, `(*, in2)` and `(out, in1, in2)` give `(*, out)`.
    """
    return F.bilinear(input1, input2, weight, bias)


def _conv(dims: int) -> None:
    name, native = f"conv{dims}d", getattr(F, f"conv{dims}d")

    def conv(
        input: Array,
        weight: Array,
        bias: Array | None = None,
        stride: PerDim = 1,
        padding: PerDim | str = 0,
        dilation: PerDim = 1,
        groups: int = 1,
    ) -> Any:
        return native(input, weight, bias, stride, padding, dilation, groups)

    conv.__doc__ = (
        f"Correlate over {_DIMS[dims]}, as `torch.nn.functional.{name}`.\n\n"
        "`(batch, channels, *spatial)` and `(out, channels / groups, *kernel)` give\n"
        "`(batch, out, *spatial)`; the batch may be missing."
    )
    operation(
        f"nn.functional.{name}", name, method=False, strides=ResultStrides.CHANNELS_LAST
    )(conv)


_DIMS = {1: "one dimension", 2: "two dimensions", 3: "three dimensions"}


def _conv_transpose(dims: int) -> None:
    name = f"conv_transpose{dims}d"
    native = getattr(F, name)

    def conv_transpose(
        input: Array,
        weight: Array,
        bias: Array | None = None,
        stride: PerDim = 1,
        padding: PerDim = 0,
        output_padding: PerDim = 0,
        groups: int = 1,
        dilation: PerDim = 1,
    ) -> Any:
        settings = (stride, padding, output_padding, groups, dilation)
        return native(input, weight, bias, *settings)

    conv_transpose.__doc__ = (
        f"Correlate transposed over {_DIMS[dims]}, as `torch.nn.functional.{name}`.\n\n"
        "`(batch, channels, *spatial)` and `(channels, out / groups, *kernel)` give\n"
        "`(batch, out, *spatial)`; the batch may be missing."
    )
    operation(
        f"nn.functional.{name}", name, method=False, strides=ResultStrides.CHANNELS_LAST
    )(conv_transpose)


for _dims in (1, 2, 3):
    _conv(_dims)
    _conv_transpose(_dims)


@operation("nn.functional.conv_tbc", "conv_tbc", method=False)
def conv_tbc(input: Array, weight: Array, bias: Array, pad: int = 0) -> Any:
    """Correlate `(time, batch, channels)`, as `torch.nn.functional.conv_tbc`."""
    x, w = input.transpose(1, 2, 0), weight.transpose(2, 1, 0)
    return F.conv1d(x, w, bias, padding=pad).transpose(2, 0, 1)
