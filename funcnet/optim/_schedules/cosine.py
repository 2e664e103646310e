"""Cosine annealing, with and without warm restarts."""

import jax.numpy as jnp

from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike
from funcnet.optim._base import Schedule
from funcnet.optim._schedules.factors import as_float, cosine_factor, passed

__all__ = ["cosine_annealing_lr", "cosine_annealing_warm_restarts"]


def cosine_annealing_lr(base_lr: float, T_max: int, eta_min: float = 0.0) -> Schedule:
    """Cosine annealing to `eta_min`; equals `CosineAnnealingLR`.

    After `T_max` steps it rises again, as PyTorch's recursion does, and so on. From
    Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts"
    (2016), https://arxiv.org/abs/1608.03983.

    Example:
        >>> schedule = cosine_annealing_lr(1.0, T_max=10)
        >>> [round(float(schedule(step)), 6) for step in (0, 5, 10, 20)]
        [1.0, 0.5, 0.0, 1.0]
    """

    def schedule(step: ArrayLike) -> Array:
        # Integers, so that the position in the period is exact.
        position = jnp.asarray(step) % (2 * T_max)
        return eta_min + (base_lr - eta_min) * cosine_factor(position, T_max)

    return schedule


def cosine_annealing_warm_restarts(
    base_lr: float, T_0: int, T_mult: int = 1, eta_min: float = 0.0
) -> Schedule:
    """Cosine annealing with restarts; equals `CosineAnnealingWarmRestarts`.

    The first cycle takes `T_0` steps, each further one `T_mult` times as many. The
    paper is that of `cosine_annealing_lr`.

    Raises:
        InputError: `T_0` or `T_mult` is not a positive integer.

    Example:
        >>> schedule = cosine_annealing_warm_restarts(1.0, T_0=10)
        >>> [round(float(schedule(step)), 6) for step in (0, 5, 10)]
        [1.0, 0.5, 1.0]
    """
    if not isinstance(T_0, int) or T_0 <= 0:
        raise InputError(f"Expected positive integer T_0, but got {T_0}")
    if not isinstance(T_mult, int) or T_mult < 1:
        raise InputError(f"Expected integer T_mult >= 1, but got {T_mult}")
    lengths, starts = [T_0], [0]
    while T_mult > 1 and starts[-1] + lengths[-1] < 2**31:
        starts.append(starts[-1] + lengths[-1])
        lengths.append(lengths[-1] * T_mult)

    def schedule(step: ArrayLike) -> Array:
        step = jnp.asarray(step, jnp.int32)
        if T_mult == 1:
            done, length = step % T_0, as_float(T_0)
        else:
            cycle = passed(starts, step) - 1
            done = step - jnp.asarray(starts, jnp.int32)[cycle]
            length = jnp.asarray(lengths, jnp.result_type(float))[cycle]
        factor = cosine_factor(as_float(done), length)
        return eta_min + (base_lr - eta_min) * factor

    return schedule
