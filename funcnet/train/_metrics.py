"""Metrics of a batch, and their means over many."""

from collections.abc import Iterable, Mapping
from typing import Any

import jax
import jax.numpy as jnp

from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike
from funcnet.train._state import TrainState
from funcnet.train._step import Batch, EvalStep


def accuracy(output: Array, target: ArrayLike) -> Array:
    """Return the share of samples whose largest output is that of their class.

    Args:
        output: scores `(batch, classes, *spatial)`.
        target: classes, integers `(batch, *spatial)`.

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
    return jnp.mean(hits, dtype=jnp.float32)


class Averages:
    """Means over batches, weighted by their sizes, that do not wait for the device.

    Scalars are fetched when many more steps were sent off after them, or when the
    means are asked for.

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
        self.weight = 0.0
        self.totals: dict[str, float] = {}
        self._pending: list[tuple[Mapping[str, Any], int]] = []

    def add(self, metrics: Mapping[str, Any], weight: int) -> bool:
        """Add what was measured on `weight` samples; tell if some was fetched."""
        self._pending.append((metrics, weight))
        full = len(self._pending) >= 2 * self._WAITING
        if full:
            self._fetch(self._WAITING)
        return full

    def means(self) -> dict[str, float]:
        """Fetch what is pending and return all means."""
        self._fetch(len(self._pending))
        return self.so_far()

    def so_far(self) -> dict[str, float]:
        """The means of what was fetched already."""
        return {name: total / self.weight for name, total in self.totals.items()}

    def state_dict(self) -> dict[str, Any]:
        """What `load_state_dict` needs to go on."""
        self._fetch(len(self._pending))
        return {"weight": self.weight, "totals": self.totals}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where `state_dict` was taken."""
        self.weight, self.totals = state["weight"], dict(state["totals"])

    def _fetch(self, count: int) -> None:
        ready, self._pending = self._pending[:count], self._pending[count:]
        values = jax.device_get([metrics for metrics, _ in ready])
        for metrics, (_, weight) in zip(values, ready, strict=True):
            self.weight += weight
            for name, value in metrics.items():
                self.totals[name] = self.totals.get(name, 0.0) + float(value) * weight


def evaluate(step: EvalStep, ts: TrainState, data: Iterable[Batch]) -> dict[str, float]:
    """Return the means over all batches of what an `eval_step` measures.

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
        averages.add(step(ts, batch), len(batch[-1]))
    return averages.means()
