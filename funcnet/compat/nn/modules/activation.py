"""Activations and attention, as `torch.nn.modules.activation`."""

import warnings
from typing import Any, ClassVar

from funcnet import nn
from funcnet.compat._core.annotations import DeviceLike, DType, FactoryKwargs
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.nn.attention import NEEDS_MASK, multi_head_mask
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.nn import init
from funcnet.compat.nn._module.encoder_fast_path import (
    alike,
    attention_is_fast,
    nan_where_blind,
)
from funcnet.compat.nn._module.native_module import NativeModule
from funcnet.compat.nn.modules.linear import NonDynamicallyQuantizableLinear
from funcnet.compat.nn.modules.utils import _public_modules


class _InPlace(NativeModule):
    """An activation that can work in place."""

    has_inplace = True
    is_fusable = True

    def forward(self, input: Tensor) -> Any:
        """Compute the activation, in place if the module says so."""
        return self._formula(input) if self.inplace else self._run((input,))


class ReLU(_InPlace):
    """ReLU: `max(x, 0)`, as `torch.nn.ReLU`."""

    native_class = nn.ReLU


class ReLU6(_InPlace):
    """ReLU6: `min(max(x, 0), 6)`, as `torch.nn.ReLU6`."""

    native_class = nn.ReLU6


class LeakyReLU(_InPlace):
    """Leaky ReLU: a small slope for negative inputs, as `torch.nn.LeakyReLU`."""

    native_class = nn.LeakyReLU
    repr_fields = "negative_slope"


class ELU(_InPlace):
    """Exponential linear unit (ELU), as `torch.nn.ELU`."""

    native_class = nn.ELU
    repr_fields = "alpha"


class CELU(_InPlace):
    """Continuously differentiable ELU, as `torch.nn.CELU`."""

    native_class = nn.CELU
    repr_fields = "alpha"


class SELU(_InPlace):
    """Scaled ELU, which keeps mean and variance, as `torch.nn.SELU`."""

    native_class = nn.SELU


class SiLU(_InPlace):
    """SiLU, also called swish: `x * sigmoid(x)`, as `torch.nn.SiLU`."""

    native_class = nn.SiLU


class Mish(_InPlace):
    """Mish: `x * tanh(softplus(x))`, as `torch.nn.Mish`."""

    native_class = nn.Mish


class Hardtanh(_InPlace):
    """Hard tanh: clip to an interval, as `torch.nn.Hardtanh`."""

    native_class = nn.Hardtanh
    repr_fields = "min_val max_val"

    def __init__(
        self,
        min_val: float = -1.0,
        max_val: float = 1.0,
        inplace: bool = False,
        min_value: float | None = None,
        max_value: float | None = None,
    ) -> None:
        for old, new in (("min_value", "min_val"), ("max_value", "max_val")):
            if {"min_value": min_value, "max_value": max_value}[old] is not None:
                warnings.warn(
                    f"keyword argument `{old}` is deprecated and renamed to `{new}`",
                    FutureWarning,
                    stacklevel=outside(),
                )
        low = min_val if min_value is None else min_value
        high = max_val if max_value is None else max_value
        super().__init__(low, high, inplace)


class Hardsigmoid(_InPlace):
    """Hard sigmoid: a piecewise linear sigmoid, as `torch.nn.Hardsigmoid`."""

    native_class = nn.Hardsigmoid

    def extra_repr(self) -> str:
        """Nothing."""
        return ""


class Hardswish(_InPlace):
    """Hard swish: `x` times the hard sigmoid, as `torch.nn.Hardswish`."""

    native_class = nn.Hardswish

    def extra_repr(self) -> str:
        """Nothing."""
        return ""


class Threshold(_InPlace):
    """Threshold: replace what is not above it, as `torch.nn.Threshold`."""

    native_class = nn.Threshold
    repr_fields = "threshold value"


class RReLU(_InPlace):
    """Randomized leaky ReLU: random slopes in training, as `torch.nn.RReLU`."""

    native_class = nn.RReLU
    repr_fields = "lower upper"

    def forward(self, input: Tensor) -> Any:
        """Compute the activation, with random slopes in training."""
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)


class GELU(NativeModule):
    """Gaussian error linear unit (GELU): `x * Phi(x)`, as `torch.nn.GELU`."""

    native_class = nn.GELU

    def extra_repr(self) -> str:
        """The approximation."""
        return f"approximate={self.approximate!r}"


class Sigmoid(NativeModule):
    """Sigmoid: `1 / (1 + exp(-x))`, as `torch.nn.Sigmoid`."""

    native_class = nn.Sigmoid


class Tanh(NativeModule):
    """Hyperbolic tangent, as `torch.nn.Tanh`."""

    native_class = nn.Tanh


class LogSigmoid(NativeModule):
    """Log-sigmoid: `log(sigmoid(x))`, as `torch.nn.LogSigmoid`."""

    native_class = nn.LogSigmoid


class Softplus(NativeModule):
    """Softplus: `log(1 + exp(beta * x)) / beta`, as `torch.nn.Softplus`."""

    native_class = nn.Softplus
    repr_fields = "beta threshold"


class Softsign(NativeModule):
    """Softsign: `x / (1 + |x|)`, as `torch.nn.Softsign`."""

    native_class = nn.Softsign


class Tanhshrink(NativeModule):
    """Tanh shrinkage: `x - tanh(x)`, as `torch.nn.Tanhshrink`."""

    native_class = nn.Tanhshrink


class Hardshrink(NativeModule):
    """Hard shrinkage: zero what is near zero, as `torch.nn.Hardshrink`."""

    native_class = nn.Hardshrink
    repr_positional = "lambd"


