"""Multiscale vision transformers: MViT v1 and v2."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from .._api import network, number_of_classes, set_option, weights_enum
from .._backend import (
    Array,
    F,
    cat,
    expand,
    init,
    initialize,
    nn,
    parameter,
    permute,
)
from .._blocks import MLP, StochasticDepth

__all__ = [
    "MViT",
    "MViT_V1_B_Weights",
    "MViT_V2_S_Weights",
    "mvit_v1_b",
    "mvit_v2_s",
]

Made = Callable[..., Any]
Size = tuple[int, int, int]  # frames, height, width


@dataclass
class MSBlockConfig:
    """The settings of a block; an empty kernel or stride pools nothing."""

    num_heads: int
    input_channels: int
    output_channels: int
    kernel_q: list[int]
    kernel_kv: list[int]
    stride_q: list[int]
    stride_kv: list[int]


class Pool(nn.Module):
    """Pool a video of tokens, `(batch, heads, 1 + tokens, channels)`.

    The class token, which comes first, is left as it is.

    Args:
        pool: of `(batch, channels, frames, height, width)`.
        norm, activation: after it.
        norm_before_pool: or before it.
    """

    def __init__(
        self,
        pool: Any,
        norm: Any,
        activation: Any = None,
        norm_before_pool: bool = False,
    ) -> None:
        super().__init__()
        self.pool = pool
        layers = [layer for layer in (norm, activation) if layer is not None]
        self.norm_act = nn.Sequential(*layers) if layers else None
        self.norm_before_pool = norm_before_pool

    def forward(self, x: Array, thw: Size) -> tuple[Array, Size]:
        flat = x.ndim == 3
        if flat:
            x = x[:, None]
        elif x.ndim != 4:
            raise ValueError(f"Unsupported input dimension {x.shape}")
        first, x = x[:, :, :1], x[:, :, 1:].swapaxes(2, 3)
        batch, heads, channels = x.shape[:3]
        x = x.reshape(batch * heads, channels, *thw)
        if self.norm_before_pool and self.norm_act is not None:
            x = self.norm_act(x)
        x = self.pool(x)
        frames, height, width = x.shape[2:]
        x = x.reshape(batch, heads, channels, -1).swapaxes(2, 3)
        x = cat((first, x), 2)
        if not self.norm_before_pool and self.norm_act is not None:
            x = self.norm_act(x)
        return x[:, 0] if flat else x, (frames, height, width)


def _resized(embedding: Array, size: int) -> Array:
    """A table of `(steps, channels)` with another number of steps."""
    if embedding.shape[0] == size:
        return embedding
    table = permute(embedding, (1, 0))[None]
    return permute(F.interpolate(table, size=size, mode="linear")[0], (1, 0))


def _steps(queries: int, keys: int) -> np.ndarray:
    """For each query and key along a dimension, the index of the step between them."""
    stretch, shrink = max(keys / queries, 1.0), max(queries / keys, 1.0)
    at = np.arange(queries)[:, None] * np.float32(stretch)
    to = (np.arange(keys)[None] + np.float32(1 - keys)) * np.float32(shrink)
    return (at - to).astype(np.int64)


def _relative_scores(
    q: Array, sizes: Size, key_sizes: Size, tables: Sequence[Array]
) -> Array:
    """What positions add to the scores of the tokens, `(batch, heads, pixels, keys)`.

    Args:
        q: `(batch, heads, 1 + pixels, channels)`.
        tables: of steps along frames, height and width, `(steps, channels)`.
    """
    batch, heads, _, channels = q.shape
    q = q[:, :, 1:].reshape(batch, heads, *sizes, channels)
    total: Any = 0
    for axis, table in enumerate(tables):
        count, keys = sizes[axis], key_sizes[axis]
        chosen = _resized(table, 2 * max(count, keys) - 1)[_steps(count, keys)]
        rows = q.swapaxes(2 + axis, 3) @ chosen.swapaxes(1, 2)  # a matrix for each step
        shape = [batch, heads, *sizes, 1, 1, 1]
        shape[5 + axis] = keys
        total = total + rows.swapaxes(2 + axis, 3).reshape(*shape)
    return total.reshape(batch, heads, math.prod(sizes), math.prod(key_sizes))


class MultiscaleAttention(nn.Module):
    """Attention whose queries, keys and values are pooled.

    Args:
        input_size: frames, height and width of the tokens.
        residual_pool: add the pooled queries to what comes out.
        residual_with_cls_embed: also that of the class token.
        rel_pos_embed: add to the scores what the step between two tokens says.
    """

    def __init__(
        self,
        input_size: Sequence[int],
        embed_dim: int,
        output_dim: int,
        num_heads: int,
        kernel_q: Sequence[int],
        kernel_kv: Sequence[int],
        stride_q: Sequence[int],
        stride_kv: Sequence[int],
        residual_pool: bool,
        residual_with_cls_embed: bool,
        rel_pos_embed: bool,
        dropout: float = 0.0,
        norm_layer: Made = nn.LayerNorm,
    ) -> None:
        super().__init__()
        self.embed_dim = embed_dim
        self.output_dim = output_dim
        self.num_heads = num_heads
        self.head_dim = output_dim // num_heads
        self.scaler = 1.0 / math.sqrt(self.head_dim)
        self.residual_pool = residual_pool
        self.residual_with_cls_embed = residual_with_cls_embed
        self.qkv = nn.Linear(embed_dim, 3 * output_dim)
        layers = [nn.Linear(output_dim, output_dim)]
        if dropout > 0.0:
            layers.append(nn.Dropout(dropout, inplace=True))
        self.project = nn.Sequential(*layers)
        self.pool_q = self._pool(kernel_q, stride_q, norm_layer)
        self.pool_k = self._pool(kernel_kv, stride_kv, norm_layer)
        self.pool_v = self._pool(kernel_kv, stride_kv, norm_layer)
        self.rel_pos_h: Any = None
        self.rel_pos_w: Any = None
        self.rel_pos_t: Any = None
        if rel_pos_embed:
            size = max(input_size[1:])
            most = max(size // (s[1] if len(s) else 1) for s in (stride_q, stride_kv))
            self.rel_pos_h = self._positions(2 * most - 1)
            self.rel_pos_w = self._positions(2 * most - 1)
            self.rel_pos_t = self._positions(2 * input_size[0] - 1)

    def _pool(self, kernel: Sequence[int], stride: Sequence[int], norm: Made) -> Any:
        if math.prod(kernel) == 1 and math.prod(stride) == 1:
            return None
        channels, padding = self.head_dim, [int(size // 2) for size in kernel]
        convolution = nn.Conv3d(
            *(channels, channels, kernel, stride, padding),
            groups=channels,
            bias=False,
        )
        return Pool(convolution, norm(channels))

    def _positions(self, steps: int) -> Any:
        return parameter((steps, self.head_dim), "trunc_normal", std=0.02)

    def forward(self, x: Array, thw: Size) -> tuple[Array, Size]:
        batch, count, _ = x.shape
        qkv = self.qkv(x).reshape(batch, count, 3, self.num_heads, self.head_dim)
        q, k, v = permute(qkv, (2, 0, 3, 1, 4))  # (batch, heads, tokens, channels)
        key_sizes = thw
        if self.pool_k is not None:
            k, key_sizes = self.pool_k(k, thw)
        if self.pool_v is not None:
            v = self.pool_v(v, thw)[0]
        if self.pool_q is not None:
            q, thw = self.pool_q(q, thw)
        scores = (self.scaler * q) @ k.swapaxes(2, 3)
        if self.rel_pos_h is not None:
            tables = self.rel_pos_t, self.rel_pos_h, self.rel_pos_w
            added = _relative_scores(q, thw, key_sizes, tables)
            scores = scores + F.pad(added, (1, 0, 1, 0))
        x = F.softmax(scores, -1) @ v
        if self.residual_pool and self.residual_with_cls_embed:
            x = x + q
        elif self.residual_pool:
            x = x + F.pad(q[:, :, 1:], (0, 0, 1, 0))
        x = x.swapaxes(1, 2).reshape(batch, -1, self.output_dim)
        return self.project(x), thw


class MultiscaleBlock(nn.Module):
    """Attention and a perceptron, each behind a norm; the tokens may be pooled."""

    def __init__(
        self,
        input_size: Sequence[int],
        cnf: MSBlockConfig,
        residual_pool: bool,
        residual_with_cls_embed: bool,
        rel_pos_embed: bool,
        proj_after_attn: bool,
        dropout: float = 0.0,
        stochastic_depth_prob: float = 0.0,
        norm_layer: Made = nn.LayerNorm,
    ) -> None:
        super().__init__()
        self.proj_after_attn = proj_after_attn
        self.pool_skip = None
        if math.prod(cnf.stride_q) > 1:
            kernel = [s + 1 if s > 1 else s for s in cnf.stride_q]
            padding = [int(k // 2) for k in kernel]
            self.pool_skip = Pool(nn.MaxPool3d(kernel, cnf.stride_q, padding), None)
        width = cnf.output_channels if proj_after_attn else cnf.input_channels
        self.norm1 = norm_layer(cnf.input_channels)
        self.norm2 = norm_layer(width)
        self.needs_transposal = isinstance(self.norm1, nn.BatchNorm1d)
        self.attn = MultiscaleAttention(
            *(input_size, cnf.input_channels, width, cnf.num_heads),
            kernel_q=cnf.kernel_q,
            kernel_kv=cnf.kernel_kv,
            stride_q=cnf.stride_q,
            stride_kv=cnf.stride_kv,
            rel_pos_embed=rel_pos_embed,
            residual_pool=residual_pool,
            residual_with_cls_embed=residual_with_cls_embed,
            dropout=dropout,
            norm_layer=norm_layer,
        )
        self.mlp = MLP(
            width,
            [4 * width, cnf.output_channels],
            activation_layer=nn.GELU,
            dropout=dropout,
            inplace=None,
        )
        self.stochastic_depth = StochasticDepth(stochastic_depth_prob, "row")
        self.project = None
        if cnf.input_channels != cnf.output_channels:
            self.project = nn.Linear(cnf.input_channels, cnf.output_channels)

    def _normed(self, norm: Any, x: Array) -> Array:
        if self.needs_transposal:
            return norm(x.swapaxes(1, 2)).swapaxes(1, 2)
        return norm(x)

    def forward(self, x: Array, thw: Size) -> tuple[Array, Size]:
        normed = self._normed(self.norm1, x)
        attended, sizes = self.attn(normed, thw)
        if self.project is not None and self.proj_after_attn:
            x = self.project(normed)
        if self.pool_skip is not None:
            x = self.pool_skip(x, thw)[0]
        x = x + self.stochastic_depth(attended)
        normed = self._normed(self.norm2, x)
        if self.project is not None and not self.proj_after_attn:
            x = self.project(normed)
        return x + self.stochastic_depth(self.mlp(normed)), sizes


class PositionalEncoding(nn.Module):
    """The class token before the others, and what is added to each by its position.

    Args:
        rel_pos_embed: nothing is added: attention knows positions.
    """

    def __init__(
        self,
        embed_size: int,
        spatial_size: tuple[int, int],
        temporal_size: int,
        rel_pos_embed: bool,
    ) -> None:
        super().__init__()
        self.spatial_size = spatial_size
        self.temporal_size = temporal_size
        self.class_token = parameter((embed_size,), "zeros")
        self.spatial_pos: Any = None
        self.temporal_pos: Any = None
        self.class_pos: Any = None
        if not rel_pos_embed:
            pixels = self.spatial_size[0] * self.spatial_size[1]
            self.spatial_pos = parameter((pixels, embed_size), "zeros")
            self.temporal_pos = parameter((self.temporal_size, embed_size), "zeros")
            self.class_pos = parameter((embed_size,), "zeros")

    def forward(self, x: Array) -> Array:
        width = x.shape[-1]
        token = expand(self.class_token[None, None], (x.shape[0], 1, width))
        x = cat((token, x), 1)
        if self.spatial_pos is None:
            return x
        added = self.temporal_pos[:, None] + self.spatial_pos[None]
        added = added.reshape(-1, width)
        return x + cat((self.class_pos[None], added), 0)[None]


class MViT(nn.Module):
    """Multiscale vision transformer of videos.

    Args:
        spatial_size: height and width of the frames.
        temporal_size: their number.
        block_setting: the settings of each block.
        residual_pool, residual_with_cls_embed, rel_pos_embed: see
            `MultiscaleAttention`.
        proj_after_attn: change the channels with the attention, not with the
            perceptron.
        dropout, attention_dropout: before the classifier, and inside the blocks.

    Source: Fan et al., "Multiscale Vision Transformers" (2021),
    https://arxiv.org/abs/2104.11227, and Li et al., "MViTv2" (2021),
    https://arxiv.org/abs/2112.01526
    """

    def __init__(
        self,
        spatial_size: tuple[int, int],
        temporal_size: int,
        block_setting: Sequence[MSBlockConfig],
        residual_pool: bool,
        residual_with_cls_embed: bool,
        rel_pos_embed: bool,
        proj_after_attn: bool,
        dropout: float = 0.5,
        attention_dropout: float = 0.0,
        stochastic_depth_prob: float = 0.0,
        num_classes: int = 400,
        block: Made | None = None,
        norm_layer: Made | None = None,
        patch_embed_kernel: Size = (3, 7, 7),
        patch_embed_stride: Size = (2, 4, 4),
        patch_embed_padding: Size = (1, 3, 3),
    ) -> None:
        super().__init__()
        count = len(block_setting)
        if count == 0:
            raise ValueError("The configuration parameter can't be empty.")
        block = block or MultiscaleBlock
        norm = norm_layer or partial(nn.LayerNorm, eps=1e-6)
        width, last = block_setting[0].input_channels, block_setting[-1].output_channels
        self.conv_proj = nn.Conv3d(
            *(3, width, patch_embed_kernel, patch_embed_stride, patch_embed_padding)
        )
        whole = temporal_size, *spatial_size
        sizes = [n // s for n, s in zip(whole, patch_embed_stride, strict=True)]
        self.pos_encoding = PositionalEncoding(
            embed_size=width,
            spatial_size=(sizes[1], sizes[2]),
            temporal_size=sizes[0],
            rel_pos_embed=rel_pos_embed,
        )
        blocks = []
        for index, cnf in enumerate(block_setting):
            blocks.append(
                block(
                    input_size=sizes,
                    cnf=cnf,
                    residual_pool=residual_pool,
                    residual_with_cls_embed=residual_with_cls_embed,
                    rel_pos_embed=rel_pos_embed,
                    proj_after_attn=proj_after_attn,
                    dropout=attention_dropout,
                    stochastic_depth_prob=stochastic_depth_prob * index / (count - 1.0),
                    norm_layer=norm,
                )
            )
            if len(cnf.stride_q) > 0:
                sizes = [n // s for n, s in zip(sizes, cnf.stride_q, strict=True)]
        self.blocks = nn.ModuleList(blocks)
        self.norm = norm(last)
        self.head = nn.Sequential(
            nn.Dropout(dropout, inplace=True), nn.Linear(last, num_classes)
        )
        initialize(self)

    def _reset_parameters(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Linear):
                init.trunc_normal_(m.weight, std=0.02)
                if m.bias is not None:
                    init.constant_(m.bias, 0.0)
            elif isinstance(m, nn.LayerNorm):
                if m.weight is not None:
                    init.constant_(m.weight, 1.0)
                if m.bias is not None:
                    init.constant_(m.bias, 0.0)
            elif isinstance(m, PositionalEncoding):
                own = m.class_token, m.spatial_pos, m.temporal_pos, m.class_pos
                for one in own:
                    if one is not None:
                        init.trunc_normal_(one, std=0.02)

    def forward(self, x: Array) -> Array:
        if x.ndim == 4:  # one frame
            x = x[:, :, None]
        elif x.ndim != 5:
            raise ValueError(f"Unsupported input dimension {x.shape}")
        x = self.conv_proj(x)
        x = x.reshape(*x.shape[:2], -1).swapaxes(1, 2)
        x = self.pos_encoding(x)
        thw = (self.pos_encoding.temporal_size, *self.pos_encoding.spatial_size)
        for block in self.blocks:
            x, thw = block(x, thw)
        return self.head(self.norm(x)[:, 0])


# --- the two networks -----------------------------------------------------------------


def _settings(
    heads: Sequence[int],
    inputs: Sequence[int],
    outputs: Sequence[int],
    kernel_q: Callable[[list[int]], list[int]],
    stride_q: Callable[[int], list[int]],
) -> list[MSBlockConfig]:
    """The settings of sixteen blocks.

    Keys and values are pooled from the size of the input to that of the last block.
    """
    result = []
    stride_kv = [8, *[4] * 2, *[2] * 11, *[1] * 2]
    for index in range(16):
        stride = stride_q(index)
        result.append(
            MSBlockConfig(
                heads[index],
                inputs[index],
                outputs[index],
                kernel_q(stride),
                [3, 3, 3],
                stride,
                [1, stride_kv[index], stride_kv[index]],
            )
        )
    return result


# Blocks at which the size of the tokens is halved.
_HALVED = (1, 3, 14)
_HEADS = [1, *[2] * 2, *[4] * 11, *[8] * 2]


def _mvit(
    settings: list[MSBlockConfig], given: dict[str, Any], options: dict[str, Any]
) -> MViT:
    chosen = {
        "spatial_size": (224, 224),
        "temporal_size": 16,
        "stochastic_depth_prob": 0.2,
        **options,
    }
    return MViT(block_setting=settings, **given, **chosen)


MViT_V1_B_Weights = weights_enum("MViT_V1_B_Weights", __name__)
MViT_V2_S_Weights = weights_enum("MViT_V2_S_Weights", __name__)


def _as_trained(options: dict[str, Any], weights: Any) -> None:
    number_of_classes(options, weights)
    set_option(options, "spatial_size", weights.meta["min_size"])
    set_option(options, "temporal_size", weights.meta["min_temporal_size"])


@network(MViT_V1_B_Weights, adjust=_as_trained)
def mvit_v1_b(**options: Any) -> MViT:
    """MViT-B v1; see `MViT` for the options."""
    settings = _settings(
        _HEADS,
        [96, *[192] * 2, *[384] * 11, *[768] * 2],
        [*[192] * 2, *[384] * 11, *[768] * 3],
        lambda stride: [3, 3, 3] if stride else [],
        lambda index: [1, 2, 2] if index in _HALVED else [],
    )
    given = {
        "residual_pool": False,
        "residual_with_cls_embed": False,
        "rel_pos_embed": options.pop("rel_pos_embed", False),
        "proj_after_attn": options.pop("proj_after_attn", False),
    }
    return _mvit(settings, given, options)


@network(MViT_V2_S_Weights, adjust=_as_trained)
def mvit_v2_s(**options: Any) -> MViT:
    """MViT-S v2; see `MViT` for the options."""
    settings = _settings(
        _HEADS,
        [*[96] * 2, *[192] * 2, *[384] * 11, 768],
        [96, *[192] * 2, *[384] * 11, *[768] * 2],
        lambda stride: [3, 3, 3],
        lambda index: [1, 2, 2] if index in _HALVED else [1, 1, 1],
    )
    given = {
        "residual_pool": True,
        "residual_with_cls_embed": False,
        "rel_pos_embed": True,
        "proj_after_attn": True,
    }
    return _mvit(settings, given, options)
