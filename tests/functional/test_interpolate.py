"""Resizing: known values, infinities, derivatives, refusals."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError
from funcnet import functional as F
from tests.functional.derivatives import check_modes

ROW = jnp.array([[[0.0, 3.0, 6.0]]])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"size": 5}, [0, 0, 3, 3, 6]),
        ({"size": 5, "mode": "nearest-exact"}, [0, 0, 3, 6, 6]),
        ({"size": 2, "mode": "area"}, [1.5, 4.5]),
        ({"size": 6, "mode": "linear"}, [0, 0.75, 2.25, 3.75, 5.25, 6]),
        ({"size": 5, "mode": "linear", "align_corners": True}, [0, 1.5, 3, 4.5, 6]),
        ({"scale_factor": 1.5}, [0, 0, 3, 6]),
        ({"scale_factor": 1.5, "recompute_scale_factor": True}, [0, 0, 3, 6]),
    ],
)
def test_a_row_is_resized(options: dict[str, Any], expected: list[float]) -> None:
    np.testing.assert_allclose(F.interpolate(ROW, **options)[0, 0], expected, 1e-6)


@pytest.mark.parametrize("mode", ["bilinear", "bicubic", "lanczos"])
@pytest.mark.parametrize("size", [(3, 4), (11, 13)])
def test_a_plane_of_one_colour_keeps_it(mode: str, size: tuple[int, int]) -> None:
    antialias = mode == "lanczos" or size == (3, 4)
    resize = jax.jit(lambda x: F.interpolate(x, size, mode=mode, antialias=antialias))
    y = resize(jnp.full((1, 1, 7, 8), 5.0))
    np.testing.assert_allclose(y, np.full((1, 1, *size), 5.0), rtol=1e-5)


def test_antialiasing_sees_every_pixel_of_a_shrunk_image() -> None:
    stripes = jnp.tile(jnp.array([0.0, 1.0]), (1, 1, 16, 8))
    y = F.interpolate(stripes, 4, mode="bilinear", antialias=True)
    np.testing.assert_allclose(y, np.full((1, 1, 4, 4), 0.5), atol=0.05)


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
def test_an_infinity_stays_where_it_is(mode: str) -> None:
    x = jnp.zeros((1, 1, 12, 12)).at[..., 0, 0].set(jnp.inf)
    y = F.interpolate(x, scale_factor=2, mode=mode)
    assert jnp.isfinite(y[..., 8:, :]).all()
    assert jnp.isfinite(y[..., 8:]).all()


def test_integers_take_their_nearest_neighbour() -> None:
    x = jnp.array([[[1, 255]]], jnp.uint8)
    y = F.interpolate(x, scale_factor=2)
    assert (y.tolist(), y.dtype) == ([[[1, 1, 255, 255]]], x.dtype)


@pytest.mark.parametrize("mode", ["nearest", "bilinear", "bicubic"])
def test_forward_and_reverse_mode_agree_in_two_derivatives(mode: str) -> None:
    x = jax.random.normal(jax.random.key(0), (1, 1, 4, 3))
    check_modes(lambda x: F.interpolate(x, (5, 7), mode=mode), x)


def test_half_precision_stays() -> None:
    x = ROW.astype("bfloat16")
    assert F.interpolate(x, 5, mode="linear").dtype == x.dtype


@pytest.mark.parametrize(
    ("error", "words", "options"),
    [
        (InputError, "one of size and scale_factor", {}),
        (InputError, "one of size and scale_factor", {"size": 2, "scale_factor": 2}),
        (InputError, "it must have 4", {"size": 2, "mode": "bilinear"}),
        (InputError, "must be one of", {"size": 2, "mode": "cubic"}),
        (InputError, "align_corners goes with", {"size": 2, "align_corners": True}),
        (InputError, "antialias goes with", {"size": 2, "antialias": True}),
        (InputError, "no meaning", {"size": 2, "recompute_scale_factor": True}),
        (InputError, "empty", {"scale_factor": 0.1}),
        (InputError, "size is 0", {"size": 0}),
    ],
)
def test_refusals_say_what_came_and_what_was_needed(
    error: type[Exception], words: str, options: dict[str, Any]
) -> None:
    with pytest.raises(error, match=words):
        F.interpolate(ROW, **options)


def test_integer_images_are_refused_where_they_would_be_mixed() -> None:
    with pytest.raises(InputTypeError, match="int32"):
        F.interpolate(ROW.astype(int), 5, mode="linear")
