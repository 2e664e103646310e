"""Pools: windows, ties and edges, where gradients go, refusals."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError
from funcnet import functional as F
from tests.functional.derivatives import check_modes


def normal(*shape: int) -> jax.Array:
    return jax.random.normal(jax.random.key(0), shape)


def first_maxima(x: Any, kernel: int, stride: int, padding: int) -> Any:
    """Loop over the windows of one plane; return maxima and their positions."""
    size = x.shape[0]
    starts = range(-padding, size + padding - kernel + 1, stride)
    maxima, indices = [], []
    for i in starts:
        for j in starts:
            places = [
                (r, c)
                for r in range(max(i, 0), min(i + kernel, size))
                for c in range(max(j, 0), min(j + kernel, size))
            ]
            best = max(places, key=lambda at: x[at])  # the first of equal ones
            maxima.append(x[best])
            indices.append(best[0] * size + best[1])
    return np.array(maxima), np.array(indices)


@pytest.mark.parametrize(
    ("kernel", "stride", "padding"), [(2, 2, 0), (3, 2, 1), (3, 1, 1), (5, 1, 2)]
)
def test_of_equal_maxima_the_first_has_the_index_and_the_gradient(
    kernel: int, stride: int, padding: int
) -> None:
    plane = np.random.default_rng(0).integers(0, 3, (8, 8)).astype(np.float32)
    maxima, indices = first_maxima(plane, kernel, stride, padding)
    x = jnp.asarray(plane).reshape(1, 8, 8)
    settings = (kernel, stride, padding)
    y, result = jax.jit(lambda x: F.max_pool2d_with_indices(x, *settings))(x)
    assert y.ravel().tolist() == maxima.tolist()
    assert result.ravel().tolist() == indices.tolist()
    gradient = jax.jit(jax.grad(lambda x: F.max_pool2d(x, *settings).sum()))(x)
    assert gradient.ravel().tolist() == np.bincount(indices, minlength=64).tolist()


def test_a_window_of_minus_infinities_points_into_the_input() -> None:
    x = jnp.full((1, 4), -jnp.inf)
    y, indices = F.max_pool1d_with_indices(x, 3, 2, 1)
    assert y.tolist() == [[-jnp.inf, -jnp.inf]]
    assert indices.tolist() == [[0, 1]]


def test_nan_is_the_maximum() -> None:
    y, indices = F.max_pool1d_with_indices(jnp.array([[1.0, jnp.nan, 3.0, 2.0]]), 2)
    assert jnp.isnan(y[0, 0])
    assert y[0, 1] == 3
    assert indices.tolist() == [[1, 2]]


def test_integers_have_maxima_too() -> None:
    y = F.max_pool1d(jnp.array([[-5, -3, -7]]), 3, 1, 1)
    assert y.tolist() == [[-3, -3, -3]]


def test_dilated_windows_skip_elements() -> None:
    y = F.max_pool1d(jnp.array([[3.0, 9.0, 1.0, 8.0, 2.0]]), 2, 1, dilation=2)
    assert y.tolist() == [[3.0, 9.0, 2.0]]


def test_ceil_mode_keeps_the_last_partial_window() -> None:
    x = jnp.arange(1.0, 6.0).reshape(1, 5)
    assert F.max_pool1d(x, 2).tolist() == [[2.0, 4.0]]
    assert F.max_pool1d(x, 2, ceil_mode=True).tolist() == [[2.0, 4.0, 5.0]]
    assert F.avg_pool1d(x, 2, ceil_mode=True).tolist() == [[1.5, 3.5, 5.0]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [0.5, 2.5, 2.0]),
        ({"count_include_pad": False}, [1.0, 2.5, 4.0]),
    ],
)
def test_padding_counts_in_an_average_only_if_wanted(
    options: dict[str, bool], expected: list[float]
) -> None:
    x = jnp.arange(1.0, 5.0).reshape(1, 4)
    assert F.avg_pool1d(x, 2, 2, 1, **options).tolist() == [expected]


def test_a_given_divisor_replaces_the_count() -> None:
    y = F.avg_pool2d(jnp.ones((1, 4, 4)), 2, divisor_override=8)
    assert y.tolist() == [[[0.5, 0.5], [0.5, 0.5]]]


def test_large_windows_are_averaged_as_small_ones() -> None:
    x = normal(1, 2, 12, 12)
    expected = x[:, :, 1:11, 1:11].mean((2, 3))
    np.testing.assert_allclose(F.avg_pool2d(x, 10, 1)[:, :, 1, 1], expected, rtol=1e-5)


def test_power_average_of_zeros_has_no_slope() -> None:
    gradient = jax.grad(lambda x: F.lp_pool2d(x, 2, 2).sum())(jnp.zeros((1, 2, 2)))
    assert not gradient.any()


@pytest.mark.parametrize("count", [1, 3, 4, 6, 8])
def test_adaptive_regions_are_those_of_pytorch(count: int) -> None:
    x = normal(2, 3, 6)
    regions = [(i * 6 // count, -(-(i + 1) * 6 // count)) for i in range(count)]
    mean = jnp.stack([x[..., a:b].mean(-1) for a, b in regions], -1)
    largest = jnp.stack([x[..., a:b].max(-1) for a, b in regions], -1)
    average = jax.jit(lambda x: F.adaptive_avg_pool1d(x, count))
    np.testing.assert_allclose(average(x), mean, rtol=1e-5)
    y, indices = jax.jit(lambda x: F.adaptive_max_pool1d_with_indices(x, count))(x)
    assert (y == largest).all()
    assert (jnp.take_along_axis(x, indices, -1) == largest).all()


def test_none_keeps_a_dimension() -> None:
    x = normal(1, 4, 5)
    assert F.adaptive_avg_pool2d(x, (None, 1)).shape == (1, 4, 1)
    np.testing.assert_array_equal(F.adaptive_avg_pool2d(x, None), x)


def test_fractional_windows_end_with_the_input_and_differ_by_channel() -> None:
    x = jnp.tile(jnp.arange(40.0), (50, 1, 1)).reshape(1, 50, 1, 40)
    y = F.fractional_max_pool2d(x, (1, 2), (1, 15), key=jax.random.key(1))
    assert (y[..., -1] == 39).all()
    assert len({tuple(row) for row in y.reshape(50, 15).tolist()}) > 1
    steps = jnp.diff(y, axis=-1)
    assert set(steps.ravel().tolist()) <= {2.0, 3.0}


def test_fractional_samples_take_the_place_of_the_key() -> None:
    samples = jnp.array([[[0.3, 0.05]]])  # for width and height
    x = normal(1, 1, 7, 7)
    y = F.fractional_max_pool2d(x, 2, 4, _random_samples=samples)
    more = jnp.concatenate(
        [samples, samples / 2]
    )  # PyTorch lets a small batch use them
    np.testing.assert_array_equal(
        F.fractional_max_pool2d(x, 2, 4, _random_samples=more), y
    )
    rows, columns = [0, 1, 3, 5], [0, 2, 3, 5]
    expected = [[x[0, 0, i : i + 2, j : j + 2].max() for j in columns] for i in rows]
    assert y[0, 0].tolist() == jnp.array(expected).tolist()


def test_unpool_puts_maxima_back() -> None:
    x = normal(2, 3, 5, 5)
    y, indices = F.max_pool2d_with_indices(x, 2)
    back = F.max_unpool2d(y, indices, 2, output_size=x.shape)
    assert back.shape == x.shape
    assert (F.max_pool2d(back, 2) >= y).all()
    assert (back != 0).sum() == y.size


def test_each_value_unpooled_to_a_shared_place_gets_its_gradient() -> None:
    indices = jnp.array([[1, 1]])
    gradient = jax.grad(lambda x: F.max_unpool1d(x, indices, 2).sum())(normal(1, 2))
    assert gradient.tolist() == [[1.0, 1.0]]


def test_unpooling_outside_raises_or_gives_nan_under_jit() -> None:
    y, indices = jnp.ones((1, 2)), jnp.array([[1, 4]])
    with pytest.raises(InputError, match=r"index 4 lies outside.*0 to 3"):
        F.max_unpool1d(y, indices, 2)
    assert jnp.isnan(jax.jit(lambda y, i: F.max_unpool1d(y, i, 2))(y, indices)).all()


@pytest.mark.parametrize(
    "pool",
    [
        lambda x: F.max_pool2d(x, 3, 2, 1),
        lambda x: F.avg_pool2d(x, 3, 2, 1),
        lambda x: F.lp_pool2d(x, 2, 2),
        lambda x: F.adaptive_max_pool2d(x, 2),
        lambda x: F.fractional_max_pool2d(x, 2, 3, key=jax.random.key(0)),
    ],
)
def test_forward_and_reverse_mode_agree_in_two_derivatives(pool: Any) -> None:
    check_modes(pool, normal(1, 1, 5, 5))


@pytest.mark.parametrize(
    "pool",
    [
        lambda x: F.avg_pool2d(x, 16),
        lambda x: F.adaptive_avg_pool2d(x, 1),
        lambda x: F.lp_pool2d(x, 1, 16) / 256,
    ],
)
def test_half_precision_stays_and_adds_up_in_single(pool: Any) -> None:
    y = pool(jnp.full((1, 16, 16), 1.01, jnp.bfloat16))
    assert y.dtype == jnp.bfloat16
    np.testing.assert_allclose(y.astype("float32"), 1.01, rtol=4e-3)


X = jnp.ones((1, 2, 4, 4))


@pytest.mark.parametrize(
    ("error", "words", "call"),
    [
        (InputError, "it must have 3 or 4", lambda: F.max_pool2d(X[0, 0], 2)),
        (InputError, "too small", lambda: F.max_pool2d(X, 5)),
        (InputError, "at most half", lambda: F.max_pool2d(X, 2, padding=2)),
        (InputError, "kernel_size is 0", lambda: F.avg_pool2d(X, 0)),
        (
            InputError,
            "divisor_override",
            lambda: F.avg_pool2d(X, 2, divisor_override=0),
        ),
        (InputTypeError, "floating", lambda: F.avg_pool2d(X.astype(int), 2)),
        (InputTypeError, "no maximum", lambda: F.max_pool2d(X.astype(complex), 2)),
        (InputError, "norm_type", lambda: F.lp_pool2d(X, 0, 2)),
        (InputError, "output_size", lambda: F.adaptive_avg_pool2d(X, (1, 2, 3))),
        (InputError, "got no key", lambda: F.fractional_max_pool2d(X, 2, 2)),
        (InputError, "give one of", lambda: F.fractional_max_pool2d(X, 2)),
        (InputError, "do not fit", lambda: F.fractional_max_pool2d(X, 2, 4)),
        (
            InputError,
            "within one stride",
            lambda: F.max_unpool2d(X, jnp.zeros(X.shape, int), 2, output_size=(10, 10)),
        ),
        (InputTypeError, "integers", lambda: F.max_unpool2d(X, X, 2)),
    ],
)
def test_refusals_say_what_came_and_what_was_needed(
    error: type[Exception], words: str, call: Any
) -> None:
    with pytest.raises(error, match=f"(?s){words}"):
        call()
