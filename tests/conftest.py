"""Strict settings for every test: nothing is promoted or broadcast silently."""

import os

import jax
import pytest

os.environ.setdefault("FUNCNET_CACHE", "off")
jax.config.update("jax_numpy_dtype_promotion", "strict")
jax.config.update("jax_numpy_rank_promotion", "raise")


@pytest.fixture
def key() -> jax.Array:
    """A random key that is the same in every run."""
    return jax.random.key(0)
