"""Compositions of schedules: in sequence, as a product, by epochs."""

from collections.abc import Sequence

import jax.numpy as jnp

from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike
from funcnet.optim._base import Schedule
from funcnet.optim._schedules.factors import as_float, passed

__all__ = ["chained", "per_epoch", "sequential_lr"]


def sequential_lr(schedules: Sequence[Schedule], milestones: Sequence[int]) -> Schedule:
    """Sequence of schedules, each from its milestone on; equals `SequentialLR`.

    Each starts at its own step 0 when the milestone before it is reached. (PyTorch's
    `MultiplicativeLR`, unlike its others, does not return to its base learning rate
    then; here it does.)

    Raises:
        InputError: there is not one schedule more than there are milestones, or the
            milestones do not ascend.

    Example:
        >>> from funcnet import optim
        >>> warm = optim.linear_lr(1.0, start_factor=0.5, total_iters=2)
        >>> schedule = sequential_lr([warm, optim.exponential_lr(1.0, 0.5)], [2])
        >>> [round(float(schedule(step)), 4) for step in range(5)]
        [0.5, 0.75, 1.0, 0.5, 0.25]
    """
    if len(schedules) != len(milestones) + 1:
        raise InputError(
            "sequential_lr: Sequential Schedulers expects number of schedulers "
            "provided to be one more than the number of milestone points, but got "
            f"number of schedulers {len(schedules)} and the number of milestones to "
            f"be equal to {len(milestones)}."
        )
    if sorted(milestones) != list(milestones):
        raise InputError(f"sequential_lr: milestones {milestones} must ascend.")
    starts = [0, *milestones]

    def schedule(step: ArrayLike) -> Array:
        step = jnp.asarray(step, jnp.int32)
        stage = passed(milestones, step)
        value = jnp.zeros(step.shape, jnp.result_type(float))
        for index, part in enumerate(schedules):
            is_active = stage == index
            # Outside its stage a schedule is evaluated at its start: the value is not
            # used, but a schedule may raise for a step that is not its own.
            own_step = jnp.where(is_active, step - starts[index], 0)
            value = jnp.where(is_active, as_float(part(own_step)), value)
        return value

    return schedule


def chained(base_lr: float, schedules: Sequence[Schedule]) -> Schedule:
    """Product `base_lr * s1(step) * s2(step) * ...`; equals `ChainedScheduler`.

    Build the parts with a base learning rate of 1. That is what PyTorch's chain does
    with the schedulers that multiply: `StepLR`, `MultiStepLR`, `ConstantLR`,
    `LinearLR`, `ExponentialLR`, `PolynomialLR`, `MultiplicativeLR`, and
    `CosineAnnealingLR` with an `eta_min` of 0 up to its `T_max`. Its other schedulers
    overwrite the schedulers before them in the chain; here they too are factors.

    Example:
        >>> from funcnet import optim
        >>> parts = [optim.constant_lr(1.0, 0.1, 2), optim.exponential_lr(1.0, 0.9)]
        >>> schedule = chained(0.5, parts)
        >>> [round(float(schedule(step)), 5) for step in range(4)]
        [0.05, 0.045, 0.405, 0.3645]
    """

    def schedule(step: ArrayLike) -> Array:
        value = jnp.full(jnp.shape(step), base_lr, jnp.result_type(float))
        for part in schedules:
            value = value * as_float(part(step))
        return value

    return schedule


def per_epoch(schedule: Schedule, steps_per_epoch: int) -> Schedule:
    """Schedule by epochs: evaluated at `step // steps_per_epoch`.

    This is `scheduler.step()` once an epoch, where optimizers count batches.

    Example:
        >>> from funcnet import optim
        >>> schedule = per_epoch(optim.step_lr(1.0, step_size=1), steps_per_epoch=100)
        >>> [round(float(schedule(step)), 6) for step in (99, 100, 200)]
        [1.0, 0.1, 0.01]
    """
    if steps_per_epoch < 1:
        raise InputError(
            f"per_epoch: steps_per_epoch is {steps_per_epoch}, at least 1."
        )
    return lambda step: schedule(jnp.asarray(step) // steps_per_epoch)
