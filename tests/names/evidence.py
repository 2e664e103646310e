"""What shows that a public name works: a test that uses it, an example, a database."""

import ast
import functools
import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PACKAGE = TESTS.parent / "funcnet"
_EXAMPLE = re.compile(r"^\s*(?:>>>|\.\.\.) (.*)$", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z_]\w*")


@functools.cache
def names_in_tests() -> frozenset[str]:
    """All names and attributes that tests use, and words in their texts."""
    found: set[str] = set()
    for path in TESTS.rglob("*.py"):
        if path.parent == Path(__file__).parent:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.ImportFrom):
                found |= {one.name for one in node.names}
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(_WORD.findall(node.value))
    return frozenset(found)


@functools.cache
def names_in_examples() -> frozenset[str]:
    """All words in examples of docstrings, which tests/test_docs.py runs."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for line in _EXAMPLE.findall(path.read_text()):
            found |= set(_WORD.findall(line))
    return frozenset(found)


@functools.cache
def names_in_databases() -> frozenset[str]:
    """The operations of PyTorch's own database, which `make parity` compares."""
    return frozenset((Path(__file__).parent / "op_db.txt").read_text().split())


def is_used(name: str) -> bool:
    """Whether tests, examples or the database of operations use a name.

    A form in place, or a copy of a view, is made of the function's own formula.
    """
    base = name.removesuffix("_").removesuffix("_copy")
    return _is_used(name) or (len(base) > 3 and base != name and _is_used(base))


def _is_used(name: str) -> bool:
    return (
        name in names_in_tests()
        or name in names_in_examples()
        or name in names_in_databases()
    )
