"""Transformers, as `torch.nn.modules.transformer`: modules made of modules.

They compute as `nn.Transformer` and its parts do, whose forward passes they inherit
(`nn/_attention/blocks.py`). They are not made of these layers, as other modules are:
PyTorch calls the submodules, with their hooks and whatever a user has put in their
place, and takes another way where nothing can see it (`encoder_fast_path`).
"""

import copy
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from funcnet.compat._core.annotations import DeviceLike, DType
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops import FUNCTIONS
from funcnet.compat._tensor.tensor import Tensor
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
from funcnet.compat.nn.modules.utils import _public_modules
from funcnet.nn._attention.blocks import (
    DecoderLayerBlocks,
    DecoderStack,
    EncoderDecoder,
    EncoderLayerBlocks,
    residual,
)


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
        activation: str | Callable[..., Any] = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: DeviceLike | None = None,
        dtype: DType | None = None,
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
        self._note_activation()

    def _note_activation(self) -> None:
        """Keep PyTorch's number of the activation, where its class has one."""


class TransformerEncoderLayer(EncoderLayerBlocks, _TransformerLayer):
    """Self-attention, then a network, as `torch.nn.TransformerEncoderLayer`."""

    def _note_activation(self) -> None:
        self.activation_relu_or_gelu = 0  # of those that no kernel has
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
        return super().forward(src, src_mask, src_key_padding_mask, is_causal)

    def _fast(self, x: Any, mask: Tensor | None, padding: Tensor | None) -> Any:
        """The layer where PyTorch runs it on a kernel: nothing is dropped, or asked."""

        def attended(x: Tensor) -> Any:
            masks = {"attn_mask": mask, "key_padding_mask": padding}
            return self.self_attn(x, x, x, **masks, need_weights=False)[0]

        def forwarded(x: Tensor) -> Any:
            return self.linear2(self.activation(self.linear1(x)))

        parts: Any = [(attended, self.norm1), (forwarded, self.norm2)]
        return residual(x, parts, self.norm_first)


class TransformerDecoderLayer(DecoderLayerBlocks, _TransformerLayer):  # type: ignore[misc]
    """Attention to itself and to a memory, as `torch.nn.TransformerDecoderLayer`."""

    attentions = ("self_attn", "multihead_attn")
    norms = ("norm1", "norm2", "norm3")


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
        src: Tensor,
        mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
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
        output = src
        for layer in self.layers:
            output = layer(
                output,
                src_mask=mask,
                is_causal=bool(is_causal),
                src_key_padding_mask=padding,
            )
        if cut is not None:
            output = zero_where_cut(output, cut, self.mask_check)
        return output if self.norm is None else self.norm(output)

    def _cuts(self, src: Tensor, mask: Tensor | None) -> bool:
        """Whether PyTorch cuts padded sequences to their lengths."""
        first: Any = self.layers[0]
        if not self.use_nested_tensor or first.training or src.dim() != 3:
            return False
        return mask is None and is_open([src, *tensors_of(first)])


class TransformerDecoder(DecoderStack, Module):  # type: ignore[misc]
    """A stack of decoder layers, as `torch.nn.TransformerDecoder`."""

    def __init__(
        self, decoder_layer: Module, num_layers: int, norm: Module | None = None
    ) -> None:
        super().__init__()
        self.layers = _get_clones(decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm


class Transformer(EncoderDecoder, Module):  # type: ignore[misc]
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
        device: DeviceLike | None = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        where: dict[str, Any] = {"device": device, "dtype": dtype}
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

    def _check_inputs(self, src: Tensor, tgt: Tensor) -> None:
        if src.size(-1) != self.d_model or tgt.size(-1) != self.d_model:
            raise RuntimeError(
                "the feature number of src and tgt must be equal to d_model, "
                f"{self.d_model}; they are {src.size(-1)} and {tgt.size(-1)}"
            )

    @staticmethod
    def generate_square_subsequent_mask(
        sz: int, device: DeviceLike | None = None, dtype: DType | None = None
    ) -> Any:
        """Minus infinity where a position would see a later one, else zero."""
        mask = np.triu(np.full((sz, sz), -np.inf, np.float32), 1)
        return FUNCTIONS["tensor"](mask, dtype=dtype, device=device)


__all__ = _public_modules(globals())
