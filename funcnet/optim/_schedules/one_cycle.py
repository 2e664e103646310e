"""One-cycle policy: a learning rate and a momentum."""

from typing import Literal

import jax.numpy as jnp

from funcnet._check import check_choice, is_concrete
from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike
from funcnet.optim._base import Schedule
from funcnet.optim._schedules.factors import as_float, half_cosine, one_cycle_ends

__all__ = ["one_cycle_lr", "one_cycle_momentum"]


def one_cycle_lr(
    max_lr: float,
    total_steps: int | None = None,
    epochs: int | None = None,
    steps_per_epoch: int | None = None,
    pct_start: float = 0.3,
    anneal_strategy: Literal["cos", "linear"] = "cos",
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    three_phase: bool = False,
) -> Schedule:
    """One-cycle learning rate, up to `max_lr` and down; equals `OneCycleLR`.

    PyTorch's scheduler moves the momentum the other way by default; for that give the
    optimizer `one_cycle_momentum` as its momentum or first beta. From Smith and Topin,
    "Super-convergence: very fast training of neural networks using large learning
    rates" (2017), https://arxiv.org/abs/1708.07120.

    Args:
        max_lr: the peak.
        total_steps: the length, or
        epochs: the number of epochs, together with
        steps_per_epoch: their length.
        pct_start: the part of the steps in which it rises.
        anneal_strategy: `"cos"` or `"linear"`.
        div_factor: the peak is this many times the start.
        final_div_factor: the start is this many times the end.
        three_phase: fall back to the start first, then to the end.

    Returns:
        The schedule; beyond its last step it raises, or is NaN under `jax.jit`.

    Raises:
        InputError: the length is not given, or an argument is out of its range.

    Example:
        >>> schedule = one_cycle_lr(1.0, total_steps=10)
        >>> [round(float(schedule(step)), 4) for step in (0, 2, 9)]
        [0.04, 1.0, 0.0]
    """
    start, end = max_lr / div_factor, max_lr / div_factor / final_div_factor
    levels = [start, max_lr, start, end] if three_phase else [start, max_lr, end]
    steps = _one_cycle_steps(total_steps, epochs, steps_per_epoch)
    return _one_cycle(levels, steps, pct_start, anneal_strategy)


def one_cycle_momentum(
    base_momentum: float = 0.85,
    max_momentum: float = 0.95,
    total_steps: int | None = None,
    epochs: int | None = None,
    steps_per_epoch: int | None = None,
    pct_start: float = 0.3,
    anneal_strategy: Literal["cos", "linear"] = "cos",
    three_phase: bool = False,
) -> Schedule:
    """One-cycle momentum of `OneCycleLR`: low where the learning rate is high.

    The arguments are those of `one_cycle_lr`.

    Example:
        >>> from funcnet import optim
        >>> momentum = one_cycle_momentum(total_steps=10)
        >>> rate = one_cycle_lr(1e-2, total_steps=10)
        >>> optimizer = optim.adam(rate, betas=(momentum, 0.999))
    """
    levels = [max_momentum, base_momentum, max_momentum]
    levels += [max_momentum] * three_phase
    steps = _one_cycle_steps(total_steps, epochs, steps_per_epoch)
    return _one_cycle(levels, steps, pct_start, anneal_strategy)


def _one_cycle_steps(
    total_steps: int | None, epochs: int | None, steps_per_epoch: int | None
) -> int:
    if total_steps is None:
        if epochs is None or steps_per_epoch is None:
            raise InputError(
                "one_cycle: You must define either total_steps OR (epochs AND "
                "steps_per_epoch)."
            )
        total_steps = epochs * steps_per_epoch
    if not isinstance(total_steps, int) or total_steps <= 0:
        raise InputError(
            f"one_cycle: Expected positive integer total_steps, but got {total_steps}."
        )
    return total_steps


def _one_cycle(
    levels: list[float], total: int, pct_start: float, anneal_strategy: str
) -> Schedule:
    """Interpolate between consecutive levels, one phase for each pair."""
    check_choice("one_cycle", "anneal_strategy", anneal_strategy, ("cos", "linear"))
    if not 0 <= pct_start <= 1:
        raise InputError(
            f"one_cycle: Expected float between 0 and 1 pct_start, but got {pct_start}."
        )
    shape = half_cosine if anneal_strategy == "cos" else lambda fraction: fraction
    edges = [0.0, *one_cycle_ends(pct_start, total, len(levels) == 4)]
    phases = list(zip(edges, edges[1:], levels, levels[1:], strict=False))

    def schedule(step: ArrayLike) -> Array:
        if is_concrete(step) and jnp.any(jnp.asarray(step) > total):
            raise InputError(
                f"one_cycle: Tried to step {step} times. The specified number of total "
                f"steps is {total}."
            )
        step = as_float(step)
        value = jnp.full_like(step, jnp.nan)
        for start, end, first, last in reversed(phases):
            # What remains of the phase; PyTorch allows one step past the last one.
            remaining = (
                (end - step) / (end - start) if end > start else jnp.zeros_like(step)
            )
            level = last + (first - last) * shape(remaining)
            limit = total if end == total - 1 else end
            value = jnp.where(step <= limit, level, value)
        return value

    return schedule
