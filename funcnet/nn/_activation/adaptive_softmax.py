"""Softmax and its loss over many classes, in clusters by frequency."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp

from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike, Key, Params, State
from funcnet.functional._activation.adaptive_softmax import (
    adaptive_log_softmax,
    adaptive_log_softmax_with_loss,
)
from funcnet.nn._base import ParametricLayer
from funcnet.nn._linear import Linear

__all__ = ["AdaptiveLogSoftmaxWithLoss"]


class AdaptiveLogSoftmaxOutput(NamedTuple):
    """What `AdaptiveLogSoftmaxWithLoss` returns."""

    output: Array
    loss: Array


@dataclass(frozen=True, repr=False)
class AdaptiveLogSoftmaxWithLoss(ParametricLayer):
    """Adaptive softmax; equals `torch.nn.AdaptiveLogSoftmaxWithLoss`.

    Classes are in order of falling frequency; `cutoffs` are where clusters begin.
    Cluster i has a projection to `in_features / div_value ** (i + 1)` features.

    Params: `head.weight` (and `head.bias` with `head_bias`), `tail.i.0.weight` and
    `tail.i.1.weight`, drawn as those of `Linear`.

    Inputs `(batch, in_features)` and targets `(batch,)`, the batch may be missing.
    Output `(output, loss)`: the targets' log-probabilities, and the mean of their
    negatives.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.AdaptiveLogSoftmaxWithLoss(8, 20, [5, 10])
        >>> params, state = layer.init(jax.random.key(0))
        >>> x, target = jnp.ones((3, 8)), jnp.array([0, 7, 19])
        >>> (output, loss), _ = layer.apply(params, state, x, target)
        >>> output.shape, loss.shape, layer.log_prob(params, x).shape
        ((3,), (), (3, 20))

    Source: Grave et al., "Efficient softmax approximation for GPUs" (2016),
    https://arxiv.org/abs/1609.04309
    """

    in_features: int
    n_classes: int
    cutoffs: Sequence[int]
    div_value: float = 4.0
    head_bias: bool = False

    def __post_init__(self) -> None:
        cutoffs = tuple(self.cutoffs)
        object.__setattr__(self, "cutoffs", cutoffs)
        bounds = (0, *cutoffs, self.n_classes)
        if not cutoffs or any(a >= b for a, b in itertools.pairwise(bounds)):
            facts = {"cutoffs": cutoffs, "greatest": self.n_classes - 1}
            raise InputError(
                "adaptive_softmax.cutoffs", name=type(self).__name__, **facts
            )

    def init(self, key: Key) -> tuple[Params, State]:
        keys = jax.random.split(key, 2 * len(self.cutoffs) + 1)
        frequent, clusters = self.cutoffs[0], len(self.cutoffs)
        head = Linear(
            self.in_features, frequent + clusters, self.head_bias, dtype=self.dtype
        )
        tail = {}
        ends = (*self.cutoffs[1:], self.n_classes)
        for i, (start, end) in enumerate(zip(self.cutoffs, ends, strict=True)):
            width = int(self.in_features // self.div_value ** (i + 1))
            layers = (
                Linear(self.in_features, width, False, dtype=self.dtype),
                Linear(width, end - start, False, dtype=self.dtype),
            )
            tail[str(i)] = {
                str(j): layer.init(keys[2 * i + j])[0] for j, layer in enumerate(layers)
            }
        return {"head": head.init(keys[-1])[0], "tail": tail}, {}

    def apply(
        self,
        params: Params,
        state: State,
        x: Array,
        target: ArrayLike,
        *,
        key: Key | None = None,
        train: bool = False,
    ) -> tuple[AdaptiveLogSoftmaxOutput, State]:
        result = adaptive_log_softmax_with_loss(x, target, *_arrays(params))
        return AdaptiveLogSoftmaxOutput(*result), state

    def log_prob(self, params: Params, x: Array) -> Array:
        """Compute the log-probabilities of all classes, `(batch, n_classes)`."""
        return adaptive_log_softmax(x, *_arrays(params))

    def predict(self, params: Params, x: Array) -> Array:
        """Return the most probable class of each sample, `(batch,)`."""
        return jnp.argmax(self.log_prob(params, x), axis=-1)


def _arrays(
    params: Params,
) -> tuple[Array, Array | None, list[tuple[Array, Array]]]:
    """The arrays in the order in which the functions take them."""
    head, tail = params["head"], params["tail"]
    tails = [
        (tail[str(i)]["0"]["weight"], tail[str(i)]["1"]["weight"])
        for i in range(len(tail))
    ]
    return head["weight"], head.get("bias"), tails
