"""Reduce the learning rate when a metric no longer improves."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp

from funcnet._check import check_choice
from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike
from funcnet.optim._schedules.factors import is_better
from funcnet.optim._schedules.learning_rate import LearningRates

__all__ = ["PlateauState", "ReduceLROnPlateau"]


class PlateauState(NamedTuple):
    """State of `ReduceLROnPlateau`; `lr` is the learning rate to use next."""

    lr: LearningRates
    best: Array
    num_bad_epochs: Array
    cooldown_counter: Array


@dataclass(frozen=True)
class ReduceLROnPlateau:
    """Reduce the learning rate, times `factor`, when a metric stops improving.

    Equals `torch.optim.lr_scheduler.ReduceLROnPlateau`, as two pure functions: `init`
    and `update`, which `jax.jit` takes. Apply the result with `set_lr`.

    Args:
        mode: whether a smaller (`"min"`) or a larger (`"max"`) metric is better.
        factor: of the reduction, below 1.
        patience: epochs without improvement before a reduction.
        threshold: the smallest improvement that counts,
        threshold_mode: relative (`"rel"`) to the best value or absolute (`"abs"`).
        cooldown: epochs after a reduction during which none is counted as bad.
        min_lr: lower bound of the learning rate; for groups a tuple is allowed.
        eps: smaller reductions are skipped.

    Raises:
        InputError: the factor is not below 1, or a mode is unknown.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import optim
        >>> opt_state = optim.sgd(0.1).init({"x": jnp.ones(2)})
        >>> plateau = ReduceLROnPlateau(patience=0)
        >>> state = plateau.init(optim.get_lr(opt_state))
        >>> for loss in (1.0, 1.0):
        ...     state = plateau.update(state, loss)
        >>> opt_state = optim.set_lr(opt_state, state.lr)
        >>> round(float(optim.get_lr(opt_state)), 6)
        0.01
    """

    mode: Literal["min", "max"] = "min"
    factor: float = 0.1
    patience: int = 10
    threshold: float = 1e-4
    threshold_mode: Literal["rel", "abs"] = "rel"
    cooldown: int = 0
    min_lr: float | tuple[float, ...] = 0.0
    eps: float = 1e-8

    def __post_init__(self) -> None:
        if self.factor >= 1:
            raise InputError(f"Factor should be < 1.0, got {self.factor}.")
        check_choice("ReduceLROnPlateau", "mode", self.mode, ("min", "max"))
        choices = ("rel", "abs")
        check_choice(
            "ReduceLROnPlateau", "threshold_mode", self.threshold_mode, choices
        )

    def init(self, lr: LearningRates) -> PlateauState:
        """Start with a learning rate, or with the tuple that `get_lr` gives."""
        dtype = jnp.result_type(float)
        worst = jnp.inf if self.mode == "min" else -jnp.inf
        return PlateauState(
            lr=jax.tree.map(lambda rate: jnp.array(rate, dtype), lr),
            best=jnp.array(worst, dtype),
            num_bad_epochs=jnp.zeros((), jnp.int32),
            cooldown_counter=jnp.zeros((), jnp.int32),
        )

    def update(self, state: PlateauState, metric: ArrayLike) -> PlateauState:
        """Update the state with the metric of an epoch."""
        metric = jnp.asarray(metric, state.best.dtype)
        better = is_better(
            metric, state.best, self.mode, self.threshold, self.threshold_mode
        )
        cooling = state.cooldown_counter > 0
        bad = jnp.where(better | cooling, 0, state.num_bad_epochs + 1)
        reduce = bad > self.patience

        def reduced(lr: Array, min_lr: float) -> Array:
            new = jnp.maximum(lr * self.factor, min_lr)
            return jnp.where(reduce & (lr - new > self.eps), new, lr)

        min_lr = self.min_lr
        if not isinstance(min_lr, tuple):
            min_lr = jax.tree.map(lambda lr: self.min_lr, state.lr)
        counter = state.cooldown_counter - cooling.astype(jnp.int32)
        return PlateauState(
            lr=jax.tree.map(reduced, state.lr, min_lr),
            best=jnp.where(better, metric, state.best),
            num_bad_epochs=jnp.where(reduce, 0, bad),
            cooldown_counter=jnp.where(reduce, self.cooldown, counter),
        )
