"""Swin transformers, v1 and v2."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from ._api import network, weights_enum
from ._backend import (
    Array,
    F,
    as_constant,
    cat,
    clamp_max,
    constant,
    dropping,
    exp,
    init,
    initialize,
    nn,
    parameter,
    permute,
    roll,
    sigmoid,
    traced_whole,
)
from ._blocks import MLP, Permute, StochasticDepth

__all__ = [
    "SwinTransformer",
    "Swin_B_Weights",
    "Swin_S_Weights",
    "Swin_T_Weights",
    "Swin_V2_B_Weights",
    "Swin_V2_S_Weights",
    "Swin_V2_T_Weights",
    "swin_b",
    "swin_s",
    "swin_t",
    "swin_v2_b",
    "swin_v2_s",
    "swin_v2_t",
]

Made = Callable[..., Any]


@traced_whole
def _patch_merging_pad(x: Array) -> Array:
    """Four pixels beside each other become one: `(..., height / 2, width / 2, 4C)`."""
    height, width, _ = x.shape[-3:]
    x = F.pad(x, (0, 0, 0, width % 2, 0, height % 2))
    corners = ((0, 0), (1, 0), (0, 1), (1, 1))
    return cat([x[..., i::2, j::2, :] for i, j in corners], -1)


class PatchMerging(nn.Module):
    """Half the size, twice the channels; the norm comes first."""

    def __init__(self, dim: int, norm_layer: Made = nn.LayerNorm) -> None:
        super().__init__()
        self.dim = dim
        self.reduction = nn.Linear(4 * dim, 2 * dim, bias=False)
        self.norm = norm_layer(4 * dim)

    def forward(self, x: Array) -> Array:
        return self.reduction(self.norm(_patch_merging_pad(x)))


class PatchMergingV2(nn.Module):
    """Half the size, twice the channels; the norm comes last."""

    def __init__(self, dim: int, norm_layer: Made = nn.LayerNorm) -> None:
        super().__init__()
        self.dim = dim
        self.reduction = nn.Linear(4 * dim, 2 * dim, bias=False)
        self.norm = norm_layer(2 * dim)

    def forward(self, x: Array) -> Array:
        return self.norm(self.reduction(_patch_merging_pad(x)))


def _windows(x: Array, window: Sequence[int]) -> Array:
    """Cut `(batch, height, width, C)` into `(batch * windows, pixels, C)`."""
    batch, height, width, channels = x.shape
    h, w = window
    x = x.reshape(batch, height // h, h, width // w, w, channels)
    x = permute(x, (0, 1, 3, 2, 4, 5))
    return x.reshape(batch * (height // h) * (width // w), h * w, channels)


def _region_mask(
    height: int, width: int, window: tuple[int, ...], shift: tuple[int, ...]
) -> np.ndarray:
    """What is added to attention between pixels that a shift brought together."""
    regions: Any = np.zeros((1, height, width, 1), np.float32)
    count = 0
    cuts = [
        (slice(0, -w), slice(-w, -s), slice(-s, None))
        for w, s in zip(window, shift, strict=True)
    ]
    for rows in cuts[0]:
        for columns in cuts[1]:
            regions[:, rows, columns] = count
            count += 1
    h, w = window
    regions = regions.reshape(height // h, h, width // w, w).transpose(0, 2, 1, 3)
    regions = regions.reshape(-1, h * w)
    return np.where(regions[:, None] != regions[:, :, None], -100.0, 0.0)


@traced_whole
def shifted_window_attention(
    input: Array,
    qkv_weight: Array,
    proj_weight: Array,
    relative_position_bias: Array,
    window_size: Sequence[int],
    num_heads: int,
    shift_size: Sequence[int],
    attention_dropout: float = 0.0,
    dropout: float = 0.0,
    qkv_bias: Array | None = None,
    proj_bias: Array | None = None,
    logit_scale: Array | None = None,
    training: bool = True,
    drop: Callable[[Array, float], Array] | None = None,
) -> Array:
    """Attention inside windows of an image, which may be shifted.

    Args:
        input: `(batch, height, width, channels)`.
        relative_position_bias: added to the scores, `(1, heads, pixels, pixels)`.
        shift_size: by how much the windows are shifted; not where one is the image.
        logit_scale: of the scores of v2, which are cosines.
        drop: applies dropout; that of `F` by default.
    """
    batch, height, width, channels = input.shape
    h, w = window_size
    x = F.pad(input, (0, 0, 0, (w - width % w) % w, 0, (h - height % h) % h))
    _, tall, wide, _ = x.shape
    shift = [
        0 if window >= size else step
        for window, size, step in zip(
            window_size, (tall, wide), shift_size, strict=True
        )
    ]
    if sum(shift) > 0:
        x = roll(x, (-shift[0], -shift[1]), (1, 2))
    x = _windows(x, window_size)
    count, pixels, _ = x.shape
    if logit_scale is not None and qkv_bias is not None:  # keys have no bias
        size = qkv_bias.shape[0] // 3
        parts = [qkv_bias[:size], qkv_bias[size : 2 * size] * 0, qkv_bias[2 * size :]]
        qkv_bias = cat(parts, 0)
    qkv = F.linear(x, qkv_weight, qkv_bias)
    qkv = qkv.reshape(count, pixels, 3, num_heads, channels // num_heads)
    q, k, v = permute(qkv, (2, 0, 3, 1, 4))  # (windows, heads, pixels, channels)
    if logit_scale is None:
        scores = (q * (channels // num_heads) ** -0.5) @ k.swapaxes(-2, -1)
    else:
        scores = F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).swapaxes(-2, -1)
        scores = scores * exp(clamp_max(logit_scale, math.log(100.0)))[None]
    scores = scores + relative_position_bias
    if sum(shift) > 0:
        masks = _region_mask(tall, wide, tuple(window_size), tuple(shift))
        mask = as_constant(masks[None, :, None], x)  # (1, windows, 1, pixels, pixels)
        grouped = scores.reshape(-1, len(masks), num_heads, pixels, pixels)
        scores = (grouped + mask).reshape(count, num_heads, pixels, pixels)

    def by_default(y: Array, rate: float) -> Array:
        return F.dropout(y, p=rate, training=training)

    dropped = drop or by_default
    attention = dropped(F.softmax(scores, -1), attention_dropout)
    x = permute(attention @ v, (0, 2, 1, 3)).reshape(count, pixels, channels)
    x = dropped(F.linear(x, proj_weight, proj_bias), dropout)
    x = x.reshape(batch, tall // h, wide // w, h, w, channels)
    x = permute(x, (0, 1, 3, 2, 4, 5)).reshape(batch, tall, wide, channels)
    if sum(shift) > 0:
        x = roll(x, (shift[0], shift[1]), (1, 2))
    return x[:, :height, :width]


def _position_index(h: int, w: int) -> np.ndarray:
    """For each pair of pixels of a window, the index of the step between them."""
    grid = np.stack(np.meshgrid(np.arange(h), np.arange(w), indexing="ij"))
    flat = grid.reshape(2, -1)
    steps = flat[:, :, None] - flat[:, None]
    return ((steps[0] + h - 1) * (2 * w - 1) + steps[1] + w - 1).ravel()


def _position_coordinates(h: int, w: int) -> np.ndarray:
    """The steps between pixels of a window, on a scale of logarithms."""
    axes: list[Any] = [np.arange(1 - n, n, dtype=np.float32) for n in (h, w)]
    table: Any = np.stack(np.meshgrid(*axes, indexing="ij"), -1)[None]
    table = table / np.array([h - 1, w - 1], np.float32) * np.float32(8)
    result = np.sign(table) * np.log2(np.abs(table) + np.float32(1)) / np.float32(3)
    return result.astype(np.float32)


class ShiftedWindowAttention(nn.Module):
    """`shifted_window_attention`, with a table of biases by relative position."""

    def __init__(
        self,
        dim: int,
        window_size: Sequence[int],
        shift_size: Sequence[int],
        num_heads: int,
        qkv_bias: bool = True,
        proj_bias: bool = True,
        attention_dropout: float = 0.0,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if len(window_size) != 2 or len(shift_size) != 2:
            raise ValueError("window_size and shift_size must be of length 2")
        self.window_size = window_size
        self.shift_size = shift_size
        self.num_heads = num_heads
        self.attention_dropout = attention_dropout
        self.dropout = dropout
        self._has_bias = (qkv_bias, proj_bias)
        self.qkv = nn.Linear(dim, dim * 3, bias=qkv_bias)
        self.proj = nn.Linear(dim, dim, bias=proj_bias)
        self.define_relative_position_bias_table()
        self.relative_position_index = constant(_position_index, *window_size)

    def define_relative_position_bias_table(self) -> None:
        """Make the table, `(steps, heads)`."""
        h, w = self.window_size
        steps = (2 * h - 1) * (2 * w - 1)
        self.relative_position_bias_table = parameter(
            (steps, self.num_heads), "trunc_normal", std=0.02
        )

    def _biases(self, table: Array) -> Array:
        pixels = self.window_size[0] * self.window_size[1]
        bias = table[self.relative_position_index].reshape(pixels, pixels, -1)
        return permute(bias, (2, 0, 1))[None]

    def get_relative_position_bias(self) -> Array:
        """The biases, `(1, heads, pixels, pixels)`."""
        return self._biases(self.relative_position_bias_table)

    def _logit_scale(self) -> Array | None:
        return None

    def forward(self, x: Array) -> Array:
        return shifted_window_attention(
            x,
            self.qkv.weight,
            self.proj.weight,
            self.get_relative_position_bias(),
            self.window_size,
            self.num_heads,
            shift_size=self.shift_size,
            attention_dropout=self.attention_dropout,
            dropout=self.dropout,
            qkv_bias=self.qkv.bias if self._has_bias[0] else None,
            proj_bias=self.proj.bias if self._has_bias[1] else None,
            logit_scale=self._logit_scale(),
            training=self.training,
            drop=dropping(self),
        )


class ShiftedWindowAttentionV2(ShiftedWindowAttention):
    """Scores are cosines; the biases are a perceptron's, of the relative position."""

    def __init__(
        self,
        dim: int,
        window_size: Sequence[int],
        shift_size: Sequence[int],
        num_heads: int,
        qkv_bias: bool = True,
        proj_bias: bool = True,
        attention_dropout: float = 0.0,
        dropout: float = 0.0,
    ) -> None:
        shape = dim, window_size, shift_size, num_heads, qkv_bias, proj_bias
        super().__init__(*shape, attention_dropout, dropout)
        self.logit_scale = parameter((num_heads, 1, 1), "constant", val=math.log(10))
        self.cpb_mlp = nn.Sequential(
            nn.Linear(2, 512, bias=True),
            nn.ReLU(inplace=True),
            nn.Linear(512, num_heads, bias=False),
        )

    def define_relative_position_bias_table(self) -> None:
        self.relative_coords_table = constant(_position_coordinates, *self.window_size)

    def get_relative_position_bias(self) -> Array:
        table = self.cpb_mlp(self.relative_coords_table).reshape(-1, self.num_heads)
        return 16 * sigmoid(self._biases(table))

    def _logit_scale(self) -> Array | None:
        return self.logit_scale


