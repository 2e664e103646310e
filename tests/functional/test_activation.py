"""Activations: gradients at the corners, extreme values, dtypes, refusals."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError
from funcnet import functional as F
from funcnet.functional._activation import activation

# The gradients PyTorch takes where the curve has a corner.
CORNERS = [
    ("relu", (), [0.0], [0.0]),
    ("relu6", (), [0.0, 6.0], [0.0, 0.0]),
    ("hardtanh", (), [-1.0, 1.0], [0.0, 0.0]),
    ("hardsigmoid", (), [-3.0, 3.0], [0.0, 0.0]),
    ("hardswish", (), [-3.0, 3.0], [0.0, 1.0]),
    ("hardshrink", (), [-0.5, 0.5], [0.0, 0.0]),
    ("softshrink", (), [-0.5, 0.5], [0.0, 0.0]),
    ("threshold", (1.0, 9.0), [1.0], [0.0]),
    ("leaky_relu", (0.25,), [0.0], [0.25]),
    ("rrelu", (0.25, 0.75), [0.0], [0.5]),
    ("elu", (0.5,), [0.0], [0.5]),
    ("celu", (0.5,), [0.0], [1.0]),
    ("softsign", (), [0.0], [1.0]),
    ("logsigmoid", (), [0.0], [0.5]),
]

SMOOTH = [
    *(name for name in activation.__all__ if name != "glu"),
    *("hardsigmoid", "hardswish", "relu"),
]


@pytest.mark.parametrize(("name", "args", "x", "gradient"), CORNERS)
def test_the_gradient_at_a_corner_is_pytorchs(
    name: str, args: tuple[float, ...], x: list[float], gradient: list[float]
) -> None:
    function = getattr(F, name)
    result = jax.vmap(jax.grad(lambda x: function(x, *args)))(jnp.array(x))
    np.testing.assert_allclose(result, gradient, rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "second"), [("logsigmoid", -0.25), ("softplus", 0.25), ("softsign", 0.0)]
)
def test_the_second_derivative_at_zero_is_pytorchs(name: str, second: float) -> None:
    result = jax.grad(jax.grad(getattr(F, name)))(0.0)
    np.testing.assert_allclose(result, second, atol=1e-6)


@pytest.mark.parametrize("name", SMOOTH)
def test_extreme_inputs_have_finite_gradients_and_nan_goes_through(name: str) -> None:
    function = getattr(F, name)
    x = jnp.array([-1e30, -200.0, 200.0, 1e30])
    assert np.isfinite(jax.grad(lambda x: function(x).sum())(x)).all()
    assert np.isnan(function(jnp.array([jnp.nan])))


@pytest.mark.parametrize("name", SMOOTH)
def test_half_precision_is_kept_and_rounded_once(name: str) -> None:
    x = jnp.linspace(-4, 4, 17, dtype=jnp.bfloat16)
    result = getattr(F, name)(x)
    wanted = getattr(F, name)(x.astype(jnp.float32))
    assert result.dtype == jnp.bfloat16
    # 2**-8 is the spacing of bfloat16, relative to the value.
    np.testing.assert_allclose(result.astype(jnp.float32), wanted, 2**-7, 1e-3)


def test_softplus_is_linear_above_its_threshold() -> None:
    x = jnp.array([2.0, 2.25])
    np.testing.assert_allclose(F.softplus(x, 2.0, 4.0), [2.0090749, 2.25], rtol=1e-6)


def test_rrelu_draws_slopes_for_negative_elements_only(key: jax.Array) -> None:
    x = jnp.concatenate([jnp.full(500, -1.0), jnp.full(500, 2.0)])
    y = F.rrelu(x, 0.25, 0.75, training=True, key=key)
    slopes = -y[:500]
    assert (y[500:] == 2).all()
    assert slopes.min() >= 0.25
    assert slopes.max() <= 0.75
    assert slopes.std() > 0.1


def test_prelu_has_a_slope_for_each_channel() -> None:
    x = -jnp.ones((1, 2, 2))
    y = F.prelu(x, jnp.array([0.5, 0.25]))
    assert y.tolist() == [[[-0.5, -0.5], [-0.25, -0.25]]]


REFUSED: list[tuple[str, tuple[Any, ...], str]] = [
    ("celu", (jnp.ones(2), 0), "alpha is 0"),
    ("gelu", (jnp.ones(2), "erf"), "'erf'.*'none', 'tanh'"),
    ("glu", (jnp.ones((2, 3)),), r"\(2, 3\).*even"),
    ("hardtanh", (jnp.ones(2), 1.0, -1.0), "greater"),
    ("prelu", (jnp.ones((2, 3)), jnp.ones(2)), "Use 1 weight or 3"),
    ("rrelu", (jnp.ones(2), 0.5, 0.25), "greater"),
    ("rrelu", (jnp.ones(2), 0.25, 0.5, True), "key"),
    ("softshrink", (jnp.ones(2), -1.0), "0 or more"),
]


@pytest.mark.parametrize(("name", "args", "message"), REFUSED)
def test_what_cannot_be_computed_is_refused(
    name: str, args: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        getattr(F, name)(*args)


def test_integers_are_refused() -> None:
    with pytest.raises(InputTypeError, match=r"relu.*int32.*floating-point"):
        F.relu(jnp.arange(3))
