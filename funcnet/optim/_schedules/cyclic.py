"""Cyclical learning rates and momenta."""

import functools
from collections.abc import Callable
from typing import Literal

import jax.numpy as jnp

from funcnet._check import check_choice
from funcnet._types import Array, ArrayLike
from funcnet.optim._base import Schedule
from funcnet.optim._schedules.factors import CYCLE_SCALES, as_float

__all__ = ["cyclic_lr", "cyclic_momentum"]

Mode = Literal["triangular", "triangular2", "exp_range"]
Scale = Callable[[Array], ArrayLike]


def cyclic_lr(
    base_lr: float,
    max_lr: float,
    step_size_up: float = 2000,
    step_size_down: float | None = None,
    mode: Mode = "triangular",
    gamma: float = 1.0,
    scale_fn: Scale | None = None,
    scale_mode: Literal["cycle", "iterations"] = "cycle",
) -> Schedule:
    """Cyclical learning rate from `base_lr` to `max_lr`; equals `CyclicLR`.

    PyTorch's scheduler moves the momentum the other way by default; for that give the
    optimizer `cyclic_momentum` as its momentum or first beta. From Smith, "Cyclical
    learning rates for training neural networks" (2015),
    https://arxiv.org/abs/1506.01186.

    Args:
        base_lr: the lower end.
        max_lr: the upper end.
        step_size_up: steps of the rise.
        step_size_down: steps of the fall (default: `step_size_up`).
        mode: cycles of one height (`"triangular"`), each half as high as the last
            (`"triangular2"`), or heights times `gamma ** step` (`"exp_range"`).
        gamma: of `"exp_range"`.
        scale_fn: the height as a function, instead of `mode`; JAX must be able to
            trace it.
        scale_mode: whether `scale_fn` is given the number of the cycle, from 1, or the
            step.

    Raises:
        InputError: the mode is unknown.

    Example:
        >>> schedule = cyclic_lr(0.1, 0.5, step_size_up=4)
        >>> [round(float(schedule(step)), 6) for step in (0, 2, 4, 8)]
        [0.1, 0.3, 0.5, 0.1]
    """
    if scale_fn is None:
        check_choice("cyclic", "mode", mode, tuple(CYCLE_SCALES))
        scale_mode = "iterations" if mode == "exp_range" else "cycle"
    check_choice("cyclic", "scale_mode", scale_mode, ("cycle", "iterations"))
    scale = scale_fn or functools.partial(CYCLE_SCALES[mode], gamma=gamma)
    up = step_size_up
    down = up if step_size_down is None else step_size_down

    def schedule(step: ArrayLike) -> Array:
        step = as_float(step)
        cycle, done = jnp.floor(step / (up + down)) + 1, step % (up + down)
        rise = jnp.where(done <= up, done / up, (up + down - done) / down)
        height = rise * scale(cycle if scale_mode == "cycle" else step)
        return base_lr + (max_lr - base_lr) * height

    return schedule


def cyclic_momentum(
    base_momentum: float = 0.8,
    max_momentum: float = 0.9,
    step_size_up: float = 2000,
    step_size_down: float | None = None,
    mode: Mode = "triangular",
    gamma: float = 1.0,
    scale_fn: Scale | None = None,
    scale_mode: Literal["cycle", "iterations"] = "cycle",
) -> Schedule:
    """Cyclical momentum of `CyclicLR`: high where the learning rate is low.

    The arguments are those of `cyclic_lr`.

    Example:
        >>> from funcnet import optim
        >>> rate = cyclic_lr(0.1, 0.5, step_size_up=4)
        >>> optimizer = optim.sgd(rate, momentum=cyclic_momentum(step_size_up=4))
    """
    # From the upper end down: high where the learning rate is low.
    cycle = (step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode)
    return cyclic_lr(max_momentum, base_momentum, *cycle)
