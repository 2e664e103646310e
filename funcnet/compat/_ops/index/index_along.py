"""Adding, copying, filling and reducing slices at the indices along a dimension."""

from typing import Any, Final

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core.annotations import Operand, Scalar
from funcnet.compat._engine.op import Op
from funcnet.compat._ops.checks import dimension, type_name
from funcnet.compat._ops.forms import as_scalar_input
from funcnet.compat._ops.index.bounds import (
    INDEX_DTYPES,
    check_bounds,
    check_places,
    outside_self,
)
from funcnet.compat._ops.index.scatter import check_reduction
from funcnet.compat._ops.reduce.reduce_at import add_at, reduce_at, set_at
from funcnet.compat._ops.registry import register
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tensor.tensor import Tensor

REDUCTIONS: Final = ("prod", "mean", "amax", "amin")


def _write(
    x: Array,
    dim: int,
    index: Array,
    source: Array,
    how: str,
    alpha: Array | None = None,
    include_self: bool = True,
) -> Any:
    shape = x.shape
    x, index = x.reshape(shape or (1,)), index.reshape(-1)
    source = source.reshape(source.shape or (1,))
    indices = (slice(None),) * dim + (index,)
    if how == "copy":
        result = set_at(x, indices, source)
    elif how == "add":
        source = source if alpha is None else source * alpha
        result = add_at(x, indices, source)
    else:
        x, source = jnp.moveaxis(x, dim, 0), jnp.moveaxis(source, dim, 0)
        result = reduce_at(x, (index,), source, how, include_self)
        result = jnp.moveaxis(result, 0, dim)
    return result.reshape(shape)


def _fill(x: Array, dim: int, index: Array, value: Operand) -> Any:
    # A mask, as an index that comes twice counts once in the value's gradient.
    size = x.shape[dim] if x.ndim else 1
    mask = set_at(jnp.zeros(size, bool), (index.reshape(-1),), True)
    shape = [size if d == dim else 1 for d in range(x.ndim)]
    return jnp.where(mask.reshape(shape), jnp.asarray(value).astype(x.dtype), x)


_ADD = Op("index_add", _write)
_COPY = Op("index_copy", _write)
_FILL = Op("index_fill", _fill)
_REDUCE = Op("index_reduce", _write)


def _checked(
    name: str, input: Tensor, dim: int, index: Tensor, source: Tensor | None = None
) -> int:
    """The dimension, once everything fits together."""
    dim = dimension(dim, input.ndim)
    if index.ndim > 1:
        raise IndexError(f"{name}(): Index is supposed to be a vector")
    if index.dtype.name not in INDEX_DTYPES:
        raise RuntimeError(f"{name}(): Expected dtype int32/int64 for index")
    if source is None:
        return dim
    if source.dtype is not input.dtype:
        raise RuntimeError(
            f"{name}(): self ({type_name(input)}) and source ({type_name(source)}) "
            "must have the same scalar type"
        )
    count = index.shape.numel()
    given = source.shape[dim] if source.ndim else 1
    if count != given:
        message = f"{name}(): Number of indices ({count}) should be equal to "
        if name == "index_copy_":
            raise IndexError(f"{message}source.size(dim) ({given})")
        raise RuntimeError(f"{message}source.size(dim): ({given}), for dim: {dim}")
    slices = [list(x.shape[:dim]) + list(x.shape[dim + 1 :]) for x in (input, source)]
    if slices[0] != slices[1]:
        raise RuntimeError(
            f"{name}(): Source/destination tensor must have same slice shapes. "
            f"Destination slice shape: {slices[0]} at dimension {dim} and source slice "
            f"shape: {slices[1]} at dimension 0."
        )
    return dim


def _size(input: Tensor, dim: int) -> int:
    return input.shape[dim] if input.ndim else 1


@register("index_add", inplace=True, out=True)
def index_add(
    input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Scalar = 1
) -> Any:
    """`input` with slices of `source` added at `index`, as `torch.index_add`."""
    dim = _checked("index_add_", input, dim, index, source)
    check_bounds(index, _size(input, dim), dim, RuntimeError, negative=False)
    factor = None if type(alpha) is int and alpha == 1 else as_scalar_input(alpha)
    return record_op(_ADD, (input, dim, index, source, "add", factor))


@register("index_copy", inplace=True, out=True)
def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Any:
    """`input` with slices of `source` written at `index`, as `torch.index_copy`."""
    dim = _checked("index_copy_", input, dim, index, source)
    size = _size(input, dim)

    def error(wrong: int) -> Exception:
        return IndexError(
            f"index_copy_(): index {wrong} is out of bounds for dimension {dim} with "
            f"size {size}"
        )

    check_places(index, size, error)
    return record_op(_COPY, (input, dim, index, source, "copy"))


@register("index_fill", inplace=True, out=True)
def index_fill(input: Tensor, dim: int, index: Tensor, value: TensorLike) -> Any:
    """`input` with a number written in the slices at `index`, as `torch.index_fill`."""
    dim = _checked("index_fill_", input, dim, index)
    check_bounds(index, _size(input, dim), dim)
    if isinstance(value, Tensor) and value.ndim:
        raise RuntimeError(
            "index_fill_ only supports a 0-dimensional value tensor, but got tensor "
            f"with {value.ndim} dimension(s)."
        )
    return record_op(_FILL, (input, dim, index, as_scalar_input(value)))


@register("index_reduce", inplace=True, out=True)
def index_reduce(
    input: Tensor,
    dim: int,
    index: Tensor,
    source: Tensor,
    reduce: str,
    *,
    include_self: bool = True,
) -> Any:
    """Slices sent to the same index reduced to one, as `torch.index_reduce`."""
    check_reduction(reduce, REDUCTIONS)
    dim = _checked("index_reduce_", input, dim, index, source)
    check_places(index, _size(input, dim), outside_self)
    return record_op(_REDUCE, (input, dim, index, source, reduce, None, include_self))
