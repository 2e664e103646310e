"""The report counts what was interpreted, compiled and run, and names the lines."""

import inspect

import pytest

import funcnet.compat as torch
from funcnet.compat._core import counts as counting
from funcnet.compat._engine import executor


def train(count: int) -> None:
    """Steps that repeat."""
    w = torch.ones(3, requires_grad=True)
    for step in range(count):
        w.grad = None
        y = w * step
        for _ in range(20):
            y = y.sin() + 0.25
        y.sum().backward()
        w.grad.tolist()  # type: ignore[union-attr]


@pytest.mark.usefixtures("compiling_is_cheap")
def test_a_block_counts_programs_and_the_uses_of_each_tier() -> None:
    with torch.compiler.report() as report:
        train(8)
    assert report.programs == 1
    assert report.compiles == 1
    assert report.interpreted == 3
    assert report.compiled == 5
    assert report.seconds["tracing"] > 0
    assert report.seconds["interpreting"] > 0
    assert report.seconds["running"] > 0
    # By the thread beside, or by the one that would wait for it where it is busy.
    assert report.background["compiling"] + report.seconds["compiling"] > 0


def test_lines_that_ran_what_was_recorded_are_counted() -> None:
    x = torch.ones(2)
    with torch.compiler.report() as report:
        line = inspect.currentframe().f_lineno  # type: ignore[union-attr]
        for _ in range(3):
            (x + 1).sum().item()
        if (x > 0).all():
            str(x * 2)
        x.tolist()  # nothing is recorded
    here = __file__
    assert report.lines == {
        f"{here}:{line + 2}": 3,
        f"{here}:{line + 3}": 1,
        f"{here}:{line + 4}": 1,
    }
    assert executor.hooks.flushed is None


def test_a_report_of_the_process_has_what_was_so_far() -> None:
    before = torch.compiler.report()
    train(2)
    after = torch.compiler.report()
    assert after.interpreted == before.interpreted + 2
    assert after.lines == {}


def test_it_can_be_printed() -> None:
    with torch.compiler.report() as report:
        train(2)
    lines = str(report).splitlines()
    assert lines[0] == "programs    1 new, 0 compiled, 0 found on disk"
    assert lines[1] == "uses        2 interpreted, 0 compiled"
    assert lines[2].startswith("seconds     tracing ")
    assert lines[3].startswith("background  tracing 0.00")
    assert lines[4] == "what was recorded ran at"
    assert lines[5].startswith("       2 × " + __file__)


def test_compiling_every_program_is_counted_too() -> None:
    with torch.compiler.tier("compile"), torch.compiler.report() as report:
        train(3)
    assert (report.programs, report.compiles) == (1, 1)
    assert (report.interpreted, report.compiled) == (0, 3)
    assert report.seconds["compiling"] > 0
    assert report.seconds["lowering"] > 0


def test_time_is_counted_once() -> None:
    seconds = dict(counting.seconds)
    with counting.spent("interpreting"):
        start = counting.time.perf_counter()
        while counting.time.perf_counter() < start + 0.05:
            pass
        counting.add("tracing", start)
    assert counting.seconds["tracing"] - seconds["tracing"] >= 0.05
    assert counting.seconds["interpreting"] - seconds["interpreting"] < 0.04
