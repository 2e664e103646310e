"""Softmax and its relatives."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError
from funcnet import functional as F


def test_large_logits_do_not_overflow() -> None:
    x = jnp.array([1e4, 0.0, -jnp.inf])
    assert F.softmax(x, 0).tolist() == [1.0, 0.0, 0.0]
    assert F.log_softmax(x, 0).tolist() == [0.0, -1e4, -jnp.inf]


def test_a_missing_dim_is_chosen_as_in_pytorch_with_a_warning() -> None:
    x = jnp.ones((2, 4))
    with pytest.warns(UserWarning, match="no dim was given, 1 is taken"):
        y = F.softmax(x)
    assert y[0, 0] == 0.25


def test_dtype_casts_first() -> None:
    y = F.softmax(jnp.arange(3), 0, dtype=jnp.float32)
    assert y.dtype == jnp.float32


@pytest.mark.parametrize("shape", [(), (0,), (2, 0)])
def test_numbers_and_empty_arrays_are_taken(shape: tuple[int, ...]) -> None:
    assert F.softmax(jnp.ones(shape), 0).shape == shape


def test_a_dim_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match=r"dim is 2.*2 dimensions"):
        F.log_softmax(jnp.ones((2, 3)), 2)
    with pytest.raises(InputTypeError, match="int32"):
        F.softmax(jnp.arange(3), 0)


def test_hard_gumbel_samples_are_one_hot_with_the_soft_gradient(key: jax.Array) -> None:
    logits = jnp.array([[0.0, 1.0, 2.0]] * 4)

    def total(logits: jax.Array, hard: bool) -> jax.Array:
        y = F.gumbel_softmax(logits, 0.5, hard, key=key)
        return (y * jnp.broadcast_to(jnp.arange(3.0), y.shape)).sum()

    y = F.gumbel_softmax(logits, 0.5, hard=True, key=key)
    np.testing.assert_allclose(jnp.sort(y), [[0.0, 0.0, 1.0]] * 4, atol=1e-6)
    soft, hard = (jax.grad(total)(logits, hard) for hard in (False, True))
    np.testing.assert_allclose(hard, soft, rtol=1e-5)


def test_gumbel_samples_follow_the_probabilities(key: jax.Array) -> None:
    probabilities = np.array([0.1, 0.3, 0.6])
    logits = jnp.broadcast_to(jnp.log(jnp.array(probabilities)), (5000, 3))
    shares = F.gumbel_softmax(logits, hard=True, key=key).mean(0)
    # Four standard deviations of a share of 5000 draws.
    np.testing.assert_allclose(shares, probabilities, atol=4 * 0.5 / 5000**0.5)


def test_gumbel_softmax_without_key_raises() -> None:
    with pytest.raises(InputError, match=r"gumbel_softmax.*key"):
        F.gumbel_softmax(jnp.ones(3))
