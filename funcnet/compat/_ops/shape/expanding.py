"""Broadcasting: dimensions repeated without copying, and summed up again."""

from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np

from funcnet._types import Array
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._ops.create.constructors import type_name
from funcnet.compat._ops.keywords import canonical_kwargs
from funcnet.compat._ops.registry import operation, register
from funcnet.compat._ops.shape.view import varargs_shape
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.view_ops import EXPAND, VIEW
from funcnet.compat._tensor.views import view_of

_NAMES = frozenset(("size",))


@register("expand")
def expand(
    input: Tensor, *size: Any, implicit: bool = False, **named: object
) -> Tensor:
    """Dimensions of size 1 repeated without copying, as `Tensor.expand`."""
    given = (*size, *canonical_kwargs("expand", named, _NAMES).values())
    wanted, shape = varargs_shape(given), input._spec.shape
    new = len(wanted) - len(shape)
    if new < 0:
        raise RuntimeError(
            f"expand({type_name(input.dtype)}{{{list(shape)}}}, size={list(wanted)}): "
            f"the number of sizes provided ({len(wanted)}) must be greater or equal to "
            f"the number of dimensions in the tensor ({len(shape)})"
        )
    result = list(wanted)
    for dim, n in enumerate(wanted):
        old = shape[dim - new] if dim >= new else 1
        if n == -1:
            if dim < new:
                raise RuntimeError(
                    "The expanded size of the tensor (-1) isn't allowed in a leading, "
                    f"non-existing dimension {dim}"
                )
            result[dim] = old
        elif old not in (1, n):
            raise RuntimeError(
                f"The expanded size of the tensor ({n}) must match the existing size "
                f"({old}) at non-singleton dimension {dim}.  Target sizes: "
                f"{list(wanted)}.  Tensor sizes: {list(shape)}"
            )
    return view_of(input, EXPAND, tuple(result))


@register("expand_as")
def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """The tensor expanded to the shape of another, as `Tensor.expand_as`."""
    return expand(input, other._spec.shape)


@register("broadcast_to")
def broadcast_to(input: Tensor, size: ShapeLike) -> Tensor:
    """The tensor expanded to a shape, as `torch.broadcast_to`."""
    return expand(input, size)


@register("broadcast_shapes", method=False, overridable=False)
def broadcast_shapes(*shapes: ShapeLike) -> Size:
    """The shape that tensors of these shapes are broadcast to."""
    plain = [(shape,) if isinstance(shape, int) else tuple(shape) for shape in shapes]
    try:
        return Size(np.broadcast_shapes(*plain))
    except ValueError:
        raise RuntimeError(
            "Shape mismatch: objects cannot be broadcast to a single shape"
        ) from None


@operation("Tensor.sum_to_size")
def sum_to_size(input: Array, *size: int | Sequence[int]) -> Any:
    """Sum over what was broadcast from this shape, as `Tensor.sum_to_size`."""
    shape = varargs_shape(size)
    extra = input.ndim - len(shape)
    after = input.shape[max(extra, 0) :]
    fits = [n in (1, wide) for n, wide in zip(shape, after, strict=False)]
    if extra < 0 or not all(fits):
        raise RuntimeError(
            f"size {{{list(shape)}}} is not expandable to size {{{list(input.shape)}}}."
        )
    repeated = [at + extra for at, n in enumerate(shape) if n == 1 != after[at]]
    return jnp.sum(input, (*range(extra), *repeated)).reshape(shape)


# --- dimensions added ----------------------------------------------------------------

# Where the dimensions that a tensor has stand among those that it gets.
_RAISED: dict[int, Callable[[tuple[int, ...]], tuple[int, ...]]] = {
    1: lambda shape: shape or (1,),
    2: lambda shape: (1, *(shape or (1,))),
    3: lambda shape: (*shape, 1) if len(shape) == 2 else (1, *(shape or (1,)), 1),
}


def _at_least(count: int) -> None:
    def one(x: Tensor) -> Tensor:
        shape = x._spec.shape
        return x if len(shape) >= count else view_of(x, VIEW, _RAISED[count](shape))

    def public(*tensors: Tensor) -> Any:
        if len(tensors) == 1:
            given = tensors[0]
            if isinstance(given, Tensor):
                return one(given)
            tensors = tuple(given)
        return tuple([one(x) for x in tensors])

    name = f"atleast_{count}d"
    doc = f"Views with {count} dimensions or more, as `torch.{name}`."
    register(name, method=False, doc=doc)(public)


for _count in _RAISED:
    _at_least(_count)
