"""Transformers, as `torch.nn.modules.transformer`: modules made of modules.

They take the arguments of `nn.Transformer` and its parts, and inherit their forward
passes (`nn/_attention/blocks.py`). They are not made of these layers, as other modules
are: PyTorch calls the submodules, with their hooks and whatever a user has put in their
place, and takes another way where nothing can see it (`encoder_fast_path`).
"""

import copy
import inspect
import warnings
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np

from funcnet import nn
from funcnet.compat._core.annotations import DeviceLike, DType, FactoryKwargs
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.create.creation import tensor
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
from funcnet.compat.nn._module.signature import (
    Initializer,
    bind_arguments,
    signature_of_model,
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
    """Return the function of a name; private in PyTorch, and used by scripts."""
    if activation not in ("relu", "gelu"):
        raise RuntimeError(f"activation should be relu/gelu, not {activation}")
    return getattr(F, activation)


def _initialize(self: Any, *args: object, **kwargs: object) -> None:
    """Make the submodules that the arguments ask for."""
    Module.__init__(self)
    cls: Any = type(self)
    name = f"{cls.__name__}.__init__"
    settings = bind_arguments(name, signature_of_model(cls), (self, *args), kwargs)
    del settings["self"]
    device, dtype = settings.pop("device"), settings.pop("dtype")
    factory_kwargs = FactoryKwargs(device=device, dtype=dtype)
    self._build(SimpleNamespace(**settings), factory_kwargs)


class _ModelModule(Module):
    """A module made of modules, with the arguments of `model_class`.

    Attributes:
        model_class: of `funcnet.nn`.
        own_arguments: type and default of arguments that have others there.
    """

    model_class: ClassVar[type[nn.Model]]
    own_arguments: ClassVar[dict[str, tuple[Any, object]]] = {
        "activation": (str | Callable[..., Any], F.relu)
    }

    __init__ = Initializer(_initialize, signature_of_model)

    def _build(self, given: SimpleNamespace, factory_kwargs: FactoryKwargs) -> None:
        """Make the submodules; `given` has the arguments by their names."""
        raise NotImplementedError


class _TransformerLayer(_ModelModule):
    """What the layers of encoder and decoder have in common."""

    attentions: ClassVar[tuple[str, ...]] = ("self_attn",)
    norms: ClassVar[tuple[str, ...]] = ("norm1", "norm2")

    def _build(self, given: SimpleNamespace, factory_kwargs: FactoryKwargs) -> None:
        width, hidden = given.d_model, given.dim_feedforward
        options: Any = {"bias": given.bias, **factory_kwargs}
        for name in self.attentions:
            attention = MultiheadAttention(
                width,
                given.nhead,
                dropout=given.dropout,
                batch_first=given.batch_first,
                **options,
            )
            setattr(self, name, attention)
        self.linear1 = Linear(width, hidden, **options)
        self.dropout = Dropout(given.dropout)
        self.linear2 = Linear(hidden, width, **options)
        self.norm_first = given.norm_first
        for name in self.norms:
            setattr(self, name, LayerNorm(width, given.layer_norm_eps, **options))
        for index in range(len(self.norms)):
            setattr(self, f"dropout{index + 1}", Dropout(given.dropout))
        activation = given.activation
        if isinstance(activation, str):
            activation = _get_activation_fn(activation)
        self.activation = activation
        self._note_activation()

    def _note_activation(self) -> None:
        """Keep PyTorch's number of the activation, where its class has one."""


class TransformerEncoderLayer(EncoderLayerBlocks, _TransformerLayer):
    """Transformer encoder layer, as `torch.nn.TransformerEncoderLayer`."""

    model_class = nn.TransformerEncoderLayer

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
    """Transformer decoder layer, as `torch.nn.TransformerDecoderLayer`."""

    model_class = nn.TransformerDecoderLayer
    attentions = ("self_attn", "multihead_attn")
    norms = ("norm1", "norm2", "norm3")


def _get_clones(module: Module, N: int) -> ModuleList:
    return ModuleList([copy.deepcopy(module) for _ in range(N)])


class TransformerEncoder(Module):
    """Stack of encoder layers, as `torch.nn.TransformerEncoder`."""

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
        """Run the layers one after another."""
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
        """Return whether PyTorch cuts padded sequences to their lengths."""
        first: Any = self.layers[0]
        if not self.use_nested_tensor or first.training or src.dim() != 3:
            return False
        return mask is None and is_open([src, *tensors_of(first)])


class TransformerDecoder(DecoderStack, Module):  # type: ignore[misc]
    """Stack of decoder layers, as `torch.nn.TransformerDecoder`."""

    def __init__(
        self, decoder_layer: Module, num_layers: int, norm: Module | None = None
    ) -> None:
        super().__init__()
        self.layers = _get_clones(decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm


class Transformer(EncoderDecoder, _ModelModule):  # type: ignore[misc]
    """Transformer, an encoder and a decoder, as `torch.nn.Transformer`."""

    model_class = nn.Transformer
    own_arguments: ClassVar = _ModelModule.own_arguments | {
        "custom_encoder": (Module | None, None),
        "custom_decoder": (Module | None, None),
    }

    def _build(self, given: SimpleNamespace, factory_kwargs: FactoryKwargs) -> None:
        names = {*inspect.signature(TransformerEncoderLayer).parameters}
        shared = {name: x for name, x in vars(given).items() if name in names}

        def norm() -> LayerNorm:
            eps, bias = given.layer_norm_eps, given.bias
            return LayerNorm(given.d_model, eps, bias=bias, **factory_kwargs)

        self.encoder = given.custom_encoder
        if self.encoder is None:
            layer: Any = TransformerEncoderLayer(**shared, **factory_kwargs)
            self.encoder = TransformerEncoder(layer, given.num_encoder_layers, norm())
        self.decoder = given.custom_decoder
        if self.decoder is None:
            layer = TransformerDecoderLayer(**shared, **factory_kwargs)
            self.decoder = TransformerDecoder(layer, given.num_decoder_layers, norm())
        for parameter in self.parameters():
            if parameter.dim() > 1:
                init.xavier_uniform_(parameter)
        self.d_model = given.d_model
        self.nhead = given.nhead
        self.batch_first = given.batch_first

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
        return tensor(mask, dtype=dtype, device=device)


__all__ = _public_modules(globals())
