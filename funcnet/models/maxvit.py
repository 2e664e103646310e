"""MaxViT: attention in windows and over grids."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from ._api import network, number_of_classes, set_option, weights_enum
from ._backend import (
    Array,
    F,
    chunk,
    constant,
    init,
    initialize,
    nn,
    parameter,
    permute,
)
from ._blocks import Conv2dNormActivation, SqueezeExcitation, StochasticDepth

__all__ = ["MaxVit", "MaxVit_T_Weights", "maxvit_t"]

Made = Callable[..., Any]


def _halved(size: tuple[int, int]) -> tuple[int, int]:
    """What a 3×3 convolution with stride 2 makes of a height and a width."""
    return (size[0] - 1) // 2 + 1, (size[1] - 1) // 2 + 1


class MBConv(nn.Module):
    """Inverted residual block with squeeze and excitation, behind a norm.

    Args:
        expansion_ratio: of the channels inside, to `out_channels`.
        squeeze_ratio: of the channels that weigh the others, to `out_channels`.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        expansion_ratio: float,
        squeeze_ratio: float,
        stride: int,
        activation_layer: Made,
        norm_layer: Made,
        p_stochastic_dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if stride != 1 or in_channels != out_channels:
            pooled = [nn.AvgPool2d(3, stride, padding=1)] if stride == 2 else []
            self.proj = nn.Sequential(*pooled, nn.Conv2d(in_channels, out_channels, 1))
        else:
            self.proj = nn.Identity()
        inner = int(out_channels * expansion_ratio)
        if p_stochastic_dropout:
            self.stochastic_depth = StochasticDepth(p_stochastic_dropout, mode="row")
        else:
            self.stochastic_depth = nn.Identity()
        made: dict[str, Any] = {
            "activation_layer": activation_layer,
            "norm_layer": norm_layer,
            "inplace": None,
        }
        layers: OrderedDict[str, Any] = OrderedDict()
        layers["pre_norm"] = norm_layer(in_channels)
        layers["conv_a"] = Conv2dNormActivation(in_channels, inner, 1, 1, 0, **made)
        layers["conv_b"] = Conv2dNormActivation(
            inner, inner, 3, stride, 1, groups=inner, **made
        )
        layers["squeeze_excitation"] = SqueezeExcitation(
            inner, int(out_channels * squeeze_ratio), activation=nn.SiLU
        )
        layers["conv_c"] = nn.Conv2d(inner, out_channels, kernel_size=1, bias=True)
        self.layers = nn.Sequential(layers)

    def forward(self, x: Array) -> Array:
        return self.proj(x) + self.stochastic_depth(self.layers(x))


def _position_index(size: int) -> np.ndarray:
    """For each pair of pixels of a window, the index of the step between them."""
    axes = np.arange(size), np.arange(size)
    flat = np.stack(np.meshgrid(*axes, indexing="ij")).reshape(2, -1)
    steps = flat[:, :, None] - flat[:, None] + size - 1
    return steps[0] * (2 * size - 1) + steps[1]


class RelativePositionalMultiHeadAttention(nn.Module):
    """Attention with a bias for each step between two pixels of a window.

    Args:
        feat_dim: the channels.
        head_dim: those of each head.
        max_seq_len: the number of pixels of a window.
    """

    def __init__(self, feat_dim: int, head_dim: int, max_seq_len: int) -> None:
        super().__init__()
        if feat_dim % head_dim != 0:
            raise ValueError(
                f"feat_dim: {feat_dim} must be divisible by head_dim: {head_dim}"
            )
        self.n_heads = feat_dim // head_dim
        self.head_dim = head_dim
        self.size = int(max_seq_len**0.5)
        self.max_seq_len = max_seq_len
        self.to_qkv = nn.Linear(feat_dim, self.n_heads * self.head_dim * 3)
        self.scale_factor = feat_dim**-0.5
        self.merge = nn.Linear(self.head_dim * self.n_heads, feat_dim)
        self.relative_position_bias_table = parameter(
            ((2 * self.size - 1) ** 2, self.n_heads), "trunc_normal", std=0.02
        )
        self.relative_position_index = constant(_position_index, self.size)

    def get_relative_positional_bias(self) -> Array:
        """The biases, `(1, heads, pixels, pixels)`."""
        pixels = self.max_seq_len
        bias = self.relative_position_bias_table[
            self.relative_position_index.reshape(-1)
        ].reshape(pixels, pixels, -1)
        return permute(bias, (2, 0, 1))[None]

    def forward(self, x: Array) -> Array:
        batch, windows, pixels, channels = x.shape
        shape = batch, windows, pixels, self.n_heads, self.head_dim
        q, k, v = chunk(self.to_qkv(x), 3, -1)
        q = permute(q.reshape(*shape), (0, 1, 3, 2, 4))
        k = permute(k.reshape(*shape), (0, 1, 3, 2, 4))
        v = permute(v.reshape(*shape), (0, 1, 3, 2, 4))
        # (batch, windows, heads, pixels, channels of a head)
        scores = q @ (k * self.scale_factor).swapaxes(-2, -1)
        attention = F.softmax(scores + self.get_relative_positional_bias()[None], -1)
        out = permute(attention @ v, (0, 1, 3, 2, 4))
        return self.merge(out.reshape(batch, windows, pixels, channels))


