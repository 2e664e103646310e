"""784-512-512-10 in Flax NNX."""

import optax
from flax import nnx

from benchmarks.peers.in_nnx import Network, cross_entropy


def build() -> Network:
    rngs = nnx.Rngs(0)
    model = nnx.Sequential(
        nnx.Linear(784, 512, rngs=rngs),
        nnx.relu,
        nnx.Linear(512, 512, rngs=rngs),
        nnx.relu,
        nnx.Linear(512, 10, rngs=rngs),
    )
    return Network(model, cross_entropy, optax.sgd(0.01, 0.9))
