"""One layer of a transformer's encoder and of its decoder."""

from collections.abc import Callable
from typing import TypeAlias

from funcnet._check import check_choice
from funcnet._types import Array, DTypeLike
from funcnet.nn._attention.attention import MultiheadAttention
from funcnet.nn._attention.blocks import (
    ACTIVATIONS,
    DecoderLayerBlocks,
    EncoderLayerBlocks,
)
from funcnet.nn._dropout import Dropout
from funcnet.nn._linear import Linear
from funcnet.nn._model import Model
from funcnet.nn._norm.norm import LayerNorm

__all__ = ["TransformerDecoderLayer", "TransformerEncoderLayer"]

Activation: TypeAlias = str | Callable[[Array], Array]
"""A function of arrays, or "relu" or "gelu"."""


class _TransformerLayer(Model):
    """What both layers have: self-attention and a network for each position."""

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = "relu",
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        dtype: DTypeLike = "float32",
    ) -> None:
        if isinstance(activation, str):
            name = type(self).__name__
            check_choice(name, "activation", activation, tuple(ACTIVATIONS))
        self.activation = activation
        self.norm_first = norm_first

        def attention() -> MultiheadAttention:
            return MultiheadAttention(
                d_model, nhead, dropout, bias, batch_first=batch_first, dtype=dtype
            )

        def norm() -> LayerNorm:
            return LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)

        self.self_attn = attention()
        self.linear1 = Linear(d_model, dim_feedforward, bias, dtype=dtype)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias, dtype=dtype)
        self.norm1, self.norm2 = norm(), norm()
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)
        if isinstance(self, TransformerDecoderLayer):
            self.multihead_attn = attention()
            self.norm3, self.dropout3 = norm(), Dropout(dropout)


class TransformerEncoderLayer(EncoderLayerBlocks, _TransformerLayer):
    """Transformer encoder layer; equals `torch.nn.TransformerEncoderLayer`.

    Children: `self_attn`, `linear1`, `dropout`, `linear2`, `norm1`, `norm2`,
    `dropout1`, `dropout2`.

    Args:
        d_model: features of the input and the output.
        nhead: heads of the attention.
        dim_feedforward: features between the two affine maps.
        dropout: the probability that an element, or a weight of the attention, is
            zeroed in training.
        activation: between the two affine maps, "relu", "gelu" or a function.
        layer_norm_eps: `eps` of the norms.
        batch_first: take and return `(batch, length, d_model)`.
        norm_first: normalise before attention and network, not after.
        bias: whether affine maps and norms have biases.

    Input `src`, `(length, batch, d_model)`, with `batch_first` `(batch, length,
    d_model)`, for one sample `(length, d_model)`; the masks `src_mask` and
    `src_key_padding_mask` are those of `MultiheadAttention`, and `is_causal` says that
    `src_mask` is the causal one, or asks for it where there is none. Output shaped as
    `src`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.ones((3, 5, 8)))[0].shape
        (3, 5, 8)

    Source: Vaswani et al., "Attention Is All You Need" (2017),
    https://arxiv.org/abs/1706.03762; Xiong et al., "On Layer Normalization in the
    Transformer Architecture" (2020, norm_first), https://arxiv.org/abs/2002.04745
    """


class TransformerDecoderLayer(DecoderLayerBlocks, _TransformerLayer):
    """Transformer decoder layer: self-attention, cross-attention, a network.

    Equals `torch.nn.TransformerDecoderLayer`.

    Children: those of `TransformerEncoderLayer`, and `multihead_attn`, `norm3`,
    `dropout3`. Takes the arguments of `TransformerEncoderLayer`.

    Inputs `tgt`, `(length, batch, d_model)`, and `memory`, `(memory_length, batch,
    d_model)`, with the batch first or left out as there; masks for the first attention
    begin with `tgt_`, for the second with `memory_`. Output shaped as `tgt`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.TransformerDecoderLayer(8, 2, 16, batch_first=True)
        >>> params, state = layer.init(jax.random.key(0))
        >>> tgt, memory = jnp.ones((3, 5, 8)), jnp.ones((3, 7, 8))
        >>> layer.apply(params, state, tgt, memory, tgt_is_causal=True)[0].shape
        (3, 5, 8)

    Source: Vaswani et al., "Attention Is All You Need" (2017),
    https://arxiv.org/abs/1706.03762
    """
