"""Random tensors whose distributions have tensors as parameters."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from funcnet import _random
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._core.context import is_grad_recorded, thread
from funcnet.compat._core.dtype import complex32
from funcnet.compat._core.narrow_kernels import check_kernel
from funcnet.compat._core.overriding import dispatch
from funcnet.compat._engine.op import Op
from funcnet.compat._ops.random.checks import (
    check,
    check_floating,
    check_implemented,
    check_multinomial,
)
from funcnet.compat._ops.random.draws import (
    SETTINGS,
    draw_tensor,
    normal_draw,
    order_of,
)
from funcnet.compat._ops.random.fill import ones_draw, probabilities
from funcnet.compat._ops.random.pathwise import moving
from funcnet.compat._ops.registry import register
from funcnet.compat._ops.writing import write_out
from funcnet.compat._random.generator import Generator, engine_of
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.level_draws import drawn_of
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.views import alias, detached

# The gradient with respect to the parameters of a distribution is zero.
_DRAWN = Op("drawn", lambda drawn, *parameters: drawn, "NormalBackward0")


def _drawn(
    draw: Callable[..., np.ndarray], out: Any, dtype: Any, *parameters: TensorLike
) -> Tensor:
    """What `draw` gives of the numbers of the parameters, connected to them."""
    tensors = [x for x in parameters if isinstance(x, Tensor)]
    device = tensors[0].device

    def make(*given: Tensor) -> Tensor:
        left = iter(given)
        arrays = [
            np.asarray(next(left)._array() if isinstance(x, Tensor) else x)
            for x in parameters
        ]
        return from_array(draw(*arrays).astype(dtype, copy=False), device)

    result = drawn_of([alias(x) for x in tensors], make)
    if out is not None:
        write_out(result, out)
        return out
    if thread.context.levels or any(x.requires_grad for x in tensors):
        return record_op(_DRAWN, (result, *tensors))
    return result


@register("bernoulli")
def bernoulli(
    input: Tensor,
    p: float | None = None,
    *,
    generator: Generator | None = None,
    out: Any = None,
) -> Tensor:
    """Draw ones with the probabilities that `input` holds, as `torch.bernoulli`."""
    dtype = input.dtype.numpy
    if p is not None:
        result = draw_tensor((input.shape,), ones_draw(p), input.dtype, generator)
        return result if out is None else write_out(result, out)
    part = "self" if input.dtype.is_float8 else "p"
    check_floating(input.dtype, f"bernoulli_tensor_cpu_{part}_")

    def draw(input: np.ndarray) -> np.ndarray:
        drawn = _random.bernoulli(
            engine_of(generator), input.size, probabilities(input).reshape(-1)
        )
        return drawn.reshape(input.shape)

    return _drawn(draw, out, dtype, input)


@register("normal", method=False, settings=SETTINGS)
def normal(
    mean: Any,
    std: Any = 1.0,
    size: ShapeLike | None = None,
    *,
    generator: Generator | None = None,
    out: Any = None,
    **settings: Any,
) -> Tensor:
    """Normal numbers with these means and deviations, as `torch.normal`."""
    tensors = [x for x in (mean, std) if isinstance(x, Tensor)]
    if not tensors:
        drawing = normal_draw(float(mean), float(std))
        check(std >= 0, f"normal expects std >= 0.0, but found std {std:g}")
        return draw_tensor(size, drawing, generator=generator, out=out, **settings)
    dtype = tensors[0].dtype.numpy
    std_is_tensor = isinstance(std, Tensor)
    check(
        not (std_is_tensor and std.dtype.is_complex),
        "normal expects standard deviation to be non-complex",
    )
    standard = normal_draw(0.0, 1.0 if std_is_tensor else float(std))

    def draw(center: np.ndarray, spread: np.ndarray) -> np.ndarray:
        message = "normal expects all elements of std >= 0.0"
        check(
            bool((spread >= 0).all()),
            message
            if std_is_tensor
            else f"normal expects std >= 0.0, but found std {std:g}",
        )
        shape = np.broadcast_shapes(center.shape, spread.shape)
        drawn = standard(engine_of(generator), math.prod(shape), dtype).reshape(shape)
        return (drawn * spread if std_is_tensor else drawn) + center

    return _drawn(draw, out, dtype, mean, std)


@register("multinomial")
def multinomial(
    input: Tensor,
    num_samples: int,
    replacement: bool = False,
    *,
    generator: Generator | None = None,
    out: Any = None,
) -> Tensor:
    """Draw indices by weight: `(rows, num_samples)`, as `torch.multinomial`."""
    check(input.ndim in (1, 2), "prob_dist must be 1 or 2 dim")
    check_kernel("aminmax_cpu", input)
    by_columns = order_of(input) is not None

    def draw(weights: np.ndarray) -> np.ndarray:
        rows = weights.reshape(-1, weights.shape[-1])
        check_multinomial(rows, input.dtype, num_samples, replacement)
        engine = engine_of(generator)
        drawn = _random.multinomial(engine, rows, num_samples, replacement, by_columns)
        return drawn.reshape(*weights.shape[:-1], num_samples)

    return _drawn(draw, out, np.int64, detached(input))


def drawn_category(weights: Tensor) -> Tensor | None:
    """One index by the weights of one distribution, where these are on the host.

    Equals `multinomial(weights.reshape(1, -1), 1).reshape(())`, of which each part
    costs as much as the draw: an agent draws one action at each step.
    """
    if dispatch.active or thread.context.levels or weights.device.type != "cpu":
        return None
    rows = weights._numpy_data()
    if rows is None or rows.ndim != 1 or weights._spec.dtype is complex32:
        return None
    rows = rows[None]
    check_multinomial(rows, weights._spec.dtype, 1, True)
    drawn = _random.multinomial(engine_of(None), rows, 1, True)
    return from_array(drawn.reshape(()).astype(np.int64, copy=False))


@register("poisson", method=False)
def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Draw Poisson numbers of the rates that `input` holds, as `torch.poisson`."""
    check_floating(input.dtype, "poisson_cpu")

    def draw(rates: np.ndarray) -> np.ndarray:
        return _random.poisson(engine_of(generator), rates)

    return _drawn(draw, None, input.dtype.numpy, input)


