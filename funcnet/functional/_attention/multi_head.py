"""Attention with several heads and the affine maps around it."""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from funcnet._check import check_floating, check_same_dtype
from funcnet._errors import Facts, InputError
from funcnet._types import Array, Key
from funcnet.functional._attention.attention import (
    drop_weights,
    masked_scores,
    scaled_dot_product_attention,
    weighted_sum,
)
from funcnet.functional._attention.masks import Masks
from funcnet.functional._linear import linear

__all__ = ["multi_head_attention_forward"]

_NAME = "multi_head_attention_forward"


def multi_head_attention_forward(
    query: Array,
    key: Array,
    value: Array,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Array | None,
    in_proj_bias: Array | None,
    bias_k: Array | None,
    bias_v: Array | None,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Array,
    out_proj_bias: Array | None,
    training: bool = True,
    key_padding_mask: Array | None = None,
    need_weights: bool = True,
    attn_mask: Array | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Array | None = None,
    k_proj_weight: Array | None = None,
    v_proj_weight: Array | None = None,
    static_k: Array | None = None,
    static_v: Array | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
    *,
    batch_first: bool = False,
    dropout_key: Key | None = None,
) -> tuple[Array, Array | None]:
    """Multi-head attention, as `torch.nn.functional.multi_head_attention_forward`.

    The randomness is explicit: `key` is the keys that queries look for, `dropout_key`
    the random key.

    Args:
        query: `(queries, batch, embed)`, or `(queries, embed)` for one sample. If
            query, key and value are one object they are projected in one product.
        key: `(keys, batch, key_features)`.
        value: `(keys, batch, value_features)`.
        embed_dim_to_check: `embed`.
        num_heads: how many heads share `embed`.
        in_proj_weight: `(3 * embed, embed)`, of query, key and value.
        in_proj_bias: `(3 * embed,)`.
        bias_k: `embed` numbers, a further key that every query sees.
        bias_v: `embed` numbers, its value.
        add_zero_attn: add one more key and value of zeros.
        dropout_p: the probability that a weight is zeroed, in training.
        out_proj_weight: `(embed, embed)`.
        out_proj_bias: `(embed,)`.
        training: whether to drop.
        key_padding_mask: `(batch, keys)`; booleans, True for keys to **ignore**, or
            numbers that are added to the scores.
        need_weights: also return the weights. Without them, a query that may look
            nowhere gets zeros; with them NaN, as in PyTorch.
        attn_mask: `(queries, keys)` or `(batch * num_heads, queries, keys)`; booleans,
            True where a query may **not** look, or numbers that are added.
        use_separate_proj_weight: take the three weights below, not `in_proj_weight`.
        q_proj_weight: `(embed, embed)`.
        k_proj_weight: `(embed, key_features)`.
        v_proj_weight: `(embed, value_features)`.
        static_k: `(batch * num_heads, keys, embed / num_heads)`, keys as they are.
        static_v: the same for values.
        average_attn_weights: return the mean of the weights over the heads.
        is_causal: says that `attn_mask` is the causal one (it is then not looked at
            where PyTorch does not), or asks for it where there is none.
        batch_first: take and return `(batch, length, features)`.
        dropout_key: a random key, needed to drop.

    Returns:
        `(output, weights)`: the output shaped as `query`, and the weights, `(batch,
        queries, keys)` or with `num_heads` after the batch, or None.

    Raises:
        InputError: shapes or arguments do not fit together, or a random key is missing.
        InputTypeError: dtypes differ or are not floating point, or a mask holds
            integers.

    Example:
        >>> import jax.numpy as jnp
        >>> x, w_in, w_out = jnp.ones((5, 2, 4)), jnp.ones((12, 4)), jnp.ones((4, 4))
        >>> output, weights = multi_head_attention_forward(
        ...     x, x, x, 4, 2, w_in, None, None, None, False, 0.0, w_out, None)
        >>> output.shape, weights.shape
        ((5, 2, 4), (2, 5, 5))

    Source: Vaswani et al., "Attention Is All You Need" (2017),
    https://arxiv.org/abs/1706.03762
    """
    _check_inputs(query, key, value, embed_dim_to_check, num_heads)
    layout = _Layout(num_heads, query.ndim == 3, batch_first)
    if use_separate_proj_weight:
        weights_in = (q_proj_weight, k_proj_weight, v_proj_weight)
        projected = _project(query, key, value, weights_in, in_proj_bias)
    else:
        projected = _project_packed(query, key, value, in_proj_weight, in_proj_bias)
    q, k, v = (layout.to_heads(x) for x in projected)  # (batch, heads, length, width)
    k = k if static_k is None else _static("static_k", static_k, k)
    v = v if static_v is None else _static("static_v", static_v, v)
    if q.shape[0] != k.shape[0]:
        facts = {"query": query.shape, "key": key.shape, "heads": q.shape}
        raise InputError("multi_head.batch", name=_NAME, keys=k.shape[2], **facts)
    masks = Masks(attn_mask, key_padding_mask, is_causal, need_weights)
    mask = masks.merged(q, k)
    k, v, mask = _with_more_keys(k, v, mask, bias_k, bias_v, add_zero_attn)
    p = dropout_p if training else 0.0
    if not need_weights:
        y = scaled_dot_product_attention(q, k, v, mask, p, dropout_key=dropout_key)
        return linear(layout.from_heads(y), out_proj_weight, out_proj_bias), None
    weights = jax.nn.softmax(masked_scores(q, k, mask), axis=-1)
    weights = drop_weights(_NAME, weights, p, dropout_key)
    y = layout.from_heads(weighted_sum(weights, v))
    if average_attn_weights:
        weights = weights.mean(1)
    weights = weights.astype(query.dtype) if layout.batched else weights[0]
    return linear(y, out_proj_weight, out_proj_bias), weights


