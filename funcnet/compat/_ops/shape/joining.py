"""Tensors put together: concatenated, stacked, combined, broadcast to one shape."""

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any, Final

import jax.numpy as jnp
import jax.scipy.linalg
import numpy as np

from funcnet._types import Array
from funcnet.compat._core.context import thread
from funcnet.compat._core.dtype import BY_NUMPY, complex32, promote_types
from funcnet.compat._engine.op import Op
from funcnet.compat._messages.suggestions import tell_once
from funcnet.compat._ops.checks import check_broadcast, dimension
from funcnet.compat._ops.create.creation import empty
from funcnet.compat._ops.index.host import numbers_on_host
from funcnet.compat._ops.index.indexing import TAKE
from funcnet.compat._ops.registry import FUNCTIONS, register
from funcnet.compat._ops.shape.view import flatten
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tensor.tensor import Tensor, like
from funcnet.compat._tensor.view_ops import EXPAND, VIEW
from funcnet.compat._tensor.views import view_of


def promote_all(arrays: Sequence[Array]) -> list[Any]:
    """Arrays in the one dtype that holds all of them."""
    kinds = [BY_NUMPY[x.dtype] for x in arrays]
    dtype = functools.reduce(promote_types, dict.fromkeys(kinds)).jax
    return [x if x.dtype == dtype else x.astype(dtype) for x in arrays]


def _concatenate(arrays: Sequence[Array], dim: int) -> Any:
    arrays = promote_all(arrays)
    # Empty tensors of one dimension may be among others; only their dtype counts.
    sized = [x for x in arrays if x.shape != (0,)]
    return _joined(sized, dim) if sized else arrays[0]


_MOST_JOINED: Final = 128


def _joined(arrays: list[Any], dim: int) -> Any:
    """Arrays of one dtype one behind the other.

    XLA takes a minute to compile one concatenation of 512 arrays on a CPU, and half a
    second where the barrier keeps it from seeing through the parts.
    """
    while len(arrays) > _MOST_JOINED:
        parts = [
            jax.lax.concatenate(arrays[start : start + _MOST_JOINED], dim)
            for start in range(0, len(arrays), _MOST_JOINED)
        ]
        arrays = jax.lax.optimization_barrier(parts)
    return jnp.concatenate(arrays, dim)


def _stack(arrays: Sequence[Array], dim: int) -> Any:
    return _joined([jnp.expand_dims(x, dim) for x in promote_all(arrays)], dim)


class _Concatenation(Op):
    __slots__ = ()
    makes_axis = False


class _Stacking(Op):
    __slots__ = ()
    makes_axis = True


_CAT = _Concatenation("cat", _concatenate)
_STACK = _Stacking("stack", _stack)


_MANY: Final = 8
"""To record so many inputs takes longer than to put them together."""


def _joined_on_host(
    join: Callable[..., np.ndarray], tensors: Sequence[Tensor], dim: int
) -> Tensor | None:
    """Many tensors put together at once, if all numbers are known on the host.

    They are the samples of a batch: steps of a replay memory, rows that were read.
    """
    dtype, device = tensors[0]._spec.dtype, tensors[0]._spec.device
    if len(tensors) < _MANY or thread.context.levels or dtype is complex32:
        return None
    arrays = []
    for x in tensors:
        spec = x._spec
        if type(x) is not Tensor or spec.dtype is not dtype or spec.device != device:
            return None
        array = numbers_on_host(x)
        if array is None:
            return None
        arrays.append(array)
    return like(tensors[0], join(arrays, dim))


def _tensors(name: str, tensors: Sequence[Tensor]) -> tuple[Tensor, ...]:
    if not isinstance(tensors, tuple | list):
        raise TypeError(
            f"{name}(): argument 'tensors' (position 1) must be tuple of Tensors, not "
            f"{type(tensors).__name__}"
        )
    for index, x in enumerate(tensors):
        if not isinstance(x, Tensor):
            given = "numpy.ndarray" if type(x) is np.ndarray else type(x).__name__
            raise TypeError(
                f"expected Tensor as element {index} in argument 0, but got {given}"
            )
    return tuple(tensors)


@register("cat", "concat", "concatenate", method=False, out=True)
def cat(tensors: Sequence[Tensor], dim: int = 0) -> Any:
    """Tensors one behind the other along a dimension, as `torch.cat`."""
    tensors = _tensors("cat", tensors)
    if not tensors:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    shapes = [x._spec.shape for x in tensors]
    if () in shapes:
        raise RuntimeError(
            f"zero-dimensional tensor (at position {shapes.index(())}) cannot be "
            "concatenated"
        )
    first = next((shape for shape in shapes if shape != (0,)), shapes[0])
    dim = dimension(dim, len(first))
    checked = {(0,), first}
    for index, shape in enumerate(shapes):
        if shape not in checked:
            _check_cat(first, shape, dim, index)
            checked.add(shape)
    joined = None
    if (0,) not in shapes:
        joined = _joined_on_host(np.concatenate, tensors, dim)
    return record_op(_CAT, (tensors, dim)) if joined is None else joined


def _check_cat(
    first: tuple[int, ...], shape: tuple[int, ...], dim: int, index: int
) -> None:
    if len(shape) != len(first):
        raise RuntimeError(
            f"Tensors must have same number of dimensions: got {len(first)} and "
            f"{len(shape)}"
        )
    for d, (size, other) in enumerate(zip(first, shape, strict=True)):
        if d != dim and size != other:
            raise RuntimeError(
                f"Sizes of tensors must match except in dimension {dim}. Expected size "
                f"{size} but got size {other} for tensor number {index} in the list."
            )


