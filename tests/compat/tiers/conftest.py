"""Each test here begins as a process does."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import jax
import pytest

from funcnet.compat._engine import executor
from funcnet.compat._interpreter.costs import Cost
from funcnet.compat._tiers import background, estimates, policy, sizes


@pytest.fixture(autouse=True)
def new_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Know no program at the start of a test, and choose tiers as usual."""
    executor.run_pending()
    monkeypatch.setattr(policy, "_used", policy._Used())
    monkeypatch.setattr(sizes, "_families", type(sizes._families)())
    monkeypatch.setattr(executor, "_programs", type(executor._programs)())
    monkeypatch.setattr(policy, "_DEFAULT", "auto")


@pytest.fixture
def compiling_is_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile what is used a few times, as if that took no time."""
    monkeypatch.setattr(estimates, "_COMPILE", Cost(primitives=1e-7))
    monkeypatch.setattr(estimates, "_COMPILE_ANY", 1e-5)
    monkeypatch.setattr(estimates, "_COMPILE_OUTPUT", 0.0)
    monkeypatch.setattr(estimates, "RUN_ANY", 0.0)
    monkeypatch.setattr(estimates, "_START", Cost())


def wait_for_background() -> None:
    """Wait until the thread that compiles has done what other tests gave it."""
    worker = background._worker
    if worker is not None and worker.is_alive():
        done = threading.Event()
        worker.add(SimpleNamespace(run=done.set))  # type: ignore[arg-type]
        done.wait()


@pytest.fixture
def compiles() -> Iterator[list[str]]:
    """One entry for each program that XLA compiles."""
    wait_for_background()
    result: list[str] = []

    def note(event: str, seconds: float, **_: Any) -> None:
        if event == "/jax/core/compile/backend_compile_duration":
            result.append(event)

    jax.monitoring.register_event_duration_secs_listener(note)
    yield result
    jax.monitoring.unregister_event_duration_listener(note)
