"""Angles and distances: degrees, gradients at 0, refusals."""

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError
from funcnet import functional as F

DEGREES = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, math.inf]


@pytest.mark.parametrize("p", DEGREES)
def test_equal_points_have_distance_0_and_gradient_0(p: float) -> None:
    x = jnp.array([[1.0, 2.0], [1.0, 2.0]])
    for distance in (
        lambda x: F.pdist(x, p),
        lambda x: F.cdist(x, x, p),
        lambda x: F.pairwise_distance(x, x, p, eps=0.0),
    ):
        y, pull = jax.vjp(distance, x)
        assert not y.any()
        assert not pull(jnp.ones_like(y))[0].any()


@pytest.mark.parametrize("p", DEGREES)
def test_cdist_and_pdist_are_numpys_norms(p: float) -> None:
    x, y = (np.random.default_rng(i).normal(size=(4, 3)) for i in (0, 1))
    x, y = x.astype(np.float32), y.astype(np.float32)
    wanted = np.linalg.norm((x[:, None] - y[None]).astype(np.float64), p, axis=-1)
    np.testing.assert_allclose(F.cdist(jnp.array(x), jnp.array(y), p), wanted, 1e-5)
    itself = np.linalg.norm((x[:, None] - x[None]).astype(np.float64), p, axis=-1)
    result = F.pdist(jnp.array(x), p)
    np.testing.assert_allclose(result, itself[np.triu_indices(4, 1)], 1e-5)


def test_euclidean_distances_by_a_product_agree_with_those_by_differences() -> None:
    x, y = jnp.linspace(-1, 1, 60).reshape(2, 10, 3), jnp.ones((1, 4, 3))
    product = F.cdist(x, y, compute_mode="use_mm_for_euclid_dist")
    difference = F.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist")
    np.testing.assert_allclose(product, difference, rtol=1e-4, atol=1e-3)


def test_cosine_similarity_of_zeros_is_0_with_finite_gradient() -> None:
    zero, x = jnp.zeros((1, 2)), jnp.array([[3.0, 4.0]])
    value, gradient = jax.value_and_grad(lambda z: F.cosine_similarity(z, x)[0])(zero)
    assert value == 0
    np.testing.assert_allclose(gradient, [[0.6e8, 0.8e8]], rtol=1e-5)


def test_cosine_similarity_broadcasts() -> None:
    x, y = jnp.ones((5, 1, 2)), jnp.ones((3, 2))
    np.testing.assert_allclose(F.cosine_similarity(x, y, -1), np.ones((5, 3)), 1e-6)


ROWS = jnp.ones((2, 3))
REFUSED: list[tuple[str, tuple[Any, ...], str]] = [
    ("cosine_similarity", (ROWS, jnp.ones((2, 4))), "do not broadcast"),
    ("cosine_similarity", (ROWS[0], ROWS[0]), "dim=0"),
    ("pairwise_distance", (ROWS, jnp.ones((3, 3))), "do not broadcast"),
    ("cdist", (ROWS, jnp.ones((2, 4))), "features"),
    ("cdist", (ROWS, ROWS, -1.0), "0 or more"),
    ("cdist", (ROWS, ROWS, 2.0, "fast"), "compute_mode"),
    ("pdist", (ROWS[0],), "must have 2"),
]


@pytest.mark.parametrize(("name", "args", "message"), REFUSED)
def test_what_does_not_fit_is_refused(
    name: str, args: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(InputError, match=f"{name}.*{message}"):
        getattr(F, name)(*args)
