"""The formulas of schedules: what the base learning rate is multiplied by at a step.

Each is defined here once, for the schedules of `funcnet.optim` and for PyTorch's
schedulers of compat. A schedule has an array for a step, in single precision, and a
form that is accurate in it; a scheduler has a plain number, and PyTorch's form, which
is equal to the last digit, since scripts print it.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, Final, Protocol, TypeAlias

import jax
import jax.numpy as jnp

from funcnet._types import Array, ArrayLike
from funcnet.optim._rules.powers import power

Step: TypeAlias = Any
"""An array of steps, or a plain number."""

Factor: TypeAlias = Any
"""An array if the step is one, else a float."""


def step_factor(step: Step, step_size: int, gamma: float) -> Factor:
    """`gamma` once for every `step_size` steps."""
    return power(gamma, _float(step // step_size))


def multi_step_factor(step: Step, milestones: Sequence[int], gamma: float) -> Factor:
    """`gamma` once for each milestone that the step has reached."""
    return power(gamma, _float(passed(milestones, step)))


def exponential_factor(step: Step, gamma: float) -> Factor:
    """`gamma` once for each step."""
    return power(gamma, _float(step))


def constant_factor(step: Step, factor: float, total_iters: float) -> Factor:
    """The factor for the first `total_iters` steps, then 1."""
    if _is_number(step):
        return factor if step < total_iters else 1.0
    return jnp.where(_float(step) < total_iters, _float(factor), 1.0)


def linear_factor(step: Step, start: float, end: float, total_iters: int) -> Factor:
    """From one factor to another in equal steps."""
    if _is_number(step):
        return start + (end - start) * min(total_iters, step) / total_iters
    return end + (start - end) * remaining(step, total_iters)


def polynomial_factor(step: Step, total_iters: int, exponent: float) -> Factor:
    """From 1 to 0 as a power of the fraction that remains."""
    return remaining(step, total_iters) ** exponent


def remaining(step: Step, total: int) -> Factor:
    """The fraction of the steps that remains: from 1 to 0."""
    if _is_number(step):
        return 1.0 - min(total, step) / total
    return jnp.maximum(total - _float(step), 0) / total


def cosine_factor(step: Step, length: ArrayLike) -> Factor:
    """From 1 to 0 along half a cosine, `(1 + cos(pi * step / length)) / 2`."""
    if _is_number(step):
        return (1 + math.cos(math.pi * step / length)) / 2
    return half_cosine(_float(length - step) / length)


def half_cosine(fraction: Array) -> Array:
    """`(1 - cos(pi * fraction)) / 2`, exact also where it is small."""
    return jnp.sin(fraction * (math.pi / 2)) ** 2


class CycleScale(Protocol):
    """The height of a cycle, from its number or the step, and `gamma`."""

    def __call__(self, x: Any, gamma: float) -> Any:
        """The height."""


CYCLE_SCALES: Final[dict[str, CycleScale]] = {
    "triangular": lambda x, gamma: 1.0,
    "triangular2": lambda x, gamma: power(0.5, x - 1),
    "exp_range": lambda x, gamma: power(gamma, x),
}


def one_cycle_ends(
    pct_start: float, total_steps: int, three_phase: bool
) -> list[float]:
    """The steps with which the phases of one cycle end."""
    peak = float(pct_start * total_steps) - 1
    back = [float(2 * pct_start * total_steps) - 2] * three_phase
    return [peak, *back, total_steps - 1]


def is_better(
    metric: Any, best: Any, mode: str, threshold: float, threshold_mode: str
) -> Any:
    """Return whether a metric improves enough, for `ReduceLROnPlateau`."""
    sign = 1 if mode == "min" else -1
    margin = sign * threshold
    goal = best * (1.0 - margin) if threshold_mode == "rel" else best - margin
    return sign * metric < sign * goal


def as_float(value: ArrayLike) -> Array:
    """Convert to an array of the default floating-point dtype."""
    return jnp.asarray(value, jnp.result_type(float))


def passed(milestones: Sequence[int], step: Step) -> Any:
    """The number of milestones that the step has reached."""
    if _is_number(step):
        return bisect_right(sorted(milestones), step)
    edges = jnp.asarray(sorted(milestones), jnp.int32)
    return jnp.searchsorted(
        edges, jnp.asarray(step, jnp.int32), side="right", method="compare_all"
    )


def _float(value: Step) -> Factor:
    return value if _is_number(value) else as_float(value)


def _is_number(value: Step) -> bool:
    return not isinstance(value, jax.Array)
