"""Equinox: `eqx.filter_value_and_grad` and optax under one `eqx.filter_jit`."""

from collections.abc import Callable
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax

from benchmarks.peers import Training


class Network(NamedTuple):
    """`loss(model, state, x, y, key) -> (loss, state)` and what it starts from."""

    model: Any
    state: Any
    loss: Callable[..., Any]
    optimizer: optax.GradientTransformation


def cross_entropy(logits: Any, labels: Any) -> Any:
    losses = optax.softmax_cross_entropy_with_integer_labels(logits, labels)
    return losses.mean()


def classify(model: Any, state: Any, x: Any, y: Any, key: Any) -> Any:
    """The loss of a model that takes one example and draws nothing."""
    return cross_entropy(jax.vmap(model)(x), y), state


def training(network: Network, x: np.ndarray, y: np.ndarray) -> Training:
    """Train `network` on one batch."""
    model, state, loss_of, optimizer = network
    arrays = eqx.filter(model, eqx.is_inexact_array)
    moments = optimizer.init(arrays)
    count = sum(leaf.size for leaf in jax.tree.leaves(arrays))
    loss_and_grads = eqx.filter_value_and_grad(loss_of, has_aux=True)

    @eqx.filter_jit(donate="all-except-first")
    def train_step(batch: Any, model: Any, state: Any, moments: Any, key: Any) -> Any:
        key, step_key = jax.random.split(key)
        (loss, state), grads = loss_and_grads(model, state, *batch, step_key)
        params = eqx.filter(model, eqx.is_inexact_array)
        updates, moments = optimizer.update(grads, moments, params)
        return (eqx.apply_updates(model, updates), state, moments, key), loss

    batch = (jnp.asarray(x), jnp.asarray(y))
    carry = (model, state, moments, jax.random.key(0))

    def step() -> jax.Array:
        nonlocal carry
        carry, loss = train_step(batch, *carry)
        return loss

    return Training(step, float, count)