class SwinTransformerBlock(nn.Module):
    """Attention in windows and a perceptron, each behind a norm."""

    def __init__(
        self,
        dim: int,
        num_heads: int,
        window_size: Sequence[int],
        shift_size: Sequence[int],
        mlp_ratio: float = 4.0,
        dropout: float = 0.0,
        attention_dropout: float = 0.0,
        stochastic_depth_prob: float = 0.0,
        norm_layer: Made = nn.LayerNorm,
        attn_layer: Made = ShiftedWindowAttention,
    ) -> None:
        super().__init__()
        self.norm1 = norm_layer(dim)
        self.attn = attn_layer(
            *(dim, window_size, shift_size, num_heads),
            attention_dropout=attention_dropout,
            dropout=dropout,
        )
        self.stochastic_depth = StochasticDepth(stochastic_depth_prob, "row")
        self.norm2 = norm_layer(dim)
        self.mlp = MLP(
            dim,
            [int(dim * mlp_ratio), dim],
            activation_layer=nn.GELU,
            inplace=None,
            dropout=dropout,
        )
        initialize(self)

    def _reset_parameters(self) -> None:
        for m in self.mlp.modules():
            if isinstance(m, nn.Linear):
                init.xavier_uniform_(m.weight)
                if m.bias is not None:
                    init.normal_(m.bias, std=1e-6)

    def forward(self, x: Array) -> Array:
        x = x + self.stochastic_depth(self.attn(self.norm1(x)))
        return x + self.stochastic_depth(self.mlp(self.norm2(x)))


