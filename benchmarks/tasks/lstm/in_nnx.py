"""An image read row by row, in Flax NNX."""

import optax
from flax import nnx

from benchmarks.peers.in_nnx import Network, cross_entropy


class Net(nnx.Module):
    def __init__(self, rngs):
        self.lstm1 = nnx.RNN(nnx.OptimizedLSTMCell(28, 128, rngs=rngs))
        self.lstm2 = nnx.RNN(nnx.OptimizedLSTMCell(128, 128, rngs=rngs))
        self.fc = nnx.Linear(128, 10, rngs=rngs)

    def __call__(self, x):
        outputs = self.lstm2(self.lstm1(x))  # (batch, rows, 128)
        return self.fc(outputs[:, -1])


def build() -> Network:
    return Network(Net(nnx.Rngs(0)), cross_entropy, optax.adam(1e-3))
