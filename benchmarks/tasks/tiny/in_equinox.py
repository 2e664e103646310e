"""1-10-1 regression in Equinox."""

import equinox as eqx
import jax
import optax

from benchmarks.peers.in_equinox import Network


def loss(model, state, x, y, key):
    return ((jax.vmap(model)(x) - y) ** 2).mean(), state


def build() -> Network:
    model = eqx.nn.MLP(1, 1, 10, depth=1, key=jax.random.key(0))
    return Network(model, None, loss, optax.sgd(0.2))
