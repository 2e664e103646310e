"""Writing, adding and reducing at indices along a dimension: the scatter family."""

from typing import Any, Final

from funcnet._types import Array
from funcnet.compat._engine.op import Op
from funcnet.compat._ops.checks import dimension
from funcnet.compat._ops.forms import as_scalar_input
from funcnet.compat._ops.index.bounds import check_bounds
from funcnet.compat._ops.index.gathering import check_index_dtype, grid
from funcnet.compat._ops.reduce.reduce_at import add_at, reduce_at, set_at
from funcnet.compat._ops.registry import register
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tensor.tensor import Tensor

REDUCTIONS: Final = ("sum", "prod", "mean", "amax", "amin")


def _scatter(
    x: Array, dim: int, index: Array, src: Array, how: str, include_self: bool = True
) -> Any:
    shape = x.shape
    x, index = x.reshape(shape or (1,)), index.reshape(index.shape or (1,))
    if getattr(src, "ndim", 0):
        src = src[tuple(slice(size) for size in index.shape)]
    indices = grid(index, dim)
    if how == "set":
        result = set_at(x, indices, src)
    elif how == "add":
        result = add_at(x, indices, src)
    else:
        result = reduce_at(x, indices, src, how, include_self)
    return result.reshape(shape)


_SCATTER = Op("scatter", _scatter)
_SCATTER_ADD = Op("scatter_add", _scatter)
_SCATTER_REDUCE = Op("scatter_reduce", _scatter)


def _checked(name: str, input: Tensor, dim: int, index: Tensor, src: Any) -> int:
    """The dimension, once everything fits together."""
    dim = dimension(dim, input.ndim)
    check_index_dtype(name, index)
    if not index.shape.numel():
        return dim
    shapes = [tuple(x.shape) or (1,) for x in (input, index)]
    if isinstance(src, Tensor):
        shapes.append(tuple(src.shape) or (1,))
        if src.dtype is not input.dtype:
            raise RuntimeError(
                f"{name}(): Expected self.dtype to be equal to src.dtype"
            )
    if len({len(shape) for shape in shapes}) > 1:
        other = "self" if len(shapes[0]) != len(shapes[1]) else "src"
        raise RuntimeError(
            f"Index tensor must have the same number of dimensions as {other} tensor"
        )
    mine, wanted = shapes[:2]
    fits = all(
        n <= m for d, (n, m) in enumerate(zip(wanted, mine, strict=True)) if d != dim
    )
    if len(shapes) == 3:
        fits = fits and all(n <= m for n, m in zip(wanted, shapes[2], strict=True))
    if not fits:
        source = (
            f" and to be no larger size than src {list(shapes[2])}"
            if shapes[2:]
            else ""
        )
        raise RuntimeError(
            f"Expected index {list(wanted)} to be no larger than self {list(mine)} "
            f"apart from dimension {dim}{source}"
        )
    check_bounds(index, mine[dim], dim, RuntimeError, negative=False)
    return dim


@register("scatter", inplace=True, out=True)
def scatter(
    input: Tensor,
    dim: int,
    index: Tensor,
    src: TensorLike | None = None,
    *,
    value: TensorLike | None = None,
    reduce: str | None = None,
) -> Any:
    """`input` with `src` written at `index` along a dimension, as `torch.scatter`."""
    src = value if src is None else src
    dim = _checked("scatter", input, dim, index, src)
    how = {None: "set", "add": "add", "multiply": "prod"}.get(reduce)
    if how is None:
        raise RuntimeError("reduce argument must be either add or multiply.")
    if not index.shape.numel():
        return input.clone()  # type: ignore[attr-defined]
    return record_op(_SCATTER, (input, dim, index, as_scalar_input(src), how))


@register("scatter_add", inplace=True, out=True)
def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Any:
    """`input` with `src` added at `index` along a dimension, as `torch.scatter_add`."""
    dim = _checked("scatter_add", input, dim, index, src)
    if not index.shape.numel():
        return input.clone()
    return record_op(_SCATTER_ADD, (input, dim, index, src, "add"))


def check_reduction(reduce: str, known: tuple[str, ...]) -> None:
    """Raise for a reduction that there is not."""
    if reduce not in known:
        names = f"{', '.join(known[:-1])} or {known[-1]}"
        raise RuntimeError(f"reduce argument must be either {names}, got {reduce}")


@register("scatter_reduce", inplace=True, out=True)
def scatter_reduce(
    input: Tensor,
    dim: int,
    index: Tensor,
    src: Tensor,
    reduce: str,
    *,
    include_self: bool = True,
) -> Any:
    """What is sent to the same index reduced to one, as `torch.scatter_reduce`."""
    check_reduction(reduce, REDUCTIONS)
    dim = _checked("scatter_reduce", input, dim, index, src)
    if not index.shape.numel():
        return input.clone()
    return record_op(_SCATTER_REDUCE, (input, dim, index, src, reduce, include_self))
