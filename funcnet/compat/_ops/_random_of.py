"""Random tensors whose distributions have tensors as parameters."""

import math
from typing import Any

import numpy as np

from funcnet import _random
from funcnet.compat._call import Op
from funcnet.compat._ops._pathwise import moving
from funcnet.compat._ops._random_checks import (
    check,
    check_floating,
    check_implemented,
    check_multinomial,
)
from funcnet.compat._ops._random_draws import (
    entry,
    made,
    normal_draw,
    order_of,
)
from funcnet.compat._ops._random_fill import bernoulli_
from funcnet.compat._ops._table import write_out
from funcnet.compat._tensor import (
    Tensor,
    alias,
    apply_op,
    from_array,
    is_grad_recorded,
)
from funcnet.compat.random import engine_of

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


@entry("bernoulli")
def bernoulli(
    input: Tensor, p: float | None = None, *, generator: Any = None, out: Any = None
) -> Tensor:
    """Draw ones with the probabilities that `input` holds, as `torch.bernoulli`."""
    found = from_array(np.zeros(input.shape, input.dtype.numpy), input.device)
    bernoulli_(found, alias(input) if p is None else p, generator=generator)
    return _drawn(np.asarray(found._array()), out, input)


@entry("normal", method=False)
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
        draw = normal_draw(float(mean), float(std))
        check(std >= 0, f"normal expects std >= 0.0, but found std {std:g}")
        return made(size, draw, generator=generator, out=out, **settings)
    kind = tensors[0].dtype.numpy
    center, spread = (
        np.asarray(x._array() if isinstance(x, Tensor) else x) for x in (mean, std)
    )
    one = isinstance(std, Tensor)
    check(
        not (one and std.dtype.is_complex),
        "normal expects standard deviation to be non-complex",
    )
    message = "normal expects all elements of std >= 0.0"
    check(
        bool((spread >= 0).all()),
        message if one else f"normal expects std >= 0.0, but found std {std:g}",
    )
    shape = np.broadcast_shapes(center.shape, spread.shape)
    draw = normal_draw(0.0, 1.0 if one else float(std))
    drawn = draw(engine_of(generator), math.prod(shape), kind).reshape(shape)
    if one:
        drawn = drawn * spread
    return _drawn((drawn + center).astype(kind), out, *tensors)


@entry("multinomial")
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
    by_columns = order_of(input) is not None
    drawn = _random.multinomial(
        engine_of(generator), rows, num_samples, replacement, by_columns
    )
    return _drawn(drawn.reshape(*weights.shape[:-1], num_samples), out, alias(input))


@entry("poisson", method=False)
def poisson(input: Tensor, generator: Any = None) -> Tensor:
    """Draw Poisson numbers of the rates that `input` holds, as `torch.poisson`."""
    check_floating(input.dtype, "poisson_cpu")
    drawn = _random.poisson(engine_of(generator), np.asarray(input._array()))
    return _drawn(drawn.astype(input.dtype.numpy), None, input)


@entry("binomial", method=False)
def binomial(count: Tensor, prob: Tensor, generator: Any = None) -> Tensor:
    """Draw the numbers of successes in `count` trials, as `torch.binomial`."""
    for name, x in (("count", count), ("prob", prob)):
        if not x.dtype.is_floating_point:
            raise ValueError(
                f"binomial only supports floating-point dtypes for {name}, got: "
                f"{x.dtype.type_name}"
            )
    check_implemented(count.dtype.itemsize > 2, count.dtype, "binomial_cpu")
    trials, p = np.broadcast_arrays(count._array(), prob._array())
    drawn = _random.binomial(engine_of(generator), trials, p)
    return _drawn(drawn.astype(count.dtype.numpy), None, count, prob)


@entry("_standard_gamma", method=False)
def standard_gamma(input: Tensor, generator: Any = None) -> Tensor:
    """Draw gamma numbers of scale one, as `torch._standard_gamma`."""
    wide = input.dtype.is_floating_point and input.dtype.itemsize > 2
    check_implemented(wide, input.dtype, "gamma_cpu")
    kind = input.dtype.numpy
    drawn = _random.gamma(engine_of(generator), np.asarray(input._array()))
    drawn = np.maximum(drawn.astype(kind), np.finfo(kind).tiny)
    if input.requires_grad and is_grad_recorded():
        return moving(drawn, input)
    return from_array(drawn, input.device)
