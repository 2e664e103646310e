"""784-512-512-10 in JAX by hand."""

import jax
import optax

from benchmarks.peers.in_jax import Network, cross_entropy, linear, linear_init


def loss(params, state, x, y, key):
    *hidden, last = params
    for layer in hidden:
        x = jax.nn.relu(linear(layer, x))
    return cross_entropy(linear(last, x), y), state


def build() -> Network:
    keys = jax.random.split(jax.random.key(0), 3)
    sizes = [784, 512, 512, 10]
    params = [
        linear_init(key, n_in, n_out)
        for key, n_in, n_out in zip(keys, sizes, sizes[1:], strict=False)
    ]
    return Network(params, {}, loss, optax.sgd(0.01, 0.9))
