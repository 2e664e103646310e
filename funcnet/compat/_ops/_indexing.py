"""`x[index]` and `x[index] = value`: through views where possible, else by arrays."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet.compat._graph import Op
from funcnet.compat._ops._checks import check_expand
from funcnet.compat._ops._convert import method
from funcnet.compat._ops._places import INDEX_DTYPES, check_inside, true_places
from funcnet.compat._ops._table import (
    _TYPE_NAMES,
    NUMBERS,
    assign,
    check_writable,
)
from funcnet.compat._ops._typed import type_name
from funcnet.compat._tensor import Number, Tensor, apply_op, view_of
from funcnet.compat._views import INDEX, VIEW


def places(indices: tuple[Any, ...]) -> tuple[Any, ...]:
    """An index of JAX, of an array or None for each dimension."""
    return tuple(slice(None) if part is None else part for part in indices)


def _take(x: Any, indices: Any) -> Any:
    return x.at[places(indices)].get(mode="promise_in_bounds")


def _put(x: Any, indices: Any, values: Any, accumulate: bool) -> Any:
    at = x.at[places(indices)]
    values = jnp.asarray(values).astype(x.dtype)
    if not accumulate:
        # Called unique, so that the gradient is PyTorch's also where they are not:
        # each value gets that of the element it was written to.
        return at.set(values, mode="promise_in_bounds", unique_indices=True)
    if x.dtype == jnp.bool_:
        return at.max(values, mode="promise_in_bounds")
    return at.add(values, mode="promise_in_bounds")


def _fill_masked(x: Any, mask: Any, value: Any) -> Any:
    mask = mask.reshape(*mask.shape, *(1,) * (x.ndim - mask.ndim))
    return jnp.where(mask, jnp.asarray(value).astype(x.dtype).reshape(()), x)


def _spread(value: Any, shape: Any, kind: Any) -> Any:
    return jnp.broadcast_to(jnp.asarray(value).astype(kind.numpy), shape)


TAKE = Op("index", _take)
PUT = Op("index_put", _put)
FILL_MASKED = Op("index_put", _fill_masked)
_SPREAD = Op("copy", _spread, "CopyBackwards")


@method("__getitem__")
def getitem(self: Tensor, index: Any) -> Tensor:
    """Some of the elements: a view for integers and slices, a copy for arrays."""
    shown, arrays = resolve(self, index)
    if not arrays:
        return shown
    check_indices(shown, arrays)
    return apply_op(TAKE, (shown, arrays))


@method("__setitem__")
def setitem(self: Tensor, index: Any, value: Any) -> None:
    """Write a number or a tensor, which is broadcast, into some of the elements."""
    value = _assignable(self, value)
    mask = _only_mask(index)
    if mask is not None and (type(value) is Number or value.shape.numel() == 1):
        # Without looking at the mask: the count of its elements does not matter.
        check_writable(self)
        _check_mask(mask, self._aval.shape, 0)
        check_same_dtype(self, value)
        assign(self, apply_op(FILL_MASKED, (self, mask, value)))
        return
    shown, arrays = resolve(self, index)
    if arrays:
        check_writable(self)
        check_same_dtype(self, value)
        check_indices(shown, arrays)
        shape = indexed_shape(shown._aval.shape, arrays)
        value = fitting(value, shape)
        assign(shown, apply_op(PUT, (shown, arrays, value, False)))
        return
    if shown._base is None:  # a 0-dimensional tensor as a whole
        shown = view_of(shown, VIEW, ())
    check_writable(shown)
    value = fitting(value, shown._aval.shape, expand=True)
    new = apply_op(_SPREAD, (value, shown._aval.shape, self.dtype))
    shown._write(new._value(), new._fn, new._output)


# --- what an index means -------------------------------------------------------------


def resolve(x: Tensor, index: Any) -> tuple[Tensor, tuple[Any, ...]]:
    """The view that the integers and slices lead to, and the arrays that index it.

    The arrays are one for each dimension of the view, None where all of it is taken;
    there are none at all if there is nothing but the view.
    """
    shape = x._aval.shape
    parts = [_plain(part) for part in _as_tuple(index)]
    rest = len(shape) - sum(_dimensions_of(part) for part in parts)
    if not shape and any(type(part) is int for part in parts):
        raise IndexError(
            "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or "
            "`tensor.item<T>()` in C++ to convert a 0-dim tensor to a number"
        )
    if not shape and any(isinstance(part, slice) for part in parts):
        raise IndexError("slice() cannot be applied to a 0-dim tensor.")
    if rest < 0:
        raise IndexError(f"too many indices for tensor of dimension {len(shape)}")
    # A start that may change is an input of the program, so that a loop over batches
    # compiles once; where gradients are recorded, a constant makes the better program.
    start: Any = int if x.requires_grad else Number
    view: list[Any] = []
    arrays: list[Any] = []
    dim = 0
    for part in parts:
        if part is Ellipsis:
            view += [(0, size, 1) for size in shape[dim : dim + rest]]
            arrays += [None] * rest
            dim, rest = dim + rest, 0
        elif part is None or isinstance(part, bool):
            view.append(None)
            arrays.append(None if part is None else np.zeros(int(part), np.int64))
        elif isinstance(part, int):
            view.append(start(_counted(part, shape[dim], dim)))
            dim += 1
        elif isinstance(part, slice):
            view.append(_range(part, shape[dim], start))
            arrays.append(None)
            dim += 1
        else:
            found = [part]
            if _is_mask(part):
                _check_mask(part, shape, dim)
                found = true_places(part)
            view += [(0, size, 1) for size in shape[dim : dim + len(found)]]
            arrays += found
            dim += len(found)
    shown = _view(x, view)
    if all(part is None for part in arrays):
        arrays = []
    return shown, tuple(arrays)


def _as_tuple(index: Any) -> tuple[Any, ...]:
    if isinstance(index, tuple):
        return index
    if isinstance(index, list) and any(
        part is None or part is Ellipsis or isinstance(part, slice | list | Tensor)
        for part in index
    ):
        return tuple(index)
    return (index,)


def _plain(part: Any) -> Any:
    """A part of an index as an int, bool, slice, None, Ellipsis, array or tensor."""
    if part is None or part is Ellipsis or isinstance(part, bool | int | slice):
        return part
    if isinstance(part, Tensor):
        return _of_tensor(part)
    if isinstance(part, np.bool_ | np.integer):
        return part.item()
    if isinstance(part, list | tuple | range):
        part = np.asarray(part) if len(part) else np.zeros(0, np.int64)
    if isinstance(part, np.ndarray):
        if part.dtype.kind not in "biu":
            raise _wrong_dtype()
        kept = part.dtype.kind == "b" or part.dtype == np.uint8
        part = part if kept else part.astype(np.int64)
        return part if part.ndim else part.item()
    raise IndexError(
        "only integers, slices (`:`), ellipsis (`...`), None and long or byte "
        f"Variables are valid indices (got {type(part).__name__})"
    )


def _of_tensor(part: Tensor) -> Any:
    name = part.dtype.name
    if name not in (*INDEX_DTYPES, "bool", "uint8"):
        raise _wrong_dtype()
    if part.ndim:
        return part
    number = part._array()
    if isinstance(number, jax.core.Tracer):
        return part
    return int(number) if name in INDEX_DTYPES else bool(number)


def _wrong_dtype() -> IndexError:
    return IndexError("tensors used as indices must be long, int, byte or bool tensors")


def _is_mask(part: Any) -> bool:
    kind = part.dtype if isinstance(part, np.ndarray) else part.dtype.numpy
    return bool(kind == np.bool_ or kind == np.uint8)


def _dimensions_of(part: Any) -> int:
    """How many dimensions of the tensor a part of an index speaks of."""
    if part is None or part is Ellipsis or isinstance(part, bool):
        return 0
    if isinstance(part, int | slice):
        return 1
    return part.ndim if _is_mask(part) else 1


def _counted(index: int, size: int, dim: int) -> int:
    if not -size <= index < size:
        raise IndexError(
            f"index {index} is out of bounds for dimension {dim} with size {size}"
        )
    return index % size


def _range(part: slice, size: int, start: Any) -> tuple[Any, int, int]:
    if part.step is not None and part.step <= 0:
        raise ValueError("step must be greater than zero")
    low, high, step = part.indices(size)
    count = len(range(low, high, step))
    whole = count == size and step == 1
    return (0, size, 1) if whole else (start(low), count, step)


def _view(x: Tensor, view: list[Any]) -> Tensor:
    shape = x._aval.shape
    sizes = tuple(part[1] if type(part) is tuple else -1 for part in view)
    if sizes == shape[: len(sizes)]:
        return view_of(x, VIEW, shape)
    return view_of(x, INDEX, *view)


# --- what is asked of arrays ---------------------------------------------------------


def check_indices(x: Tensor, arrays: tuple[Any, ...]) -> None:
    """Raise for indices that do not fit together or are known to be out of range."""
    shapes = [tuple(part.shape) for part in arrays if part is not None]
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        raise IndexError(
            "shape mismatch: indexing tensors could not be broadcast together with "
            f"shapes {', '.join(str(list(shape)) for shape in shapes)}"
        ) from None
    for dim, (part, size) in enumerate(zip(arrays, x._aval.shape, strict=False)):
        if part is not None:
            check_inside(part, size, dim)


def indexed_shape(shape: tuple[int, ...], arrays: tuple[Any, ...]) -> tuple[int, ...]:
    """The shape of what is indexed by arrays: theirs stands where they stand."""
    given = [dim for dim, part in enumerate(arrays) if part is not None]
    found = np.broadcast_shapes(*[tuple(arrays[dim].shape) for dim in given])
    kept = [size for dim, size in enumerate(shape) if dim not in given]
    together = given[-1] - given[0] + 1 == len(given)
    at = given[0] if together else 0
    return (*kept[:at], *found, *kept[at:])


def _check_mask(mask: Any, shape: tuple[int, ...], dim: int) -> None:
    for place, size in enumerate(mask.shape):
        if dim + place >= len(shape) or shape[dim + place] != size:
            raise IndexError(
                f"The shape of the mask {list(mask.shape)} at index {place} does not "
                f"match the shape of the indexed tensor {list(shape)} at index "
                f"{dim + place}"
            )


def _only_mask(index: Any) -> Any:
    """The mask, if an index is nothing but one."""
    if isinstance(index, tuple) and len(index) == 1:
        index = index[0]
    array = isinstance(index, Tensor | np.ndarray)
    return index if array and index.ndim and _is_mask(index) else None


# --- what is assigned ----------------------------------------------------------------


def _assignable(x: Tensor, value: Any) -> Any:
    if isinstance(value, Tensor):
        return value
    if isinstance(value, np.generic):
        value = value.item()
    if type(value) not in NUMBERS:
        name = (
            type(value).__name__ if type(value) is not np.ndarray else "numpy.ndarray"
        )
        raise TypeError(f"can't assign a {name} to a {type_name(x.dtype)}")
    if isinstance(value, complex) and not x.dtype.is_complex:
        raise RuntimeError("value cannot be converted to type float without overflow")
    return Number(value)


def fitting(value: Any, shape: tuple[int, ...], expand: bool = False) -> Any:
    """A value as it can be broadcast to a shape: leading ones are left out."""
    if type(value) is Number:
        return value
    given = value._aval.shape
    extra = max(len(given) - len(shape), 0)
    if extra and all(size == 1 for size in given[:extra]):
        value = view_of(value, VIEW, given[extra:])
    if expand:
        check_expand(value, shape)
    else:
        try:
            broadcast = np.broadcast_shapes(value._aval.shape, shape)
        except ValueError:
            broadcast = ()
        if broadcast != shape:
            raise RuntimeError(
                f"shape mismatch: value tensor of shape {list(given)} cannot be "
                f"broadcast to indexing result of shape {list(shape)}"
            )
    return value


def check_same_dtype(x: Tensor, value: Any) -> None:
    """Raise where a tensor of another dtype would be put by index."""
    if isinstance(value, Tensor) and value.dtype is not x.dtype:
        names = _TYPE_NAMES[x.dtype.name], _TYPE_NAMES[value.dtype.name]
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{names[0]} for the destination and {names[1]} for the source."
        )
