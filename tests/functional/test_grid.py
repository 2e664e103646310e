"""Sampling at grids: what lies outside, edges, derivatives, refusals."""

import itertools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError
from funcnet import functional as F
from tests.functional.derivatives import check_modes

MODES = ("bilinear", "nearest", "bicubic")


def normal(*shape: int, seed: int = 0) -> jax.Array:
    return jax.random.normal(jax.random.key(seed), shape)


@pytest.mark.parametrize(
    ("mode", "align"), list(itertools.product(MODES, [False, True]))
)
def test_the_identity_grid_gives_the_image(mode: str, align: bool) -> None:
    image = normal(2, 3, 4, 5)
    theta = jnp.tile(jnp.eye(2, 3), (2, 1, 1))

    @jax.jit
    def sampled() -> jax.Array:
        grid = F.affine_grid(theta, image.shape, align)
        return F.grid_sample(image, grid, mode, align_corners=align)

    np.testing.assert_allclose(sampled(), image, rtol=1e-4, atol=1e-4)


def test_the_identity_grid_gives_the_volume() -> None:
    volume = normal(1, 2, 2, 3, 4)
    grid = F.affine_grid(jnp.eye(3, 4).reshape(1, 3, 4), volume.shape)
    np.testing.assert_allclose(
        F.grid_sample(volume, grid), volume, rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize(
    ("padding_mode", "expected"),
    [
        ("zeros", [0.0, 0.0, 0.0]),
        ("border", [1.0, 4.0, 4.0]),
        ("reflection", [1, 3, 1]),
    ],
)
def test_points_outside_follow_the_padding_mode(
    padding_mode: str, expected: list[float]
) -> None:
    image = jnp.arange(1.0, 5.0).reshape(1, 1, 1, 4)
    x = jnp.array([-1.25, 1.75, 2.75])  # pixels -1, 5 and 7
    grid = jnp.stack([x, jnp.zeros(3)], -1).reshape(1, 1, 3, 2)
    y = F.grid_sample(image, grid, "nearest", padding_mode)
    assert y.ravel().tolist() == expected


def test_beyond_the_border_the_coordinate_has_no_gradient() -> None:
    image = jnp.arange(4.0).reshape(1, 1, 2, 2)

    def total(grid: jax.Array) -> jax.Array:
        return F.grid_sample(image, grid, padding_mode="border").sum()

    assert jax.grad(total)(jnp.full((1, 1, 1, 2), 3.0)).ravel().tolist() == [0.0, 0.0]
    assert jax.grad(total)(jnp.zeros((1, 1, 1, 2))).ravel().tolist() == [1.0, 2.0]


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
def test_forward_and_reverse_mode_agree_in_two_derivatives(mode: str) -> None:
    arrays = (normal(1, 1, 4, 4), jnp.array([[[[0.11, -0.37], [0.64, 0.27]]]]))
    check_modes(lambda x, grid: F.grid_sample(x, grid, mode, "reflection"), *arrays)


X, GRID = jnp.ones((1, 1, 3, 3)), jnp.zeros((1, 2, 2, 2))


@pytest.mark.parametrize(
    ("error", "words", "call"),
    [
        (InputError, "grid has shape", lambda: F.grid_sample(X, GRID[..., :1])),
        (InputError, "mode is 'linear'", lambda: F.grid_sample(X, GRID, "linear")),
        (InputError, "padding_mode", lambda: F.grid_sample(X, GRID, "nearest", "wrap")),
        (InputError, "it must have 4 or 5", lambda: F.grid_sample(X[0], GRID)),
        (InputTypeError, "floating", lambda: F.grid_sample(X.astype(int), GRID)),
        (
            InputError,
            "theta has shape",
            lambda: F.affine_grid(jnp.eye(2), (1, 1, 2, 2)),
        ),
    ],
)
def test_refusals_say_what_came_and_what_was_needed(
    error: type[Exception], words: str, call: Any
) -> None:
    with pytest.raises(error, match=words):
        call()


def test_the_points_of_the_identity_are_those_of_pytorch_to_the_bit() -> None:
    grid = F.affine_grid(jnp.eye(2, 3)[None], (1, 1, 1, 28))
    line = [x.hex() for x in grid[0, 0, 1:6, 0].tolist()]
    fractions = ["1.c924920", "1.a4924a0", "1.8000000", "1.5b6db60", "1.36db6e0"]
    assert line == [f"-0x{digits}000000p-1" for digits in fractions]
