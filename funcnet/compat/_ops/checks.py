"""Checks that many operations share, in PyTorch's words."""

from collections.abc import Callable
from typing import Any

from funcnet._check import check_integer
from funcnet._types import Array
from funcnet.compat._core.annotations import Dims, DType, PerDim
from funcnet.compat._core.dtype import BY_NUMPY
from funcnet.compat._core.shapes import (
    cannot_expand,
    check_broadcast_all,
    no_dimension,
)
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.tensor import Tensor


def type_name(x: Any) -> str:
    """PyTorch's word for the dtype of an array or tensor: "Float", "Long"."""
    dtype = x.dtype if isinstance(x.dtype, DType) else BY_NUMPY[x.dtype]
    return dtype.type_name


def c_name(x: Any) -> str:
    """C's word for a dtype, or that of an array: "float", "double"."""
    return (x if isinstance(x, DType) else BY_NUMPY[x.dtype]).c_name


def two_tensors(name: str) -> Callable[..., None]:
    """What looks at the operands of `name`, which takes no numbers in their place."""

    def check(input: Tensor, other: TensorLike) -> None:
        for index, (label, x) in enumerate((("input", input), ("other", other)), 1):
            if isinstance(x, int | float | complex):
                raise TypeError(
                    f"{name}(): argument '{label}' (position {index}) must be Tensor, "
                    f"not {type(x).__name__}"
                )

    return check


def dimension(dim: int, ndim: int) -> int:
    """A dimension counted from 0; IndexError where there is none."""
    if type(dim) is not int:
        check_integer("dimension", "dim", dim)
    if ndim == 0 and dim in (0, -1):
        return 0
    if not -ndim <= dim < ndim:
        raise IndexError(no_dimension(dim, ndim))
    return dim % ndim


def dimensions(dims: Dims, ndim: int) -> tuple[int, ...]:
    """Dimensions counted from 0, none of them twice."""
    result = tuple(dimension(dim, ndim) for dim in as_tuple(dims))
    for dim in result:
        if result.count(dim) > 1:
            raise RuntimeError(f"dim {dim} appears multiple times in the list of dims")
    return result


def as_tuple(value: PerDim) -> tuple[Any, ...]:
    """A sequence as a tuple, a single thing as a tuple of one."""
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def each(setting: PerDim, dims: int) -> list[int]:
    """A setting for each dimension, from one for all or one for each."""
    values = list(as_tuple(setting))
    return values * dims if len(values) == 1 else values


def check_broadcast(x: Any, y: Any) -> None:
    """Raise where two arrays or tensors cannot be broadcast together."""
    check_broadcast_all((x.shape, y.shape))


def check_expand(x: Any, shape: tuple[int, ...]) -> None:
    """Raise where `x` cannot be expanded to a shape."""
    refusal = cannot_expand(type_name(x), x.shape, shape)
    if refusal is not None:
        raise RuntimeError(refusal)


def check_filled(name: str, x: Array, dim: Dims | None) -> None:
    """Raise where there is nothing to choose the greatest, least or middle one of.

    Raises:
        IndexError: along a dimension, which has the size 0.
        RuntimeError: of all elements, or an IndexError for indices.
    """
    if not x.ndim or x.size:
        return
    call = name if name in ("aminmax", "hash_tensor") else f"{name}()"
    if dim is None or dim == () or dim == []:
        said = f"{call}: Expected reduction dim to be specified for input.numel() == 0."
        if name.startswith("arg"):
            raise IndexError(said)
        if name == "aminmax":
            raise RuntimeError(
                "aminmax(): cannot compute aminmax over an empty dimension as the "
                "operation has no identity."
            )
        raise RuntimeError(f"{said} Specify the reduction dim with the 'dim' argument.")
    for d in dim if isinstance(dim, tuple | list) else (dim,):
        axis = dimension(d, x.ndim)
        if not x.shape[axis]:
            shown = d if name in ("amax", "amin") else axis
            raise IndexError(
                f"{call}: Expected reduction dim {shown} to have non-zero size."
            )