class SwinTransformerBlockV2(SwinTransformerBlock):
    """Attention in windows and a perceptron, each before a norm."""

    def __init__(
        self,
        dim: int,
        num_heads: int,
        window_size: Sequence[int],
        shift_size: Sequence[int],
        mlp_ratio: float = 4.0,
        dropout: float = 0.0,
        attention_dropout: float = 0.0,
        stochastic_depth_prob: float = 0.0,
        norm_layer: Made = nn.LayerNorm,
        attn_layer: Made = ShiftedWindowAttentionV2,
    ) -> None:
        shape = dim, num_heads, window_size, shift_size, mlp_ratio
        rates = dropout, attention_dropout, stochastic_depth_prob
        super().__init__(*shape, *rates, norm_layer, attn_layer)

    def forward(self, x: Array) -> Array:
        x = x + self.stochastic_depth(self.norm1(self.attn(x)))
        return x + self.stochastic_depth(self.norm2(self.mlp(x)))


class SwinTransformer(nn.Module):
    """Swin transformer.

    Args:
        patch_size: height and width of what becomes a pixel of the first stage.
        embed_dim: its channels.
        depths: the number of blocks in each stage.
        stochastic_depth_prob: of the last block; those before have less.
        block: `SwinTransformerBlock` by default.
        downsample_layer: between stages.

    Source: Liu et al., "Swin Transformer" (2021), https://arxiv.org/abs/2103.14030, and
    "Swin Transformer V2" (2021), https://arxiv.org/abs/2111.09883
    """

    def __init__(
        self,
        patch_size: Sequence[int],
        embed_dim: int,
        depths: Sequence[int],
        num_heads: Sequence[int],
        window_size: Sequence[int],
        mlp_ratio: float = 4.0,
        dropout: float = 0.0,
        attention_dropout: float = 0.0,
        stochastic_depth_prob: float = 0.1,
        num_classes: int = 1000,
        norm_layer: Made | None = None,
        block: Made | None = None,
        downsample_layer: Made = PatchMerging,
    ) -> None:
        super().__init__()
        self.num_classes = num_classes
        block = block or SwinTransformerBlock
        norm = norm_layer or partial(nn.LayerNorm, eps=1e-5)
        size = (patch_size[0], patch_size[1])
        layers: list[Any] = [
            nn.Sequential(
                nn.Conv2d(3, embed_dim, kernel_size=size, stride=size),
                Permute([0, 2, 3, 1]),
                norm(embed_dim),
            )
        ]
        index = 0
        for stage, depth in enumerate(depths):
            dim = embed_dim * 2**stage
            blocks = []
            for i in range(depth):
                blocks.append(
                    block(
                        dim,
                        num_heads[stage],
                        window_size=window_size,
                        shift_size=[0 if i % 2 == 0 else w // 2 for w in window_size],
                        mlp_ratio=mlp_ratio,
                        dropout=dropout,
                        attention_dropout=attention_dropout,
                        stochastic_depth_prob=stochastic_depth_prob
                        * float(index)
                        / (sum(depths) - 1),
                        norm_layer=norm,
                    )
                )
                index += 1
            layers.append(nn.Sequential(*blocks))
            if stage < len(depths) - 1:
                layers.append(downsample_layer(dim, norm))
        features = embed_dim * 2 ** (len(depths) - 1)
        self.features = nn.Sequential(*layers)
        self.norm = norm(features)
        self.permute = Permute([0, 3, 1, 2])  # to (batch, channels, height, width)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten(1)
        self.head = nn.Linear(features, num_classes)
        initialize(self)

    def _reset_parameters(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Linear):
                init.trunc_normal_(m.weight, std=0.02)
                if m.bias is not None:
                    init.zeros_(m.bias)

    def forward(self, x: Array) -> Array:
        x = self.permute(self.norm(self.features(x)))
        return self.head(self.flatten(self.avgpool(x)))


def _swin(
    embed_dim: int,
    depth: int,
    heads: Sequence[int],
    rate: float,
    options: dict[str, Any],
    *,
    v2: bool = False,
) -> SwinTransformer:
    made: dict[str, Any] = {"stochastic_depth_prob": rate}
    if v2:
        made["block"] = SwinTransformerBlockV2
        made["downsample_layer"] = PatchMergingV2
    window = [8, 8] if v2 else [7, 7]
    shape = [4, 4], embed_dim, [2, 2, depth, 2], heads, window
    return SwinTransformer(*shape, **{**made, **options})


Swin_T_Weights = weights_enum("Swin_T_Weights", __name__)
Swin_S_Weights = weights_enum("Swin_S_Weights", __name__)
Swin_B_Weights = weights_enum("Swin_B_Weights", __name__)
Swin_V2_T_Weights = weights_enum("Swin_V2_T_Weights", __name__)
Swin_V2_S_Weights = weights_enum("Swin_V2_S_Weights", __name__)
Swin_V2_B_Weights = weights_enum("Swin_V2_B_Weights", __name__)


@network(Swin_T_Weights)
def swin_t(**options: Any) -> SwinTransformer:
    """Swin-T; see `SwinTransformer` for the options."""
    return _swin(96, 6, [3, 6, 12, 24], 0.2, options)


@network(Swin_S_Weights)
def swin_s(**options: Any) -> SwinTransformer:
    """Swin-S; see `SwinTransformer` for the options."""
    return _swin(96, 18, [3, 6, 12, 24], 0.3, options)


@network(Swin_B_Weights)
def swin_b(**options: Any) -> SwinTransformer:
    """Swin-B; see `SwinTransformer` for the options."""
    return _swin(128, 18, [4, 8, 16, 32], 0.5, options)


@network(Swin_V2_T_Weights)
def swin_v2_t(**options: Any) -> SwinTransformer:
    """SwinV2-T; see `SwinTransformer` for the options."""
    return _swin(96, 6, [3, 6, 12, 24], 0.2, options, v2=True)


@network(Swin_V2_S_Weights)
def swin_v2_s(**options: Any) -> SwinTransformer:
    """SwinV2-S; see `SwinTransformer` for the options."""
    return _swin(96, 18, [3, 6, 12, 24], 0.3, options, v2=True)


@network(Swin_V2_B_Weights)
def swin_v2_b(**options: Any) -> SwinTransformer:
    """SwinV2-B; see `SwinTransformer` for the options."""
    return _swin(128, 18, [4, 8, 16, 32], 0.5, options, v2=True)
