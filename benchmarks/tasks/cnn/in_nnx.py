"""The MNIST network of pytorch/examples, in Flax NNX."""

import optax
from flax import nnx

from benchmarks.peers.in_nnx import Network, cross_entropy


class Net(nnx.Module):
    def __init__(self, rngs):
        self.conv1 = nnx.Conv(1, 32, (3, 3), padding="VALID", rngs=rngs)
        self.conv2 = nnx.Conv(32, 64, (3, 3), padding="VALID", rngs=rngs)
        self.dropout1 = nnx.Dropout(0.25, rngs=rngs)
        self.dropout2 = nnx.Dropout(0.5, rngs=rngs)
        self.fc1 = nnx.Linear(9216, 128, rngs=rngs)
        self.fc2 = nnx.Linear(128, 10, rngs=rngs)

    def __call__(self, x):
        x = nnx.relu(self.conv1(x))
        x = nnx.relu(self.conv2(x))
        x = self.dropout1(nnx.max_pool(x, (2, 2), strides=(2, 2)))
        x = nnx.relu(self.fc1(x.reshape(len(x), -1)))
        return self.fc2(self.dropout2(x))


def build() -> Network:
    model = Net(nnx.Rngs(0))
    return Network(model, cross_entropy, optax.sgd(0.01, 0.9), channels_last=True)
