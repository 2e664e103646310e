"""JAX as a good engineer writes it by hand: one jitted step, buffers donated, optax."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from benchmarks.peers import Training


class Network(NamedTuple):
    """`loss(params, state, x, y, key) -> (loss, state)` and what it starts from."""

    params: Any
    state: Any
    loss: Callable[..., Any]
    optimizer: optax.GradientTransformation
    channels_last: bool = False


def linear_init(key: Any, n_in: int, n_out: int) -> dict[str, Any]:
    bound = n_in**-0.5
    w = jax.random.uniform(key, (n_in, n_out), minval=-bound, maxval=bound)
    return {"w": w, "b": jnp.zeros(n_out)}


def linear(params: Any, x: Any) -> Any:
    return x @ params["w"] + params["b"]


def conv_init(key: Any, size: int, n_in: int, n_out: int) -> Any:
    bound = (n_in * size * size) ** -0.5
    return jax.random.uniform(
        key, (size, size, n_in, n_out), minval=-bound, maxval=bound
    )


def conv(x: Any, w: Any, stride: int = 1, padding: int = 0) -> Any:
    """Convolve in NHWC with a kernel in HWIO."""
    return jax.lax.conv_general_dilated(
        x,
        w,
        (stride, stride),
        ((padding, padding), (padding, padding)),
        dimension_numbers=("NHWC", "HWIO", "NHWC"),
    )


def cross_entropy(logits: Any, labels: Any) -> Any:
    losses = optax.softmax_cross_entropy_with_integer_labels(logits, labels)
    return losses.mean()


def training(network: Network, x: np.ndarray, y: np.ndarray) -> Training:
    """Train `network` on one batch."""
    loss_and_grads = jax.value_and_grad(network.loss, has_aux=True)

    def train_step(carry: Any, x: Any, y: Any) -> Any:
        params, state, moments, key = carry
        key, step_key = jax.random.split(key)
        (loss, state), grads = loss_and_grads(params, state, x, y, step_key)
        updates, moments = network.optimizer.update(grads, moments, params)
        return (optax.apply_updates(params, updates), state, moments, key), loss

    jitted = jax.jit(train_step, donate_argnums=0)
    if network.channels_last:
        x = np.moveaxis(x, 1, -1)
    x, y = jnp.asarray(x), jnp.asarray(y)
    moments = network.optimizer.init(network.params)
    carry = (network.params, network.state, moments, jax.random.key(0))

    def step() -> jax.Array:
        nonlocal carry
        carry, loss = jitted(carry, x, y)
        return loss

    leaves = jax.tree.leaves(network.params)
    return Training(step, float, sum(leaf.size for leaf in leaves))
