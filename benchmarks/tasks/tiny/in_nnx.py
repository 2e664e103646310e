"""1-10-1 regression in Flax NNX."""

import optax
from flax import nnx

from benchmarks.peers.in_nnx import Network


def loss(model, x, y):
    return ((model(x) - y) ** 2).mean()


def build() -> Network:
    rngs = nnx.Rngs(0)
    model = nnx.Sequential(
        nnx.Linear(1, 10, rngs=rngs), nnx.relu, nnx.Linear(10, 1, rngs=rngs)
    )
    return Network(model, loss, optax.sgd(0.2))
