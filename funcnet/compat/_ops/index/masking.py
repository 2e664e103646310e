"""Choosing by condition: where, masked filling and selecting, indices of non-zeros."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from funcnet._types import Array
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import Operand
from funcnet.compat._core.narrow_kernels import check_kernel
from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._engine.graph import constant
from funcnet.compat._engine.op import Op
from funcnet.compat._ops.checks import check_broadcast, type_name
from funcnet.compat._ops.forms import as_scalar_input
from funcnet.compat._ops.index.bounds import host_values, nonzero_indices
from funcnet.compat._ops.index.indexing import TAKE
from funcnet.compat._ops.promote import promoted
from funcnet.compat._ops.registry import operation, register
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.recording import ScalarInput, record_op
from funcnet.compat._tensor.tensor import Tensor, wrap
from funcnet.compat._tensor.transform_levels import refuse_shape


def _where(condition: Array, x: Array, y: Array) -> Any:
    x, y = promoted(x, y)
    return jnp.where(condition.astype(bool), x, y)


_WHERE = Op("where", _where, strides=ResultStrides.ELEMENTWISE)


@register("where", method=False, out=True)
def where(
    condition: Tensor, input: Tensor | None = None, other: TensorLike | None = None
) -> Any:
    """`input` where the condition holds, else `other`, as `torch.where`.

    Of a condition alone: the indices of what is not zero, a tensor for each dimension.
    """
    if input is None and other is None:
        return nonzero(condition, as_tuple=True)
    if condition.dtype.name not in ("bool", "uint8"):
        raise RuntimeError(
            "where expected condition to be a boolean tensor, but got a tensor with "
            f"dtype {type_name(condition)}"
        )
    tensors = [x for x in (input, other, condition) if isinstance(x, Tensor)]
    for tensor in tensors[1:]:
        check_broadcast(tensors[0], tensor)
    return record_op(
        _WHERE, (condition, as_scalar_input(input), as_scalar_input(other))
    )


@register("Tensor.where")
def _where_of(self: Tensor, condition: Tensor, other: TensorLike) -> Any:
    """`torch.where` with this tensor where the condition holds."""
    return where(condition, self, other)


def _masked_fill(x: Array, mask: Array, value: Operand) -> Any:
    return jnp.where(mask, jnp.asarray(value).astype(x.dtype), x)


_MASKED_FILL = Op("masked_fill", _masked_fill)


def _check_mask(name: str, mask: Tensor) -> None:
    if mask.dtype is not _dtypes.bool_:
        raise RuntimeError(
            f"{name} only supports boolean masks, but got mask with dtype "
            f"{_C_NAMES.get(mask.dtype.name, mask.dtype.name)}"
        )


_C_NAMES = {"int64": "long int", "float32": "float", "uint8": "unsigned char"}


@register("masked_fill", inplace=True, out=True)
def masked_fill(input: Tensor, mask: Tensor, value: TensorLike) -> Any:
    """`input` with a number where the mask holds, as `torch.masked_fill`."""
    _check_mask("masked_fill_", mask)
    check_broadcast(mask, input)
    if isinstance(value, Tensor) and value.ndim:
        raise RuntimeError(
            "masked_fill_ only supports a 0-dimensional value tensor, but got tensor "
            f"with {value.ndim} dimension(s)."
        )
    value = as_scalar_input(value)
    if type(value) is ScalarInput:
        _check_fits(input, value.value)
    return record_op(_MASKED_FILL, (input, mask, value))


def _check_fits(x: Tensor, value: complex) -> None:
    dtype = _dtypes.of_number(value)
    integral = not x.dtype.is_inexact
    if (dtype.is_complex and not x.dtype.is_complex) or (
        integral and dtype.is_floating_point and value != int(value.real)
    ):
        raise RuntimeError(
            f"value cannot be converted to type {x.dtype.name} without overflow"
        )


def _masked_scatter(x: Array, mask: Array, source: Array) -> Any:
    x, mask = jnp.broadcast_arrays(x, mask)
    source = source.reshape(-1)
    if not source.size:
        return x
    indices = (jnp.cumsum(mask.reshape(-1)) - 1).reshape(x.shape)
    result = source.at[indices].get(mode="clip", wrap_negative_indices=False)
    return jnp.where(mask, result, x)


_MASKED_SCATTER = Op("masked_scatter", _masked_scatter)


@register("masked_scatter", inplace=True, out=True)
def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Any:
    """The elements of `source`, in order, where the mask holds."""
    _check_mask("masked_scatter_", mask)
    check_broadcast(input, mask)
    if source.dtype is not input.dtype:
        raise RuntimeError(
            "masked_scatter_: expected self and source to have same dtypes but got "
            f"{type_name(input)} and {type_name(source)}"
        )
    values = host_values(mask)
    if values is not None:
        shape = np.broadcast_shapes(input._spec.shape, mask._spec.shape)
        if np.count_nonzero(np.broadcast_to(values, shape)) > source.shape.numel():
            raise RuntimeError("Number of elements of source < number of ones in mask")
    return record_op(_MASKED_SCATTER, (input, mask, source))


_BROADCAST = Op("expand", lambda x, shape: jnp.broadcast_to(x, shape))


@register("masked_select", out=True)
def masked_select(input: Tensor, mask: Tensor) -> Any:
    """The elements where the mask holds, in one dimension, as `torch.masked_select`."""
    if mask.dtype is not _dtypes.bool_:
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    check_broadcast(input, mask)
    refuse_shape(mask, "masked_select")
    shape = np.broadcast_shapes(input._spec.shape, mask._spec.shape)
    values = np.broadcast_to(np.asarray(mask._array()), shape)
    if input._spec.shape != shape:
        input = record_op(_BROADCAST, (input, shape))
    if not shape:
        return record_op(TAKE, (input.reshape(1), (values.reshape(1).nonzero()[0],)))
    return record_op(TAKE, (input, np.nonzero(values)))


@register("nonzero", out=True)
def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """The indices of what is not zero, a row for each, as `torch.nonzero`."""
    refuse_shape(input, "nonzero")
    check_kernel("nonzero_count_cpu", input)
    if as_tuple:
        return tuple(nonzero_indices(input if input.ndim else input.reshape(1)))
    values = np.asarray(input._array())
    result = np.argwhere(values).astype(np.int64)
    return wrap(constant(result, input.device))


@register("argwhere", out=True)
def argwhere(input: Tensor) -> Any:
    """The indices of what is not zero, a row for each, as `torch.argwhere`."""
    return nonzero(input)


@operation("nonzero_static", differentiable=False)
def nonzero_static(input: Array, *, size: int, fill_value: int = -1) -> Any:
    """The first `size` rows of `nonzero`, filled up, as `torch.nonzero_static`."""
    if not input.size or not input.ndim:
        return jnp.full((size, input.ndim), fill_value, jnp.int64)
    result = jnp.nonzero(input, size=size, fill_value=fill_value)
    return jnp.stack(result, -1).astype(jnp.int64)
