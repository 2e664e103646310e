"""1-10-1 regression in JAX by hand."""

import jax
import jax.numpy as jnp
import optax

from benchmarks.peers.in_jax import Network, linear, linear_init


def loss(params, state, x, y, key):
    x = jax.nn.relu(linear(params["fc1"], x))
    return jnp.mean((linear(params["fc2"], x) - y) ** 2), state


def build() -> Network:
    key1, key2 = jax.random.split(jax.random.key(0))
    params = {"fc1": linear_init(key1, 1, 10), "fc2": linear_init(key2, 10, 1)}
    return Network(params, {}, loss, optax.sgd(0.2))