@register("binomial", method=False)
def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Tensor:
    """Draw the numbers of successes in `count` trials, as `torch.binomial`."""
    for name, x in (("count", count), ("prob", prob)):
        if not x.dtype.is_floating_point:
            raise ValueError(
                f"binomial only supports floating-point dtypes for {name}, got: "
                f"{x.dtype.type_name}"
            )
    check_implemented(count.dtype.itemsize > 2, count.dtype, "binomial_cpu")

    def draw(count: np.ndarray, prob: np.ndarray) -> np.ndarray:
        trials, p = np.broadcast_arrays(count, prob)
        return _random.binomial(engine_of(generator), trials, p)

    return _drawn(draw, None, count.dtype.numpy, count, prob)


@register("_standard_gamma", method=False)
def standard_gamma(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Draw gamma numbers of scale one, as `torch._standard_gamma`."""
    wide = input.dtype.is_floating_point and input.dtype.itemsize > 2
    check_implemented(wide, input.dtype, "gamma_cpu")
    dtype = input.dtype.numpy

    def draw(alpha: np.ndarray) -> np.ndarray:
        drawn = _random.gamma(engine_of(generator), alpha)
        return np.maximum(drawn.astype(dtype), np.finfo(dtype).tiny)

    result: Tensor = drawn_of([alias(input)], lambda a: from_array(draw(a._array())))
    if thread.context.levels or (input.requires_grad and is_grad_recorded()):
        return moving(result, input)
    return result
