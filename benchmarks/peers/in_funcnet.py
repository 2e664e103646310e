"""funcnet as its documentation shows it: `train.train_step` and nothing else."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from benchmarks.peers import Training
from funcnet import nn, train


class Network(NamedTuple):
    """A model, its loss `(output, target) -> scalar` and its optimizer."""

    model: nn.Layer
    loss: Callable[..., Any]
    optimizer: optax.GradientTransformation


def training(network: Network, x: np.ndarray, y: np.ndarray) -> Training:
    """Train `network` on one batch."""
    train_step = train.train_step(*network)
    ts = train.TrainState.create(network.model, network.optimizer, jax.random.key(0))
    batch = (jnp.asarray(x), jnp.asarray(y))

    def step() -> jax.Array:
        nonlocal ts
        ts, metrics = train_step(ts, batch)
        return metrics["loss"]

    leaves = jax.tree.leaves(ts.params)
    return Training(step, float, sum(leaf.size for leaf in leaves))
