"""The engine's own tests are of programs that XLA compiles."""

from collections.abc import Iterator

import pytest

from funcnet.compat._tiers import tier


@pytest.fixture(autouse=True)
def compiled() -> Iterator[None]:
    """Compile every program at its first use."""
    with tier("compile"):
        yield
