"""Losses of a batch that is computed part by part.

A mean over labels that do not count alike, as where some are ignored, is not the mean
of the means of the parts. Whoever computes the parts lets the losses in them say what
they divide by, and then divide by the sum of that over all parts.
"""

import contextvars
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from funcnet._types import Array


class Part:
    """A part of a batch, as its losses see it.

    Args:
        scale: how many times the part goes into the batch; by which a sum is multiplied
            so that the mean of the parts, weighted by their sizes, is the sum of all.
        totals: for each weighted mean, in order, the sum of weights in all parts; None
            to let it divide by its own.

    Attributes:
        weights: the sum of weights of each weighted mean, as they were computed.
    """

    def __init__(
        self, scale: float = 1.0, totals: Sequence[Array] | None = None
    ) -> None:
        self.scale, self.totals = scale, totals
        self.weights: list[Array] = []
        self._where: Any = None

    def divisor(self, weights: Array) -> Array:
        """What a weighted mean divides by, whose sum of weights is given."""
        self.weights.append(weights)
        if self.totals is None:
            return weights
        return self.totals[len(self.weights) - 1] / self.scale


_current: contextvars.ContextVar[Part | None] = contextvars.ContextVar("part")


@contextmanager
def computing(part: Part) -> Iterator[None]:
    """Compute the losses inside as those of a part."""
    part._where = _trace()
    token = _current.set(part)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Part | None:
    """The part that a loss belongs to.

    None inside a function that JAX traces by itself, as `jit` and `vmap` do: it may
    keep what it traced, and use it for other parts.
    """
    part = _current.get(None)
    return part if part is not None and part._where == _trace() else None


def _trace() -> Any:
    from jax.extend.core import get_opaque_trace_state  # takes long to import

    return get_opaque_trace_state(convention="funcnet")