@register("stack", method=False, out=True)
def stack(tensors: Sequence[Tensor], dim: int = 0) -> Any:
    """Tensors of one shape along a new dimension, as `torch.stack`."""
    tensors = _tensors("stack", tensors)
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    first = tensors[0]
    shape = first._spec.shape
    for index, x in enumerate(tensors):
        if x._spec.shape != shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got "
                f"{list(first.shape)} at entry 0 and {list(x.shape)} at entry {index}"
            )
    dim = dimension(dim, first.ndim + 1)
    joined = _joined_on_host(np.stack, tensors, dim)
    return record_op(_STACK, (tensors, dim)) if joined is None else joined


def _at_least(count: int, tensors: Sequence[Tensor], name: str) -> tuple[Tensor, ...]:
    tensors = _tensors(name, tensors)
    if not tensors:
        raise RuntimeError(f"{name} expects a non-empty TensorList")
    return tuple(FUNCTIONS[f"atleast_{count}d"](x) for x in tensors)


@register("hstack", method=False, out=True)
def hstack(tensors: Sequence[Tensor]) -> Any:
    """Tensors side by side, as `torch.hstack`."""
    tensors = _at_least(1, tensors, "hstack")
    return cat(tensors, 0 if tensors[0].ndim == 1 else 1)


@register("vstack", "row_stack", method=False, out=True)
def vstack(tensors: Sequence[Tensor]) -> Any:
    """Tensors one below the other, as `torch.vstack`."""
    return cat(_at_least(2, tensors, "vstack"), 0)


@register("dstack", method=False, out=True)
def dstack(tensors: Sequence[Tensor]) -> Any:
    """Tensors along the third dimension, as `torch.dstack`."""
    return cat(_at_least(3, tensors, "dstack"), 2)


@register("column_stack", method=False, out=True)
def column_stack(tensors: Sequence[Tensor]) -> Any:
    """Vectors as columns beside each other, as `torch.column_stack`."""
    columns = [
        view_of(x, VIEW, (x.shape.numel(), 1)) if x.ndim < 2 else x
        for x in _tensors("column_stack", tensors)
    ]
    return cat(columns, 1)


_BLOCKS = Op(
    "block_diag", lambda arrays: jax.scipy.linalg.block_diag(*promote_all(arrays))
)


@register("block_diag", method=False, out=True)
def block_diag(*tensors: Tensor) -> Any:
    """Matrices along the diagonal of one that is zero elsewhere."""
    for index, x in enumerate(tensors):
        if x.ndim > 2:
            raise RuntimeError(
                "torch.block_diag: Input tensors must have 2 or fewer dimensions. "
                f"Input {index} has {x.ndim} dimensions"
            )
    return record_op(_BLOCKS, (tensors,))


def _several(tensors: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """Tensors given one by one, or in one list."""
    single = len(tensors) == 1 and isinstance(tensors[0], tuple | list)
    return tuple(tensors[0]) if single else tensors


@register("broadcast_tensors", method=False, out=True)
def broadcast_tensors(*tensors: Tensor) -> Any:
    """Views of tensors in the shape they broadcast to, as `torch.broadcast_tensors`."""
    tensors = _several(tensors)
    for x in tensors[1:]:
        check_broadcast(tensors[0], x)
    shape = np.broadcast_shapes(*[x._spec.shape for x in tensors])
    return tuple(view_of(x, EXPAND, shape) for x in tensors)


@register("meshgrid", method=False, out=True)
def meshgrid(*tensors: Tensor, indexing: str | None = None) -> Any:
    """The coordinates of all points of a grid, as `torch.meshgrid`."""
    tensors = _several(tensors)
    if indexing is None:
        tell_once("torch.meshgrid: pass indexing='ij', which is the default, or 'xy'.")
    if indexing not in (None, "ij", "xy"):
        raise RuntimeError(
            'torch.meshgrid: indexing must be one of "xy" or "ij", but received: '
            f"{indexing}"
        )
    for x in tensors:
        if x.ndim > 1:
            raise RuntimeError(
                "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: "
                f"{list(x.shape)}"
            )
        if x.dtype is not tensors[0].dtype:
            raise RuntimeError("meshgrid expects all tensors to have the same dtype")
    order = list(range(len(tensors)))
    if indexing == "xy" and len(tensors) > 1:
        order[:2] = 1, 0
    shape = tuple(tensors[index].shape.numel() for index in order)
    grids = []
    for index, x in enumerate(tensors):
        along = order.index(index)
        line = tuple(n if d == along else 1 for d, n in enumerate(shape))
        grids.append(view_of(view_of(x, VIEW, line), EXPAND, shape))
    return tuple(grids)


@register("cartesian_prod", method=False, out=True)
def cartesian_prod(*tensors: Tensor) -> Any:
    """All combinations of one element of each, as `torch.cartesian_prod`."""
    tensors = _several(tensors)
    if len(tensors) == 1:
        return view_of(tensors[0], VIEW, tensors[0]._spec.shape)
    flat = [flatten(x) for x in meshgrid(*tensors, indexing="ij")]
    return stack(flat, 1)


@register("combinations", out=True)
def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Any:
    """All choices of `r` elements, a row for each, as `torch.combinations`."""
    if input.ndim != 1:
        raise RuntimeError(f"Expect a 1D vector, but got shape {list(input.shape)}")
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    if not r:
        return empty(0, dtype=input.dtype, device=input.device)
    chosen = (
        itertools.combinations_with_replacement
        if with_replacement
        else itertools.combinations
    )
    rows = list(chosen(range(input.shape[0]), r))
    return record_op(TAKE, (input, (np.array(rows, np.int64).reshape(-1, r),)))
