"""The engine's own tests are of programs that XLA compiles."""

import pytest

from funcnet.compat._tiers import policy


@pytest.fixture(autouse=True)
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile every program at its first use, in all threads."""
    monkeypatch.setattr(policy, "_DEFAULT", "compile")
