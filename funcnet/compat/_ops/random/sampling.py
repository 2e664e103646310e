"""Random tensors, drawn on the host: leaves, so that nothing is compiled for them."""

from typing import Any

import numpy as np

from funcnet import _random
from funcnet._random import Engine
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._ops.random.checks import check_implemented, checked_size
from funcnet.compat._ops.random.draws import (
    SETTINGS,
    Draw,
    draw_tensor,
    integers_draw,
    lies_dense,
    normal_draw,
    order_of,
    uniform_draw,
)
from funcnet.compat._ops.registry import register
from funcnet.compat._tensor.tensor import Tensor


@register("rand", method=False, settings=SETTINGS)
def rand(*size: Any, **settings: Any) -> Tensor:
    """Uniform numbers in [0, 1) of shape `size`, as `torch.rand`."""
    return draw_tensor(settings.pop("size", size), uniform_draw(), **settings)


@register("randn", method=False, settings=SETTINGS)
def randn(*size: Any, **settings: Any) -> Tensor:
    """Standard normal numbers of shape `size`, as `torch.randn`."""
    size, out = settings.pop("size", size), settings.get("out")
    dense = True
    if isinstance(out, Tensor) and out._spec.shape == checked_size(size):
        dense = lies_dense(out)
    draw = normal_draw(dense=dense)
    return draw_tensor(size, draw, **settings)


@register("randint", method=False, settings=SETTINGS)
def randint(*bounds: Any, **settings: Any) -> Tensor:
    """Integers in `[low, high)`: `randint(low=0, high, size)`, as `torch.randint`."""
    named = [settings.pop(k) for k in ("low", "high", "size") if k in settings]
    *ends, size = (*bounds, *named) if "low" not in settings else bounds
    low, high = ends if len(ends) == 2 else (0, *ends)
    settings.setdefault("dtype", _dtypes.int64 if "out" not in settings else None)
    return draw_tensor((size,), integers_draw(_whole(low), _whole(high)), **settings)


def _whole(number: Any) -> int:
    return int(number._array() if isinstance(number, Tensor) else number)


@register("randperm", method=False, settings=SETTINGS)
def randperm(n: int, **settings: Any) -> Tensor:
    """A permutation of the integers below `n`, as `torch.randperm`."""

    def draw(engine: Engine, count: int, dtype: np.dtype) -> np.ndarray:
        known = _dtypes.BY_NUMPY[dtype]
        real = not (known.is_complex or known.is_float8 or known is _dtypes.bool_)
        check_implemented(real, known, "randperm")
        many = count // n if n else 0  # more than one for a batch
        orders = [_random.permutation(engine, n).astype(dtype) for _ in range(many)]
        return np.concatenate(orders) if orders else np.zeros(0, dtype)

    settings.setdefault("dtype", _dtypes.int64 if "out" not in settings else None)
    return draw_tensor((n,), draw, **settings)


def _made_like(input: Tensor, draw: Draw, settings: dict[str, Any]) -> Tensor:
    """A tensor like another, filled in the order in which that one lies in memory."""
    own: dict[str, Any] = {
        "dtype": input.dtype,
        "device": input.device,
        "order": _order_like(input, settings),
    }
    given = {k: v for k, v in settings.items() if v is not None}
    return draw_tensor((input.shape,), draw, **(own | given))


def _order_like(input: Tensor, settings: dict[str, Any]) -> list[int] | None:
    """The order in memory of a tensor draw_tensor like another."""
    wanted = settings.get("memory_format")
    keeps = wanted is None or wanted.name == "preserve_format"
    return order_of(input) if keeps else None


@register("rand_like", method=False, settings=SETTINGS)
def rand_like(input: Tensor, **settings: object) -> Tensor:
    """Uniform numbers in [0, 1) in the shape of `input`, as `torch.rand_like`."""
    return _made_like(input, uniform_draw(), settings)


@register("randn_like", method=False, settings=SETTINGS)
def randn_like(input: Tensor, **settings: object) -> Tensor:
    """Standard normal numbers in the shape of `input`, as `torch.randn_like`."""
    dense = _order_like(input, settings) is None
    return _made_like(input, normal_draw(dense=dense), settings)


@register("randint_like", method=False, settings=SETTINGS)
def randint_like(input: Tensor, *bounds: int, **settings: object) -> Tensor:
    """Integers in `[low, high)` in the shape of `input`, as `torch.randint_like`."""
    ends = (*bounds, *[settings.pop(k) for k in ("low", "high") if k in settings])
    low, high = ends if len(ends) == 2 else (0, *ends)
    return _made_like(input, integers_draw(_whole(low), _whole(high)), settings)
