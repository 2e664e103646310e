"""Affine maps and convolutions, with PyTorch's words where shapes do not fit."""

from typing import Any

from funcnet import functional as F
from funcnet.compat._ops.checks import as_tuple, check_expand, each, type_name
from funcnet.compat._ops.linalg.matmul import check_product
from funcnet.compat._ops.nn.registry import function


@function("linear")
def linear(input: Any, weight: Any, bias: Any = None) -> Any:
    """Compute `input @ weight.T + bias`, as `torch.nn.functional.linear`.

    `(*, in_features)` and `(out_features, in_features)` give `(*, out_features)`.
    """
    if not input.ndim:
        raise RuntimeError(
            "both arguments to linear need to be at least 1D, but they are 0D and "
            f"{weight.ndim}D"
        )
    check_product(input, weight.T, biased=bias is not None)
    if bias is not None:
        check_expand(bias, (*input.shape[:-1], *weight.shape[:-1]))
    if input.dtype.kind in "iub":  # PyTorch multiplies integers too
        y = input @ weight.T
        return y if bias is None else y + bias
    return F.linear(input, weight, bias)


@function("bilinear", "bilinear")
def bilinear(input1: Any, input2: Any, weight: Any, bias: Any = None) -> Any:
    """Map two inputs with a matrix for each output, as `torch.nn.functional.bilinear`.

    `(*, in1)`, `(*, in2)` and `(out, in1, in2)` give `(*, out)`.
    """
    for place, x in enumerate((input1, input2), 1):
        if x.shape[-1] != weight.shape[place]:
            raise RuntimeError(
                f"bilinear(): input{place} size does not match weight size: got "
                f"{x.shape[-1]} but expected {weight.shape[place]}"
            )
    return F.bilinear(input1, input2, weight, bias)


def _enter(dims: int) -> None:
    name, native = f"conv{dims}d", getattr(F, f"conv{dims}d")

    def conv(
        input: Any,
        weight: Any,
        bias: Any = None,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
    ) -> Any:
        _check(name, dims, input, weight, bias)
        _check_geometry(dims, stride, padding)
        out, into = weight.shape[:2]
        if groups <= 0:
            raise RuntimeError("non-positive groups is not supported")
        if out % groups:
            raise RuntimeError(
                f"Given groups={groups}, expected weight to be divisible by {groups} "
                f"at dimension 0, but got weight of size [{list(weight.shape)}] instead"
            )
        _check_channels(f"groups={groups}", dims, input, weight, into * groups)
        _check_bias("", bias, weight, out)
        _check_kernel(dims, input, weight, padding, dilation)
        return native(input, weight, bias, stride, padding, dilation, groups)

    conv.__doc__ = (
        f"Correlate over {_DIMS[dims]}, as `torch.nn.functional.{name}`.\n\n"
        "`(batch, channels, *spatial)` and `(out, channels / groups, *kernel)` give\n"
        "`(batch, out, *spatial)`; the batch may be missing."
    )
    function(name, name)(conv)


_DIMS = {1: "one dimension", 2: "two dimensions", 3: "three dimensions"}


def _enter_transposed(dims: int) -> None:
    name = f"conv_transpose{dims}d"
    native = getattr(F, name)

    def conv_transpose(
        input: Any,
        weight: Any,
        bias: Any = None,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        dilation: Any = 1,
    ) -> Any:
        _check(name, dims, input, weight, bias)
        _check_geometry(dims, stride, padding)
        _check_channels("transposed=1", dims, input, weight, weight.shape[0])
        _check_bias("transposed=1, ", bias, weight, weight.shape[1] * groups)
        settings = (stride, padding, output_padding, groups, dilation)
        return native(input, weight, bias, *settings)

    conv_transpose.__doc__ = (
        f"Correlate transposed over {_DIMS[dims]}, as `torch.nn.functional.{name}`.\n\n"
        "`(batch, channels, *spatial)` and `(channels, out / groups, *kernel)` give\n"
        "`(batch, out, *spatial)`; the batch may be missing."
    )
    function(name, name)(conv_transpose)


def _check(name: str, dims: int, input: Any, weight: Any, bias: Any) -> None:
    if input.ndim not in (dims + 1, dims + 2):
        raise RuntimeError(
            f"Expected {dims + 1}D (unbatched) or {dims + 2}D (batched) input to "
            f"{name}, but got input of size: {list(input.shape)}"
        )
    if weight.ndim != dims + 2:
        raise RuntimeError(
            f"Expected {dims + 2}D weight for {name}, but got weight of size: "
            f"{list(weight.shape)}"
        )
    for x in (weight, bias):
        if x is not None and x.dtype != input.dtype:
            raise RuntimeError(
                f"expected scalar type {type_name(input)} but found {type_name(x)}"
            )


def _check_geometry(dims: int, stride: Any, padding: Any) -> None:
    strides = as_tuple(stride)
    if len(strides) not in (1, dims):
        raise RuntimeError(
            "expected stride to be a single integer value or a list of "
            f"{dims} values to match the convolution dimensions, but got "
            f"stride={list(strides)}"
        )
    if min(strides) <= 0:
        raise RuntimeError("non-positive stride is not supported")
    if padding == "same" and max(strides) > 1:
        raise RuntimeError("padding='same' is not supported for strided convolutions")
    if not isinstance(padding, str) and min(as_tuple(padding)) < 0:
        raise RuntimeError("negative padding is not supported")


def _check_channels(
    given: str, dims: int, input: Any, weight: Any, wanted: int
) -> None:
    found = input.shape[-dims - 1]
    if found != wanted:
        shape = input.shape if input.ndim == dims + 2 else (1, *input.shape)
        raise RuntimeError(
            f"Given {given}, weight of size {list(weight.shape)}, expected "
            f"input{list(shape)} to have {wanted} channels, but got {found} channels "
            "instead"
        )


def _check_bias(given: str, bias: Any, weight: Any, out: int) -> None:
    if bias is not None and bias.shape != (out,):
        raise RuntimeError(
            f"Given {given}weight of size {list(weight.shape)}, expected bias to be "
            f"1-dimensional with {out} elements, but got bias of size "
            f"{list(bias.shape)} instead"
        )


def _check_kernel(
    dims: int, input: Any, weight: Any, padding: Any, dilation: Any
) -> None:
    if padding == "same":
        return
    pads = each(0 if padding == "valid" else padding, dims)
    steps = each(dilation, dims)
    sizes = [n + 2 * p for n, p in zip(input.shape[-dims:], pads, strict=True)]
    kernel = [d * (k - 1) + 1 for k, d in zip(weight.shape[-dims:], steps, strict=True)]
    if any(k > n for k, n in zip(kernel, sizes, strict=True)):
        raise RuntimeError(
            "Calculated padded input size per channel: "
            f"({' x '.join(map(str, sizes))}). Kernel size: "
            f"({' x '.join(map(str, kernel))}). Kernel size can't be greater than "
            "actual input size"
        )


for _dims in (1, 2, 3):
    _enter(_dims)
    _enter_transposed(_dims)


@function("conv_tbc", "conv_tbc")
def conv_tbc(input: Any, weight: Any, bias: Any, pad: int = 0) -> Any:
    """Correlate `(time, batch, channels)`, as `torch.nn.functional.conv_tbc`."""
    x, w = input.transpose(1, 2, 0), weight.transpose(2, 1, 0)
    return F.conv1d(x, w, bias, padding=pad).transpose(2, 0, 1)
