"""Random tensors, drawn on the host: leaves, so that nothing is compiled for them."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from funcnet.compat import _dtypes, _random
from funcnet.compat._devices import placed
from funcnet.compat._dtypes import dtype as Dtype
from funcnet.compat._graph import Op, constant
from funcnet.compat._layout import is_contiguous
from funcnet.compat._ops._random_checks import (
    check,
    check_floating,
    check_multinomial,
    checked_range,
    checked_size,
)
from funcnet.compat._ops._table import FUNCTIONS, METHODS, check_writable, write_out
from funcnet.compat._random import Engine
from funcnet.compat._tensor import Tensor, alias, apply_op, from_array
from funcnet.compat.random import engine_of

# Draws so many elements of a dtype: a flat array in the order of memory.
Draw = Callable[[Engine, int, np.dtype], np.ndarray]


def _entry(name: str, function: bool = True, method: bool = True) -> Any:
    def enter(run: Callable[..., Any]) -> Callable[..., Any]:
        run.__name__ = run.__qualname__ = name
        if function:
            FUNCTIONS[name] = run
        if method:
            METHODS[name] = run
        return run

    return enter


# --- new tensors ---------------------------------------------------------------------


def _made(
    size: Any,
    draw: Draw,
    dtype: Dtype | None = None,
    generator: Any = None,
    out: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    layout: Any = None,
    pin_memory: Any = None,
    memory_format: Any = None,
    names: Any = None,
    order: list[int] | None = None,
) -> Tensor:
    del layout, pin_memory, memory_format, names  # dense, in the host's memory
    shape = checked_size(size)
    kind = dtype or (out.dtype if out is not None else _dtypes.get_default_dtype())
    drawn = draw(engine_of(generator), math.prod(shape), kind.numpy)
    found = from_array(_laid_out(drawn, shape, order), placed(device))
    if out is not None:
        write_out(found, out)
        return out
    found._requires_grad = bool(requires_grad)
    return found


def _laid_out(
    drawn: np.ndarray, shape: tuple[int, ...], order: list[int] | None
) -> np.ndarray:
    """Give what was drawn in the order of memory the shape it has for the user."""
    if not order:
        return drawn.reshape(shape)
    drawn = drawn.reshape([shape[dim] for dim in order])
    return np.ascontiguousarray(drawn.transpose(np.argsort(order)))


def _uniform(low: float = 0.0, high: float = 1.0) -> Draw:
    def draw(engine: Engine, count: int, kind: np.dtype) -> np.ndarray:
        real, count = _parts(kind, count, "check_uniform_bounds")
        return _random.uniform(engine, count, real, low, high).view(kind)

    return draw


def _normal(mean: float = 0.0, std: float = 1.0, dense: bool = True) -> Draw:
    def draw(engine: Engine, count: int, kind: np.dtype) -> np.ndarray:
        real, total = _parts(kind, count, "normal_kernel_cpu")
        scale = std if total == count else std / math.sqrt(2)
        drawn = _random.normal(engine, total, real, mean, scale, dense)
        return drawn.view(kind)

    return draw


def _parts(kind: np.dtype, count: int, kernel: str) -> tuple[np.dtype, int]:
    """The dtype and the number of reals to draw: two for a complex number."""
    known = _dtypes.BY_NUMPY[kind]
    if known.is_complex:
        return known.to_real().numpy, 2 * count
    check_floating(known, kernel)
    return kind, count


def _integers(low: int, high: int) -> Draw:
    return lambda engine, count, kind: _random.integers(
        engine, count, *checked_range(low, high, _dtypes.BY_NUMPY[kind]), kind
    )


@_entry("rand", method=False)
def rand(*size: Any, **settings: Any) -> Tensor:
    """Uniform numbers in [0, 1) of shape `size`, as `torch.rand`."""
    return _made(settings.pop("size", size), _uniform(), **settings)


@_entry("randn", method=False)
def randn(*size: Any, **settings: Any) -> Tensor:
    """Standard normal numbers of shape `size`, as `torch.randn`."""
    return _made(settings.pop("size", size), _normal(), **settings)


@_entry("randint", method=False)
def randint(*bounds: Any, **settings: Any) -> Tensor:
    """Integers in `[low, high)`: `randint(low=0, high, size)`, as `torch.randint`."""
    named = [settings.pop(k) for k in ("low", "high", "size") if k in settings]
    *ends, size = (*bounds, *named) if "low" not in settings else bounds
    low, high = ends if len(ends) == 2 else (0, *ends)
    settings.setdefault("dtype", _dtypes.int64 if "out" not in settings else None)
    return _made((size,), _integers(_whole(low), _whole(high)), **settings)


def _whole(number: Any) -> int:
    return int(number._array() if isinstance(number, Tensor) else number)


@_entry("randperm", method=False)
def randperm(n: int, **settings: Any) -> Tensor:
    """A permutation of the integers below `n`, as `torch.randperm`."""

    def draw(engine: Engine, count: int, kind: np.dtype) -> np.ndarray:
        return _random.permutation(engine, count).astype(kind)

    settings.setdefault("dtype", _dtypes.int64 if "out" not in settings else None)
    return _made((n,), draw, **settings)


def _made_like(input: Tensor, draw: Draw, settings: dict[str, Any]) -> Tensor:
    """A tensor like another, filled in the order in which that one lies in memory."""
    own: dict[str, Any] = {
        "dtype": input.dtype,
        "device": input.device,
        "order": _order(input),
    }
    given = {k: v for k, v in settings.items() if v is not None}
    return _made((input.shape,), draw, **(own | given))


@_entry("rand_like", method=False)
def rand_like(input: Tensor, **settings: Any) -> Tensor:
    """Uniform numbers in [0, 1) in the shape of `input`, as `torch.rand_like`."""
    return _made_like(input, _uniform(), settings)


@_entry("randn_like", method=False)
def randn_like(input: Tensor, **settings: Any) -> Tensor:
    """Standard normal numbers in the shape of `input`, as `torch.randn_like`."""
    return _made_like(input, _normal(), settings)


@_entry("randint_like", method=False)
def randint_like(input: Tensor, *bounds: int, **settings: Any) -> Tensor:
    """Integers in `[low, high)` in the shape of `input`, as `torch.randint_like`."""
    ends = (*bounds, *[settings.pop(k) for k in ("low", "high") if k in settings])
    low, high = ends if len(ends) == 2 else (0, *ends)
    return _made_like(input, _integers(_whole(low), _whole(high)), settings)


# --- filled in place -----------------------------------------------------------------


def _order(x: Tensor) -> list[int] | None:
    """The dimensions from the slowest to the fastest in memory; None if in order."""
    if not x._steps:
        return None
    stride = x._layout().stride
    return sorted(range(x.ndim), key=lambda dim: -stride[dim])


def _fill(x: Tensor, draw: Draw, generator: Any) -> Tensor:
    """Draw new numbers for a tensor, in the order of its memory."""
    check_writable(x)
    shape = x._aval.shape
    drawn = draw(engine_of(generator), math.prod(shape), x._aval.dtype.numpy)
    x._write(constant(_laid_out(drawn, shape, _order(x)), x.device))
    return x


def _wide(draw: Callable[[Engine, int], np.ndarray], kernel: str) -> Draw:
    """What is drawn in float64 and then rounded."""

    def run(engine: Engine, count: int, kind: np.dtype) -> np.ndarray:
        check_floating(_dtypes.BY_NUMPY[kind], kernel)
        return draw(engine, count).astype(kind)

    return run


@_entry("uniform_", function=False)
def uniform_(
    self: Tensor, *ends: float, generator: Any = None, **named: float
) -> Tensor:
    """Fill with uniform numbers in `[from, to)`, as `Tensor.uniform_`."""
    low, high = _ends(ends, named, 0.0, 1.0)
    check(
        low <= high,
        "uniform_ expects to return a [from, to) range, but found "
        f"from={low:g} > to={high:g}",
    )
    return _fill(self, _uniform(low, high), generator)


def _ends(given: tuple[Any, ...], named: dict[str, Any], *defaults: Any) -> list[Any]:
    """Arguments of which one is called `from`, which Python reserves."""
    places = {"from": 0, "to": 1}
    unknown = named.keys() - places
    if unknown:
        raise TypeError(f"got an unexpected keyword argument {min(unknown)!r}")
    found = [*given, *defaults[len(given) :]]
    for name, value in named.items():
        found[places[name]] = value
    return [x._array().item() if isinstance(x, Tensor) else x for x in found]


@_entry("normal_", function=False)
def normal_(
    self: Tensor, mean: float = 0.0, std: float = 1.0, *, generator: Any = None
) -> Tensor:
    """Fill with normal numbers, as `Tensor.normal_`."""
    mean, std = float(mean), float(std)
    check(std >= 0, f"normal expects std >= 0.0, but found std {std:g}")
    dense = not self._steps or is_contiguous(self._layout())
    return _fill(self, _normal(mean, std, dense), generator)


@_entry("random_", function=False)
def random_(self: Tensor, *ends: Any, generator: Any = None, **named: Any) -> Tensor:
    """Fill with integers in `[from, to)`, or of the whole range."""
    given = (0, *ends) if len(ends) == 1 and not named else ends  # the end alone
    low, high = _ends(given, named, None, None)
    if low is None and high is None:
        return _fill(self, _random.whole_range, generator)
    if high is None:
        high = _top(self.dtype) + 1
    return _fill(self, _integers(int(low or 0), int(high)), generator)


def _top(kind: Dtype) -> int:
    """The largest integer of a dtype up to which it holds them all."""
    if kind is _dtypes.bool_:
        return 1
    if kind.is_floating_point:
        return 1 << {"float64": 53, "float32": 24, "float16": 11}.get(kind.name, 8)
    return int(np.iinfo(kind.numpy).max)


@_entry("exponential_", function=False)
def exponential_(self: Tensor, lambd: float = 1.0, *, generator: Any = None) -> Tensor:
    """Fill with exponential numbers of this rate, as `Tensor.exponential_`."""
    check(lambd > 0, f"exponential_ expects lambda > 0.0, but found lambda={lambd:g}")
    draw = _wide(lambda e, n: _random.exponential(e, n, lambd), "exponential_cpu")
    return _fill(self, draw, generator)


@_entry("geometric_", function=False)
def geometric_(self: Tensor, p: float, *, generator: Any = None) -> Tensor:
    """Fill with the numbers of trials until a success, as `Tensor.geometric_`."""
    check(0 < p < 1, f"geometric_ expects p to be in (0, 1), but got p={p:g}")
    return _fill(self, lambda e, n, k: _random.geometric(e, n, p).astype(k), generator)


@_entry("cauchy_", function=False)
def cauchy_(
    self: Tensor, median: float = 0.0, sigma: float = 1.0, *, generator: Any = None
) -> Tensor:
    """Fill with Cauchy numbers, as `Tensor.cauchy_`."""
    check(sigma > 0, f"cauchy_ expects sigma > 0.0, but found sigma={sigma:g}")
    draw = _wide(lambda e, n: _random.cauchy(e, n, median, sigma), "cauchy_cpu")
    return _fill(self, draw, generator)


@_entry("log_normal_", function=False)
def log_normal_(
    self: Tensor, mean: float = 1.0, std: float = 2.0, *, generator: Any = None
) -> Tensor:
    """Fill with exponentials of normal numbers, as `Tensor.log_normal_`."""
    check(std > 0, f"log_normal_ expects std > 0.0, but found std={std:g}")
    draw = _wide(lambda e, n: _random.log_normal(e, n, mean, std), "log_normal_cpu")
    return _fill(self, draw, generator)


@_entry("bernoulli_", function=False)
def bernoulli_(self: Tensor, p: Any = 0.5, *, generator: Any = None) -> Tensor:
    """Fill with ones and zeros; `p` is the probability of one, or of each."""
    if isinstance(p, Tensor):
        p = _probabilities(p)
        p = np.broadcast_to(p, self.shape)
        p = p.transpose(_order(self) or range(self.ndim)).reshape(-1)
    else:
        message = f"bernoulli_ expects p to be in [0, 1], but got p={p:g}"
        check(0 <= p <= 1, message)

    def draw(engine: Engine, count: int, kind: np.dtype) -> np.ndarray:
        return _random.bernoulli(engine, count, p).astype(kind)

    return _fill(self, draw, generator)


def _probabilities(p: Tensor) -> np.ndarray:
    check_floating(p.dtype, "bernoulli_tensor_cpu_p_")
    array = np.asarray(p._array())
    check(
        bool(np.all((array >= 0) & (array <= 1))),
        "Expected p_in >= 0 && p_in <= 1 to be true, but got false.",
    )
    return array if array.dtype == np.float64 else array.astype(np.float32)


# --- with parameters that are tensors ------------------------------------------------

# The gradient with respect to the parameters of a distribution is zero.
_DRAWN = Op("drawn", lambda drawn, *parameters: drawn, "NormalBackward0")


def _drawn(array: np.ndarray, out: Any, *parameters: Any) -> Tensor:
    tensors = [x for x in parameters if isinstance(x, Tensor)]
    found = from_array(array, tensors[0].device)
    if out is not None:
        write_out(found, out)
        return out
    if any(x.requires_grad for x in tensors):
        return apply_op(_DRAWN, (found, *tensors))
    return found


@_entry("bernoulli")
def bernoulli(
    input: Tensor, p: float | None = None, *, generator: Any = None, out: Any = None
) -> Tensor:
    """Draw ones with the probabilities that `input` holds, as `torch.bernoulli`."""
    found = from_array(np.zeros(input.shape, input.dtype.numpy), input.device)
    bernoulli_(found, alias(input) if p is None else p, generator=generator)
    return _drawn(np.asarray(found._array()), out, input)


@_entry("normal", method=False)
def normal(
    mean: Any,
    std: Any = 1.0,
    size: Any = None,
    *,
    generator: Any = None,
    out: Any = None,
    **settings: Any,
) -> Tensor:
    """Normal numbers with these means and deviations, as `torch.normal`."""
    tensors = [x for x in (mean, std) if isinstance(x, Tensor)]
    if not tensors:
        draw = _normal(float(mean), float(std))
        check(std >= 0, f"normal expects std >= 0.0, but found std {std:g}")
        return _made(size, draw, generator=generator, out=out, **settings)
    kind = tensors[0].dtype.numpy
    center, spread = (
        np.asarray(x._array() if isinstance(x, Tensor) else x) for x in (mean, std)
    )
    one = isinstance(std, Tensor)
    message = "normal expects all elements of std >= 0.0"
    check(
        bool((spread >= 0).all()),
        message if one else f"normal expects std >= 0.0, but found std {std:g}",
    )
    shape = np.broadcast_shapes(center.shape, spread.shape)
    draw = _normal(0.0, 1.0 if one else float(std))
    drawn = draw(engine_of(generator), math.prod(shape), kind).reshape(shape)
    if one:
        drawn = drawn * spread
    return _drawn((drawn + center).astype(kind), out, *tensors)


@_entry("multinomial")
def multinomial(
    input: Tensor,
    num_samples: int,
    replacement: bool = False,
    *,
    generator: Any = None,
    out: Any = None,
) -> Tensor:
    """Draw indices by weight: `(rows, num_samples)`, as `torch.multinomial`."""
    weights = np.asarray(input._array())
    check_multinomial(weights, input.dtype, num_samples, replacement)
    rows = np.atleast_2d(weights)
    drawn = _random.multinomial(engine_of(generator), rows, num_samples, replacement)
    return _drawn(drawn.reshape(*weights.shape[:-1], num_samples), out, alias(input))


@_entry("poisson", method=False)
def poisson(input: Tensor, generator: Any = None) -> Tensor:
    """Draw Poisson numbers of the rates that `input` holds, as `torch.poisson`."""
    check_floating(input.dtype, "poisson_cpu")
    drawn = _random.poisson(engine_of(generator), np.asarray(input._array()))
    return _drawn(drawn.astype(input.dtype.numpy), None, input)


@_entry("binomial", method=False)
def binomial(count: Tensor, prob: Tensor, generator: Any = None) -> Tensor:
    """Draw the numbers of successes in `count` trials, as `torch.binomial`."""
    trials, p = np.broadcast_arrays(count._array(), prob._array())
    drawn = _random.binomial(engine_of(generator), trials, p)
    return _drawn(drawn.astype(count.dtype.numpy), None, count, prob)


@_entry("_standard_gamma", method=False)
def standard_gamma(input: Tensor, generator: Any = None) -> Tensor:
    """Draw gamma numbers of scale one, as `torch._standard_gamma`."""
    kind = input.dtype.numpy
    drawn = _random.gamma(engine_of(generator), np.asarray(input._array()))
    return _drawn(np.maximum(drawn.astype(kind), np.finfo(kind).tiny), None, input)
