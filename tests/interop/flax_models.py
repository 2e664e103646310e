"""The same small networks in linen, in nnx and in funcnet, with names between them."""

import re
from typing import Any

import jax.numpy as jnp
from flax import linen, nnx

from funcnet import functional as F
from funcnet import init, nn


class LinenBlock(linen.Module):
    width: int

    @linen.compact
    def __call__(self, x: Any, train: bool) -> Any:
        y = linen.Conv(self.width, (3, 3), padding=1, use_bias=False)(x)
        y = linen.relu(linen.BatchNorm(use_running_average=not train)(y))
        y = linen.Conv(self.width, (3, 3), padding=1, feature_group_count=2)(y)
        y = linen.BatchNorm(use_running_average=not train)(y)
        return linen.relu(x + linen.Dropout(0.1, deterministic=not train)(y))


class LinenResNet(linen.Module):
    @linen.compact
    def __call__(self, x: Any, train: bool = False) -> Any:
        x = linen.Conv(8, (3, 3), strides=2, padding=1)(x)
        for _ in range(2):
            x = LinenBlock(8)(x, train)
        x = linen.ConvTranspose(6, (2, 2), strides=(2, 2), padding="VALID")(x)
        return linen.Dense(5)(linen.GroupNorm(3)(x).mean((1, 2)))


class Block(nn.Model):
    def __init__(self, width: int) -> None:
        self.conv1 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, groups=2)
        self.bn2 = nn.BatchNorm2d(width)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Any) -> Any:
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(x + self.drop(y))


class ResNet(nn.Model):
    def __init__(self) -> None:
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.layers = [Block(8) for _ in range(2)]
        self.up = nn.ConvTranspose2d(8, 6, 2, stride=2)
        self.norm = nn.GroupNorm(3, 6, eps=1e-6)
        self.head = nn.Linear(6, 5)

    def forward(self, x: Any) -> Any:  # (batch, height, width, 3), as flax has it
        x = self.stem(jnp.moveaxis(x, -1, 1))
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(self.up(x)).mean((2, 3)))


def resnet_names(path: str) -> str:
    """The path in linen, which counts the modules of a class, of a dotted path."""
    top = {"stem": "Conv_0", "up": "ConvTranspose_0", "norm": "GroupNorm_0"}
    top["head"] = "Dense_0"
    if path in top:
        return top[path]
    block, kind, number = re.fullmatch(r"layers\.(\d)\.(\w+?)(\d)", path).groups()
    name = {"conv": "Conv", "bn": "BatchNorm"}[kind]
    return f"LinenBlock_{block}/{name}_{int(number) - 1}"


class LinenViT(linen.Module):
    @linen.compact
    def __call__(self, x: Any, train: bool = False) -> Any:
        x = linen.Conv(8, (4, 4), strides=4, padding="VALID", name="patches")(x)
        x = x.reshape(x.shape[0], -1, 8)
        x = x + self.param("position", linen.initializers.normal(0.1), (1, 4, 8))
        for i in range(2):
            y = linen.LayerNorm(name=f"norm1_{i}")(x)
            x = x + linen.MultiHeadDotProductAttention(2, name=f"attention_{i}")(y)
            y = linen.Dense(16, name=f"fc1_{i}")(linen.RMSNorm(name=f"norm2_{i}")(x))
            y = linen.Dense(8, name=f"fc2_{i}")(linen.gelu(y))
            x = x + linen.Dropout(0.1, deterministic=not train)(y)
        return linen.Dense(5, name="head")(x.mean(1))


class ViTBlock(nn.Model):
    def __init__(self) -> None:
        self.norm1 = nn.LayerNorm(8, eps=1e-6)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.norm2 = nn.RMSNorm(8, eps=1e-6)
        self.fc1 = nn.Linear(8, 16)
        self.fc2 = nn.Linear(16, 8)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Any) -> Any:
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        y = self.fc2(F.gelu(self.fc1(self.norm2(x)), "tanh"))
        return x + self.drop(y)


class ViT(nn.Model):
    def __init__(self) -> None:
        self.patches = nn.Conv2d(3, 8, 4, stride=4)
        self.position = nn.Parameter((1, 4, 8), init.normal, std=0.1)
        self.blocks = [ViTBlock() for _ in range(2)]
        self.head = nn.Linear(8, 5)

    def forward(self, x: Any) -> Any:  # (batch, height, width, 3)
        x = self.patches(jnp.moveaxis(x, -1, 1))
        x = jnp.swapaxes(x.reshape(x.shape[0], 8, -1), 1, 2)  # (batch, 4, 8)
        x = x + jnp.broadcast_to(self.position, x.shape)
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean(1))


def vit_names(path: str) -> str:
    return re.sub(r"blocks\.(\d)\.(\w+)", r"\2_\1", path)


class NNXNet(nnx.Module):
    def __init__(self, width: int, *, rngs: nnx.Rngs) -> None:
        self.layers = nnx.List([nnx.Linear(4, width, rngs=rngs)])
        self.norm = nnx.BatchNorm(width, rngs=rngs)
        self.drop = nnx.Dropout(0.5, rngs=rngs)
        self.head = nnx.Linear(width, 3, rngs=rngs)

    def __call__(self, x: Any) -> Any:
        return self.head(self.drop(nnx.relu(self.norm(self.layers[0](x)))))


class Net(nn.Model):
    """`NNXNet` in funcnet, and what `from_nnx` is compared with."""

    def __init__(self, width: int = 6) -> None:
        self.layers = [nn.Linear(4, width)]
        self.norm = nn.BatchNorm1d(width)
        self.drop = nn.Dropout()
        self.head = nn.Linear(width, 3)

    def forward(self, x: Any) -> Any:
        return self.head(self.drop(F.relu(self.norm(self.layers[0](x)))))
