"""Attention: scaled dot products, masks, several heads."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError
from funcnet import functional as F

attend = F.scaled_dot_product_attention


def normal(seed: int, *shape: int) -> jax.Array:
    return jax.random.normal(jax.random.key(seed), shape)


def make_qkv(queries: int = 4, keys: int = 5) -> tuple[jax.Array, ...]:
    shapes = [(2, 3, queries, 8), (2, 3, keys, 8), (2, 3, keys, 6)]
    return tuple(normal(i, *shape) for i, shape in enumerate(shapes))


def by_hand(q: Any, k: Any, v: Any, added: Any = 0.0, scale: float = 8**-0.5) -> Any:
    q, k, v = (np.asarray(x, np.float64) for x in (q, k, v))
    weights = np.exp(q @ k.swapaxes(-1, -2) * scale + np.asarray(added))
    return weights / weights.sum(-1, keepdims=True) @ v


def assert_close(actual: Any, expected: Any) -> None:
    np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-5)


def test_attention_is_its_formula() -> None:
    q, k, v = make_qkv()
    assert_close(attend(q, k, v), by_hand(q, k, v))
    assert_close(attend(q, k, v, scale=0.1), by_hand(q, k, v, scale=0.1))


def test_masks_of_booleans_and_of_numbers() -> None:
    q, k, v = make_qkv()
    mask = np.arange(20).reshape(4, 5) % 3 != 1
    added = np.where(mask, 0, -np.inf)
    assert_close(attend(q, k, v, jnp.asarray(mask)), by_hand(q, k, v, added))
    bias = normal(9, 2, 1, 4, 5)
    assert_close(attend(q, k, v, bias), by_hand(q, k, v, bias))


@pytest.mark.parametrize("keys", [3, 4, 6])
def test_causal_lets_a_query_see_what_stands_before(keys: int) -> None:
    q, k, v = make_qkv(4, keys)
    added = np.where(np.tril(np.ones((4, keys))), 0, -np.inf)
    assert_close(attend(q, k, v, is_causal=True), by_hand(q, k, v, added))


@pytest.mark.parametrize("numbers", [False, True])
def test_a_query_that_sees_nothing_gets_zeros_and_no_gradient(numbers: bool) -> None:
    q, k, v = make_qkv()
    mask = jnp.ones((4, 5), bool).at[1].set(False)
    if numbers:
        mask = jnp.where(mask, 0.0, -jnp.inf)
    y, grads = jax.value_and_grad(
        lambda q, k, v: attend(q, k, v, mask)[:, :, 1].sum(), (0, 1, 2)
    )(q, k, v)
    assert y == 0
    assert not any(g.any() for g in grads)


def test_grouped_queries_share_heads() -> None:
    q, k, v = normal(0, 2, 6, 4, 8), normal(1, 2, 2, 5, 8), normal(2, 2, 2, 5, 8)
    shared = [jnp.repeat(x, 3, axis=1) for x in (k, v)]
    assert_close(attend(q, k, v, enable_gqa=True), attend(q, *shared))
    with pytest.raises(InputError, match="the 4 heads of the query"):
        attend(q[:, :4], k[:, :1].repeat(3, 1), v, enable_gqa=True)


def test_leading_dimensions_broadcast() -> None:
    q, k, v = make_qkv()
    assert_close(attend(q[0], k, v)[1], attend(q[0], k[1], v[1]))


def test_half_precision_is_summed_in_float32() -> None:
    q, k, v = (x.astype(jnp.bfloat16) for x in make_qkv())
    y = attend(q, k, v)
    assert y.dtype == jnp.bfloat16
    np.testing.assert_allclose(y.astype("float32"), by_hand(q, k, v), atol=0.02)


def test_dropped_weights_need_a_random_key(key: jax.Array) -> None:
    q, k, v = make_qkv()
    with pytest.raises(InputError, match="dropout_key="):
        attend(q, k, v, dropout_p=0.5)
    dropped = attend(q, k, jnp.ones_like(v), dropout_p=0.5, dropout_key=key)
    assert not np.allclose(dropped, 1)
    assert not attend(q, k, v, dropout_p=1.0).any()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"attn_mask": jnp.ones((4, 5), int)}, InputTypeError, "astype.bool"),
        ({"attn_mask": jnp.ones((5, 4), bool)}, InputError, r"shape \(5, 4\)"),
        (
            {"attn_mask": jnp.ones((4, 5), bool), "is_causal": True},
            InputError,
            "Put both into the mask",
        ),
        ({"key": jnp.ones((2, 3, 5, 7))}, InputError, "value_features"),
        ({"value": jnp.ones((2, 3, 4, 7))}, InputError, "value_features"),
        ({"query": jnp.ones((2, 3, 4, 8), int)}, InputTypeError, "query has dtype"),
    ],
)
def test_arguments_that_do_not_fit_raise(
    change: dict[str, Any], error: type[Exception], message: str
) -> None:
    arguments = dict(zip(("query", "key", "value"), make_qkv(), strict=True))
    with pytest.raises(error, match=message):
        attend(**(arguments | change))


EMBED, HEADS = 6, 2
W_IN, B_IN, W_OUT = normal(1, 18, 6), normal(2, 18), normal(3, 6, 6)


def multi_head(query: Any, key: Any, value: Any, **options: Any) -> Any:
    more = (options.pop("bias_k", None), options.pop("bias_v", None))
    zeros = options.pop("add_zero_attn", False)
    return F.multi_head_attention_forward(
        *(query, key, value, EMBED, HEADS, W_IN, B_IN),
        *more,
        zeros,
        *(options.pop("dropout_p", 0.0), W_OUT, None),
        **options,
    )


def test_heads_attend_apart_and_are_mixed_at_the_end() -> None:
    x, memory = normal(4, 4, EMBED), normal(5, 5, EMBED)
    biases = jnp.split(B_IN, 3)
    parts = zip((x, memory, memory), jnp.split(W_IN, 3), biases, strict=True)
    q, k, v = (F.linear(a, w, b) for a, w, b in parts)
    heads = [by_hand(q[:, i], k[:, i], v[:, i], scale=3**-0.5) for i in COLUMNS]
    output, weights = multi_head(x, memory, memory)
    assert_close(output, np.concatenate(heads, axis=1) @ W_OUT.T)
    assert_close(weights.sum(-1), np.ones(4))


COLUMNS = (slice(0, 3), slice(3, 6))


def test_layouts_and_ways_agree() -> None:
    x = normal(4, 4, 3, EMBED)  # (length, batch, features)
    output, weights = multi_head(x, x, x)
    assert weights.shape == (3, 4, 4)
    assert_close(multi_head(x, x, x, need_weights=False)[0], output)
    assert_close(multi_head(x, x + 0, x + 0)[0], output)  # not the same object
    swapped = x.swapaxes(0, 1)
    first, _ = multi_head(swapped, swapped, swapped, batch_first=True)
    assert_close(first.swapaxes(0, 1), output)
    one, one_weights = multi_head(x[:, 1], x[:, 1], x[:, 1])
    assert_close(one, output[:, 1])
    assert_close(one_weights, weights[1])
    names = ("q_proj_weight", "k_proj_weight", "v_proj_weight")
    separate = dict(zip(names, jnp.split(W_IN, 3), strict=True))
    apart, _ = multi_head(x, x, x, use_separate_proj_weight=True, **separate)
    assert_close(apart, output)


def test_padding_is_as_if_it_were_not_there() -> None:
    x = normal(4, 4, 2, EMBED)
    mask = jnp.array([[False] * 4, [False, False, True, True]])
    for padding in (mask, jnp.where(mask, -jnp.inf, 0.0)):
        output, weights = multi_head(x, x, x, key_padding_mask=padding)
        short, _ = multi_head(x[:, 1], x[:2, 1], x[:2, 1])
        assert_close(output[:, 1], short)
        assert not weights[1, :, 2:].any()


@pytest.mark.parametrize("need_weights", [False, True])
@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4)])
def test_where_a_mask_is_true_is_not_looked(
    shape: tuple[int, ...], need_weights: bool
) -> None:
    x = normal(4, 4, 2, EMBED)
    future = jnp.broadcast_to(~jnp.tril(jnp.ones((4, 4), bool)), shape)
    options = {"need_weights": need_weights}
    output, _ = multi_head(x, x, x, attn_mask=future, **options)
    first, _ = multi_head(x[:2], x[:2], x[:2], attn_mask=future[..., :2, :2], **options)
    assert_close(output[:2], first)
    causal, _ = multi_head(x, x, x, is_causal=True, **options)
    assert_close(causal, output)


def test_more_keys_are_seen_through_every_mask() -> None:
    x, forbid = normal(4, 4, 2, EMBED), jnp.ones((4, 4), bool)
    bias = normal(7, EMBED)
    options = {"bias_k": bias, "bias_v": bias, "add_zero_attn": True}
    output, weights = multi_head(
        x, x, x, attn_mask=forbid, average_attn_weights=False, **options
    )
    assert weights.shape == (2, HEADS, 4, 6)
    assert not weights[..., :4].any()
    assert jnp.isfinite(output).all()


def test_training_drops_weights(key: jax.Array) -> None:
    x = normal(4, 4, 2, EMBED)
    _, weights = multi_head(x, x, x, dropout_p=0.5, dropout_key=key)
    assert (weights == 0).any()
    plain, _ = multi_head(x, x, x, dropout_p=0.5, training=False)
    assert_close(plain, multi_head(x, x, x)[0])
    with pytest.raises(InputError, match="dropout_key="):
        multi_head(x, x, x, dropout_p=0.5)


@pytest.mark.parametrize(
    ("x", "options", "message"),
    [
        (jnp.ones((4, 2, 5)), {}, "must be the embed_dim, 6"),
        (jnp.ones(6), {}, "they must all be"),
        (jnp.ones((4, 2, 6)), {"attn_mask": jnp.ones((4, 5), bool)}, "attn_mask has"),
        (
            jnp.ones((4, 2, 6)),
            {"key_padding_mask": jnp.ones((4, 2), bool)},
            r"key_padding_mask has shape \(4, 2\), it must be \(2, 4\)",
        ),
        (jnp.ones((4, 2, 6)), {"bias_k": jnp.ones(6)}, "both of bias_k and bias_v"),
    ],
)
def test_multi_head_arguments_that_do_not_fit_raise(
    x: jax.Array, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        multi_head(x, x, x, **options)
