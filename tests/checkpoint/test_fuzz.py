"""Ten thousand files changed at random; `tests.checkpoint.fuzz` does a million."""

from tests.checkpoint.fuzz import run


def test_changed_files_are_refused_or_change_nothing():
    outcomes = run(10_000)
    assert outcomes["refused"] > 8_000
    assert outcomes["read"] > 100  # changes get past the first check
