"""Swin transformers of videos."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from .._api import network, weights_enum
from .._backend import (
    Array,
    F,
    as_constant,
    constant,
    dropping,
    flatten,
    init,
    initialize,
    nn,
    parameter,
    permute,
    roll,
    traced_whole,
)
from ..swin_transformer import PatchMerging, SwinTransformerBlock

__all__ = [
    "Swin3D_B_Weights",
    "Swin3D_S_Weights",
    "Swin3D_T_Weights",
    "SwinTransformer3d",
    "swin3d_b",
    "swin3d_s",
    "swin3d_t",
]

Made = Callable[..., Any]


def _short_by(sizes: Sequence[int], windows: Sequence[int]) -> list[int]:
    """What each size lacks to be a multiple of a window's."""
    return [-size % window for size, window in zip(sizes, windows, strict=True)]


def _pad(x: Array, amounts: Sequence[int], last: int) -> Array:
    """Pad at the ends of frames, height and width; `last` dimensions come after."""
    t, h, w = amounts
    return F.pad(x, (*[0, 0] * last, 0, w, 0, h, 0, t))


def _region_mask(
    sizes: tuple[int, ...], window: tuple[int, ...], shift: tuple[int, ...]
) -> np.ndarray:
    """What is added to attention between pixels that a shift brought together."""
    regions: Any = np.zeros(sizes, np.float32)
    cuts = [
        (slice(0, -w), slice(-w, -s), slice(-s, None))
        for w, s in zip(window, shift, strict=True)
    ]
    count = 0
    for frames in cuts[0]:
        for rows in cuts[1]:
            for columns in cuts[2]:
                regions[frames, rows, columns] = count
                count += 1
    split = [n for s, w in zip(sizes, window, strict=True) for n in (s // w, w)]
    regions = regions.reshape(split).transpose(0, 2, 4, 1, 3, 5)
    regions = regions.reshape(-1, window[0] * window[1] * window[2])
    return np.where(regions[:, None] != regions[:, :, None], -100.0, 0.0)


@traced_whole
def shifted_window_attention_3d(
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
    training: bool = True,
    drop: Callable[[Array, float], Array] | None = None,
) -> Array:
    """Attention inside windows of a video, which may be shifted.

    Args:
        input: `(batch, frames, height, width, channels)`.
        relative_position_bias: added to the scores, `(1, heads, pixels, pixels)`.
        drop: applies dropout; that of `F` by default.
    """
    batch, frames, height, width, channels = input.shape
    sizes = frames, height, width
    x = _pad(input, _short_by(sizes, window_size), 1)
    long, tall, wide = padded = tuple(x.shape[1:4])
    t, h, w = window_size
    shifted = sum(shift_size) > 0
    if shifted:
        x = roll(x, [-s for s in shift_size], (1, 2, 3))
    x = x.reshape(batch, long // t, t, tall // h, h, wide // w, w, channels)
    x = permute(x, (0, 1, 3, 5, 2, 4, 6, 7))
    pixels = t * h * w
    x = x.reshape(-1, pixels, channels)
    count = x.shape[0]
    qkv = F.linear(x, qkv_weight, qkv_bias)
    qkv = qkv.reshape(count, pixels, 3, num_heads, channels // num_heads)
    q, k, v = permute(qkv, (2, 0, 3, 1, 4))  # (windows, heads, pixels, channels)
    scores = (q * (channels // num_heads) ** -0.5) @ k.swapaxes(-2, -1)
    scores = scores + relative_position_bias
    if shifted:
        masks = _region_mask(padded, (t, h, w), tuple(shift_size))
        mask = as_constant(masks[None, :, None], x)  # (1, windows, 1, pixels, pixels)
        grouped = scores.reshape(-1, len(masks), num_heads, pixels, pixels)
        scores = (grouped + mask).reshape(count, num_heads, pixels, pixels)

    def by_default(y: Array, rate: float) -> Array:
        return F.dropout(y, p=rate, training=training)

    dropped = drop or by_default
    attention = dropped(F.softmax(scores, -1), attention_dropout)
    x = permute(attention @ v, (0, 2, 1, 3)).reshape(count, pixels, channels)
    x = dropped(F.linear(x, proj_weight, proj_bias), dropout)
    x = x.reshape(batch, long // t, tall // h, wide // w, t, h, w, channels)
    x = permute(x, (0, 1, 4, 2, 5, 3, 6, 7)).reshape(batch, *padded, channels)
    if shifted:
        x = roll(x, list(shift_size), (1, 2, 3))
    return x[:, :frames, :height, :width]


def _position_index(t: int, h: int, w: int) -> np.ndarray:
    """For each pair of pixels of a window, the index of the step between them."""
    axes = np.arange(t), np.arange(h), np.arange(w)
    flat = np.stack(np.meshgrid(*axes, indexing="ij")).reshape(3, -1)
    steps = flat[:, :, None] - flat[:, None]
    rows = (steps[0] + t - 1) * (2 * h - 1) + steps[1] + h - 1
    return rows * (2 * w - 1) + steps[2] + w - 1


class ShiftedWindowAttention3d(nn.Module):
    """Attention in windows; see `shifted_window_attention_3d`."""

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
        if len(window_size) != 3 or len(shift_size) != 3:
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
        self.define_relative_position_index()

    def define_relative_position_bias_table(self) -> None:
        """Make the table, `(steps, heads)`."""
        t, h, w = (2 * size - 1 for size in self.window_size)
        self.relative_position_bias_table = parameter(
            (t * h * w, self.num_heads), "trunc_normal", std=0.02
        )

    def define_relative_position_index(self) -> None:
        """Make the table of which step is between which pixels."""
        self.relative_position_index = constant(_position_index, *self.window_size)

    def get_relative_position_bias(self, window_size: Sequence[int]) -> Array:
        """The biases in a window, `(1, heads, pixels, pixels)`."""
        t, h, w = window_size
        pixels = t * h * w
        index = self.relative_position_index[:pixels, :pixels].reshape(-1)
        bias = self.relative_position_bias_table[index].reshape(pixels, pixels, -1)
        return permute(bias, (2, 0, 1))[None]

    def forward(self, x: Array) -> Array:
        # A window as large as the video, or larger, is the video, and is not shifted.
        fits = [x.shape[1 + i] <= size for i, size in enumerate(self.window_size)]
        window = [
            x.shape[1 + i] if fits[i] else size
            for i, size in enumerate(self.window_size)
        ]
        shift = [0 if fits[i] else step for i, step in enumerate(self.shift_size)]
        return shifted_window_attention_3d(
            x,
            self.qkv.weight,
            self.proj.weight,
            self.get_relative_position_bias(window),
            window,
            self.num_heads,
            shift_size=shift,
            attention_dropout=self.attention_dropout,
            dropout=self.dropout,
            qkv_bias=self.qkv.bias if self._has_bias[0] else None,
            proj_bias=self.proj.bias if self._has_bias[1] else None,
            training=self.training,
            drop=dropping(self),
        )


class PatchEmbed3d(nn.Module):
    """Patches of a video become pixels of the first stage.

    Args:
        patch_size: frames, height and width of a patch.
        norm_layer: made of the channels; none by default.
    """

    def __init__(
        self,
        patch_size: Sequence[int],
        in_channels: int = 3,
        embed_dim: int = 96,
        norm_layer: Made | None = None,
    ) -> None:
        super().__init__()
        self.tuple_patch_size = (patch_size[0], patch_size[1], patch_size[2])
        size = self.tuple_patch_size
        self.proj = nn.Conv3d(in_channels, embed_dim, kernel_size=size, stride=size)
        self.norm = nn.Identity() if norm_layer is None else norm_layer(embed_dim)

    def forward(self, x: Array) -> Array:
        x = _pad(x, _short_by(x.shape[2:], self.tuple_patch_size), 0)
        return self.norm(permute(self.proj(x), (0, 2, 3, 4, 1)))


class SwinTransformer3d(nn.Module):
    """Swin transformer of videos.

    Args:
        patch_size: frames, height and width of what becomes a pixel of the first stage.
        embed_dim: its channels.
        depths: the number of blocks in each stage.
        stochastic_depth_prob: of the last block; those before have less.
        block: `SwinTransformerBlock` with `ShiftedWindowAttention3d` by default.
        downsample_layer: between stages.
        patch_embed: `PatchEmbed3d` by default.

    Source: Liu et al., "Video Swin Transformer" (2021),
    https://arxiv.org/abs/2106.13230
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
        num_classes: int = 400,
        norm_layer: Made | None = None,
        block: Made | None = None,
        downsample_layer: Made = PatchMerging,
        patch_embed: Made | None = None,
    ) -> None:
        super().__init__()
        self.num_classes = num_classes
        block = block or SwinTransformerBlock
        norm = norm_layer or partial(nn.LayerNorm, eps=1e-5)
        self.patch_embed = (patch_embed or PatchEmbed3d)(
            patch_size=patch_size, embed_dim=embed_dim, norm_layer=norm
        )
        self.pos_drop = nn.Dropout(p=dropout)
        layers: list[Any] = []
        index = 0
        for stage, depth in enumerate(depths):
            dim = embed_dim * 2**stage
            blocks = []
            for i in range(depth):
                rate = stochastic_depth_prob * float(index) / (sum(depths) - 1)
                blocks.append(
                    block(
                        dim,
                        num_heads[stage],
                        window_size=window_size,
                        shift_size=[0 if i % 2 == 0 else w // 2 for w in window_size],
                        mlp_ratio=mlp_ratio,
                        dropout=dropout,
                        attention_dropout=attention_dropout,
                        stochastic_depth_prob=rate,
                        norm_layer=norm,
                        attn_layer=ShiftedWindowAttention3d,
                    )
                )
                index += 1
            layers.append(nn.Sequential(*blocks))
            if stage < len(depths) - 1:
                layers.append(downsample_layer(dim, norm))
        self.features = nn.Sequential(*layers)
        self.num_features = embed_dim * 2 ** (len(depths) - 1)
        self.norm = norm(self.num_features)
        self.avgpool = nn.AdaptiveAvgPool3d(1)
        self.head = nn.Linear(self.num_features, num_classes)
        initialize(self)

    def _reset_parameters(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Linear):
                init.trunc_normal_(m.weight, std=0.02)
                if m.bias is not None:
                    init.zeros_(m.bias)

    def forward(self, x: Array) -> Array:
        x = self.norm(self.features(self.pos_drop(self.patch_embed(x))))
        x = self.avgpool(permute(x, (0, 4, 1, 2, 3)))
        return self.head(flatten(x, 1))


def _swin3d(
    embed_dim: int, depth: int, heads: Sequence[int], options: dict[str, Any]
) -> SwinTransformer3d:
    shape = [2, 4, 4], embed_dim, [2, 2, depth, 2], heads, [8, 7, 7]
    return SwinTransformer3d(*shape, **{"stochastic_depth_prob": 0.1, **options})


Swin3D_T_Weights = weights_enum("Swin3D_T_Weights", __name__)
Swin3D_S_Weights = weights_enum("Swin3D_S_Weights", __name__)
Swin3D_B_Weights = weights_enum("Swin3D_B_Weights", __name__)


@network(Swin3D_T_Weights)
def swin3d_t(**options: Any) -> SwinTransformer3d:
    """Video Swin-T; see `SwinTransformer3d` for the options."""
    return _swin3d(96, 6, [3, 6, 12, 24], options)


@network(Swin3D_S_Weights)
def swin3d_s(**options: Any) -> SwinTransformer3d:
    """Video Swin-S; see `SwinTransformer3d` for the options."""
    return _swin3d(96, 18, [3, 6, 12, 24], options)


@network(Swin3D_B_Weights)
def swin3d_b(**options: Any) -> SwinTransformer3d:
    """Video Swin-B; see `SwinTransformer3d` for the options."""
    return _swin3d(128, 18, [4, 8, 16, 32], options)
