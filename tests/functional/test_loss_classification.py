"""Cross entropy and its kin: labels, weights, what is ignored, what is refused."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError
from funcnet import functional as F

X = jnp.array([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0], [0.3, 0.1, 0.2]])
Y = jnp.array([1, 2, 0])


def reference(x: Any, y: Any) -> np.ndarray:
    """-log p of each label, in float64."""
    x = np.asarray(x, np.float64)
    return np.log(np.exp(x).sum(1)) - x[np.arange(len(x)), np.asarray(y)]


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint32", "int32"])
def test_labels_may_have_any_integer_dtype(dtype: str) -> None:
    loss = F.cross_entropy(X, Y.astype(dtype), reduction="none")
    np.testing.assert_allclose(loss, reference(X, Y), rtol=1e-6)
    traced = jax.jit(F.cross_entropy)(X, Y.astype(dtype))
    np.testing.assert_allclose(traced, loss.mean(), rtol=1e-6)


def test_numpy_labels_of_64_bits_are_taken() -> None:
    y = np.asarray(Y, np.int64)
    assert F.cross_entropy(X, y) == F.cross_entropy(X, Y)


def test_weighted_mean_divides_by_the_weights_of_what_counts() -> None:
    weight, y = jnp.array([1.0, 2.0, 4.0]), jnp.array([1, -100, 2])
    losses = reference(X, [1, 0, 2])
    expected = (2 * losses[0] + 4 * losses[2]) / 6
    np.testing.assert_allclose(F.cross_entropy(X, y, weight), expected, rtol=1e-6)


def test_mean_over_nothing_is_nan() -> None:
    assert jnp.isnan(F.cross_entropy(X, jnp.full(3, -100)))
    assert F.cross_entropy(X, jnp.full(3, -100), reduction="sum") == 0


def test_ignored_labels_may_be_out_of_range() -> None:
    loss = F.cross_entropy(X, jnp.array([255, 2, 0], jnp.uint8), ignore_index=255)
    np.testing.assert_allclose(loss, reference(X, [0, 2, 0])[1:].mean(), rtol=1e-6)


def test_smoothed_labels_are_mixed_probabilities() -> None:
    soft = 0.7 * jax.nn.one_hot(Y, 3) + 0.1
    weight = jnp.array([1.0, 2.0, 3.0])
    hard = F.cross_entropy(X, Y, weight, label_smoothing=0.3, reduction="none")
    np.testing.assert_allclose(
        hard, F.cross_entropy(X, soft, weight, reduction="none"), rtol=1e-5
    )


def test_classes_are_dimension_one_of_images() -> None:
    x = jnp.arange(24.0).reshape(2, 3, 2, 2) % 5
    y = jnp.arange(8).reshape(2, 2, 2) % 3
    rows = jnp.moveaxis(x, 1, -1).reshape(-1, 3)
    np.testing.assert_allclose(
        F.cross_entropy(x, y), reference(rows, y.reshape(-1)).mean(), rtol=1e-6
    )


def test_infinite_logits_of_other_classes_do_no_harm() -> None:
    x = jnp.array([[0.0, -jnp.inf, 0.0]])
    loss, slope = jax.value_and_grad(F.cross_entropy)(x, jnp.array([0]))
    np.testing.assert_allclose(loss, np.log(2), rtol=1e-6)
    np.testing.assert_allclose(slope, [[-0.5, 0.0, 0.5]], rtol=1e-6)


def test_small_losses_keep_their_digits() -> None:
    loss = F.cross_entropy(jnp.array([[1008.0, 1000.0]]), jnp.array([0]))
    np.testing.assert_allclose(loss, np.log1p(np.exp(-8.0)), rtol=1e-3)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_is_computed_in_float32_and_rounded_once(dtype: str) -> None:
    x = X.astype(dtype)
    loss = F.cross_entropy(x, Y)
    assert loss.dtype == dtype
    assert loss == F.cross_entropy(x.astype(jnp.float32), Y).astype(dtype)


@pytest.mark.parametrize("loss", [F.cross_entropy, F.nll_loss, F.multi_margin_loss])
def test_labels_out_of_range_are_refused_or_nan(loss: Any) -> None:
    y = jnp.array([1, 7, -2])
    with pytest.raises(InputError, match=r"holds the class 7; .* 0 to 2"):
        loss(X, y)
    with pytest.raises(InputError, match="class 7"):
        jax.jit(lambda x: loss(x, np.asarray(y)))(X)
    value, slope = jax.jit(jax.value_and_grad(loss))(X, y)
    assert jnp.isnan(value)
    assert jnp.isnan(slope[1:]).any()


@pytest.mark.parametrize(
    ("x", "y", "options", "error", "message"),
    [
        (X, Y[:2], {}, InputError, r"indices of shape \(3,\).*or probabilities"),
        (X, jnp.zeros((3, 2)), {}, InputError, "indices.*or probabilities"),
        (X, X.astype(jnp.int32), {}, InputTypeError, "holds class probabilities"),
        (X, X[:, 0], {}, InputTypeError, "integers are needed"),
        (X, Y > 1, {}, InputTypeError, "integers are needed"),
        (X.astype(jnp.int32), Y, {}, InputTypeError, "floating-point"),
        (jnp.zeros(()), Y, {}, InputError, "no dimensions"),
        (X, Y, {"weight": jnp.ones(2)}, InputError, "3 classes"),
        (X, Y, {"weight": jnp.ones(3, jnp.float16)}, InputTypeError, "same dtype"),
        (X, Y, {"reduction": "avg"}, InputError, "'none', 'mean', 'sum'"),
        (X, Y, {"label_smoothing": 1.5}, InputError, "0 to 1"),
        (X, X, {"ignore_index": 1}, InputError, "no label can be ignored"),
    ],
)
def test_refused_arguments(
    x: Any, y: Any, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        F.cross_entropy(x, y, **options)


@pytest.mark.parametrize("rows", [2, 8])
def test_chunked_linear_cross_entropy_is_the_plain_one(rows: int) -> None:
    key = jax.random.key(0)
    x, w = jax.random.normal(key, (5, 3)), jax.random.normal(key, (4, 3))
    bias, y = jnp.arange(4.0), jnp.array([0, 3, -100, 1, 2])

    def loss(x: Any, w: Any, bias: Any, options: Any) -> Any:
        weight = jnp.array([1.0, 2.0, 3.0, 4.0])
        return F.linear_cross_entropy(
            x, w, y, linear_bias=bias, weight=weight, label_smoothing=0.1,
            options=options,
        )  # fmt: skip

    def both(options: Any) -> Any:
        return jax.value_and_grad(loss, (0, 1, 2))(x, w, bias, options)

    chunked = both(F.LinearCrossEntropyOptions(batch_chunk_size=rows))
    for mine, plain in zip(
        jax.tree.leaves(chunked), jax.tree.leaves(both(None)), strict=True
    ):
        np.testing.assert_allclose(mine, plain, rtol=1e-5, atol=1e-6)


def test_chunked_linear_cross_entropy_holds_no_full_logits() -> None:
    x, w, y = jnp.zeros((64, 4)), jnp.zeros((1000, 4)), jnp.zeros(64, jnp.int32)

    def loss(x: Any, w: Any) -> Any:
        options = F.LinearCrossEntropyOptions(batch_chunk_size=8)
        return F.linear_cross_entropy(x, w, y, options=options)

    text = jax.jit(jax.grad(loss, (0, 1))).lower(x, w).as_text()
    assert "8x1000x" in text
    assert "64x1000x" not in text
    assert "8x8x1000x" not in text


def test_chunked_labels_out_of_range_are_refused() -> None:
    options = F.LinearCrossEntropyOptions(batch_chunk_size=2)
    x, w, y = jnp.zeros((4, 3)), jnp.zeros((5, 3)), jnp.array([0, 1, 9, 0])
    with pytest.raises(InputError, match="class 9"):
        F.linear_cross_entropy(x, w, y, options=options)
    assert jnp.isnan(
        jax.jit(lambda y: F.linear_cross_entropy(x, w, y, options=options))(y)
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"batch_chunk_size": 0}, "greater than 0"),
        ({"chunking_method": "ratio"}, "aspect_ratio:N"),
        ({"chunking_method": "aspect_ratio:0"}, "aspect_ratio:N"),
        ({"batch_chunk_size": 2, "chunking_method": "aspect_ratio"}, "not both"),
    ],
)
def test_refused_chunking(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        F.LinearCrossEntropyOptions(**settings)


def test_means_of_many_half_precision_losses_do_not_overflow() -> None:
    x, y = jnp.full((1, 2, 70_000), -1, jnp.float16), jnp.zeros((1, 70_000), jnp.int32)
    assert F.nll_loss(x, y) == 1
    assert F.mse_loss(x, 0 * x, weight=jnp.ones_like(x)) == 1
