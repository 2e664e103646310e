"""Stacks of transformer layers, and the encoder-decoder made of them."""

import jax
import jax.numpy as jnp

from funcnet import init
from funcnet._check import check_positive
from funcnet._errors import InputError
from funcnet._types import Array, DTypeLike, Key, Params, State
from funcnet.nn._attention.blocks import DecoderStack, EncoderDecoder
from funcnet.nn._attention.transformer_layers import (
    Activation,
    TransformerDecoderLayer,
    TransformerEncoderLayer,
)
from funcnet.nn._base import Layer
from funcnet.nn._model import Model
from funcnet.nn._norm.norm import LayerNorm

__all__ = ["Transformer", "TransformerDecoder", "TransformerEncoder"]


class TransformerEncoder(Model):
    """Stack of copies of an encoder layer; equals `torch.nn.TransformerEncoder`.

    Children: `layers`, named "0", "1", …, and `norm`, if given. Every layer draws
    parameters of its own; PyTorch's are copies that start equal, which its
    documentation advises to change.

    Args:
        encoder_layer: the layer to copy.
        num_layers: how many there are.
        norm: a layer for the output, a `LayerNorm` for example.
        enable_nested_tensor: taken for PyTorch's sake; here there is one way only.
        mask_check: the same.

    Input `src`, with `mask`, `src_key_padding_mask` and `is_causal` as the layer takes
    them. Output shaped as `src`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        >>> encoder = nn.TransformerEncoder(layer, 2, nn.LayerNorm(8))
        >>> params, state = encoder.init(jax.random.key(0))
        >>> sorted(params["layers"])
        ['0', '1']
        >>> encoder.apply(params, state, jnp.ones((3, 5, 8)))[0].shape
        (3, 5, 8)
    """

    def __init__(
        self,
        encoder_layer: Layer,
        num_layers: int,
        norm: Layer | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        self.layers = _copies("TransformerEncoder", encoder_layer, num_layers)
        self.norm = norm

    def forward(
        self,
        src: Array,
        mask: Array | None = None,
        src_key_padding_mask: Array | None = None,
        is_causal: bool | None = None,
    ) -> Array:
        x = src
        for layer in self.layers:
            x = layer(
                x,
                src_mask=mask,
                src_key_padding_mask=src_key_padding_mask,
                is_causal=bool(is_causal),
            )
        return x if self.norm is None else self.norm(x)


class TransformerDecoder(DecoderStack, Model):
    """Stack of copies of a decoder layer; equals `torch.nn.TransformerDecoder`.

    Children: `layers`, named "0", "1", …, and `norm`, if given. Every layer draws
    parameters of its own, as in `TransformerEncoder`.

    Args:
        decoder_layer: the layer to copy.
        num_layers: how many there are.
        norm: a layer for the output, a `LayerNorm` for example.

    Inputs `tgt` and `memory`, and the masks, as the layer takes them. Output shaped as
    `tgt`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.TransformerDecoderLayer(8, 2, 16, batch_first=True)
        >>> decoder = nn.TransformerDecoder(layer, 2)
        >>> params, state = decoder.init(jax.random.key(0))
        >>> tgt, memory = jnp.ones((3, 5, 8)), jnp.ones((3, 7, 8))
        >>> decoder.apply(params, state, tgt, memory)[0].shape
        (3, 5, 8)
    """

    def __init__(
        self, decoder_layer: Layer, num_layers: int, norm: Layer | None = None
    ) -> None:
        self.layers = _copies("TransformerDecoder", decoder_layer, num_layers)
        self.norm = norm


class Transformer(EncoderDecoder, Model):
    """Transformer, an encoder and a decoder; equals `torch.nn.Transformer`.

    Children: `encoder` and `decoder`, each with a `norm`. All matrices are drawn from
    Xavier's uniform distribution, as there.

    Args:
        d_model: features of inputs and output.
        nhead: heads of each attention.
        num_encoder_layers: layers of the encoder.
        num_decoder_layers: layers of the decoder.
        dim_feedforward: as in `TransformerEncoderLayer`, like the next three.
        dropout: the probability of dropping in training.
        activation: "relu", "gelu" or a function.
        custom_encoder: a layer to take in place of the encoder.
        custom_decoder: a layer to take in place of the decoder.
        layer_norm_eps: `eps` of the norms.
        batch_first: take and return `(batch, length, d_model)`.
        norm_first: normalise before attention and network, not after.
        bias: whether affine maps and norms have biases.

    Inputs `src`, `(source_length, batch, d_model)`, and `tgt`, `(target_length, batch,
    d_model)`, or with the batch first; masks as in the layers. Output shaped as `tgt`.

    Raises:
        InputError: `src` and `tgt` differ in their batch, or have not `d_model`
            features.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> net = nn.Transformer(8, 2, 1, 1, 16, batch_first=True)
        >>> params, state = net.init(jax.random.key(0))
        >>> src, tgt = jnp.ones((3, 7, 8)), jnp.ones((3, 5, 8))
        >>> mask = net.generate_square_subsequent_mask(5)
        >>> net.apply(params, state, src, tgt, tgt_mask=mask)[0].shape
        (3, 5, 8)

    Source: Vaswani et al., "Attention Is All You Need" (2017),
    https://arxiv.org/abs/1706.03762
    """

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = "relu",
        custom_encoder: Layer | None = None,
        custom_decoder: Layer | None = None,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        dtype: DTypeLike = "float32",
    ) -> None:
        self.d_model, self.nhead, self.batch_first = d_model, nhead, batch_first
        shared = (dim_feedforward, dropout, activation, layer_norm_eps)
        options = (*shared, batch_first, norm_first, bias)

        def norm() -> LayerNorm:
            return LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)

        if custom_encoder is None:
            layer = TransformerEncoderLayer(d_model, nhead, *options, dtype=dtype)
            custom_encoder = TransformerEncoder(layer, num_encoder_layers, norm())
        if custom_decoder is None:
            other = TransformerDecoderLayer(d_model, nhead, *options, dtype=dtype)
            custom_decoder = TransformerDecoder(other, num_decoder_layers, norm())
        self.encoder, self.decoder = custom_encoder, custom_decoder

    def init(self, key: Key) -> tuple[Params, State]:
        key, matrix_key = jax.random.split(key)
        params, state = super().init(key)
        arrays, structure = jax.tree.flatten(params)
        keys = jax.random.split(matrix_key, len(arrays))
        drawn = [
            init.xavier_uniform(k, x.shape, dtype=x.dtype) if x.ndim > 1 else x
            for k, x in zip(keys, arrays, strict=True)
        ]
        return jax.tree.unflatten(structure, drawn), state

    def _check_inputs(self, src: Array, tgt: Array) -> None:
        batch = 0 if self.batch_first else 1
        same_batch = src.ndim == 2 or src.shape[batch] == tgt.shape[batch]
        same_rank = src.ndim == tgt.ndim and src.ndim in (2, 3)
        if not (same_rank and same_batch and src.shape[-1] == tgt.shape[-1]):
            layout = "(batch, length," if self.batch_first else "(length, batch,"
            facts = {"src": src.shape, "tgt": tgt.shape, "d_model": self.d_model}
            raise InputError(
                "transformer.inputs", name="Transformer", layout=layout, **facts
            )

    @staticmethod
    def generate_square_subsequent_mask(
        sz: int, *, dtype: DTypeLike = "float32"
    ) -> Array:
        """Return the causal mask `(sz, sz)`: 0 where to look, -inf after.

        Example:
            >>> Transformer.generate_square_subsequent_mask(2).tolist()
            [[0.0, -inf], [0.0, 0.0]]
        """
        return jnp.triu(jnp.full((sz, sz), -jnp.inf, dtype), 1)


def _copies(name: str, layer: Layer, count: int) -> list[Layer]:
    check_positive(name, "num_layers", count)
    return [_copy(layer) for _ in range(count)]


def _copy(layer: Layer) -> Layer:
    """An equal layer of new objects; settings, such as functions, stay the same."""
    children = {name: _copy(child) for name, child in layer.children().items()}
    return layer.replace(**children)
