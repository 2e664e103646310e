"""An image read row by row, in JAX by hand: the input projection outside the scan."""

import jax
import jax.numpy as jnp
import optax

from benchmarks.peers.in_jax import Network, cross_entropy, linear, linear_init


def lstm(params, x):
    """Map `(time, batch, features)` to `(time, batch, hidden)`."""
    projected = linear(params["in"], x)  # (time, batch, 4 hidden)
    hidden = params["recurrent"]["w"].shape[0]
    start = jnp.zeros((x.shape[1], hidden))

    def cell(carry, projected):
        h, c = carry
        gates = projected + linear(params["recurrent"], h)
        i, f, g, o = jnp.split(gates, 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    return jax.lax.scan(cell, (start, start), projected)[1]


def loss(params, state, x, y, key):
    x = jnp.swapaxes(x, 0, 1)
    for layer in params["lstm"]:
        x = lstm(layer, x)
    return cross_entropy(linear(params["fc"], x[-1]), y), state


def build() -> Network:
    keys = jax.random.split(jax.random.key(0), 5)
    params = {
        "lstm": [
            {
                "in": linear_init(keys[0], 28, 512),
                "recurrent": linear_init(keys[1], 128, 512),
            },
            {
                "in": linear_init(keys[2], 128, 512),
                "recurrent": linear_init(keys[3], 128, 512),
            },
        ],
        "fc": linear_init(keys[4], 128, 10),
    }
    return Network(params, {}, loss, optax.adam(1e-3))
