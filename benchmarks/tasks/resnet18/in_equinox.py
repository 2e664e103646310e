"""ResNet-18 with the CIFAR stem, in Equinox."""

import equinox as eqx
import jax
import optax

from benchmarks.peers.in_equinox import Network, cross_entropy


def conv(n_in, n_out, size, stride, key):
    return eqx.nn.Conv2d(
        n_in, n_out, size, stride, padding=size // 2, use_bias=False, key=key
    )


def norm(width):
    return eqx.nn.BatchNorm(width, "batch", momentum=0.9, mode="batch")


class Block(eqx.Module):
    conv1: eqx.nn.Conv2d
    bn1: eqx.nn.BatchNorm
    conv2: eqx.nn.Conv2d
    bn2: eqx.nn.BatchNorm
    shortcut: eqx.nn.Conv2d | None
    bn3: eqx.nn.BatchNorm | None

    def __init__(self, n_in, n_out, stride, key):
        keys = jax.random.split(key, 3)
        self.conv1 = conv(n_in, n_out, 3, stride, keys[0])
        self.bn1 = norm(n_out)
        self.conv2 = conv(n_out, n_out, 3, 1, keys[1])
        self.bn2 = norm(n_out)
        widens = n_in != n_out
        self.shortcut = conv(n_in, n_out, 1, stride, keys[2]) if widens else None
        self.bn3 = norm(n_out) if widens else None

    def __call__(self, x, state):
        y, state = self.bn1(self.conv1(x), state)
        y, state = self.bn2(self.conv2(jax.nn.relu(y)), state)
        if self.shortcut is not None:
            x, state = self.bn3(self.shortcut(x), state)
        return jax.nn.relu(x + y), state


class ResNet18(eqx.Module):
    conv1: eqx.nn.Conv2d
    bn1: eqx.nn.BatchNorm
    blocks: list[Block]
    fc: eqx.nn.Linear

    def __init__(self, key):
        stem_key, fc_key, *keys = jax.random.split(key, 10)
        self.conv1 = conv(3, 64, 3, 1, stem_key)
        self.bn1 = norm(64)
        widths = (64, 64, 64, 128, 128, 256, 256, 512, 512)
        self.blocks = [
            Block(n_in, n_out, n_out // n_in, key)
            for n_in, n_out, key in zip(widths, widths[1:], keys, strict=False)
        ]
        self.fc = eqx.nn.Linear(512, 10, key=fc_key)

    def __call__(self, x, state):
        x, state = self.bn1(self.conv1(x), state)
        x = jax.nn.relu(x)
        for block in self.blocks:
            x, state = block(x, state)
        return self.fc(x.mean((1, 2))), state


def loss(model, state, x, y, key):
    batched = jax.vmap(model, axis_name="batch", in_axes=(0, None), out_axes=(0, None))
    logits, state = batched(x, state)
    return cross_entropy(logits, y), state


def build() -> Network:
    model, state = eqx.nn.make_with_state(ResNet18)(jax.random.key(0))
    optimizer = optax.chain(optax.add_decayed_weights(5e-4), optax.sgd(0.01, 0.9))
    return Network(model, state, loss, optimizer)
