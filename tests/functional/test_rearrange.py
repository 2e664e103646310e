"""Rearrangements: shuffles, fold and unfold, flatten and unflatten."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError
from funcnet import functional as F


def normal(*shape: int) -> jax.Array:
    return jax.random.normal(jax.random.key(0), shape)


@pytest.mark.parametrize("lead", [(), (2,), (2, 3)])
def test_unshuffling_undoes_shuffling(lead: tuple[int, ...]) -> None:
    x = normal(*lead, 8, 3, 5)
    y = F.pixel_shuffle(x, 2)
    assert y.shape == (*lead, 2, 6, 10)
    np.testing.assert_array_equal(F.pixel_unshuffle(y, 2), x)


def test_dealing_channels_back_undoes_a_channel_shuffle() -> None:
    x = normal(2, 6, 3)
    np.testing.assert_array_equal(F.channel_shuffle(F.channel_shuffle(x, 2), 3), x)


def test_unfold_gives_the_patches_of_a_convolution() -> None:
    x, w = normal(2, 3, 5, 6), normal(4, 3, 3, 2)
    columns = F.unfold(x, (3, 2), dilation=1, padding=1, stride=2)
    y = jnp.einsum("ok,nkl->nol", w.reshape(4, 18), columns)
    expected = F.conv2d(x, w, stride=2, padding=1)
    np.testing.assert_allclose(y, expected.reshape(2, 4, -1), rtol=1e-4, atol=1e-5)


def test_fold_counts_the_blocks_that_cover_a_pixel() -> None:
    ones = jnp.ones((1, 1, 4, 4))
    covered = F.fold(F.unfold(ones, 3, stride=1), 4, 3)
    assert covered[0, 0].tolist() == np.outer([1, 2, 2, 1], [1, 2, 2, 1]).tolist()


def test_fold_takes_columns_without_a_batch() -> None:
    columns = normal(1, 8, 4)
    whole, one = F.fold(columns, 4, 2, stride=2), F.fold(columns[0], 4, 2, stride=2)
    np.testing.assert_array_equal(whole[0], one)


@pytest.mark.parametrize(
    ("shape", "dims", "expected"),
    [((2, 3, 4), (), (24,)), ((2, 3, 4), (1,), (2, 12)), ((2, 3, 4), (-3, 1), (6, 4))],
)
def test_flatten_merges_a_run_of_dimensions(
    shape: Any, dims: Any, expected: tuple[int, ...]
) -> None:
    assert F.flatten(jnp.ones(shape), *dims).shape == expected


def test_flatten_makes_a_vector_of_a_number() -> None:
    assert F.flatten(jnp.ones(())).shape == (1,)


def test_unflatten_finds_the_size_that_is_left_open() -> None:
    assert F.unflatten(jnp.ones((2, 12)), -1, (3, -1, 2)).shape == (2, 3, 2, 2)


X = jnp.ones((1, 6, 5, 5))


@pytest.mark.parametrize(
    ("words", "call"),
    [
        ("6 channels", lambda: F.pixel_shuffle(X, 2)),
        ("height 5", lambda: F.pixel_unshuffle(X, 2)),
        ("three dimensions", lambda: F.pixel_shuffle(X[0, 0], 2)),
        ("at least 1", lambda: F.pixel_shuffle(X, 0)),
        ("groups=4", lambda: F.channel_shuffle(X, 4)),
        ("no block", lambda: F.unfold(X, 6)),
        (r"channels \* 4, 16", lambda: F.fold(X[0], 5, 2)),
        ("end_dim is 4", lambda: F.flatten(X, 0, 4)),
        ("comes after", lambda: F.flatten(X, 2, 1)),
        ("do not multiply", lambda: F.unflatten(X, 1, (4, -1))),
        ("do not multiply", lambda: F.unflatten(X, 1, (-1, -1))),
    ],
)
def test_refusals_say_what_came_and_what_was_needed(words: str, call: Any) -> None:
    with pytest.raises(InputError, match=words):
        call()