class SwapAxes(nn.Module):
    """Swap two dimensions."""

    def __init__(self, a: int, b: int) -> None:
        super().__init__()
        self.a = a
        self.b = b

    def forward(self, x: Array) -> Array:
        return x.swapaxes(self.a, self.b)


class WindowPartition(nn.Module):
    """Cut `(batch, channels, height, width)` into `(batch, windows, pixels, channels)`.

    A window has `p` by `p` pixels.
    """

    def forward(self, x: Array, p: int) -> Array:
        batch, channels, height, width = x.shape
        x = x.reshape(batch, channels, height // p, p, width // p, p)
        x = permute(x, (0, 2, 4, 3, 5, 1))
        return x.reshape(batch, (height // p) * (width // p), p * p, channels)


class WindowDepartition(nn.Module):
    """Join windows to an image; the inverse of `WindowPartition`."""

    def forward(self, x: Array, p: int, h_partitions: int, w_partitions: int) -> Array:
        batch, _, _, channels = x.shape
        x = x.reshape(batch, h_partitions, w_partitions, p, p, channels)
        x = permute(x, (0, 5, 1, 3, 2, 4))
        return x.reshape(batch, channels, h_partitions * p, w_partitions * p)


class PartitionAttentionLayer(nn.Module):
    """Attention inside windows, or between the pixels of a grid; then a perceptron.

    Args:
        partition_size: height and width of a window, or of the grid.
        partition_type: "window" or "grid".
        grid_size: height and width of the image.
    """

    def __init__(
        self,
        in_channels: int,
        head_dim: int,
        partition_size: int,
        partition_type: str,
        grid_size: tuple[int, int],
        mlp_ratio: int,
        activation_layer: Made,
        norm_layer: Made,
        attention_dropout: float,
        mlp_dropout: float,
        p_stochastic_dropout: float,
    ) -> None:
        super().__init__()
        self.n_heads = in_channels // head_dim
        self.head_dim = head_dim
        self.n_partitions = grid_size[0] // partition_size
        self.partition_type = partition_type
        self.grid_size = grid_size
        if partition_type not in ("grid", "window"):
            raise ValueError("partition_type must be either 'grid' or 'window'")
        sizes = partition_size, self.n_partitions
        self.p, self.g = sizes if partition_type == "window" else sizes[::-1]
        self.partition_op = WindowPartition()
        self.departition_op = WindowDepartition()
        grid = partition_type == "grid"
        self.partition_swap = SwapAxes(-2, -3) if grid else nn.Identity()
        self.departition_swap = SwapAxes(-2, -3) if grid else nn.Identity()
        self.attn_layer = nn.Sequential(
            norm_layer(in_channels),
            RelativePositionalMultiHeadAttention(
                in_channels, head_dim, partition_size**2
            ),
            nn.Dropout(attention_dropout),
        )
        self.mlp_layer = nn.Sequential(
            nn.LayerNorm(in_channels),
            nn.Linear(in_channels, in_channels * mlp_ratio),
            activation_layer(),
            nn.Linear(in_channels * mlp_ratio, in_channels),
            nn.Dropout(mlp_dropout),
        )
        self.stochastic_dropout = StochasticDepth(p_stochastic_dropout, mode="row")

    def forward(self, x: Array) -> Array:
        rows, columns = (size // self.p for size in self.grid_size)
        if any(size % self.p for size in self.grid_size):
            raise AssertionError(
                "Grid size must be divisible by partition size. Got grid size of "
                f"{self.grid_size} and partition size of {self.p}"
            )
        x = self.partition_swap(self.partition_op(x, self.p))
        x = x + self.stochastic_dropout(self.attn_layer(x))
        x = x + self.stochastic_dropout(self.mlp_layer(x))
        return self.departition_op(self.departition_swap(x), self.p, rows, columns)


class MaxVitLayer(nn.Module):
    """A convolution, attention inside windows, and attention over a grid."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        squeeze_ratio: float,
        expansion_ratio: float,
        stride: int,
        norm_layer: Made,
        activation_layer: Made,
        head_dim: int,
        mlp_ratio: int,
        mlp_dropout: float,
        attention_dropout: float,
        p_stochastic_dropout: float,
        partition_size: int,
        grid_size: tuple[int, int],
    ) -> None:
        super().__init__()
        layers: OrderedDict[str, Any] = OrderedDict()
        layers["MBconv"] = MBConv(
            *(in_channels, out_channels, expansion_ratio, squeeze_ratio, stride),
            *(activation_layer, norm_layer, p_stochastic_dropout),
        )
        for kind in ("window", "grid"):
            layers[f"{kind}_attention"] = PartitionAttentionLayer(
                *(out_channels, head_dim, partition_size, kind, grid_size, mlp_ratio),
                *(activation_layer, nn.LayerNorm, attention_dropout, mlp_dropout),
                p_stochastic_dropout,
            )
        self.layers = nn.Sequential(layers)

    def forward(self, x: Array) -> Array:
        return self.layers(x)


class MaxVitBlock(nn.Module):
    """Layers of one size, the first of which halves it.

    Args:
        input_grid_size: height and width of what comes in.
        n_layers: the number of layers.
        p_stochastic: the rate of stochastic depth of each.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        squeeze_ratio: float,
        expansion_ratio: float,
        norm_layer: Made,
        activation_layer: Made,
        head_dim: int,
        mlp_ratio: int,
        mlp_dropout: float,
        attention_dropout: float,
        partition_size: int,
        input_grid_size: tuple[int, int],
        n_layers: int,
        p_stochastic: Sequence[float],
    ) -> None:
        super().__init__()
        if len(p_stochastic) != n_layers:
            raise ValueError(
                f"p_stochastic must have length n_layers={n_layers}, got "
                f"p_stochastic={p_stochastic}."
            )
        self.grid_size = _halved(input_grid_size)
        self.layers = nn.ModuleList(
            [
                MaxVitLayer(
                    in_channels=out_channels if index else in_channels,
                    out_channels=out_channels,
                    squeeze_ratio=squeeze_ratio,
                    expansion_ratio=expansion_ratio,
                    stride=1 if index else 2,
                    norm_layer=norm_layer,
                    activation_layer=activation_layer,
                    head_dim=head_dim,
                    mlp_ratio=mlp_ratio,
                    mlp_dropout=mlp_dropout,
                    attention_dropout=attention_dropout,
                    partition_size=partition_size,
                    grid_size=self.grid_size,
                    p_stochastic_dropout=rate,
                )
                for index, rate in enumerate(p_stochastic)
            ]
        )

    def forward(self, x: Array) -> Array:
        for layer in self.layers:
            x = layer(x)
        return x


class MaxVit(nn.Module):
    """MaxViT.

    Args:
        input_size: height and width of the images.
        stem_channels: before the first block.
        partition_size: height and width of a window, and of the grid.
        block_channels, block_layers: of each block.
        head_dim: the channels of a head of attention.
        stochastic_depth_prob: of the last layer; those before have less.
        norm_layer: of convolutions; batch norm by default.
        activation_layer: of convolutions and perceptrons.

    Raises:
        ValueError: `partition_size` does not divide the sizes inside the network.

    Source: Tu et al., "MaxViT: Multi-Axis Vision Transformer" (2022),
    https://arxiv.org/abs/2204.01697
    """

    def __init__(
        self,
        input_size: tuple[int, int],
        stem_channels: int,
        partition_size: int,
        block_channels: Sequence[int],
        block_layers: Sequence[int],
        head_dim: int,
        stochastic_depth_prob: float,
        norm_layer: Made | None = None,
        activation_layer: Made = nn.GELU,
        squeeze_ratio: float = 0.25,
        expansion_ratio: float = 4,
        mlp_ratio: int = 4,
        mlp_dropout: float = 0.0,
        attention_dropout: float = 0.0,
        num_classes: int = 1000,
    ) -> None:
        super().__init__()
        norm = norm_layer or partial(nn.BatchNorm2d, eps=1e-3, momentum=0.01)
        _check_sizes(input_size, partition_size, len(block_channels))
        self.stem = nn.Sequential(
            Conv2dNormActivation(
                *(3, stem_channels, 3),
                stride=2,
                norm_layer=norm,
                activation_layer=activation_layer,
                bias=False,
                inplace=None,
            ),
            Conv2dNormActivation(
                *(stem_channels, stem_channels, 3),
                stride=1,
                norm_layer=None,
                activation_layer=None,
                bias=True,
            ),
        )
        self.partition_size = partition_size
        rates = np.linspace(0, stochastic_depth_prob, sum(block_layers)).tolist()
        size, channels, blocks = _halved(input_size), stem_channels, []
        for width, count in zip(block_channels, block_layers, strict=True):
            block = MaxVitBlock(
                in_channels=channels,
                out_channels=width,
                squeeze_ratio=squeeze_ratio,
                expansion_ratio=expansion_ratio,
                norm_layer=norm,
                activation_layer=activation_layer,
                head_dim=head_dim,
                mlp_ratio=mlp_ratio,
                mlp_dropout=mlp_dropout,
                attention_dropout=attention_dropout,
                partition_size=partition_size,
                input_grid_size=size,
                n_layers=count,
                p_stochastic=rates[:count],
            )
            blocks.append(block)
            rates, size, channels = rates[count:], block.grid_size, width
        self.blocks = nn.ModuleList(blocks)
        self.classifier = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.LayerNorm(channels),
            nn.Linear(channels, channels),
            nn.Tanh(),
            nn.Linear(channels, num_classes, bias=False),
        )
        initialize(self)

    def _reset_parameters(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Conv2d | nn.Linear):
                init.normal_(m.weight, std=0.02)
                if m.bias is not None:
                    init.zeros_(m.bias)
            elif isinstance(m, nn.BatchNorm2d):
                init.constant_(m.weight, 1)
                init.constant_(m.bias, 0)

    def forward(self, x: Array) -> Array:
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        return self.classifier(x)


def _check_sizes(size: tuple[int, int], partition: int, blocks: int) -> None:
    """Raise unless windows fit into what each block makes."""
    sizes = [_halved(_halved(size))]
    for _ in range(1, blocks):
        sizes.append(_halved(sizes[-1]))
    for index, one in enumerate(sizes):
        if one[0] % partition or one[1] % partition:
            raise ValueError(
                f"Input size {one} of block {index} is not divisible by partition size "
                f"{partition}. Consider changing the partition size or the input "
                "size.\nCurrent configuration yields the following block input sizes: "
                f"{sizes}."
            )


MaxVit_T_Weights = weights_enum("MaxVit_T_Weights", __name__)


def _as_trained(options: dict[str, Any], weights: Any) -> None:
    number_of_classes(options, weights)
    set_option(options, "input_size", weights.meta["min_size"])


@network(MaxVit_T_Weights, adjust=_as_trained)
def maxvit_t(**options: Any) -> MaxVit:
    """MaxViT-T; see `MaxVit` for the options."""
    return MaxVit(
        **{"input_size": (224, 224), **options},
        stem_channels=64,
        block_channels=[64, 128, 256, 512],
        block_layers=[2, 2, 5, 2],
        head_dim=32,
        stochastic_depth_prob=0.2,
        partition_size=7,
    )
