"""`funcnet coverage`: which names of torch there are, and that its page says so."""

from pathlib import Path

import pytest

from funcnet.cli import main
from funcnet.cli._coverage import coverage

ROOT = Path(__file__).parents[2]


def test_names_are_there_or_refused_or_absent() -> None:
    module = coverage("torch.cuda", ["is_available", "graph", "no_such_name"])
    assert module.there == ["is_available"]
    assert list(module.refused) == ["graph"]
    assert module.absent == ["no_such_name"]


def test_a_module_that_only_refuses_says_why() -> None:
    module = coverage("torch.package", ["PackageExporter"])
    assert "pickled code" in module.refused["PackageExporter"]


@pytest.mark.parametrize(
    ("module", "least"),
    [("torch.nn", 0.98), ("torch.optim", 0.9), ("torch.distributions", 1.0)],
)
def test_what_is_used_most_is_there(
    module: str, least: float, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["coverage", module]) == 0
    there, _, size = capsys.readouterr().out.splitlines()[0].split(" ")[1:]
    assert int(there) >= least * int(size)


def test_a_module_that_pytorch_has_not_is_an_error() -> None:
    assert main(["coverage", "torch.nothing"]) == 2


def test_the_page_says_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    main(["coverage", "--markdown"])
    page = (ROOT / "docs/coverage.md").read_text()
    assert capsys.readouterr().out == page, "funcnet coverage --markdown > that page"
