"""ResNet-18 with the CIFAR stem, in Flax NNX."""

import optax
from flax import nnx

from benchmarks.peers.in_nnx import Network, cross_entropy


def conv(n_in, n_out, size, stride, rngs):
    padding = size // 2
    return nnx.Conv(
        n_in,
        n_out,
        (size, size),
        strides=stride,
        padding=padding,
        use_bias=False,
        rngs=rngs,
    )


def norm(width, rngs):
    return nnx.BatchNorm(width, momentum=0.9, rngs=rngs)


class Block(nnx.Module):
    def __init__(self, n_in, n_out, stride, rngs):
        self.conv1 = conv(n_in, n_out, 3, stride, rngs)
        self.bn1 = norm(n_out, rngs)
        self.conv2 = conv(n_out, n_out, 3, 1, rngs)
        self.bn2 = norm(n_out, rngs)
        self.shortcut = nnx.Sequential()
        if n_in != n_out:
            self.shortcut = nnx.Sequential(
                conv(n_in, n_out, 1, stride, rngs), norm(n_out, rngs)
            )

    def __call__(self, x):
        y = nnx.relu(self.bn1(self.conv1(x)))
        return nnx.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class ResNet18(nnx.Module):
    def __init__(self, rngs):
        self.conv1 = conv(3, 64, 3, 1, rngs)
        self.bn1 = norm(64, rngs)
        blocks, width = [], 64
        for n_out in (64, 128, 256, 512):
            blocks += [
                Block(width, n_out, n_out // width, rngs),
                Block(n_out, n_out, 1, rngs),
            ]
            width = n_out
        self.blocks = nnx.Sequential(*blocks)
        self.fc = nnx.Linear(512, 10, rngs=rngs)

    def __call__(self, x):
        x = nnx.relu(self.bn1(self.conv1(x)))
        return self.fc(self.blocks(x).mean((1, 2)))


def build() -> Network:
    optimizer = optax.chain(optax.add_decayed_weights(5e-4), optax.sgd(0.01, 0.9))
    model = ResNet18(nnx.Rngs(0))
    return Network(model, cross_entropy, optimizer, channels_last=True)
