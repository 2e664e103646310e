"""Too many programs that differ in sizes only are told of once."""

import warnings
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat._engine import executor
from funcnet.compat._tiers import estimates, policy, sizes


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell of five sizes, and take compiling and compiled programs as free."""
    monkeypatch.setattr(sizes, "_MANY", 5)
    monkeypatch.setattr(estimates, "_COMPILE_ANY", 0.0)
    monkeypatch.setattr(estimates, "_COMPILE", estimates.Cost())
    monkeypatch.setattr(estimates, "_COMPILE_OUTPUT", 0.0)
    monkeypatch.setattr(estimates, "_RUN", estimates.Cost())
    monkeypatch.setattr(estimates, "RUN_ANY", 0.0)


def run(rows: Any, tier: Any = "auto") -> list[str]:
    """The warnings of a sum of products of these sizes."""
    w = torch.ones(300, 300)
    with warnings.catch_warnings(record=True) as caught, torch.compiler.tier(tier):
        warnings.simplefilter("always")
        for size in rows:
            x = torch.ones(size, 300)
            executor.run_pending()
            ((x @ w) @ w).sum().item()
    return [str(one.message) for one in caught]


def test_it_names_the_line_and_the_shapes_once() -> None:
    (said,) = run(range(300, 312))
    assert said.startswith(f"{__file__}:")
    assert "ran 5 programs that differ in sizes only" in said
    assert "(300, 300), (301, 300), (302, 300)" in said
    assert "drop_last=True" in said


def test_few_sizes_are_not_told_of() -> None:
    assert run([300, 301, 302, 303] * 3) == []


def test_sizes_that_cost_nothing_are_not_told_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(estimates, "_COMPILE_ANY", 10.0)
    assert run(range(300, 312)) == []


def test_compiling_much_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "_MUCH", 0.1)
    assert len(run(range(300, 308), tier="compile")) == 1


def test_compiling_a_little_is_not_told_of() -> None:
    assert run(range(310, 318), tier="compile") == []
