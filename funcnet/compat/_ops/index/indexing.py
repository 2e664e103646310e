"""`x[index]` and `x[index] = value`: through views where possible, else by arrays."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from funcnet._types import Array
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import Operand, ShapeLike
from funcnet.compat._core.device import CPU
from funcnet.compat._engine.graph import constant
from funcnet.compat._engine.op import Op
from funcnet.compat._ops.checks import check_expand
from funcnet.compat._ops.create.constructors import type_name
from funcnet.compat._ops.forms import SCALARS
from funcnet.compat._ops.index.bounds import check_bounds
from funcnet.compat._ops.index.host import read_on_host, write_on_host
from funcnet.compat._ops.index.index_parts import check_mask, only_mask, resolve
from funcnet.compat._ops.reduce.reduce_at import add_at, get_at, set_at
from funcnet.compat._ops.registry import register
from funcnet.compat._ops.writing import check_writable, copy_into
from funcnet.compat._tensor.recording import ScalarInput, record_op
from funcnet.compat._tensor.tensor import Tensor, wrap
from funcnet.compat._tensor.view_ops import VIEW
from funcnet.compat._tensor.views import view_of


def _places(indices: tuple[Any, ...]) -> tuple[Any, ...]:
    """An index of JAX, of an array or None for each dimension."""
    return tuple(slice(None) if part is None else part for part in indices)


def _put(
    x: Array, indices: tuple[Array | None, ...], values: Array, accumulate: bool
) -> Any:
    return (add_at if accumulate else set_at)(x, _places(indices), values)


def _fill_masked(x: Array, mask: Array, value: Operand) -> Any:
    mask = mask.reshape(*mask.shape, *(1,) * (x.ndim - mask.ndim))
    return jnp.where(mask, jnp.asarray(value).astype(x.dtype).reshape(()), x)


def _spread(value: Operand, shape: ShapeLike, dtype: Any) -> Any:
    return jnp.broadcast_to(jnp.asarray(value).astype(dtype.jax), shape)


TAKE = Op("index", lambda x, indices: get_at(x, _places(indices)))
PUT = Op("index_put", _put)
FILL_MASKED = Op("index_put", _fill_masked)
_SPREAD = Op("copy", _spread, "CopyBackwards")


@register("Tensor.__getitem__")
def getitem(self: Tensor, index: Any) -> Tensor:
    """Some of the elements: a view for integers and slices, a copy for arrays."""
    shown, arrays = resolve(self, index)
    if not arrays:
        return shown
    check_indices(shown, arrays)
    result = read_on_host(shown, arrays)
    if result is not None:
        return result
    return record_op(TAKE, (shown, beside(shown, arrays)))


@register("Tensor.__setitem__")
def setitem(self: Tensor, index: Any, value: Any) -> None:
    """Write a number or a tensor, which is broadcast, into some of the elements."""
    value = _assignable(self, value)
    mask = only_mask(index)
    if mask is not None and (type(value) is ScalarInput or value.shape.numel() == 1):
        # Without looking at the mask: the count of its elements does not matter.
        check_writable(self, equal=type(value) is ScalarInput)
        check_mask(mask, self._spec.shape, 0)
        check_same_dtype(self, value)
        if not write_on_host(self, (mask,), value):
            copy_into(
                self, record_op(FILL_MASKED, (self, *beside(self, (mask,)), value))
            )
        return
    shown, arrays = resolve(self, index)
    if arrays:
        check_writable(self, equal=type(value) is ScalarInput)
        check_same_dtype(self, value)
        check_indices(shown, arrays)
        value = fitting(value, indexed_shape(shown._spec.shape, arrays))
        if not write_on_host(shown, arrays, value):
            copy_into(
                shown, record_op(PUT, (shown, beside(shown, arrays), value, False))
            )
        return
    if shown is not self and self._origin is not None:
        check_writable(self, equal=True)
    check_writable(shown, equal=type(value) is ScalarInput)
    value = fitting(value, shown._spec.shape, expand=True)
    if not write_on_host(shown, (), value):
        if type(value) is ScalarInput and self.device is not CPU:
            value = wrap(constant(np.asarray(value.value), self.device))
        elif type(value) is not ScalarInput:
            value = value.to(self.device)
        new = record_op(_SPREAD, (value, shown._spec.shape, self.dtype))
        shown._write(new._value(), new._grad_fn, new._output_nr)


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
    for dim, (part, size) in enumerate(zip(arrays, x._spec.shape, strict=False)):
        if part is not None:
            check_bounds(part, size, dim)


def beside(x: Tensor, arrays: tuple[Any, ...]) -> tuple[Any, ...]:
    """Indices where the tensor lies: on a GPU they may also come from the processor."""
    if x.device.type == "cpu":
        return arrays
    return tuple(
        part.to(x.device)
        if isinstance(part, Tensor) and part.device.type == "cpu"
        else part
        for part in arrays
    )


def indexed_shape(shape: tuple[int, ...], arrays: tuple[Any, ...]) -> tuple[int, ...]:
    """The shape of what is indexed by arrays: theirs stands where they stand."""
    given = [dim for dim, part in enumerate(arrays) if part is not None]
    result = np.broadcast_shapes(*[tuple(arrays[dim].shape) for dim in given])
    kept = [size for dim, size in enumerate(shape) if dim not in given]
    together = given[-1] - given[0] + 1 == len(given)
    at = given[0] if together else 0
    return (*kept[:at], *result, *kept[at:])


# --- what is assigned ----------------------------------------------------------------


def _assignable(x: Tensor, value: Any) -> Any:
    if isinstance(value, Tensor):
        return value
    if isinstance(value, np.generic):
        value = value.item()
    if type(value) not in SCALARS:
        name = (
            type(value).__name__ if type(value) is not np.ndarray else "numpy.ndarray"
        )
        raise TypeError(f"can't assign a {name} to a {type_name(x.dtype)}")
    if isinstance(value, complex) and x.dtype is _dtypes.bool_:
        value = bool(value)
    elif isinstance(value, complex) and not x.dtype.is_complex:
        raise RuntimeError("value cannot be converted to type float without overflow")
    return ScalarInput(value)


def fitting(value: Any, shape: tuple[int, ...], expand: bool = False) -> Any:
    """A value as it can be broadcast to a shape: leading ones are left out."""
    if type(value) is ScalarInput:
        return value
    given = value._spec.shape
    extra = max(len(given) - len(shape), 0)
    if extra and all(size == 1 for size in given[:extra]):
        value = view_of(value, VIEW, given[extra:])
    if expand:
        check_expand(value, shape)
    else:
        try:
            broadcast = np.broadcast_shapes(value._spec.shape, shape)
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
        names = x.dtype.type_name, value.dtype.type_name
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{names[0]} for the destination and {names[1]} for the source."
        )
