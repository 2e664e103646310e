"""Attention."""

from typing import Any, Final

import numpy as np

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._core.dtype import bool_
from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._ops.random.masks import mask
from funcnet.compat._ops.registry import recorded, register
from funcnet.compat._random.keys import key_or_mask, next_key
from funcnet.compat._tensor.tensor import Tensor, from_array


@recorded("nn.functional.scaled_dot_product_attention", strides=ResultStrides.ATTENTION)
def _attention(
    query: Array,
    key: Array,
    value: Array,
    attn_mask: Array,
    drawn: Array | None,
    *settings: Any,
) -> Any:
    return F.scaled_dot_product_attention(
        query, key, value, attn_mask, *settings, dropout_key=key_or_mask(drawn)
    )


@register("nn.functional.scaled_dot_product_attention")
def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """Average values by the likeness of keys and queries.

    As `torch.nn.functional.scaled_dot_product_attention`: `(*, queries, features)`,
    `(*, keys, features)` and `(*, keys, value_features)` give
    `(*, queries, value_features)`.
    """
    if attn_mask is not None and is_causal:
        attn_mask = _also_causal(attn_mask, query._spec.shape[-2], key._spec.shape[-2])
        is_causal = False
    drawn = None
    if 0 < dropout_p <= 1:
        drawn = _mask(query, key, dropout_p, enable_gqa)
    settings = (float(dropout_p), is_causal, scale, enable_gqa)
    result: Tensor = _attention(query, key, value, attn_mask, drawn, *settings)
    return result


def _also_causal(mask: Tensor, queries: int, keys: int) -> Tensor:
    """A mask that lets query `i` look at the keys `0 .. i` only; PyTorch's CPU does."""
    later = from_array(np.arange(keys) > np.arange(queries)[:, None], mask.device)
    hidden: Any = False if mask.dtype is bool_ else -np.inf
    result: Tensor = mask.masked_fill(later, hidden)
    return result


def _mask(query: Tensor, key: Tensor, p: float, enable_gqa: bool) -> Any:
    """What decides which weights are kept."""
    wanted: tuple[int, ...] = query._spec.shape
    result: tuple[int, ...] = key._spec.shape
    batch, others = wanted[:-2], result[:-2]
    if enable_gqa:  # the heads of the keys are repeated
        others = others[:-1] + batch[-1:]
    try:
        shape = (*np.broadcast_shapes(batch, others), wanted[-2], result[-2])
    except (IndexError, ValueError):
        return next_key()  # the operation will say what is wrong
    return mask(shape, p, query.device)


def multi_head_mask(
    query: Tensor, key: Tensor, heads: int, more_keys: int, p: float, batch_first: bool
) -> Any:
    """The same for several heads; `more_keys` are added to those that `key` holds."""
    wanted: tuple[int, ...] = query._spec.shape
    time = 1 if batch_first and len(wanted) == 3 else 0
    batch = wanted[1 - time] if len(wanted) == 3 else 1
    queries, keys = wanted[time], key._spec.shape[time]
    return mask((batch, heads, queries, keys + more_keys), p, query.device)


NEEDS_MASK: Final = (
    "Need attn_mask if specifying the is_causal hint. You may use the Transformer "
    "module method `generate_square_subsequent_mask` to create this mask."
)


@recorded(
    "nn.functional.multi_head_attention_forward",
)
def _multi_head(
    query: Array, key: Array | None, value: Array | None, drawn: Array, *rest: Any
) -> Any:
    # One tensor given for all three comes as one, and is projected in one product.
    key = query if key is None else key
    value = key if value is None else value
    result = F.multi_head_attention_forward(
        query, key, value, *rest, dropout_key=key_or_mask(drawn)
    )
    return result if result[1] is not None else result[0]


@register("nn.functional.multi_head_attention_forward")
def multi_head_attention_forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None,
    bias_k: Tensor | None,
    bias_v: Tensor | None,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor | None,
    training: bool = True,
    key_padding_mask: Tensor | None = None,
    need_weights: bool = True,
    attn_mask: Tensor | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Tensor | None = None,
    k_proj_weight: Tensor | None = None,
    v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None,
    static_v: Tensor | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Tensor, Tensor | None]:
    """Attend with several heads, as `torch.nn.functional.multi_head_attention_forward`.

    `(queries, batch, embed)` gives the same, and the weights `(batch, queries, keys)`
    or None.
    """
    if is_causal and attn_mask is None:
        raise RuntimeError(NEEDS_MASK)
    if use_separate_proj_weight:
        in_proj_weight = None
    drawn = None
    if training and dropout_p > 0:
        keys = key if static_k is None else static_k.transpose(0, 1)
        more = (bias_k is not None) + add_zero_attn
        drawn = multi_head_mask(query, keys, num_heads, more, dropout_p, False)
    result = _multi_head(
        query,
        None if key is query else key,
        None if value is key else value,
        drawn,
        *(embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias),
        *(bias_k, bias_v, add_zero_attn, float(dropout_p)),
        *(out_proj_weight, out_proj_bias, training, key_padding_mask),
        *(need_weights, attn_mask, use_separate_proj_weight),
        *(q_proj_weight, k_proj_weight, v_proj_weight, static_k, static_v),
        *(average_attn_weights, is_causal),
    )
    return result if isinstance(result, tuple) else (result, None)
