"""Gradients at corners, infinities and NaN are PyTorch's; the numbers are its own."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import functional as F

INF, NAN = jnp.inf, jnp.nan


def derivatives(run, x: float) -> list[float]:
    """The value, and the first and second derivative."""
    first = jax.grad(run)
    return [float(f(jnp.float32(x))) for f in (run, first, jax.grad(first))]


@pytest.mark.parametrize(
    ("run", "x", "wanted"),
    [
        (F.elu, 0.0, [0, 1, 0]),
        (F.selu, 0.0, [0, 1.7580993, 0]),
        (partial(F.celu, alpha=0.5), 0.0, [0, 1, 0]),
        (F.elu, -1.0, [np.expm1(-1), np.exp(-1), np.exp(-1)]),
        (F.elu, 200.0, [200, 1, 0]),
        (F.mish, 20.0, [20, 1, 0]),
        (F.hardswish, -INF, [NAN, 0, 0]),
        (lambda x: F.l1_loss(x, jnp.float32(1)), 1.0, [0, 0, 0]),
        (lambda x: F.l1_loss(x, jnp.float32(1)), NAN, [NAN, 0, 0]),
        (lambda x: F.smooth_l1_loss(x, jnp.float32(1)), INF, [INF, 1, 0]),
        (lambda x: F.huber_loss(x, jnp.float32(1)), -INF, [INF, -1, 0]),
        (lambda x: F.kl_div(jnp.float32(0), x), 1e-20, [-4.6e-19, -45.1, 1e20]),
    ],
)
def test_derivatives_at_awkward_points(run, x, wanted) -> None:
    np.testing.assert_allclose(derivatives(run, x), wanted, rtol=2e-2, atol=1e-5)


@pytest.mark.parametrize(
    "run",
    [
        lambda x: F.normalize(jnp.array([x, 1.0]), dim=0)[1],
        lambda x: F.margin_ranking_loss(x, jnp.float32(0), jnp.float32(1)),
        lambda x: F.hinge_embedding_loss(x, jnp.float32(-1)),
        lambda x: F.triplet_margin_loss(*jnp.array([[x, 1.0], [0, 0], [0, 1]])),
    ],
)
def test_nan_is_not_hidden(run) -> None:
    assert np.isnan(run(jnp.float32(NAN)))


def test_the_cosine_of_vectors_whose_norm_overflows_is_0() -> None:
    x, y = jnp.array([1e30, 1e30]), jnp.array([1.0, 2.0])
    value, grad = jax.value_and_grad(partial(F.cosine_similarity, dim=0))(x, y)
    assert value == 0
    assert not grad.any()


def test_an_infinite_variance_has_an_infinite_loss() -> None:
    loss = F.gaussian_nll_loss(jnp.ones(1), jnp.zeros(1), jnp.array([INF]))
    assert loss == INF
