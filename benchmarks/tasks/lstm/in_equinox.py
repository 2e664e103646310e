"""An image read row by row, in Equinox."""

import equinox as eqx
import jax
import jax.numpy as jnp
import optax

from benchmarks.peers.in_equinox import Network, classify


class Net(eqx.Module):
    cells: list[eqx.nn.LSTMCell]
    fc: eqx.nn.Linear

    def __init__(self, key):
        keys = jax.random.split(key, 3)
        self.cells = [
            eqx.nn.LSTMCell(28, 128, key=keys[0]),
            eqx.nn.LSTMCell(128, 128, key=keys[1]),
        ]
        self.fc = eqx.nn.Linear(128, 10, key=keys[2])

    def __call__(self, x):
        for cell in self.cells:

            def advance(carry, row, cell=cell):
                carry = cell(row, carry)
                return carry, carry[0]

            start = (jnp.zeros(cell.hidden_size), jnp.zeros(cell.hidden_size))
            _, x = jax.lax.scan(advance, start, x)
        return self.fc(x[-1])


def build() -> Network:
    return Network(Net(jax.random.key(0)), None, classify, optax.adam(1e-3))
