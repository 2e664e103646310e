"""Tensors filled with random numbers in place."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from funcnet import _random
from funcnet._random import Engine
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.device import META
from funcnet.compat._core.dtype import dtype as Dtype
from funcnet.compat._ops.keywords import canonical_kwargs
from funcnet.compat._ops.random.checks import (
    check,
    check_continuous,
    check_floating,
    check_implemented,
    check_interval,
)
from funcnet.compat._ops.random.draws import (
    Draw,
    as_laid_out,
    integers_draw,
    lies_dense,
    normal_draw,
    order_of,
    uniform_draw,
)
from funcnet.compat._ops.registry import register
from funcnet.compat._ops.writing import check_writable
from funcnet.compat._random.generator import Generator, engine_of
from funcnet.compat._tensor.level_draws import drawn_into, drawn_of
from funcnet.compat._tensor.tensor import Tensor, from_array, wrap
from funcnet.compat._tensor.transform_levels import mapped_levels
from funcnet.compat._tensor.views import alias


def _fill(x: Tensor, draw: Draw, generator: Generator | None) -> Tensor:
    """Draw new numbers for a tensor, in the order of its memory."""
    check_writable(x)
    if x._spec.device is META:
        return x
    dtype, order, device = x._spec.dtype.numpy, order_of(x), x.device

    def make(shape: tuple[int, ...]) -> Tensor:
        values = draw(engine_of(generator), math.prod(shape), dtype)
        return wrap(as_laid_out(values, shape, order, device))

    x._write(drawn_into(x, make)._value())
    return x


def _wide(draw: Callable[[Engine, int], np.ndarray], kernel: str) -> Draw:
    """What is drawn in float64 and then rounded."""

    def run(engine: Engine, count: int, dtype: np.dtype) -> np.ndarray:
        check_floating(_dtypes.BY_NUMPY[dtype], kernel)
        return draw(engine, count).astype(dtype)

    return run


@register("Tensor.uniform_")
def uniform_(
    self: Tensor, *ends: float, generator: Generator | None = None, **named: float
) -> Tensor:
    """Fill with uniform numbers in `[from, to)`, as `Tensor.uniform_`."""
    low, high = _ends("uniform_", ends, named, 0.0, 1.0)
    dtype = self.dtype.to_real() if self.dtype.is_complex else self.dtype
    check_floating(dtype, "check_uniform_bounds")
    check_interval(low, high, dtype)
    return _fill(self, uniform_draw(low, high), generator)


def _ends(
    name: str, given: tuple[Any, ...], named: dict[str, Any], *defaults: float | None
) -> list[Any]:
    """Arguments of which one is called `from`, which Python reserves."""
    indices = {"from": 0, "to": 1}
    canonical_kwargs(name, named, frozenset(("from", "to", "generator")))
    result = [*given, *defaults[len(given) :]]
    for name, value in named.items():
        result[indices[name]] = value
    return [x._array().item() if isinstance(x, Tensor) else x for x in result]


@register("Tensor.normal_")
def normal_(
    self: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    *,
    generator: Generator | None = None,
) -> Tensor:
    """Fill with normal numbers, as `Tensor.normal_`."""
    mean, std = float(mean), float(std)
    check(std >= 0, f"normal expects std >= 0.0, but found std {std:g}")
    return _fill(self, normal_draw(mean, std, lies_dense(self)), generator)


@register("Tensor.random_")
def random_(
    self: Tensor, *ends: int | None, generator: Generator | None = None, **named: object
) -> Tensor:
    """Fill with integers in `[from, to)`, or of the whole range."""
    given = (0, *ends) if len(ends) == 1 and not named else ends  # the end alone
    low, high = _ends("random_", given, named, None, None)
    if low is None and high is None:
        known = not (self.dtype.is_complex or self.dtype.is_float8)
        check_implemented(known, self.dtype, "random_kernel_cpu")
        return _fill(self, _random.whole_range, generator)
    if high is None and low == -1 << 63:
        return _fill(self, _all_bits, generator)
    if high is None:
        high = _top(self.dtype) + 1
    return _fill(self, integers_draw(int(low or 0), int(high)), generator)


def _all_bits(engine: Engine, count: int, dtype: np.dtype) -> np.ndarray:
    """Any integers of 64 bits."""
    known = _dtypes.BY_NUMPY[dtype]
    kernel = "random_full_64_bits_range_kernel_cpu"
    check_implemented(known.name not in ("float16", "bool"), known, kernel)
    wide = known.is_floating_point or known is _dtypes.int64
    check(wide, f"{kernel} handles only int64, double, float and bfloat16")
    return engine.long_words(count).astype(np.int64).astype(dtype)


def _top(dtype: Dtype) -> int:
    """The largest integer of a dtype up to which it holds them all."""
    check(
        not dtype.is_complex,
        "random_from_to_impl handles only integral, floating-point and boolean types",
    )
    if dtype is _dtypes.bool_:
        return 1
    if dtype.is_floating_point:
        return 1 << {"float64": 53, "float32": 24, "float16": 11}.get(dtype.name, 8)
    return int(np.iinfo(dtype.numpy).max)


@register("Tensor.exponential_")
def exponential_(
    self: Tensor, lambd: float = 1.0, *, generator: Generator | None = None
) -> Tensor:
    """Fill with exponential numbers of this rate, as `Tensor.exponential_`."""
    check(lambd > 0, f"exponential_ expects lambda > 0.0, but found lambda={lambd:g}")
    check_continuous(self.dtype, "Exponential")
    draw = _wide(lambda e, n: _random.exponential(e, n, lambd), "exponential_cpu")
    return _fill(self, draw, generator)


@register("Tensor.geometric_")
def geometric_(self: Tensor, p: float, *, generator: Generator | None = None) -> Tensor:
    """Fill with the numbers of trials until a success, as `Tensor.geometric_`."""
    check(0 < p < 1, f"geometric_ expects p to be in (0, 1), but got p={p:g}")
    real = not self.dtype.is_complex and self.dtype is not _dtypes.bool_
    check_implemented(real, self.dtype, "geometric_cpu")
    return _fill(self, lambda e, n, k: _random.geometric(e, n, p).astype(k), generator)


@register("Tensor.cauchy_")
def cauchy_(
    self: Tensor,
    median: float = 0.0,
    sigma: float = 1.0,
    *,
    generator: Generator | None = None,
) -> Tensor:
    """Fill with Cauchy numbers, as `Tensor.cauchy_`."""
    check(sigma > 0, f"cauchy_ expects sigma > 0.0, but found sigma={sigma:g}")
    check_continuous(self.dtype, "Cauchy")
    draw = _wide(lambda e, n: _random.cauchy(e, n, median, sigma), "cauchy_cpu")
    return _fill(self, draw, generator)


@register("Tensor.log_normal_")
def log_normal_(
    self: Tensor,
    mean: float = 1.0,
    std: float = 2.0,
    *,
    generator: Generator | None = None,
) -> Tensor:
    """Fill with exponentials of normal numbers, as `Tensor.log_normal_`."""
    check(std > 0, f"log_normal_ expects std > 0.0, but found std={std:g}")
    draw = _wide(lambda e, n: _random.log_normal(e, n, mean, std), "log_normal_cpu")
    return _fill(self, draw, generator)


@register("Tensor.bernoulli_")
def bernoulli_(
    self: Tensor, p: Tensor | float = 0.5, *, generator: Generator | None = None
) -> Tensor:
    """Fill with ones and zeros; `p` is the probability of one, or of each."""
    if not isinstance(p, Tensor):
        return _fill(self, ones_draw(p), generator)
    check_implemented(
        not self.dtype.is_complex, self.dtype, "bernoulli_tensor_cpu_self_"
    )
    check_floating(p.dtype, "bernoulli_tensor_cpu_p_")
    order = order_of(self) or [*range(self.ndim)]

    def draw(engine: Engine, count: int, dtype: np.dtype) -> np.ndarray:
        each = np.broadcast_to(probabilities(np.asarray(p._array())), self.shape)
        flat = each.transpose(order).reshape(-1)
        return _random.bernoulli(engine, count, np.resize(flat, count)).astype(dtype)

    def mapped(x: Tensor, p: Tensor) -> Tensor:
        each = np.broadcast_to(probabilities(np.asarray(p._array())), x.shape)
        drawn = _random.bernoulli(engine_of(generator), each.size, each.reshape(-1))
        return from_array(drawn.reshape(x.shape).astype(x.dtype.numpy), x.device)

    if not mapped_levels(p._value()):
        return _fill(self, draw, generator)
    check_writable(self)
    self._write(drawn_of([alias(self), alias(p)], mapped)._value())
    return self


def ones_draw(p: float) -> Draw:
    """Draw ones with a probability."""
    check(0 <= p <= 1, f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")

    def draw(engine: Engine, count: int, dtype: np.dtype) -> np.ndarray:
        known = _dtypes.BY_NUMPY[dtype]
        has = not (known.is_complex or known.is_float8)
        check_implemented(has, known, "bernoulli_scalar_cpu_")
        return _random.bernoulli(engine, count, p).astype(dtype)

    return draw


def probabilities(array: np.ndarray) -> np.ndarray:
    """Numbers that are checked to be probabilities."""
    check(
        bool(np.all((array >= 0) & (array <= 1))),
        "Expected p_in >= 0 && p_in <= 1 to be true, but got false.",
    )
    return array if array.dtype == np.float64 else array.astype(np.float32)
