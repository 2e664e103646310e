"""What an index means: the view that it leads to, and arrays that index the view."""

from typing import Any, Final

import jax
import numpy as np

from funcnet.compat._core.static_args import PLACEHOLDER
from funcnet.compat._ops.index.bounds import INDEX_DTYPES, nonzero_indices
from funcnet.compat._tensor.recording import NumberInput, ScalarInput, as_value
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.transform_levels import is_mapped
from funcnet.compat._tensor.view_ops import ALIAS, INDEX, NEW_AXIS, SELECT, Step, ViewOp
from funcnet.compat._tensor.views import view_of

_ONE_INPUT: Final = (PLACEHOLDER,)


def resolve(x: Tensor, index: Any) -> tuple[Tensor, tuple[Any, ...]]:
    """The view that the integers and slices lead to, and the arrays that index it.

    The arrays are one for each dimension of the view, None where all of it is taken;
    there are none at all if there is nothing but the view.
    """
    shape = x._spec.shape
    # A start is an input of the program, so that a loop over batches compiles once;
    # where gradients are recorded, a constant makes the better program.
    start: Any = NumberInput if x.requires_grad else ScalarInput
    if type(index) is int and shape:  # a sample of a dataset: no need to look further
        first = as_value(start(_counted(index, shape[0], 0)))
        return x._take_step(Step(SELECT, _ONE_INPUT, (first,))), ()
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
            result = [part]
            if _is_mask(part):
                check_mask(part, shape, dim)
                result = nonzero_indices(part)
            view += [(0, size, 1) for size in shape[dim : dim + len(result)]]
            arrays += result
            dim += len(result)
    shown = _view(x, view)
    if all(part is None for part in arrays):
        arrays = []
    return shown, tuple(arrays)


def _as_tuple(index: object) -> tuple[Any, ...]:
    if isinstance(index, tuple):
        return index
    if isinstance(index, list) and any(
        part is None or part is Ellipsis or isinstance(part, slice | list | Tensor)
        for part in index
    ):
        return tuple(index)
    return (index,)


def _plain(part: object) -> Any:
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
    if part.ndim or is_mapped(part):
        return part
    number = part._array()
    if isinstance(number, jax.core.Tracer):
        return part
    return int(number) if name in INDEX_DTYPES else bool(number)


def _wrong_dtype() -> IndexError:
    return IndexError("tensors used as indices must be long, int, byte or bool tensors")


def _is_mask(part: Any) -> bool:
    dtype = part.dtype if isinstance(part, np.ndarray) else part.dtype.numpy
    return bool(dtype == np.bool_ or dtype == np.uint8)


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


def _range(part: slice, size: int, start: type) -> tuple[Any, int, int]:
    if part.step is not None and part.step <= 0:
        raise ValueError("step must be greater than zero")
    low, high, step = part.indices(size)
    count = len(range(low, high, step))
    whole = count == size and step == 1
    return (0, size, 1) if whole else (start(low), count, step)


def _view(x: Tensor, view: list[Any]) -> Tensor:
    shape = x._spec.shape
    sizes = tuple(part[1] if type(part) is tuple else -1 for part in view)
    if sizes == shape[: len(sizes)]:
        return view_of(x, ALIAS, shape)
    return view_of(x, _last_op(view, shape), *view)


def _last_op(view: list[Any], shape: tuple[int, ...]) -> ViewOp:
    """What PyTorch would do last, one part after the other: it names the gradient."""
    dim = len(view) - view.count(None)
    for part in reversed(view):
        if part is None:
            return NEW_AXIS
        dim -= 1
        if type(part) is not tuple:
            return SELECT
        if part[1] != shape[dim]:
            break
    return INDEX


def check_mask(mask: Tensor, shape: tuple[int, ...], dim: int) -> None:
    """Raise for a mask that does not have the shape of what it masks."""
    for index, size in enumerate(mask.shape):
        if dim + index >= len(shape) or shape[dim + index] != size:
            raise IndexError(
                f"The shape of the mask {list(mask.shape)} at index {index} does not "
                f"match the shape of the indexed tensor {list(shape)} at index "
                f"{dim + index}"
            )


def only_mask(index: Any) -> Any:
    """The mask, if an index is nothing but one."""
    if isinstance(index, tuple) and len(index) == 1:
        index = index[0]
    array = isinstance(index, Tensor | np.ndarray)
    return index if array and index.ndim and _is_mask(index) else None
