"""Losses of elements, pairs and triplets: shapes, kinks, and what is refused."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError
from funcnet import functional as F

PAIRED = [
    F.mse_loss,
    F.l1_loss,
    F.smooth_l1_loss,
    F.huber_loss,
    F.kl_div,
    F.binary_cross_entropy,
    F.binary_cross_entropy_with_logits,
    F.poisson_nll_loss,
    F.soft_margin_loss,
    F.multilabel_soft_margin_loss,
]
SIGNED = [F.hinge_embedding_loss, F.cosine_embedding_loss]


@pytest.mark.parametrize("loss", [*PAIRED, F.hinge_embedding_loss])
def test_column_against_row_is_refused(loss: Any) -> None:
    with pytest.raises(InputError, match=r"\(4, 1\) and target \(4,\).*reshape"):
        loss(jnp.ones((4, 1)), jnp.ones(4))


@pytest.mark.parametrize("loss", PAIRED)
def test_unknown_reduction_is_refused(loss: Any) -> None:
    with pytest.raises(InputError, match="reduction is 'avg'"):
        loss(jnp.ones(2), jnp.ones(2), reduction="avg")


@pytest.mark.parametrize("loss", PAIRED)
def test_integer_input_is_refused(loss: Any) -> None:
    with pytest.raises(InputTypeError, match="floating-point"):
        loss(jnp.ones(2, jnp.int32), jnp.ones(2))


@pytest.mark.parametrize("dtype", [jnp.float16, jnp.int32])
def test_mixed_dtypes_are_refused(dtype: Any) -> None:
    with pytest.raises(InputTypeError, match="dtype"):
        F.mse_loss(jnp.ones(2), jnp.ones(2, dtype))


def test_numpy_targets_are_taken() -> None:
    assert F.mse_loss(jnp.zeros(2), np.array([1.0, 3.0])) == 5


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (lambda x: F.l1_loss(x, jnp.zeros(1)), 0),
        (lambda x: F.smooth_l1_loss(x, jnp.zeros(1), beta=0), 0),
        (lambda x: F.smooth_l1_loss(x + 1, jnp.zeros(1)), 1),
        (lambda x: F.huber_loss(x + 1, jnp.zeros(1)), 1),
        (lambda x: F.margin_ranking_loss(x, jnp.zeros(1), jnp.ones(1)), -1),
        (lambda x: F.hinge_embedding_loss(x + 1, -jnp.ones(1)), -1),
        (lambda x: F.binary_cross_entropy(x, jnp.zeros(1)), 0),
        (lambda x: F.binary_cross_entropy(x + 1, jnp.zeros(1)), 1e12),
        (lambda x: F.binary_cross_entropy_with_logits(x, jnp.zeros(1)), 0.5),
        (lambda x: F.gaussian_nll_loss(jnp.ones(1), jnp.ones(1), x, eps=0.5), 1),
        (lambda x: F.kl_div(jnp.ones(1), x), -1),
        (lambda x: F.poisson_nll_loss(jnp.ones(1), x, full=True), -1),
    ],
)
def test_gradient_at_a_kink_is_the_one_of_pytorch(loss: Any, expected: float) -> None:
    # The last two are NaN there, for 0 log 0.
    np.testing.assert_allclose(jax.grad(loss)(jnp.zeros(1)), [expected], rtol=1e-6)


def test_curvature_of_a_logit_of_zero_is_a_quarter() -> None:
    def loss(x: Any) -> Any:
        return F.binary_cross_entropy_with_logits(x, jnp.ones(()))

    assert jax.grad(jax.grad(loss))(jnp.zeros(())) == 0.25


@pytest.mark.parametrize("x", [-1e4, -100.0, 100.0, 1e4])
def test_large_logits_give_no_infinity(x: float) -> None:
    loss = F.binary_cross_entropy_with_logits(jnp.array(x), jnp.zeros(()))
    np.testing.assert_allclose(loss, max(x, 0.0), rtol=1e-6)


def test_weighted_means() -> None:
    x, y, w = jnp.array([1.0, 3.0]), jnp.zeros(2), jnp.array([1.0, 3.0])
    assert F.mse_loss(x, y, weight=w) == (1 + 27) / 4
    assert F.l1_loss(x, y, weight=w) == (1 + 9) / 4
    assert F.huber_loss(x, y, weight=w) == (0.5 + 7.5) / 2  # by the count, as there
    with pytest.raises(InputError, match="weight"):
        F.mse_loss(x, y, weight=jnp.ones(1))


def test_pos_weight_belongs_to_the_last_dimension() -> None:
    x, y = jnp.zeros((2, 3)), jnp.ones((2, 3))
    pos_weight = jnp.array([1.0, 2.0, 3.0])
    loss = F.binary_cross_entropy_with_logits(
        x, y, reduction="none", pos_weight=pos_weight
    )
    np.testing.assert_allclose(loss[1], np.log(2) * pos_weight, rtol=1e-6)
    with pytest.raises(InputError, match=r"pos_weight has shape \(2,\)"):
        F.binary_cross_entropy_with_logits(x, y, pos_weight=jnp.ones(2))


@pytest.mark.parametrize(("p", "y"), [(1.5, 1.0), (-0.1, 0.0), (0.5, 2.0)])
def test_what_is_no_probability_is_refused_or_nan(p: float, y: float) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        F.binary_cross_entropy(jnp.array([p]), jnp.array([y]))
    loss = jax.jit(F.binary_cross_entropy)(jnp.array([p]), jnp.array([y]))
    assert jnp.isnan(loss)


@pytest.mark.parametrize("loss", SIGNED)
def test_labels_of_zero_and_one_are_refused_or_nan(loss: Any) -> None:
    x, y = jnp.ones((2, 3)), jnp.array([0, 1])
    inputs = (x, x) if loss is F.cosine_embedding_loss else (x[:, 0],)
    with pytest.raises(InputError, match="2 \\* target - 1"):
        loss(*inputs, y)
    assert jnp.isnan(jax.jit(loss)(*inputs, y))
    assert jnp.isfinite(loss(*inputs, 2 * y - 1))


def test_negative_variance_is_refused_or_nan() -> None:
    x, var = jnp.ones(2), jnp.array([1.0, -1.0])
    with pytest.raises(InputError, match="negative"):
        F.gaussian_nll_loss(x, x, var)
    assert jnp.isnan(jax.jit(F.gaussian_nll_loss)(x, x, var))


@pytest.mark.parametrize("shape", [(4, 3), (4, 1), (1, 3), (4,)])
def test_variance_shapes(shape: tuple[int, ...]) -> None:
    x = jnp.ones((4, 3))
    loss = F.gaussian_nll_loss(x, 0 * x, jnp.ones(shape), reduction="none")
    assert loss.tolist() == (0.5 * x).tolist()


@pytest.mark.parametrize("shape", [(3,), (2, 3), (1, 1), (4, 3, 1)])
def test_other_variance_shapes_are_refused(shape: tuple[int, ...]) -> None:
    x = jnp.ones((4, 3))
    with pytest.raises(InputError, match="var has shape"):
        F.gaussian_nll_loss(x, x, jnp.ones(shape))


def test_counts_may_be_integers() -> None:
    loss = F.poisson_nll_loss(jnp.zeros(3), jnp.array([0, 1, 5]), full=True)
    stirling = 5 * np.log(5) - 5 + 0.5 * np.log(10 * np.pi)
    np.testing.assert_allclose(loss, 1 + stirling / 3, rtol=1e-6)


def test_kl_divergence_of_equal_distributions_is_zero_with_zeros_too() -> None:
    p = jnp.array([[0.0, 0.5, 0.5]])
    log_p = jnp.array([[-50.0, np.log(0.5), np.log(0.5)]])
    assert F.kl_div(log_p, p, reduction="batchmean") == 0


def test_padding_of_wanted_classes_ends_them() -> None:
    x = jnp.array([0.1, 0.2, 0.4, 0.8])
    loss = F.multilabel_margin_loss(x, jnp.array([3, 0, -1, 1]))
    pairs = [1 - (x[j] - x[i]) for j in (3, 0) for i in (1, 2)]
    np.testing.assert_allclose(loss, sum(pairs) / 4, rtol=1e-6)


def test_wanted_classes_out_of_range_are_refused_or_nan() -> None:
    x, y = jnp.ones((2, 3)), jnp.array([[0, 5, -1], [1, -1, -1]])
    with pytest.raises(InputError, match="class 5"):
        F.multilabel_margin_loss(x, y)
    loss = jax.jit(F.multilabel_margin_loss, static_argnums=2)(x, y, "none")
    assert jnp.isnan(loss).tolist() == [True, False]


def test_swap_takes_the_nearer_of_two_distances() -> None:
    a, p, n = (jnp.array([[v]]) for v in (0.0, 2.0, 3.0))
    plain = F.triplet_margin_loss(a, p, n, margin=2.0)
    swapped = F.triplet_margin_loss(a, p, n, margin=2.0, swap=True)
    np.testing.assert_allclose([plain, swapped], [1, 3], rtol=1e-4)


def test_equal_points_have_a_finite_gradient() -> None:
    def loss(x: Any) -> Any:
        return F.triplet_margin_loss(x, x, x) + F.cosine_embedding_loss(
            0 * x, x, jnp.ones(2)
        )

    assert jnp.isfinite(jax.grad(loss)(jnp.ones((2, 3)))).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: F.smooth_l1_loss(x, x, beta=-1), "at least 0"),
        (lambda x: F.huber_loss(x, x, delta=0), "greater than 0"),
        (lambda x: F.triplet_margin_loss(x, x, x, margin=0), "greater than 0"),
        (lambda x: F.multi_margin_loss(x, jnp.zeros(2, int), p=3), "one of 1, 2"),
        (lambda x: F.multi_margin_loss(x, jnp.zeros(3, int)), "one class index"),
        (lambda x: F.multi_margin_loss(x[None], jnp.zeros(2, int)), "dimensions"),
        (lambda x: F.triplet_margin_loss(x, x, x[:1]), "negative"),
        (lambda x: F.margin_ranking_loss(x, x[0], x), "input2"),
        (lambda x: F.cosine_embedding_loss(x, x, jnp.ones(3)), r"\(batch,\)"),
    ],
)
def test_refused_arguments(call: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call(jnp.ones((2, 3)))
