"""Every example in a docstring and every code block of the docs runs."""

import doctest
import importlib
import importlib.util
import inspect
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest

import funcnet

MODULES = [
    name
    for _, name, _ in pkgutil.walk_packages(funcnet.__path__, "funcnet.")
    if ">>>" in Path(importlib.util.find_spec(name).origin).read_text()
]
TOP = Path(__file__).parent.parent
PAGES = [TOP / "README.md", *sorted((TOP / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name: str) -> None:
    module = importlib.import_module(name)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    runner = doctest.DocTestRunner(optionflags=flags)
    for example in Finder().find(module, name):
        runner.run(example)
    assert runner.tries > 0
    assert runner.failures == 0


class Finder(doctest.DocTestFinder):
    """Finds the examples of functions that a decorator has made public, too."""

    def _from_module(self, module: Any, object: Any) -> bool:
        public = inspect.isfunction(object) and hasattr(object, "__wrapped__")
        return super()._from_module(
            module, inspect.unwrap(object) if public else object
        )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_documentation_pages(page: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(), re.M | re.S)
    namespace: dict[str, object] = {"__name__": "page"}
    for block in blocks:
        exec(compile(block, str(page), "exec"), namespace)


@pytest.mark.parametrize(
    "page", [*PAGES, TOP / "CONTRIBUTING.md"], ids=lambda p: p.name
)
def test_documentation_names_files_that_exist(page: Path) -> None:
    named = re.findall(
        r"`((?:funcnet|tests|docs|benchmarks)/[\w/.]*)`", page.read_text()
    )
    missing = [name for name in named if not (TOP / name).exists()]
    assert not missing


# Tables of facts about PyTorch, which only what PyTorch has can need.
FACTS = re.compile(r"_gradient_rules/|_messages/|_core/|fx/_recorded_calls|\.pyi$")


def worked_examples() -> list[tuple[str, list[str], set[str]]]:
    """Of each section: its title, the names of its example, the files listed."""
    page = (TOP / "docs/design/adding.md").read_text()
    return [
        (
            title,
            re.findall(r"`(\w+)`", title),
            set(re.findall(r"^- `(.*)`$", body, re.M)),
        )
        for title, body in re.findall(
            r"^## ([^\n]*)\n(.*?)(?=^## |\Z)", page, re.M | re.S
        )
    ]


@pytest.mark.parametrize(("title", "names", "files"), worked_examples())
def test_what_a_new_thing_touches(
    title: str, names: list[str], files: set[str]
) -> None:
    pattern = re.compile(rf"\b({'|'.join(names)})\b")
    touched = {
        str(path.relative_to(TOP))
        for path in (TOP / "funcnet").rglob("*.py")
        if pattern.search(path.read_text())
    }
    assert {name for name in touched if not FACTS.search(name)} == files
