"""Views: how a part of a tensor is taken from it, and put back.

A view is its base's storage and a chain of steps. To read it, the steps are taken one
after the other; to write it, what is written is put back step by step, which gives the
base's new value. Both are recorded operations like any other.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._types import Array, DTypeLike
from funcnet.compat._core.annotations import DType
from funcnet.compat._core.conversion import halves_of
from funcnet.compat._core.dtype import complex32
from funcnet.compat._core.static_args import NO_KEYWORDS, PLACEHOLDER, bind_args
from funcnet.compat._core.strides import ResultStrides, strided
from funcnet.compat._engine.graph import Value, record
from funcnet.compat._engine.op import Op
from funcnet.compat._tensor.basic_indexing import put_index, read_index


class ViewOp(Op):
    """An operation that shows elements of its input in another shape.

    Attributes:
        run: takes the view, of an array of JAX.
        scatter: `(base, shown, *args)`: the base with the view's elements replaced.
        numpy_view: takes that of an array of numpy without copying; else ValueError.
    """

    __slots__ = ("numpy_view", "scatter")

    def __init__(
        self,
        name: str,
        run: Callable[..., Any],
        scatter: Callable[..., Any],
        numpy_view: Callable[..., Any] | None = None,
        grad_name: str | None = None,
    ) -> None:
        super().__init__(name, run, grad_name, strides=ResultStrides.VIEW)
        self.scatter = scatter
        self.numpy_view = numpy_view or run


class Step(NamedTuple):
    """One step from a base to a view: an operation, its settings, values in them."""

    op: ViewOp
    settings: Any
    values: tuple[Value, ...] = ()

    @property
    def template(self) -> Any:
        return (PLACEHOLDER, *self.settings), NO_KEYWORDS

    def numpy_view(self, memory: np.ndarray) -> np.ndarray:
        """The view of an array of numpy, in its memory; ValueError if there is none."""
        settings = bind_args(
            self.settings, iter([value.array for value in self.values])
        )
        return self.op.numpy_view(memory, *settings)

    def numpy_view_or_copy(self, array: np.ndarray) -> np.ndarray:
        """The view of an array of numpy, which is copied where it cannot be shared."""
        try:
            return self.numpy_view(array)
        except ValueError:
            return self.numpy_view(np.array(array, order="C"))


def apply_steps(base: Value, steps: tuple[Step, ...]) -> Value:
    """Record the steps from a base to its view."""
    for step in steps:
        _, (base,) = record(step.op, (base, *step.values), step.template)
    return base


def scatter_back_inputs(steps: tuple[Step, ...]) -> tuple[tuple[Value, ...], Any]:
    """The values and the settings of `COPY_SLICES` for these steps."""
    values = tuple([value for step in steps for value in step.values])
    return values, tuple([(step.op, step.settings) for step in steps])


def scatter_back(base: Value, shown: Value, steps: tuple[Step, ...]) -> Value:
    """Record the base with the view that the steps lead to replaced by `shown`."""
    values, settings = scatter_back_inputs(steps)
    template = ((PLACEHOLDER, PLACEHOLDER, settings), NO_KEYWORDS)
    _, (new,) = record(COPY_SLICES, (base, shown, *values), template)
    return new


def _scatter_back(base: Array, shown: Array, steps: Sequence[Any]) -> Any:
    if not steps:
        return shown.astype(base.dtype)
    (op, settings), *rest = steps
    inner = op.run(base, *settings)
    return op.scatter(base, _scatter_back(inner, shown, rest), *settings)


COPY_SLICES = Op(
    "put", _scatter_back, "CopySlices", strides=ResultStrides.AS_FIRST_INPUT
)


# --- the steps ---------------------------------------------------------------------


def _reshape_in_place(x: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return np.reshape(x, shape, copy=False)


def _named(op: ViewOp, *names: str) -> list[ViewOp]:
    """The same operation under the names that it has in the gradient graph."""
    return [
        ViewOp(
            name[0].lower() + name[1:],
            op.run,
            op.scatter,
            op.numpy_view,
            f"{name}Backward0",
        )
        for name in names
    ]


VIEW = ViewOp(
    "view",
    lambda x, shape: x.reshape(shape),
    lambda x, y, shape: y.reshape(x.shape),
    _reshape_in_place,
)
PERMUTE = ViewOp(
    "permute",
    lambda x, dims: x.transpose(dims),
    lambda x, y, dims: y.transpose(tuple(np.argsort(dims))),
)


def _scatter_expanded(x: Array, y: Array, shape: tuple[int, ...]) -> Any:
    """Put back, of the elements that share an address, the one that was written."""
    fitted = (1,) * (len(shape) - x.ndim) + x.shape
    repeated = [d for d, (n, m) in enumerate(zip(fitted, shape, strict=True)) if n != m]
    if not y.size:
        return x
    if repeated:
        rest = [d for d in range(y.ndim) if d not in repeated]
        y = y.transpose(repeated + rest).reshape(-1, *[fitted[d] for d in rest])
        old = x.reshape(y.shape[1:])
        written = (y != old) & ((y == y) | (old == old))  # no NaN where NaN was
        y = jnp.take_along_axis(y, jnp.argmax(written, 0)[None], 0)
    return y.reshape(x.shape)


def _numpy_expanded(x: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    stride = np.broadcast_to(x, shape).strides
    return strided(x, shape, stride, writeable=x.flags.writeable)


EXPAND = ViewOp(
    "expand",
    lambda x, shape: jnp.broadcast_to(x, shape),
    _scatter_expanded,
    _numpy_expanded,
)


INDEX = ViewOp("index", read_index, put_index, grad_name="SliceBackward0")
SELECT, SPLIT, SPLIT_SIZES, UNBIND, NEW_AXIS = _named(
    INDEX, "Select", "Split", "SplitWithSizes", "Unbind", "Unsqueeze"
)
SQUEEZE, UNSQUEEZE, ALIAS, DETACH = _named(
    VIEW, "Squeeze", "Unsqueeze", "Alias", "Detach"
)
# PyTorch has an overload for one dimension, and one for several.
SQUEEZE_ONE, SQUEEZE_SOME = (
    ViewOp("squeeze", VIEW.run, VIEW.scatter, VIEW.numpy_view, f"SqueezeBackward{n}")
    for n in (1, 2)
)
TRANSPOSE, T = _named(PERMUTE, "Transpose", "T")


def _scatter_diagonal(x: Array, y: Array, offset: int, dim1: int, dim2: int) -> Any:
    return _scatter_by_index(DIAGONAL, x, y, offset, dim1, dim2)


def _scatter_by_index(op: ViewOp, x: Array, y: Array, *settings: object) -> Any:
    """Put back by the indices that the view shows; for views that are rare."""
    indices = op.numpy_view(np.arange(x.size).reshape(x.shape), *settings)
    flat = x.reshape(-1).at[indices.reshape(-1)].set(y.reshape(-1))
    return flat.reshape(x.shape)


def _numpy_diagonal(x: np.ndarray, offset: int, dim1: int, dim2: int) -> np.ndarray:
    shown = np.diagonal(x, offset, dim1, dim2)
    shown.flags.writeable = x.flags.writeable
    return shown


DIAGONAL = ViewOp(
    "diagonal",
    lambda x, offset, dim1, dim2: jnp.diagonal(x, offset, dim1, dim2),
    _scatter_diagonal,
    _numpy_diagonal,
)


def _windows(x: Array, dim: int, size: int, step: int) -> Any:
    count = (x.shape[dim] - size) // step + 1
    indices = step * np.arange(count)[:, None] + np.arange(size)
    return jnp.moveaxis(jnp.take(x, indices, axis=dim), dim + 1, -1)


def _numpy_windows(x: np.ndarray, dim: int, size: int, step: int) -> np.ndarray:
    shape, strides = list(x.shape), list(x.strides)
    shape[dim] = (shape[dim] - size) // step + 1
    strides[dim] *= step
    return strided(x, (*shape, size), (*strides, x.strides[dim]))


UNFOLD: ViewOp = ViewOp(
    "unfold",
    _windows,
    lambda x, y, *settings: _scatter_by_index(UNFOLD, x, y, *settings),
    _numpy_windows,
)


def _strided_indices(
    shape: tuple[int, ...], stride: tuple[int, ...], offset: int
) -> np.ndarray:
    indices = np.asarray(offset)
    for size, step in zip(shape, stride, strict=True):
        indices = indices[..., None] + step * np.arange(size)
    return indices


def _numpy_strided(
    x: np.ndarray, shape: tuple[int, ...], stride: tuple[int, ...], offset: int
) -> np.ndarray:
    flat = np.reshape(x, -1, copy=False)[offset:]
    return strided(flat, shape, tuple([step * x.itemsize for step in stride]))


AS_STRIDED = ViewOp(
    "as_strided",
    lambda x, shape, stride, offset: x.reshape(-1)[
        _strided_indices(shape, stride, offset)
    ],
    lambda x, y, shape, stride, offset: (
        x.reshape(-1)
        .at[_strided_indices(shape, stride, offset).reshape(-1)]
        .set(y.reshape(-1))
        .reshape(x.shape)
    ),
    _numpy_strided,
)

HALVES: Final = complex32.numpy


def _numpy_part(x: np.ndarray, part: int) -> np.ndarray:
    if x.dtype == HALVES:
        return halves_of(x)[..., part]
    return np.imag(x) if part else np.real(x)


REAL = ViewOp(
    "real",
    jnp.real,
    lambda x, y: jax.lax.complex(y, jnp.imag(x)),
    lambda x: _numpy_part(x, 0),
)
IMAG = ViewOp(
    "imag",
    jnp.imag,
    lambda x, y: jax.lax.complex(jnp.real(x), y),
    lambda x: _numpy_part(x, 1),
)


def _as_real(x: Array) -> Any:
    return jnp.stack([jnp.real(x), jnp.imag(x)], -1)


def _as_complex(x: Array) -> Any:
    x = x.astype(jnp.float32) if x.dtype == jnp.float16 else x
    return jax.lax.complex(x[..., 0], x[..., 1])


def _numpy_as_complex(x: np.ndarray) -> np.ndarray:
    complex_dtypes: dict[str, Any] = {
        "float16": HALVES,
        "float32": "complex64",
        "float64": "complex128",
    }
    return x.view(complex_dtypes[x.dtype.name])[..., 0]


def _numpy_as_real(x: np.ndarray) -> np.ndarray:
    if x.dtype == HALVES:
        return halves_of(x)
    parts = x.real
    return strided(parts, (*x.shape, 2), (*x.strides, parts.itemsize))


AS_REAL = ViewOp(
    "view_as_real",
    _as_real,
    lambda x, y: _as_complex(y),
    _numpy_as_real,
)
AS_COMPLEX = ViewOp(
    "view_as_complex",
    _as_complex,
    lambda x, y: _as_real(y).astype(x.dtype),
    _numpy_as_complex,
)


def _bits(x: Array, dtype: DTypeLike) -> Any:
    """The same bytes as another type, along the last dimension."""
    old, new = x.dtype.itemsize, np.dtype(dtype).itemsize
    if old > new:
        y = jax.lax.bitcast_convert_type(x, dtype)
        return y.reshape(*x.shape[:-1], x.shape[-1] * (old // new))
    if old < new:
        x = x.reshape(*x.shape[:-1], x.shape[-1] * old // new, new // old)
    return jax.lax.bitcast_convert_type(x, dtype)


def _bits_of(x: Array, dtype: DType) -> Any:
    if dtype.numpy != HALVES:
        return _bits(x, dtype.numpy)
    halves = _bits(x, jnp.float16)
    return _as_complex(halves.reshape(*halves.shape[:-1], -1, 2))


BITS = ViewOp(
    "view_dtype",
    _bits_of,
    lambda x, y, dtype: _bits(y, x.dtype),
    lambda x, dtype: x.view(dtype.numpy),
)
