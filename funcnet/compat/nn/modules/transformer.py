"""Transformers, as `torch.nn.modules.transformer`: modules made of modules."""

import copy
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops import FUNCTIONS
from funcnet.compat.nn import functional as F
from funcnet.compat.nn import init
from funcnet.compat.nn._module.encoder_fast_path import (
    alike,
    as_bool,
    is_open,
    layer_is_fast,
    lengths_only,
    tensors_of,
    why_not,
    zero_where_cut,
)
from funcnet.compat.nn.modules.activation import GELU, MultiheadAttention, ReLU
from funcnet.compat.nn.modules.container import ModuleList
from funcnet.compat.nn.modules.dropout import Dropout
from funcnet.compat.nn.modules.linear import Linear
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.modules.norm import LayerNorm


def _get_activation_fn(activation: str) -> Any:
    """The function of a name; scripts use this one although it is private."""
    if activation not in ("relu", "gelu"):
        raise RuntimeError(f"activation should be relu/gelu, not {activation}")
    return getattr(F, activation)


class _TransformerLayer(Module):
    """What the layers of encoder and decoder have in common."""

    attentions: ClassVar[tuple[str, ...]] = ("self_attn",)
    norms: ClassVar[tuple[str, ...]] = ("norm1", "norm2")

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Any = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        where = {"device": device, "dtype": dtype}
        for name in self.attentions:
            attention = MultiheadAttention(
                d_model,
                nhead,
                dropout=dropout,
                bias=bias,
                batch_first=batch_first,
                **where,
            )
            setattr(self, name, attention)
        self.linear1 = Linear(d_model, dim_feedforward, bias=bias, **where)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias=bias, **where)
        self.norm_first = norm_first
        for name in self.norms:
            setattr(self, name, LayerNorm(d_model, layer_norm_eps, bias=bias, **where))
        for place in range(len(self.norms)):
            setattr(self, f"dropout{place + 1}", Dropout(dropout))
        if isinstance(activation, str):
            activation = _get_activation_fn(activation)
        self.activation = activation

    def _feed_forward(self, x: Any) -> Any:
        return self.linear2(self.dropout(self.activation(self.linear1(x))))

    def _sa_block(
        self, x: Any, attn_mask: Any, key_padding_mask: Any, is_causal: bool = False
    ) -> Any:
        """Attend to the sequence itself."""
        masks = {"attn_mask": attn_mask, "key_padding_mask": key_padding_mask}
        found = self.self_attn(
            x, x, x, **masks, is_causal=is_causal, need_weights=False
        )
        return self.dropout1(found[0])


class TransformerEncoderLayer(_TransformerLayer):
    """Self-attention, then a network, as `torch.nn.TransformerEncoderLayer`."""

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Any = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        sizes = (d_model, nhead, dim_feedforward, dropout, activation)
        options = (layer_norm_eps, batch_first, norm_first, bias)
        super().__init__(*sizes, *options, device, dtype)
        # PyTorch's number of the activation: 0 for those that no kernel has.
        self.activation_relu_or_gelu = 0
        for number, (function, kind) in enumerate([(F.relu, ReLU), (F.gelu, GELU)], 1):
            if self.activation is function or isinstance(self.activation, kind):
                self.activation_relu_or_gelu = number

    def forward(
        self,
        src: Any,
        src_mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool = False,
    ) -> Any:
        """Compute the layer."""
        fast = layer_is_fast(self, src)
        src_key_padding_mask = alike(
            src_key_padding_mask, src_mask, "src_key_padding_mask", "src_mask", src
        )
        if fast:
            return self._fast(src, as_bool(src_mask), as_bool(src_key_padding_mask))
        x, masks = src, (src_mask, src_key_padding_mask, is_causal)
        if self.norm_first:
            x = x + self._sa_block(self.norm1(x), *masks)
            return x + self._ff_block(self.norm2(x))
        x = self.norm1(x + self._sa_block(x, *masks))
        return self.norm2(x + self._ff_block(x))

    def _fast(self, x: Any, mask: Any, padding: Any) -> Any:
        """The layer where PyTorch runs it on a kernel: nothing is dropped, or asked."""

        def attended(x: Any) -> Any:
            masks = {"attn_mask": mask, "key_padding_mask": padding}
            return self.self_attn(x, x, x, **masks, need_weights=False)[0]

        def forwarded(x: Any) -> Any:
            return self.linear2(self.activation(self.linear1(x)))

        if self.norm_first:
            x = x + attended(self.norm1(x))
            return x + forwarded(self.norm2(x))
        x = self.norm1(x + attended(x))
        return self.norm2(x + forwarded(x))

    def _ff_block(self, x: Any) -> Any:
        """The network that each place goes through."""
        return self.dropout2(self._feed_forward(x))


