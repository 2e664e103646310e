"""784-512-512-10 in Equinox."""

import equinox as eqx
import jax
import optax

from benchmarks.peers.in_equinox import Network, classify


def build() -> Network:
    model = eqx.nn.MLP(784, 10, 512, depth=2, key=jax.random.key(0))
    return Network(model, None, classify, optax.sgd(0.01, 0.9))
