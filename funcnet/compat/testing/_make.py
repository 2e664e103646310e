"""Random tensors for tests, as `torch.testing.make_tensor`."""

import math
import warnings
from collections.abc import Sequence
from typing import Any

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.create.creation import empty
from funcnet.compat._ops.random.sampling import randint
from funcnet.compat._ops.shape.strided_views import view_as_real
from funcnet.compat._toplevel.settings import finfo, iinfo


@explains_keywords
def make_tensor(
    *shape: Any,
    dtype: DType,
    device: DeviceLike,
    low: float | None = None,
    high: float | None = None,
    requires_grad: bool = False,
    noncontiguous: bool = False,
    exclude_zero: bool = False,
    memory_format: Any = None,
) -> Any:
    """Draw a tensor from U(low, high), the same one as PyTorch from the same seed.

    Equals `torch.testing.make_tensor`; left out, the limits are -9 and 9 (10, which is
    not drawn, for integers), and 0 and 2 for booleans.

    Raises:
        ValueError: nothing lies between the limits, or they are no numbers.
    """
    sizes: Any = shape
    if len(shape) == 1 and isinstance(shape[0], Sequence):
        sizes = shape[0]
    sizes = tuple(sizes)
    if noncontiguous and memory_format is not None:
        raise ValueError(
            "The parameters `noncontiguous` and `memory_format` are mutually "
            f"exclusive, but got noncontiguous={noncontiguous!r} and "
            f"memory_format={memory_format!r}"
        )
    if requires_grad and not dtype.is_inexact:
        raise ValueError(
            "`requires_grad=True` is not supported for boolean and integral dtypes, "
            f"but got dtype={dtype!r}"
        )
    spread = noncontiguous and math.prod(sizes) > 1
    drawn_sizes = (*sizes[:-1], 2 * sizes[-1]) if spread else sizes
    draw = _uniform if dtype.is_inexact else _integers
    result = draw(drawn_sizes, dtype, device, *_limits(dtype, low, high))
    if spread:
        result = result[..., 1::2]
    elif memory_format is not None:
        result = result.clone(memory_format=memory_format)
    if exclude_zero:
        result[result == 0] = finfo(dtype).tiny if dtype.is_inexact else 1
    return result.requires_grad_() if requires_grad else result


def _uniform(
    sizes: tuple[int, ...], dtype: DType, device: DeviceLike, low: float, high: float
) -> Any:
    narrow = dtype.itemsize == 1  # float8 draws as float32
    drawn = empty(sizes, device=device, dtype=None if narrow else dtype)
    parts = view_as_real(drawn) if dtype.is_complex else drawn
    if high - low >= finfo(dtype).max:  # the width would be infinite
        parts.uniform_(low / 2, high / 2).mul_(2)
    else:
        parts.uniform_(low, high)
    return drawn.to(dtype)


def _integers(
    sizes: tuple[int, ...], dtype: DType, device: DeviceLike, low: float, high: float
) -> Any:
    ends = math.ceil(low), math.ceil(high)
    return randint(*ends, sizes, device=device, dtype=dtype)


def _bounds(dtype: DType) -> tuple[tuple[Any, Any], tuple[int, int]]:
    """Return the limits of what a dtype holds, and the default ones."""
    if dtype.is_inexact:
        return (finfo(dtype).min, finfo(dtype).max), (-9, 9)
    if dtype.name == "bool":
        return (0, 2), (0, 2)
    limits = iinfo(dtype)
    return (limits.min, limits.max + (dtype.name != "int64")), (-9, 10)


def _limits(dtype: DType, low: float | None, high: float | None) -> tuple[Any, Any]:
    """Return the limits between which to draw, inside what the dtype holds."""
    bounds, usual = _bounds(dtype)
    low = usual[0] if low is None else low
    high = usual[1] if high is None else high
    if math.isnan(low) or math.isnan(high):
        raise ValueError(
            f"`low` and `high` cannot be NaN, but got low={low!r} and high={high!r}"
        )
    if low == high and dtype.is_inexact:
        warnings.warn(
            "Passing `low==high` to `torch.testing.make_tensor` for floating or "
            "complex types is deprecated; use `torch.full(...)` instead.",
            FutureWarning,
            stacklevel=outside(),
        )
    elif low >= high:
        raise ValueError(f"`low` must be less than `high`, but got {low} >= {high}")
    elif high < bounds[0] or low >= bounds[1]:
        raise ValueError(
            f"The value interval specified by `low` and `high` is [{low}, {high}), but "
            f"{dtype} only supports [{bounds[0]}, {bounds[1]})"
        )
    return min(max(low, bounds[0]), bounds[1]), min(max(high, bounds[0]), bounds[1])
