"""How transformers compute, of whatever layers: the forward passes alone.

Nothing here makes a layer or looks into an array: it adds what layers give, and calls
them. `nn.Transformer` and its parts are these passes on layers and arrays,
`torch.nn.Transformer` and its parts the same on modules and tensors; there hooks, a
replaced submodule or an overridden block of a user have their say in each call.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from funcnet import functional as F
from funcnet._types import Array

Block = Callable[[Array], Array]

ACTIVATIONS: Final[dict[str, Block]] = {"relu": F.relu, "gelu": F.gelu}


def residual(x: Array, parts: Iterable[tuple[Block, Block]], norm_first: bool) -> Array:
    """Add to `x` what each block computes of it.

    Each comes with its norm: of the block's input with `norm_first` (Xiong et al.
    2020), else of the sum (Vaswani et al. 2017).
    """
    for block, norm in parts:
        x = x + block(norm(x)) if norm_first else norm(x + block(x))
    return x


def _attended(
    attention: Any,
    x: Array,
    memory: Array,
    attn_mask: Array | None,
    key_padding_mask: Array | None,
    is_causal: bool,
) -> Any:
    """What the positions of `x` read from a memory."""
    masks = {"attn_mask": attn_mask, "key_padding_mask": key_padding_mask}
    attended, _ = attention(
        x, memory, memory, **masks, need_weights=False, is_causal=is_causal
    )
    return attended


class _LayerBlocks:
    """The blocks of the layers of encoder and decoder."""

    self_attn: Any
    linear1: Any
    dropout: Any
    linear2: Any
    dropout1: Any
    activation: Any
    norm_first: bool

    def _sa_block(
        self,
        x: Array,
        attn_mask: Array | None,
        key_padding_mask: Array | None,
        is_causal: bool = False,
    ) -> Any:
        """Attend to the sequence itself."""
        masks = (attn_mask, key_padding_mask, is_causal)
        return self.dropout1(_attended(self.self_attn, x, x, *masks))

    def _feed_forward(self, x: Array) -> Any:
        """The network that each position goes through."""
        activation = self.activation
        if isinstance(activation, str):  # as a layer of `funcnet.nn` keeps it
            activation = ACTIVATIONS[activation]
        return self.linear2(self.dropout(activation(self.linear1(x))))


class EncoderLayerBlocks(_LayerBlocks):
    """How a layer of the encoder computes: self-attention, then a network."""

    norm1: Any
    norm2: Any
    dropout2: Any

    def forward(
        self,
        src: Array,
        src_mask: Array | None = None,
        src_key_padding_mask: Array | None = None,
        is_causal: bool = False,
    ) -> Any:
        """Compute the layer."""
        masks = (src_mask, src_key_padding_mask, is_causal)
        parts = [
            (lambda x: self._sa_block(x, *masks), self.norm1),
            (self._ff_block, self.norm2),
        ]
        return residual(src, parts, self.norm_first)

    def _ff_block(self, x: Array) -> Any:
        return self.dropout2(self._feed_forward(x))


class DecoderLayerBlocks(_LayerBlocks):
    """How a decoder layer computes: self-attention, cross-attention, a network."""

    multihead_attn: Any
    norm1: Any
    norm2: Any
    norm3: Any
    dropout2: Any
    dropout3: Any

    def forward(
        self,
        tgt: Array,
        memory: Array,
        tgt_mask: Array | None = None,
        memory_mask: Array | None = None,
        tgt_key_padding_mask: Array | None = None,
        memory_key_padding_mask: Array | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Any:
        """Compute the layer."""
        masks = (tgt_mask, tgt_key_padding_mask, tgt_is_causal)
        others = (memory_mask, memory_key_padding_mask, memory_is_causal)
        parts = [
            (lambda x: self._sa_block(x, *masks), self.norm1),
            (lambda x: self._mha_block(x, memory, *others), self.norm2),
            (self._ff_block, self.norm3),
        ]
        return residual(tgt, parts, self.norm_first)

    def _mha_block(
        self,
        x: Array,
        mem: Array,
        attn_mask: Array | None,
        key_padding_mask: Array | None,
        is_causal: bool = False,
    ) -> Any:
        """Attend to the memory."""
        masks = (attn_mask, key_padding_mask, is_causal)
        return self.dropout2(_attended(self.multihead_attn, x, mem, *masks))

    def _ff_block(self, x: Array) -> Any:
        return self.dropout3(self._feed_forward(x))


class DecoderStack:
    """How a decoder computes: its layers one after another, then the norm."""

    layers: Any
    norm: Any

    def forward(
        self,
        tgt: Array,
        memory: Array,
        tgt_mask: Array | None = None,
        memory_mask: Array | None = None,
        tgt_key_padding_mask: Array | None = None,
        memory_key_padding_mask: Array | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Any:
        """Run the layers one after another."""
        x = tgt
        for layer in self.layers:
            x = layer(
                x,
                memory,
                tgt_mask=tgt_mask,
                memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
                # A mask that is given is used as it is, causal or not.
                tgt_is_causal=bool(tgt_is_causal),
                memory_is_causal=memory_is_causal,
            )
        return x if self.norm is None else self.norm(x)


class EncoderDecoder:
    """How a transformer computes: encode the source, decode the target with it."""

    encoder: Any
    decoder: Any

    def forward(
        self,
        src: Array,
        tgt: Array,
        src_mask: Array | None = None,
        tgt_mask: Array | None = None,
        memory_mask: Array | None = None,
        src_key_padding_mask: Array | None = None,
        tgt_key_padding_mask: Array | None = None,
        memory_key_padding_mask: Array | None = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Any:
        """Encode the source, decode the target with it."""
        self._check_inputs(src, tgt)
        memory = self.encoder(
            src,
            mask=src_mask,
            src_key_padding_mask=src_key_padding_mask,
            is_causal=src_is_causal,
        )
        return self.decoder(
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )

    def _check_inputs(self, src: Array, tgt: Array) -> None:
        """Raise if the shapes of source and target do not fit."""
        raise NotImplementedError