class TransformerDecoderLayer(_TransformerLayer):
    """Attention to itself and to a memory, as `torch.nn.TransformerDecoderLayer`."""

    attentions = ("self_attn", "multihead_attn")
    norms = ("norm1", "norm2", "norm3")

    def _mha_block(
        self,
        x: Any,
        mem: Any,
        attn_mask: Any,
        key_padding_mask: Any,
        is_causal: bool = False,
    ) -> Any:
        """Attend to the memory."""
        masks = {"attn_mask": attn_mask, "key_padding_mask": key_padding_mask}
        found = self.multihead_attn(
            x, mem, mem, **masks, is_causal=is_causal, need_weights=False
        )
        return self.dropout2(found[0])

    def _ff_block(self, x: Any) -> Any:
        """The network that each place goes through."""
        return self.dropout3(self._feed_forward(x))

    def forward(
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Any:
        """Compute the layer."""
        x = tgt
        masks = (tgt_mask, tgt_key_padding_mask, tgt_is_causal)
        others = (memory_mask, memory_key_padding_mask, memory_is_causal)
        if self.norm_first:
            x = x + self._sa_block(self.norm1(x), *masks)
            x = x + self._mha_block(self.norm2(x), memory, *others)
            return x + self._ff_block(self.norm3(x))
        x = self.norm1(x + self._sa_block(x, *masks))
        x = self.norm2(x + self._mha_block(x, memory, *others))
        return self.norm3(x + self._ff_block(x))


def _get_clones(module: Module, N: int) -> ModuleList:
    return ModuleList([copy.deepcopy(module) for _ in range(N)])


class TransformerEncoder(Module):
    """A stack of encoder layers, as `torch.nn.TransformerEncoder`."""

    def __init__(
        self,
        encoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        super().__init__()
        self.layers = _get_clones(encoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm
        self.enable_nested_tensor = self.use_nested_tensor = enable_nested_tensor
        self.mask_check = mask_check
        if not isinstance(encoder_layer, TransformerEncoderLayer):
            reason = "encoder_layer was not TransformerEncoderLayer"
        else:
            reason = why_not(encoder_layer)
        if enable_nested_tensor and reason:
            warnings.warn(
                "enable_nested_tensor is True, but self.use_nested_tensor is False "
                f"because {reason}",
                stacklevel=outside(),
            )
            self.use_nested_tensor = False

    def forward(
        self,
        src: Any,
        mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool | None = None,
    ) -> Any:
        """Run the layers in a row."""
        padding = src_key_padding_mask
        cut = None
        if padding is not None and self._cuts(src, mask):
            cut = padding = as_bool(padding)
            if not self.mask_check:
                cut = padding = lengths_only(padding)
        padding = alike(padding, mask, "src_key_padding_mask", "mask", src)
        causal = _is_causal(mask) if is_causal is None else is_causal
        output = src
        for layer in self.layers:
            output = layer(
                output,
                src_mask=mask,
                is_causal=causal,
                src_key_padding_mask=padding,
            )
        if cut is not None:
            output = zero_where_cut(output, cut, self.mask_check)
        return output if self.norm is None else self.norm(output)

    def _cuts(self, src: Any, mask: Any) -> bool:
        """Whether PyTorch cuts padded sequences to their lengths."""
        first: Any = self.layers[0]
        if not self.use_nested_tensor or first.training or src.dim() != 3:
            return False
        return mask is None and is_open([src, *tensors_of(first)])


class TransformerDecoder(Module):
    """A stack of decoder layers, as `torch.nn.TransformerDecoder`."""

    def __init__(
        self, decoder_layer: Module, num_layers: int, norm: Module | None = None
    ) -> None:
        super().__init__()
        self.layers = _get_clones(decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Any:
        """Run the layers in a row."""
        causal = _is_causal(tgt_mask) if tgt_is_causal is None else tgt_is_causal
        for layer in self.layers:
            tgt = layer(
                tgt,
                memory,
                tgt_mask=tgt_mask,
                memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
                tgt_is_causal=causal,
                memory_is_causal=memory_is_causal,
            )
        return tgt if self.norm is None else self.norm(tgt)


def _is_causal(mask: Any) -> bool:
    """A mask that is given is used as it is, so whether it is causal plays no part."""
    del mask
    return False


class Transformer(Module):
    """An encoder and a decoder, as `torch.nn.Transformer`."""

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Any], Any] = F.relu,
        custom_encoder: Module | None = None,
        custom_decoder: Module | None = None,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        where = {"device": device, "dtype": dtype}
        sizes = (d_model, nhead, dim_feedforward, dropout, activation)
        options = (layer_norm_eps, batch_first, norm_first, bias)
        if custom_encoder is None:
            encoder_layer = TransformerEncoderLayer(*sizes, *options, **where)
            norm = LayerNorm(d_model, layer_norm_eps, bias=bias, **where)
            custom_encoder = TransformerEncoder(encoder_layer, num_encoder_layers, norm)
        self.encoder = custom_encoder
        if custom_decoder is None:
            decoder_layer = TransformerDecoderLayer(*sizes, *options, **where)
            norm = LayerNorm(d_model, layer_norm_eps, bias=bias, **where)
            custom_decoder = TransformerDecoder(decoder_layer, num_decoder_layers, norm)
        self.decoder = custom_decoder
        for parameter in self.parameters():
            if parameter.dim() > 1:
                init.xavier_uniform_(parameter)
        self.d_model = d_model
        self.nhead = nhead
        self.batch_first = batch_first

    def forward(
        self,
        src: Any,
        tgt: Any,
        src_mask: Any = None,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        src_key_padding_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Any:
        """Encode the source, decode the target with it."""
        if src.size(-1) != self.d_model or tgt.size(-1) != self.d_model:
            raise RuntimeError(
                "the feature number of src and tgt must be equal to d_model, "
                f"{self.d_model}; they are {src.size(-1)} and {tgt.size(-1)}"
            )
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

    @staticmethod
    def generate_square_subsequent_mask(
        sz: int, device: Any = None, dtype: Any = None
    ) -> Any:
        """Minus infinity where a position would see a later one, else zero."""
        mask = np.triu(np.full((sz, sz), -np.inf, np.float32), 1)
        return FUNCTIONS["tensor"](mask, dtype=dtype, device=device)


__all__ = [
    "Transformer",
    "TransformerDecoder",
    "TransformerDecoderLayer",
    "TransformerEncoder",
    "TransformerEncoderLayer",
]
