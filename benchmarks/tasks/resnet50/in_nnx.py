"""ResNet-50, in Flax NNX."""

import optax
from flax import nnx

from benchmarks.peers.in_nnx import Network, cross_entropy


def conv(n_in, n_out, size, stride, rngs):
    options = {"strides": stride, "padding": size // 2, "use_bias": False}
    return nnx.Conv(n_in, n_out, (size, size), **options, rngs=rngs)


def norm(width, rngs):
    return nnx.BatchNorm(width, momentum=0.9, rngs=rngs)


class Block(nnx.Module):
    def __init__(self, n_in, width, stride, rngs):
        self.conv1, self.bn1 = conv(n_in, width, 1, 1, rngs), norm(width, rngs)
        self.conv2, self.bn2 = conv(width, width, 3, stride, rngs), norm(width, rngs)
        self.conv3, self.bn3 = conv(width, 4 * width, 1, 1, rngs), norm(4 * width, rngs)
        self.shortcut = nnx.Sequential()
        if stride != 1 or n_in != 4 * width:
            self.shortcut = nnx.Sequential(
                conv(n_in, 4 * width, 1, stride, rngs), norm(4 * width, rngs)
            )

    def __call__(self, x):
        y = nnx.relu(self.bn1(self.conv1(x)))
        y = nnx.relu(self.bn2(self.conv2(y)))
        return nnx.relu(self.bn3(self.conv3(y)) + self.shortcut(x))


class ResNet50(nnx.Module):
    def __init__(self, rngs):
        self.conv1, self.bn1 = conv(3, 64, 7, 2, rngs), norm(64, rngs)
        blocks, n_in = [], 64
        for stage, count in enumerate((3, 4, 6, 3)):
            width = 64 << stage
            for index in range(count):
                stride = 2 if stage and not index else 1
                blocks.append(Block(n_in, width, stride, rngs))
                n_in = 4 * width
        self.blocks = nnx.Sequential(*blocks)
        self.fc = nnx.Linear(2048, 1000, rngs=rngs)

    def __call__(self, x):
        x = nnx.relu(self.bn1(self.conv1(x)))
        x = nnx.max_pool(x, (3, 3), strides=(2, 2), padding=((1, 1), (1, 1)))
        return self.fc(self.blocks(x).mean((1, 2)))


def build() -> Network:
    optimizer = optax.chain(optax.add_decayed_weights(1e-4), optax.sgd(0.01, 0.9))
    model = ResNet50(nnx.Rngs(0))
    return Network(model, cross_entropy, optimizer, channels_last=True)
