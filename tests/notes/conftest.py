"""The notes were written for PyTorch: its promotion, not the strict rules."""

from collections.abc import Iterator

import jax
import pytest


@pytest.fixture(autouse=True)
def pytorchs_promotion() -> Iterator[None]:
    with jax.numpy_dtype_promotion("standard"), jax.numpy_rank_promotion("allow"):
        yield
