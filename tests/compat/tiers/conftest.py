"""Each test here begins as a process does."""

import pytest

from funcnet.compat._engine import executor
from funcnet.compat._tiers import policy, sizes


@pytest.fixture(autouse=True)
def new_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Know no program at the start of a test, and choose tiers as usual."""
    executor.run_pending()
    monkeypatch.setattr(policy, "_used", policy._Used())
    monkeypatch.setattr(sizes, "_families", type(sizes._families)())
    monkeypatch.setattr(executor, "_programs", type(executor._programs)())
    monkeypatch.setattr(policy, "_DEFAULT", "auto")
