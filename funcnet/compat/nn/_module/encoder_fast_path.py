"""What attention gives where PyTorch takes its fast path, and when that is.

In evaluation, without gradients, PyTorch's encoder runs on sequences cut to their
lengths, and layers on kernels of their own. Their results differ from the usual ones:
places that are cut off are zeros, masks of numbers count as "not zero", a place that
may look nowhere is NaN, and a hint that a mask is causal is not asked.
"""

import warnings
from collections.abc import Iterable
from typing import Any

from funcnet.compat._core.context import is_grad_enabled
from funcnet.compat._core.dtype import bool_
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.create import creation
from funcnet.compat._ops.create.sequences import arange
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.amp.autocast_mode import is_autocast_enabled
from funcnet.compat.backends import mha


def is_open(tensors: Iterable[Any]) -> bool:
    """Whether nothing outside a module, or in its tensors, closes the fast path."""
    if not mha.get_fastpath_enabled() or is_autocast_enabled():
        return False
    return not (
        is_grad_enabled() and any(x.requires_grad for x in tensors if x is not None)
    )


def tensors_of(layer: Any) -> list[Any]:
    """The parameters of an encoder's layer that are asked for gradients."""
    attention = layer.self_attn
    parts = (attention.out_proj, layer.norm1, layer.norm2, layer.linear1, layer.linear2)
    own = [x for part in parts for x in (part.weight, part.bias)]
    return [attention.in_proj_weight, attention.in_proj_bias, *own]


def why_not(layer: Any) -> str:
    """Why a layer's settings do not allow a fast path of the encoder, or nothing."""
    name, attention = "encoder_layer", layer.self_attn
    if layer.norm_first:
        return f"{name}.norm_first was True"
    if not attention.batch_first:
        return (
            f"{name}.self_attn.batch_first was not True(use batch_first for better "
            "inference performance)"
        )
    if not attention._qkv_same_embed_dim:
        return f"{name}.self_attn._qkv_same_embed_dim was not True"
    if attention.in_proj_bias is None:
        return f"{name}.self_attn was passed bias=False"
    if not layer.activation_relu_or_gelu:
        return f"{name}.activation_relu_or_gelu was not True"
    if layer.norm1.eps != layer.norm2.eps:
        return f"{name}.norm1.eps was not equal to {name}.norm2.eps"
    if attention.num_heads % 2 == 1:
        return f"{name}.self_attn.num_heads is odd"
    return ""


def layer_is_fast(layer: Any, src: Tensor) -> bool:
    """Whether PyTorch would run a layer on its kernel."""
    if layer.training or src.dim() != 3:
        return False
    attention = layer.self_attn
    if (
        not attention.batch_first
        or attention.in_proj_bias is None
        or not attention._qkv_same_embed_dim
        or not layer.activation_relu_or_gelu
        or layer.norm1.eps != layer.norm2.eps
        or attention.num_heads % 2 == 1
        or any(m._forward_hooks or m._forward_pre_hooks for m in layer.modules())
    ):
        return False
    return is_open([src, *tensors_of(layer)])


def attention_is_fast(
    attention: Any, query: Tensor, key: Tensor, value: Tensor, masks: tuple[Any, Any]
) -> bool:
    """Whether PyTorch would run attention on its kernel."""
    if attention.training or query is not key or key is not value or query.dim() != 3:
        return False
    if (
        any(mask is not None and mask.is_floating_point() for mask in masks)
        or attention.num_heads % 2
        or not attention.batch_first
        or attention.bias_k is not None
        or attention.bias_v is not None
        or attention.add_zero_attn
        or not attention._qkv_same_embed_dim
        or attention.in_proj_weight is None
        or attention.in_proj_bias is None
        or query.dtype is not attention.in_proj_weight.dtype
    ):
        return False
    out = attention.out_proj
    own = (attention.in_proj_weight, attention.in_proj_bias, out.weight, out.bias)
    return is_open((query, *own))


def as_bool(mask: Tensor | None) -> Any:
    """A mask as a kernel reads it: not to look where it is not zero."""
    return mask if mask is None or mask.dtype is bool_ else mask != 0


def nan_where_blind(output: Tensor, mask: Tensor | None, padding: Tensor | None) -> Any:
    """NaN at the places `(batch, time)` that may look nowhere; masks are booleans."""
    if mask is None and padding is None:
        return output
    batch, time, _ = output.shape
    hidden: Any = None if padding is None else padding[:, None, None, :]
    if mask is not None:
        per_head = mask.reshape(batch, -1, time, time) if mask.dim() == 3 else mask
        hidden = per_head if hidden is None else hidden | per_head
    blind = hidden.all(-1)  # (batch, heads, time), any of them 1
    if blind.dim() == 3:
        blind = blind.any(1)
    return output.masked_fill(blind[..., None], float("nan"))


def lengths_only(padding: Tensor) -> Any:
    """The padding of sequences cut to their lengths: what is left stands in front."""
    time = arange(padding.shape[1], device=padding.device)
    return time >= padding.logical_not().sum(1, True)


def zero_where_cut(output: Tensor, padding: Tensor, check: bool) -> Any:
    """Zeros where sequences are cut off; with `check`, only if all are at the end."""
    if check:
        starts_again = padding[:, :-1] & padding[:, 1:].logical_not()
        padding = padding & starts_again.any().logical_not()
    return output.masked_fill(padding[..., None], 0.0)


def alike(
    padding: Tensor | None,
    mask: Tensor | None,
    padding_name: str,
    mask_name: str,
    like: Tensor,
) -> Any:
    """The padding mask in the dtype of the other; PyTorch warns if it has another."""
    for given, name in ((padding, padding_name), (mask, mask_name)):
        if given is None or given.dtype is bool_ or given.is_floating_point():
            continue
        raise AssertionError(f"only bool and floating types of {name} are supported")
    if padding is None or mask is None or padding.dtype is mask.dtype:
        return padding
    warnings.warn(
        f"Support for mismatched {padding_name} and {mask_name} is deprecated. Use "
        "same type for both instead.",
        stacklevel=outside(),
    )
    if padding.dtype is not bool_:
        return padding
    zeros = creation.zeros(padding.shape, dtype=like.dtype, device=padding.device)
    return zeros.masked_fill(padding, -float("inf"))
