"""Flax NNX: `nnx.value_and_grad` and `nnx.Optimizer` under one `nnx.jit`."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

from benchmarks.peers import Training


class Network(NamedTuple):
    """A module, its `loss(model, x, y)` and the rule that updates its parameters."""

    model: nnx.Module
    loss: Callable[..., Any]
    optimizer: optax.GradientTransformation
    channels_last: bool = False


def cross_entropy(model: Any, x: Any, y: Any) -> Any:
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()


def training(network: Network, x: np.ndarray, y: np.ndarray) -> Training:
    """Train `network` on one batch."""
    model, loss_of, rule, channels_last = network
    optimizer = nnx.Optimizer(model, rule, wrt=nnx.Param)

    @nnx.jit
    def train_step(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
        loss, grads = nnx.value_and_grad(loss_of)(model, x, y)
        optimizer.update(model, grads)
        return loss

    if channels_last:
        x = np.moveaxis(x, 1, -1)
    x, y = jnp.asarray(x), jnp.asarray(y)
    leaves = jax.tree.leaves(nnx.state(model, nnx.Param))
    count = sum(leaf.size for leaf in leaves)
    return Training(lambda: train_step(model, optimizer, x, y), float, count)
