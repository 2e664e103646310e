"""Picking elements by index tensors along a dimension, and putting by flat index."""

from typing import Any

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core.shapes import check_broadcast_all
from funcnet.compat._engine.op import Op
from funcnet.compat._ops.checks import dimension, type_name
from funcnet.compat._ops.index.bounds import (
    INDEX_DTYPES,
    check_bounds,
    check_places,
    outside_self,
)
from funcnet.compat._ops.index.index_parts import resolve
from funcnet.compat._ops.index.indexing import (
    PUT,
    beside,
    check_indices,
    check_same_dtype,
    fitting,
    indexed_shape,
)
from funcnet.compat._ops.reduce.reduce_at import add_at, get_at, set_at
from funcnet.compat._ops.registry import register
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tensor.tensor import Tensor


def check_index_dtype(name: str, index: Tensor) -> None:
    """Raise for an index that is not made of integers."""
    if index.dtype.name not in INDEX_DTYPES:
        raise RuntimeError(f"{name}(): Expected dtype int32/int64 for index")


def grid(index: Array, dim: int) -> tuple[Any, ...]:
    """Where `index` points along one dimension, with its own index along the others."""
    ndim = index.ndim
    return tuple(
        index
        if d == dim
        else jnp.arange(size).reshape([-1 if e == d else 1 for e in range(ndim)])
        for d, size in enumerate(index.shape)
    )


def _gather(x: Array, dim: int, index: Array) -> Any:
    shape = index.shape
    if not index.size:  # of any dtype and number of dimensions
        return x.reshape(-1)[:0].reshape(shape)
    x, index = jnp.atleast_1d(x), jnp.atleast_1d(index)
    return get_at(x, grid(index, dim)).reshape(shape)


_GATHER = Op("gather", _gather)


@register("gather", out=True)
def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False) -> Any:
    """The elements of `input` at `index` along a dimension, as `torch.gather`."""
    shape, wanted = input._spec.shape, index._spec.shape
    dim = dimension(dim, len(shape))
    if 0 not in wanted:
        check_index_dtype("gather", index)
        if (len(wanted) or 1) != (len(shape) or 1):
            raise RuntimeError(
                "Index tensor must have the same number of dimensions as input tensor"
            )
        for d, (size, most) in enumerate(zip(wanted, shape, strict=False)):
            if d != dim and size > most:
                raise RuntimeError(
                    f"Size does not match at dimension {d} expected index "
                    f"{list(wanted)} to be no larger than self "
                    f"{list(shape)} apart from dimension {dim}"
                )
        size = shape[dim] if shape else 1
        check_bounds(index, size, dim, RuntimeError, negative=False)
    return record_op(_GATHER, (input, dim, index))


@register("take_along_dim", out=True)
def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Any:
    """The same with broadcasting of the other dimensions, as `torch.take_along_dim`."""
    if indices.dtype.name not in INDEX_DTYPES:
        raise RuntimeError(
            "torch.take_along_dim(): dtype of indices should be Long but got "
            f"{type_name(indices)}"
        )
    if dim is None:
        count = input.shape.numel()
        check_bounds(indices, count, 0, RuntimeError, negative=False)
        return record_op(_ALONG, (input, indices, None))
    if input.ndim != indices.ndim:
        raise RuntimeError(
            "torch.take_along_dim(): input and indices should have the same number of "
            f"dimensions, but got {input.ndim} dimensions for input, and "
            f"{indices.ndim} dimensions for indices"
        )
    return record_op(_ALONG, (input, indices, dimension(dim, input.ndim)))


def _along(x: Array, index: Array, dim: int | None) -> Any:
    if dim is None:
        return get_at(x.reshape(-1), index.reshape(-1))
    # PyTorch counts on from the start, or back from the end.
    shapes = (x.shape, index.shape)
    check_broadcast_all((*s[:dim], 1, *s[dim + 1 :]) for s in shapes)
    index = index % x.shape[dim]
    return jnp.take_along_axis(x, index, dim, mode="promise_in_bounds")


_ALONG = Op("take_along_dim", _along, "GatherBackward0")


def _index_select(x: Array, dim: int, index: Array) -> Any:
    if not x.ndim:
        return x
    return get_at(x, (slice(None),) * dim + (index.reshape(-1),))


_INDEX_SELECT = Op("index_select", _index_select)


@register("index_select", out=True)
def index_select(input: Tensor, dim: int, index: Tensor) -> Any:
    """The slices at `index` along a dimension, as `torch.index_select`."""
    dim = dimension(dim, input.ndim)
    if index.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    if index.dtype.name not in INDEX_DTYPES:
        raise RuntimeError("index_select(): Expected dtype int32 or int64 for index")
    size = input.shape[dim] if input.ndim else 1
    check_places(index, size, outside_self)
    return record_op(_INDEX_SELECT, (input, dim, index))


def check_flat(name: str, input: Tensor, index: Tensor) -> None:
    """Raise for an index that points outside of all elements."""
    if index.dtype.name != "int64":
        raise RuntimeError(
            f"{name}(): Expected a long tensor for index, but got {type_name(index)}"
        )
    count = input.shape.numel()
    if not count and index.shape.numel():
        raise IndexError(f"{name}(): tried to take from an empty tensor")

    def error(wrong: int) -> Exception:
        return IndexError(
            f"out of range: tried to access index {wrong} on a tensor of {count} "
            "elements."
        )

    check_places(index, count, error, negative=True)


_TAKE_FLAT = Op("take", lambda x, index: get_at(x.reshape(-1), index))


@register("take", out=True)
def take(input: Tensor, index: Tensor) -> Any:
    """The elements at indices of the flattened tensor, as `torch.take`."""
    check_flat("take", input, index)
    return record_op(_TAKE_FLAT, (input, index))


def _put_flat(x: Array, index: Array, source: Array, accumulate: bool) -> Any:
    put = add_at if accumulate else set_at
    result = put(x.reshape(-1), index.reshape(-1), source.reshape(-1))
    return result.reshape(x.shape)


_PUT_FLAT = Op("put", _put_flat)


@register("put", inplace=True, out=True)
def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Any:
    """Elements written at indices of the flattened tensor, as `torch.put`."""
    check_flat("put_", input, index)
    if source.dtype is not input.dtype:
        raise RuntimeError(
            "put_(): self and source expected to have the same dtype, but got "
            f"self.dtype = {type_name(input)} and source.dtype = {type_name(source)}"
        )
    if source.shape.numel() != index.shape.numel():
        raise IndexError(
            "put_(): Expected source and index to have the same number of elements, "
            f"but got source.numel() = {source.shape.numel()}, index.numel() = "
            f"{index.shape.numel()}"
        )
    return record_op(_PUT_FLAT, (input, index, source, accumulate))


@register("index_put", inplace=True, inplace_function=True, out=True)
def index_put(
    input: Tensor, indices: Any, values: Tensor, accumulate: bool = False
) -> Any:
    """`input` with `values` at `input[indices]`, as `torch.index_put`."""
    index = tuple(slice(None) if part is None else part for part in indices)
    shown, arrays = resolve(input, index)
    check_same_dtype(input, values)
    check_indices(shown, arrays)
    values = fitting(values, indexed_shape(shown._spec.shape, arrays))
    return record_op(PUT, (shown, beside(shown, arrays), values, accumulate))
