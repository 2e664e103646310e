"""Learning rates of a schedule, and how to check them."""

from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet import optim

# Far below any step that matters, in units of the largest learning rate: cosines end
# at zero with the rounding error of float32.
RTOL, ATOL_OF_LARGEST = 1e-4, 3e-7


def real(step: Any) -> Any:
    """A step as a float: strict promotion multiplies no integers by floats."""
    return step.astype("float32") if isinstance(step, jax.Array) else float(step)


# Functions of the step that schedules take as settings.
FACTORS = {
    "decay": lambda step: 0.95 ** real(step),
    "inverse": lambda step: 1 / (1 + 0.1 * real(step)),
    "steady": lambda step: 0.97 + 0 * real(step),
    "halving": lambda cycle: 0.5 ** (real(cycle) - 1),
}


@dataclass(frozen=True)
class Factor:
    """One of `FACTORS` among the settings."""

    name: str


@dataclass(frozen=True)
class Scheduled:
    """A schedule of funcnet.optim with its settings."""

    name: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)


@dataclass
class Rates:
    """The values of a schedule at the first steps.

    Attributes:
        metrics: what a ReduceLROnPlateau is told after each step, else None.
        base: the learning rate that it starts with.
    """

    schedule: Scheduled
    values: np.ndarray
    metrics: np.ndarray | None = None
    base: float = 0.0


def build(setting: Any) -> Any:
    """Turn the stand-ins among settings into schedules and functions."""
    if isinstance(setting, Factor):
        return FACTORS[setting.name]
    if isinstance(setting, Scheduled):
        kwargs = {name: build(value) for name, value in setting.kwargs.items()}
        return getattr(optim, setting.name)(*map(build, setting.args), **kwargs)
    if isinstance(setting, list):
        return [build(part) for part in setting]
    return setting


def check_rates(rates: Rates) -> None:
    """Raise AssertionError unless funcnet's schedule has the same values."""
    schedule = build(rates.schedule)
    if rates.metrics is None:
        result = jax.vmap(schedule)(jnp.arange(len(rates.values)))
    else:
        state, seen = schedule.init(rates.base), []
        update = jax.jit(schedule.update)
        for metric in rates.metrics:
            seen.append(state.lr)
            state = update(state, metric)
        result = np.stack(seen)
    atol = ATOL_OF_LARGEST * np.abs(rates.values).max()
    np.testing.assert_allclose(result, rates.values, RTOL, atol)
