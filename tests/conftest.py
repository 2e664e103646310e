"""Strict settings for every test: nothing is promoted or broadcast silently."""

import os
import signal

import jax
import pytest

os.environ.setdefault("FUNCNET_CACHE", "off")
jax.config.update("jax_numpy_dtype_promotion", "strict")
jax.config.update("jax_numpy_rank_promotion", "raise")
# A shell starts what runs in the background with Ctrl-C ignored, which tests need.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def key() -> jax.Array:
    """A random key that is the same in every run."""
    return jax.random.key(0)
