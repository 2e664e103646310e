"""Learning rates that decay: torch.optim.lr_scheduler as functions of the step.

A schedule maps the step, which counts from 0, to the learning rate of that step, as
optax's schedules do. PyTorch's schedulers compute most learning rates from the one
before; here all are in closed form, so that no rounding accumulates and a run can
resume anywhere. PyTorch users mostly step once an epoch: `per_epoch` does that.
"""

import math
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp

from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike
from funcnet.optim._base import Schedule
from funcnet.optim._schedules.factors import (
    as_float,
    constant_factor,
    exponential_factor,
    linear_factor,
    multi_step_factor,
    polynomial_factor,
    step_factor,
)

__all__ = [
    "constant",
    "constant_lr",
    "exponential_lr",
    "lambda_lr",
    "linear_lr",
    "multi_step_lr",
    "multiplicative_lr",
    "polynomial_lr",
    "step_lr",
]


def constant(base_lr: float) -> Schedule:
    """Constant learning rate.

    Example:
        >>> round(float(constant(0.5)(7)), 6)
        0.5
    """
    return lambda step: jnp.full(jnp.shape(step), base_lr, jnp.result_type(float))


def lambda_lr(base_lr: float, lr_lambda: Callable[[ArrayLike], ArrayLike]) -> Schedule:
    """Learning rate `base_lr` times a function of the step; equals `LambdaLR`.

    `lr_lambda` must be one that JAX can trace: `jnp.where` in place of `if`.

    Example:
        >>> round(float(lambda_lr(0.5, lambda step: 0.9**step)(2)), 6)
        0.405
    """
    return lambda step: base_lr * as_float(lr_lambda(jnp.asarray(step)))


def multiplicative_lr(
    base_lr: float, lr_lambda: Callable[[ArrayLike], ArrayLike]
) -> Schedule:
    """Learning rate `base_lr` times the product of a function over all steps from 1.

    Equals `MultiplicativeLR`. The product is computed again at each call, which takes
    time in proportion to the step: intended for steps that are epochs. `lr_lambda` must
    be one that JAX can trace.

    Example:
        >>> round(float(multiplicative_lr(0.5, lambda step: 0.9)(2)), 6)
        0.405
    """

    def schedule(step: ArrayLike) -> Array:
        def multiply(i: Array, product: Array) -> Array:
            return product * as_float(lr_lambda(i))

        start = jnp.ones((), jnp.result_type(float))
        return base_lr * jax.lax.fori_loop(1, jnp.asarray(step) + 1, multiply, start)

    return schedule


def step_lr(base_lr: float, step_size: int, gamma: float = 0.1) -> Schedule:
    """Step decay: multiply by `gamma` every `step_size` steps; equals `StepLR`.

    Example:
        >>> round(float(step_lr(0.5, 30)(60)), 6)
        0.005
    """
    return lambda step: base_lr * step_factor(jnp.asarray(step), step_size, gamma)


def multi_step_lr(
    base_lr: float, milestones: Sequence[int], gamma: float = 0.1
) -> Schedule:
    """Multi-step decay: multiply by `gamma` at each milestone; equals `MultiStepLR`.

    A milestone listed twice counts twice.

    Example:
        >>> round(float(multi_step_lr(0.5, [30, 80])(50)), 6)
        0.05
    """
    return lambda step: (
        base_lr * multi_step_factor(jnp.asarray(step), milestones, gamma)
    )


def constant_lr(
    base_lr: float, factor: float = 1.0 / 3, total_iters: int = 5
) -> Schedule:
    """Constant factor for the first `total_iters` steps; equals `ConstantLR`.

    Raises:
        InputError: the factor is not between 0 and 1.

    Example:
        >>> schedule = constant_lr(0.5, factor=0.5)
        >>> round(float(schedule(4)), 6), round(float(schedule(5)), 6)
        (0.25, 0.5)
    """
    if not 0 <= factor <= 1:
        raise InputError(
            "constant_lr: Constant multiplicative factor expected to be between 0 and "
            f"1, got {factor}."
        )
    # PyTorch lifts the factor when it reaches total_iters; at 0 it has passed it.
    end = math.inf if total_iters == 0 else total_iters
    return lambda step: base_lr * constant_factor(jnp.asarray(step), factor, end)


def linear_lr(
    base_lr: float,
    start_factor: float = 1.0 / 3,
    end_factor: float = 1.0,
    total_iters: int = 5,
) -> Schedule:
    """Linear warmup or decay, from one factor to another; equals `LinearLR`.

    Raises:
        InputError: a factor is not between 0 and 1, or `start_factor` is 0.

    Example:
        >>> schedule = linear_lr(1.0, start_factor=0.5, total_iters=4)
        >>> [round(float(schedule(step)), 6) for step in (0, 1, 4, 5)]
        [0.5, 0.625, 1.0, 1.0]
    """
    if not 0 < start_factor <= 1:
        raise InputError(
            "linear_lr: Starting multiplicative factor expected to be greater than 0 "
            f"and less or equal to 1, got {start_factor}."
        )
    if not 0 <= end_factor <= 1:
        raise InputError(
            "linear_lr: Ending multiplicative factor expected to be between 0 and 1, "
            f"got {end_factor}."
        )

    if total_iters == 0:  # PyTorch's recursion never leaves the start then
        return constant(base_lr * start_factor)
    return lambda step: (
        base_lr
        * linear_factor(jnp.asarray(step), start_factor, end_factor, total_iters)
    )


def exponential_lr(base_lr: float, gamma: float) -> Schedule:
    """Exponential decay: multiply by `gamma` at each step; equals `ExponentialLR`.

    Example:
        >>> round(float(exponential_lr(0.5, 0.9)(2)), 6)
        0.405
    """
    return lambda step: base_lr * exponential_factor(jnp.asarray(step), gamma)


def polynomial_lr(base_lr: float, total_iters: int = 5, power: float = 1.0) -> Schedule:
    """Polynomial decay, `(1 - step / total_iters) ** power`; equals `PolynomialLR`.

    Example:
        >>> round(float(polynomial_lr(0.5, total_iters=4, power=2.0)(2)), 6)
        0.125
    """
    if total_iters == 0:
        return constant(base_lr)
    return lambda step: (
        base_lr * polynomial_factor(jnp.asarray(step), total_iters, power)
    )
