"""Strict settings for every test: nothing is promoted or broadcast silently."""

import os
import signal
from collections.abc import Iterator

import jax
import pytest

from tests import gpus

os.environ.setdefault("FUNCNET_CACHE", "off")
jax.config.update("jax_numpy_dtype_promotion", "strict")
jax.config.update("jax_numpy_rank_promotion", "raise")
gpus.make_ready()
# A shell starts what runs in the background with Ctrl-C ignored, which tests need.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def gpu() -> Iterator[str]:
    """The name of a GPU of compat, or of what stands in for one."""
    with gpus.standing_in():
        yield "cuda"


@pytest.fixture
def key() -> jax.Array:
    """A random key that is the same in every run."""
    return jax.random.key(0)
