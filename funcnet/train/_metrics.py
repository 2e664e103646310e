"""Metrics of a batch, and their means over batches."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike
from funcnet.functional._loss.reduction import reduce
from funcnet.train._objective import Batch
from funcnet.train._state import TrainState
from funcnet.train._step import EvalStep


def accuracy(output: Array, target: ArrayLike, ignore_index: int = -100) -> Array:
    """Accuracy: the fraction of samples whose largest output is that of their class.

    Args:
        output: scores `(batch, classes, *spatial)`.
        target: classes, integers `(batch, *spatial)`.
        ignore_index: the label of samples that do not count.

    Raises:
        InputError: the shapes do not fit.

    Example:
        >>> import jax.numpy as jnp
        >>> float(accuracy(jnp.array([[1.0, 2.0], [3.0, 0.0]]), jnp.array([1, 1])))
        0.5
    """
    target = jnp.asarray(target)
    if output.ndim < 2 or output.shape[:1] + output.shape[2:] != target.shape:
        raise InputError(
            f"accuracy: the output has shape {output.shape}, the target "
            f"{target.shape}; (batch, classes, *) and (batch, *) are needed."
        )
    hits = jnp.argmax(output, axis=1).astype(target.dtype) == target
    # A label that the dtype cannot hold, as -100 in uint8, does not occur.
    known = np.can_cast(np.min_scalar_type(ignore_index), target.dtype)
    counted = target != ignore_index if known else jnp.ones_like(hits)
    shares = (hits & counted).astype(jnp.float32)
    return reduce("accuracy", shares, "mean", counted.astype(jnp.float32))


class Averages:
    """Means over batches, weighted by their sizes, that do not wait for the device.

    A mean over some labels of a batch, or a weighted one, is weighted by its divisor,
    if that is given.

    Scalars are fetched when many more steps were dispatched after them, or when the
    means are requested.

    Example:
        >>> averages = Averages()
        >>> averages.add({"loss": 1.0}, 3)
        False
        >>> averages.add({"loss": 2.0}, 1)
        False
        >>> averages.means()
        {'loss': 1.25}
    """

    _WAITING = 64  # steps that may be under way while older ones are fetched

    def __init__(self) -> None:
        self.weights: dict[str, float] = {}
        self.totals: dict[str, float] = {}
        self._pending: list[tuple[Mapping[str, Any], Mapping[str, Any], int]] = []

    def add(
        self,
        metrics: Mapping[str, Any],
        weight: int,
        weights: Mapping[str, Any] | None = None,
    ) -> bool:
        """Add metrics of `weight` samples; return whether older ones were fetched.

        `weights` has those of metrics that are not means over samples.
        """
        self._pending.append((metrics, weights or {}, weight))
        full = len(self._pending) >= 2 * self._WAITING
        if full:
            self._fetch(self._WAITING)
        return full

    def means(self) -> dict[str, float]:
        """Fetch pending metrics and return all means."""
        self._fetch(len(self._pending))
        return self.so_far()

    def so_far(self) -> dict[str, float]:
        """The means of the metrics that are fetched."""
        return {
            name: total / self.weights[name] if self.weights[name] else math.nan
            for name, total in self.totals.items()
        }

    def state_dict(self) -> dict[str, Any]:
        """The state that `load_state_dict` takes."""
        self._fetch(len(self._pending))
        return {"weights": self.weights, "totals": self.totals}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Resume from a `state_dict`."""
        self.totals = dict(state["totals"])
        known = state.get("weights")  # older files have one for all
        self.weights = dict(known or dict.fromkeys(self.totals, state.get("weight")))

    def _fetch(self, count: int) -> None:
        ready, self._pending = self._pending[:count], self._pending[count:]
        values = jax.device_get([entry[:2] for entry in ready])
        for (metrics, weights), (_, _, size) in zip(values, ready, strict=True):
            for name, value in metrics.items():
                weight = float(weights.get(name, size))
                self.weights[name] = self.weights.get(name, 0.0) + weight
                # The mean over no labels is NaN, and has no weight.
                added = float(value) * weight if weight else 0.0
                self.totals[name] = self.totals.get(name, 0.0) + added


def evaluate(step: EvalStep, ts: TrainState, data: Iterable[Batch]) -> dict[str, float]:
    """Evaluate a model: the means over all batches of the metrics of an `eval_step`.

    They are means over all samples; losses and metrics that ignore or weight labels are
    means over those.

    Example:
        >>> import jax, numpy as np, optax
        >>> from funcnet import data, functional as F, nn, train
        >>> net = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
        >>> ts = train.TrainState.create(net, optax.sgd(0.1), jax.random.key(0))
        >>> step = train.eval_step(net, F.cross_entropy)
        >>> loader = data.ArrayLoader(data.digits("test"), 100, shuffle=False)
        >>> list(train.evaluate(step, ts, loader))
        ['loss']
    """
    averages = Averages()
    for batch in data:
        weighed = getattr(step, "weighed", None)
        measured, weights = weighed(ts, batch) if weighed else (step(ts, batch), None)
        averages.add(measured, len(batch[-1]), weights)
    return averages.means()
