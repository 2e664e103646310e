"""The MNIST network of pytorch/examples, in Equinox."""

import equinox as eqx
import jax
import optax

from benchmarks.peers.in_equinox import Network, cross_entropy


class Net(eqx.Module):
    conv1: eqx.nn.Conv2d
    conv2: eqx.nn.Conv2d
    pool: eqx.nn.MaxPool2d
    dropout1: eqx.nn.Dropout
    dropout2: eqx.nn.Dropout
    fc1: eqx.nn.Linear
    fc2: eqx.nn.Linear

    def __init__(self, key):
        keys = jax.random.split(key, 4)
        self.conv1 = eqx.nn.Conv2d(1, 32, 3, key=keys[0])
        self.conv2 = eqx.nn.Conv2d(32, 64, 3, key=keys[1])
        self.pool = eqx.nn.MaxPool2d(2, 2)
        self.dropout1 = eqx.nn.Dropout(0.25)
        self.dropout2 = eqx.nn.Dropout(0.5)
        self.fc1 = eqx.nn.Linear(9216, 128, key=keys[2])
        self.fc2 = eqx.nn.Linear(128, 10, key=keys[3])

    def __call__(self, x, key):
        key1, key2 = jax.random.split(key)
        x = jax.nn.relu(self.conv1(x))
        x = jax.nn.relu(self.conv2(x))
        x = self.dropout1(self.pool(x), key=key1)
        x = jax.nn.relu(self.fc1(x.reshape(-1)))
        return self.fc2(self.dropout2(x, key=key2))


def loss(model, state, x, y, key):
    logits = jax.vmap(model)(x, jax.random.split(key, len(x)))
    return cross_entropy(logits, y), state


def build() -> Network:
    return Network(Net(jax.random.key(0)), None, loss, optax.sgd(0.01, 0.9))
