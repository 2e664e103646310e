"""The stubs of `funcnet.compat` are those that `make stubs` would write."""

from tools.stubs.__main__ import outdated


def test_stubs_are_up_to_date() -> None:
    names = [path.name for path in outdated()]
    assert names == [], "run `make stubs` and commit what it writes"
