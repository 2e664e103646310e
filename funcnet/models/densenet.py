"""Densely connected networks."""

import re
from collections import OrderedDict
from typing import Any

from ._api import network, weights_enum
from ._backend import (
    Array,
    F,
    cat,
    checkpointed,
    dropout,
    flatten,
    init,
    initialize,
    nn,
)

__all__ = [
    "DenseNet",
    "DenseNet121_Weights",
    "DenseNet161_Weights",
    "DenseNet169_Weights",
    "DenseNet201_Weights",
    "densenet121",
    "densenet161",
    "densenet169",
    "densenet201",
]


class _DenseLayer(nn.Module):
    """A 1×1 and a 3×3 convolution of everything that came before in the block."""

    def __init__(
        self,
        num_input_features: int,
        growth_rate: int,
        bn_size: int,
        drop_rate: float,
        memory_efficient: bool = False,
    ) -> None:
        super().__init__()
        inner = bn_size * growth_rate
        self.norm1 = nn.BatchNorm2d(num_input_features)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv1 = nn.Conv2d(num_input_features, inner, kernel_size=1, bias=False)
        self.norm2 = nn.BatchNorm2d(inner)
        self.relu2 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(inner, growth_rate, kernel_size=3, padding=1, bias=False)
        self.drop_rate = float(drop_rate)
        self.memory_efficient = memory_efficient

    def bn_function(self, inputs: Any) -> Array:
        """Normalize and convolve the features so far."""
        return self.conv1(self.relu1(self.norm1(cat(inputs, 1))))

    def forward(self, input: Any) -> Array:
        features = list(input) if isinstance(input, list | tuple) else [input]
        if self.memory_efficient:
            inner = checkpointed(lambda *x: self.bn_function(x), *features)
        else:
            inner = self.bn_function(features)
        new = self.conv2(self.relu2(self.norm2(inner)))
        if self.drop_rate > 0:
            new = dropout(self, new, self.drop_rate)
        return new


class _DenseBlock(nn.ModuleDict):
    """Layers each of which sees the features of all before it."""

    _version = 2

    def __init__(
        self,
        num_layers: int,
        num_input_features: int,
        bn_size: int,
        growth_rate: int,
        drop_rate: float,
        memory_efficient: bool = False,
    ) -> None:
        super().__init__()
        for i in range(num_layers):
            size = num_input_features + i * growth_rate
            settings = growth_rate, bn_size, drop_rate, memory_efficient
            setattr(self, f"denselayer{i + 1}", _DenseLayer(size, *settings))

    def forward(self, init_features: Array) -> Array:
        features = [init_features]
        for _, layer in self.items():
            features.append(layer(features))
        return cat(features, 1)


class _Transition(nn.Sequential):
    """Fewer channels, half the size."""

    def __init__(self, num_input_features: int, num_output_features: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(num_input_features)
        self.relu = nn.ReLU(inplace=True)
        self.conv = nn.Conv2d(
            num_input_features, num_output_features, kernel_size=1, bias=False
        )
        self.pool = nn.AvgPool2d(kernel_size=2, stride=2)


class DenseNet(nn.Module):
    """DenseNet-BC.

    Args:
        growth_rate: channels that each layer adds.
        block_config: the number of layers in each block.
        num_init_features: channels of the first convolution.
        bn_size: inner channels of a layer, in growth rates.
        drop_rate: of the dropout after each layer.
        memory_efficient: compute the inner features again for the gradient (in compat;
            natively `jax.checkpoint` does so).

    Source: Huang et al., "Densely Connected Convolutional Networks" (2016),
    https://arxiv.org/abs/1608.06993
    """

    def __init__(
        self,
        growth_rate: int = 32,
        block_config: tuple[int, int, int, int] = (6, 12, 24, 16),
        num_init_features: int = 64,
        bn_size: int = 4,
        drop_rate: float = 0,
        num_classes: int = 1000,
        memory_efficient: bool = False,
    ) -> None:
        super().__init__()
        size = num_init_features
        parts: OrderedDict[str, Any] = OrderedDict(
            conv0=nn.Conv2d(3, size, kernel_size=7, stride=2, padding=3, bias=False),
            norm0=nn.BatchNorm2d(size),
            relu0=nn.ReLU(inplace=True),
            pool0=nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        )
        for i, layers in enumerate(block_config):
            settings = bn_size, growth_rate, drop_rate, memory_efficient
            parts[f"denseblock{i + 1}"] = _DenseBlock(layers, size, *settings)
            size += layers * growth_rate
            if i != len(block_config) - 1:
                parts[f"transition{i + 1}"] = _Transition(size, size // 2)
                size //= 2
        parts["norm5"] = nn.BatchNorm2d(size)
        self.features = nn.Sequential(parts)
        self.classifier = nn.Linear(size, num_classes)
        initialize(self)

    def _reset_parameters(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                init.kaiming_normal_(m.weight)
            elif isinstance(m, nn.BatchNorm2d):
                init.constant_(m.weight, 1)
                init.constant_(m.bias, 0)
            elif isinstance(m, nn.Linear):
                init.constant_(m.bias, 0)

    def forward(self, x: Array) -> Array:
        out = F.adaptive_avg_pool2d(F.relu(self.features(x)), (1, 1))
        return self.classifier(flatten(out, 1))


_OLD = re.compile(r"(denselayer\d+\.(?:norm|relu|conv))\.([12])\.")


def _renamed(name: str) -> str:
    """The name today of an array in torchvision's files, which have "norm.1"."""
    return _OLD.sub(r"\1\2.", name)


def _densenet(
    growth_rate: int, blocks: tuple[int, ...], first: int, options: dict[str, Any]
) -> DenseNet:
    return DenseNet(growth_rate, blocks, first, **options)  # type: ignore[arg-type]


DenseNet121_Weights = weights_enum("DenseNet121_Weights", __name__)
DenseNet161_Weights = weights_enum("DenseNet161_Weights", __name__)
DenseNet169_Weights = weights_enum("DenseNet169_Weights", __name__)
DenseNet201_Weights = weights_enum("DenseNet201_Weights", __name__)


@network(DenseNet121_Weights, rename=_renamed)
def densenet121(**options: Any) -> DenseNet:
    """DenseNet-121; see `DenseNet` for the options."""
    return _densenet(32, (6, 12, 24, 16), 64, options)


@network(DenseNet161_Weights, rename=_renamed)
def densenet161(**options: Any) -> DenseNet:
    """DenseNet-161; see `DenseNet` for the options."""
    return _densenet(48, (6, 12, 36, 24), 96, options)


@network(DenseNet169_Weights, rename=_renamed)
def densenet169(**options: Any) -> DenseNet:
    """DenseNet-169; see `DenseNet` for the options."""
    return _densenet(32, (6, 12, 32, 32), 64, options)


@network(DenseNet201_Weights, rename=_renamed)
def densenet201(**options: Any) -> DenseNet:
    """DenseNet-201; see `DenseNet` for the options."""
    return _densenet(32, (6, 12, 48, 32), 64, options)