class Softshrink(NativeModule):
    """Soft shrinkage: move towards zero by `lambd`, as `torch.nn.Softshrink`."""

    native_class = nn.Softshrink
    repr_positional = "lambd"


class GLU(NativeModule):
    """Gated linear unit: one half gates the other, as `torch.nn.GLU`."""

    native_class = nn.GLU
    repr_fields = "dim"


class Softmax(NativeModule):
    """Softmax along a dimension, as `torch.nn.Softmax`."""

    native_class = nn.Softmax
    repr_fields = "dim"


class LogSoftmax(NativeModule):
    """Log-softmax along a dimension, as `torch.nn.LogSoftmax`."""

    native_class = nn.LogSoftmax
    repr_fields = "dim"


class Softmin(NativeModule):
    """Softmin, the softmax of the negative, as `torch.nn.Softmin`."""

    native_class = nn.Softmin
    repr_fields = "dim"


class Softmax2d(NativeModule):
    """Softmax over the channels of images, as `torch.nn.Softmax2d`."""

    native_class = nn.Softmax2d


class PReLU(NativeModule):
    """Parametric ReLU, whose slopes are learned, as `torch.nn.PReLU`."""

    native_class = nn.PReLU
    repr_fields = "num_parameters"

    def __init__(
        self,
        num_parameters: int = 1,
        init: float = 0.25,
        device: DeviceLike | None = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__(num_parameters, init, device, dtype)
        self.init = init

    def _formula(self, input: Tensor) -> Any:
        return F.prelu(input, self.weight)

    def reset_parameters(self) -> None:
        """Set all slopes to `init`."""
        init.constant_(self.weight, self.initial)


class MultiheadAttention(NativeModule):
    """Multi-head attention, as `torch.nn.MultiheadAttention`."""

    native_class = nn.MultiheadAttention
    optional_first = True
    optional = (
        *("in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight"),
        *("in_proj_bias", "bias_k", "bias_v"),
    )
    none_means: ClassVar = {"kdim": "embed_dim", "vdim": "embed_dim"}

    def _complete(self, native: Any, factory_kwargs: FactoryKwargs) -> None:
        self.out_proj = NonDynamicallyQuantizableLinear(
            self.embed_dim, self.embed_dim, bias=native.bias, **factory_kwargs
        )
        self.head_dim = self.embed_dim // self.num_heads
        self._qkv_same_embed_dim = self.kdim == self.vdim == self.embed_dim

    def reset_parameters(self) -> None:
        """Draw the projections from Xavier's distribution, set the biases to zero."""
        for name in (*self.optional[1:4], self.optional[0]):
            weight = self._parameters[name]
            if weight is not None:
                init.xavier_uniform_(weight)
        if self.in_proj_bias is not None:
            init.constant_(self.in_proj_bias, 0.0)
            init.constant_(self.out_proj.bias, 0.0)
        for bias in (self.bias_k, self.bias_v):
            if bias is not None:
                init.xavier_normal_(bias)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None = None,
        need_weights: bool = True,
        attn_mask: Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> Any:
        """Return the attended values, and the weights if they are needed."""
        given = (attn_mask, key_padding_mask)
        fast = attention_is_fast(self, query, key, value, given)
        key_padding_mask = alike(
            key_padding_mask, attn_mask, "key_padding_mask", "attn_mask", query
        )
        if fast:
            is_causal = False
        elif is_causal and attn_mask is None:
            raise RuntimeError(NEEDS_MASK)
        masks = (key_padding_mask, need_weights, attn_mask)
        inputs = (query, key, value, *masks, average_attn_weights, is_causal)
        output, weights = self._run(inputs)
        if fast and not need_weights:
            output = nan_where_blind(output, *given)
        return output, weights

    def _drawn(
        self, query: Tensor, key: Tensor, *others: object, **named: object
    ) -> Any:
        more = (self.bias_k is not None) + self.add_zero_attn
        sizes = (self.num_heads, more, self.dropout, self.batch_first)
        return multi_head_mask(query, key, *sizes)

    def _registered(self) -> Any:
        out = self.out_proj
        if not isinstance(out, NativeModule) or out._registered() is None:
            return None
        return super()._registered()

    def _formula(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None,
        need_weights: bool,
        attn_mask: Tensor | None,
        average_attn_weights: bool,
        is_causal: bool,
    ) -> Any:
        turned = self.batch_first and query.dim() == 3
        if turned:  # a tensor given three times stays one, projected in one product
            transposed = {id(x): x.transpose(0, 1) for x in (query, key, value)}
            query, key, value = (transposed[id(x)] for x in (query, key, value))
        separate = {
            f"{name}_proj_weight": getattr(self, f"{name}_proj_weight")
            for name in ("q", "k", "v")
            if not self._qkv_same_embed_dim
        }
        attended, weights = F.multi_head_attention_forward(
            *(query, key, value, self.embed_dim, self.num_heads),
            *(self.in_proj_weight, self.in_proj_bias, self.bias_k, self.bias_v),
            *(self.add_zero_attn, self.dropout),
            *(self.out_proj.weight, self.out_proj.bias),
            training=self.training,
            key_padding_mask=key_padding_mask,
            need_weights=need_weights,
            attn_mask=attn_mask,
            use_separate_proj_weight=not self._qkv_same_embed_dim,
            **separate,
            average_attn_weights=average_attn_weights,
            is_causal=is_causal,
        )
        return (attended.transpose(0, 1) if turned else attended), weights

    def extra_repr(self) -> str:
        """Nothing: the output's projection is printed as a child."""
        return ""


__all__ = _public_modules(globals())
