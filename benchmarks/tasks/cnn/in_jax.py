"""The MNIST network of pytorch/examples in JAX by hand, NHWC."""

import jax
import jax.numpy as jnp
import optax

from benchmarks.peers import in_jax as by_hand
from benchmarks.peers.in_jax import Network


def max_pool(x):
    window = (1, 2, 2, 1)
    return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, window, window, "VALID")


def dropout(key, x, rate):
    keep = jax.random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(keep, x / (1 - rate), 0)


def loss(params, state, x, y, key):
    key1, key2 = jax.random.split(key)
    x = jax.nn.relu(by_hand.conv(x, params["conv1"]["w"]) + params["conv1"]["b"])
    x = jax.nn.relu(by_hand.conv(x, params["conv2"]["w"]) + params["conv2"]["b"])
    x = dropout(key1, max_pool(x), 0.25)
    x = jax.nn.relu(by_hand.linear(params["fc1"], x.reshape(len(x), -1)))
    x = by_hand.linear(params["fc2"], dropout(key2, x, 0.5))
    return by_hand.cross_entropy(x, y), state


def build() -> Network:
    keys = jax.random.split(jax.random.key(0), 4)
    params = {
        "conv1": {"w": by_hand.conv_init(keys[0], 3, 1, 32), "b": jnp.zeros(32)},
        "conv2": {"w": by_hand.conv_init(keys[1], 3, 32, 64), "b": jnp.zeros(64)},
        "fc1": by_hand.linear_init(keys[2], 9216, 128),
        "fc2": by_hand.linear_init(keys[3], 128, 10),
    }
    return Network(params, {}, loss, optax.sgd(0.01, 0.9), channels_last=True)
