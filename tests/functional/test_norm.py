"""Norms: running statistics, numerics, derivatives, refusals."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError
from funcnet import functional as F


def images(*shape: int) -> jax.Array:
    return jax.random.normal(jax.random.key(7), shape) * 2 + 3


def test_batch_norm_stores_the_unbiased_variance() -> None:
    x = images(4, 3, 5)
    start = jnp.full(3, 2.0)
    _, mean, var = F.batch_norm(x, start, start, training=True, momentum=0.25)
    np.testing.assert_allclose(mean, 0.75 * 2 + 0.25 * x.mean((0, 2)), rtol=1e-5)
    np.testing.assert_allclose(var, 0.75 * 2 + 0.25 * x.var((0, 2), ddof=1), rtol=1e-5)


def test_batch_norm_in_evaluation_uses_and_returns_the_running_statistics() -> None:
    x, mean, var = images(4, 2, 3), jnp.array([1.0, 2.0]), jnp.array([4.0, 9.0])
    y, new_mean, new_var = F.batch_norm(x, mean, var, jnp.ones(2), jnp.ones(2), eps=0.0)
    np.testing.assert_allclose(y[:, 1], (x[:, 1] - 2) / 3 + 1, rtol=1e-5)
    assert new_mean is mean
    assert new_var is var


def test_running_statistics_have_no_gradient() -> None:
    def total(x: jax.Array) -> jax.Array:
        _, mean, var = F.batch_norm(x, jnp.zeros(2), jnp.ones(2), training=True)
        return (mean + var).sum()

    assert not jax.grad(total)(images(4, 2)).any()


def test_batch_norm_keeps_its_digits_far_from_zero() -> None:
    x = images(64, 1, 8)
    y, far = (F.batch_norm(x + d, None, None, training=True)[0] for d in (0.0, 1e4))
    # x itself has lost four digits of seven; a mean of squares would lose all.
    np.testing.assert_allclose(far, y, atol=2e-3)


def test_forward_mode_agrees_with_reverse_mode_twice() -> None:
    def total(x: jax.Array) -> jax.Array:
        return (F.layer_norm(x, 4) ** 3).sum()

    x, v = images(2, 4), images(2, 4)[::-1]
    forward = jax.jvp(jax.grad(total), (x,), (v,))[1]
    reverse = jax.grad(lambda x: (jax.grad(total)(x) * v).sum())(x)
    h = 1e-2
    numeric = (jax.grad(total)(x + h * v) - jax.grad(total)(x - h * v)) / (2 * h)
    np.testing.assert_allclose(forward, reverse, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(forward, numeric, rtol=5e-2, atol=5e-2)


def test_instance_norm_averages_its_statistics_over_the_batch() -> None:
    x = images(4, 3, 5)
    y, mean, var = F.instance_norm(x, jnp.zeros(3), jnp.zeros(3), momentum=1.0)
    np.testing.assert_allclose(y.mean(2), np.zeros((4, 3)), atol=1e-5)
    np.testing.assert_allclose(mean, x.mean((0, 2)), rtol=1e-5)
    np.testing.assert_allclose(var, x.var(2, ddof=1).mean(0), rtol=1e-5)


def test_an_empty_batch_leaves_the_statistics_alone() -> None:
    mean, var = jnp.zeros(3), jnp.ones(3)
    y, *statistics = F.batch_norm(jnp.ones((0, 3)), mean, var, training=True)
    assert y.shape == (0, 3)
    assert statistics == [mean, var]


@pytest.mark.parametrize("dtype", [jnp.float16, jnp.bfloat16])
def test_half_precision_inputs_take_float32_parameters(dtype: Any) -> None:
    x, ones = images(4, 3, 5).astype(dtype), jnp.ones(3)
    y, mean, _ = F.batch_norm(x, ones, ones, ones, ones, training=True)
    assert y.dtype == dtype
    assert mean.dtype == jnp.float32
    assert F.group_norm(x, 3, ones, ones).dtype == dtype
    assert F.layer_norm(x, 5, jnp.ones(5)).dtype == dtype
    assert F.rms_norm(x, 5, jnp.ones(5)).dtype == dtype


def test_normalize_of_zeros_has_a_finite_gradient() -> None:
    gradient = jax.grad(lambda x: F.normalize(x).sum())(jnp.zeros((2, 3)))
    np.testing.assert_allclose(gradient, np.full((2, 3), 1e12), rtol=1e-5)


@pytest.mark.parametrize("size", [1, 2, 3, 9])
def test_local_response_norm_sums_a_window_of_channels(size: int) -> None:
    x = images(1, 4, 2)
    y = F.local_response_norm(x, size, alpha=0.5, beta=1.0, k=2.0)
    for channel in range(4):
        window = x[0, max(channel - size // 2, 0) : channel + (size - 1) // 2 + 1]
        divisor = 2 + 0.5 * (window**2).sum(0) / size
        np.testing.assert_allclose(y[0, channel], x[0, channel] / divisor, rtol=1e-5)


X = jnp.ones((4, 6, 2))
REFUSED: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    ("batch_norm", (X, None, None), {}, "training=True"),
    ("batch_norm", (X, jnp.ones(5), jnp.ones(5)), {}, r"running_mean.*\(6,\)"),
    ("batch_norm", (X[:1, :, 0], None, None), {"training": True}, "drop_last"),
    ("batch_norm", (jnp.ones(6), None, None), {"training": True}, "2 dimensions"),
    ("instance_norm", (X[:, :, :1],), {}, "more than one spatial"),
    ("instance_norm", (X,), {"use_input_stats": False}, "running_mean"),
    ("group_norm", (X, 4), {}, r"\(4, 6, 2\).*4 groups"),
    ("layer_norm", (X, 3), {}, r"\(4, 6, 2\).*end with.*\(3,\)"),
    ("layer_norm", (X, 2, jnp.ones(3)), {}, r"weight has shape \(3,\).*\(2,\)"),
    ("rms_norm", (X, ()), {}, "at least one"),
    ("local_response_norm", (X[0], 3), {}, "3 dimensions"),
]


@pytest.mark.parametrize(("name", "args", "options", "message"), REFUSED)
def test_what_does_not_fit_is_refused(
    name: str, args: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=f"{name}.*{message}"):
        getattr(F, name)(*args, **options)


def test_parameters_of_another_dtype_are_refused() -> None:
    with pytest.raises(InputTypeError, match="weight has dtype bfloat16"):
        F.layer_norm(X, 2, jnp.ones(2, jnp.bfloat16))