class _Layout(NamedTuple):
    """How the dimensions of the inputs are ordered."""

    heads: int
    batched: bool
    batch_first: bool

    def to_heads(self, x: Array) -> Array:
        """Give `(batch, heads, length, width)`."""
        split = x.reshape(*x.shape[:-1], self.heads, -1)
        if not self.batched:
            return jnp.expand_dims(jnp.swapaxes(split, 0, 1), 0)
        return split.transpose((0, 2, 1, 3) if self.batch_first else (1, 2, 0, 3))

    def from_heads(self, y: Array) -> Array:
        """Give the inputs' order back, the heads side by side."""
        if not self.batched:
            y = jnp.swapaxes(y[0], 0, 1)
        else:
            y = y.transpose((0, 2, 1, 3) if self.batch_first else (2, 0, 1, 3))
        return y.reshape(*y.shape[:-2], -1)


def _project_packed(
    query: Array, key: Array, value: Array, weight: Array | None, bias: Array | None
) -> tuple[Array, Array, Array]:
    """Project with one weight for the three; in one product where they are the same."""
    if weight is None:
        raise InputError("multi_head.no_in_proj", name=_NAME)
    if key.shape != value.shape:
        facts: Facts = {"key": key.shape, "value": value.shape}
        raise InputError("multi_head.key_value", name=_NAME, **facts)
    width = query.shape[-1]
    if weight.shape != (3 * width, width):
        facts = {"weight": weight.shape, "wanted": (3 * width, width)}
        raise InputError("multi_head.in_proj", name=_NAME, **facts)
    if query is key and key is value:
        q, k, v = jnp.split(linear(query, weight, bias), 3, axis=-1)
        return q, k, v
    return _project(query, key, value, tuple(jnp.split(weight, 3)), bias)


def _project(
    query: Array,
    key: Array,
    value: Array,
    weights: tuple[Array | None, ...],
    bias: Array | None,
) -> tuple[Array, Array, Array]:
    w_q, w_k, w_v = (
        _checked_projection(what, x, weight, query.shape[-1])
        for what, x, weight in zip(
            ("q", "k", "v"), (query, key, value), weights, strict=True
        )
    )
    b_q, b_k, b_v = (None, None, None) if bias is None else jnp.split(bias, 3)
    return linear(query, w_q, b_q), linear(key, w_k, b_k), linear(value, w_v, b_v)


def _checked_projection(
    what: str, x: Array, weight: Array | None, embed_dim: int
) -> Array:
    """Return the weight that projects `x`, if it is there and fits."""
    if weight is None:
        raise InputError("multi_head.no_projection", name=_NAME, what=what)
    wanted = (embed_dim, x.shape[-1])
    if weight.shape != wanted:
        facts = {"what": what, "weight": weight.shape, "wanted": wanted}
        raise InputError("multi_head.projection", name=_NAME, **facts)
    return weight


def _static(what: str, x: Array, projected: Array) -> Array:
    """Make `(batch, heads, keys, width)` of `(batch * heads, keys, width)`."""
    batch, heads, _, width = projected.shape
    if x.ndim != 3 or x.shape[0] != batch * heads or x.shape[2] != width:
        facts = {"what": what, "shape": x.shape, "rows": batch * heads, "width": width}
        raise InputError("multi_head.static", name=_NAME, **facts)
    return x.reshape(batch, heads, *x.shape[1:])


def _with_more_keys(
    k: Array,
    v: Array,
    mask: Array | None,
    bias_k: Array | None,
    bias_v: Array | None,
    add_zero_attn: bool,
) -> tuple[Array, Array, Array | None]:
    """Append the keys that every query sees, and let it see them."""
    if (bias_k is None) != (bias_v is None):
        given = "k" if bias_v is None else "v"
        raise InputError("multi_head.bias_kv", name=_NAME, given=given)
    more = []
    if bias_k is not None and bias_v is not None:
        more.append((bias_k, bias_v))
    if add_zero_attn:
        more.append((jnp.zeros(k.shape[1] * k.shape[3], k.dtype),) * 2)
    for new_k, new_v in more:
        k, v = _append(k, new_k), _append(v, new_v)
        if mask is not None:
            seen = jnp.full((*mask.shape[:-1], 1), mask.dtype == bool, mask.dtype)
            mask = jnp.concatenate([mask, seen], axis=-1)
    return k, v, mask


def _append(x: Array, row: Array) -> Array:
    """Append one key or value, given for all heads side by side."""
    batch, heads, _, width = x.shape
    row = jnp.broadcast_to(row.reshape(1, heads, 1, width), (batch, heads, 1, width))
    return jnp.concatenate([x, row], axis=-2)


def _check_inputs(
    query: Array, key: Array, value: Array, embed_dim: int, num_heads: int
) -> None:
    check_floating(_NAME, query, "query")
    check_same_dtype(_NAME, query=query, key=key, value=value)
    if query.ndim not in (2, 3) or not query.ndim == key.ndim == value.ndim:
        facts: Facts = {"query": query.shape, "key": key.shape, "value": value.shape}
        raise InputError("multi_head.ranks", name=_NAME, **facts)
    if query.shape[-1] != embed_dim:
        facts = {"query": query.shape, "embed_dim": embed_dim}
        raise InputError("multi_head.query", name=_NAME, **facts)
    if embed_dim % num_heads:
        facts = {"embed_dim": embed_dim, "num_heads": num_heads}
        raise InputError("multi_head.heads", name=_NAME, **facts)
    if key.shape[:-1] != value.shape[:-1]:
        facts = {"key": key.shape, "value": value.shape}
        raise InputError("multi_head.key_value", name=_NAME, **facts)
