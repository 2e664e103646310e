"""The names of torch that source code asks for, and which of them are not there.

Found by reading, not by running: imports of torch and torchvision, and the names that
hang on what they bind.
"""

import ast
import importlib
import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final, NamedTuple

_ROOTS: Final = ("torch", "torchvision")
_GUARDS: Final = {"ImportError", "ModuleNotFoundError", "AttributeError", "Exception"}


class Use(NamedTuple):
    """A place that asks for a name.

    Attributes:
        name: such as "torch.nn.Linear".
        file, line: where.
        guarded: whether it stands in a `try` that expects it to fail.
    """

    name: str
    file: str
    line: int
    guarded: bool


def files_of_script(path: str) -> list[Path]:
    """A script, and what it imports from its own folder."""
    start = Path(path)
    result: dict[Path, None] = {}
    waiting = [start]
    while waiting:
        file = waiting.pop()
        if file in result or not file.exists():
            continue
        result[file] = None
        for module in _imported(_parsed(file)):
            stem = start.parent.joinpath(*module.split("."))
            waiting += [stem.with_suffix(".py"), *stem.glob("__init__.py")]
    return sorted(result)


def files_of_module(name: str) -> list[Path]:
    """All files of a package, or the one of a module.

    Raises:
        ImportError: there is none of that name.
    """
    spec = importlib.util.find_spec(name)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    folders = spec.submodule_search_locations
    if folders:
        return sorted(one for folder in folders for one in Path(folder).rglob("*.py"))
    return [Path(spec.origin)] if spec.origin else []


def uses(file: Path) -> list[Use]:
    """The names of torch and torchvision that a file asks for."""
    tree = _parsed(file)
    guarded = {id(one) for one in _guarded(tree)}
    bound = _bound(tree)
    result = []
    for node in ast.walk(tree):
        for name in _names(node, bound):
            line = getattr(node, "lineno", 0)
            result.append(Use(name, os.fspath(file), line, id(node) in guarded))
    return result


def is_there(name: str) -> bool:
    """Whether `funcnet.compat` has a name, as far as modules and classes tell.

    A name that only refuses when it is used is not there.
    """
    from funcnet.compat._messages.refused import refusal  # imports all of compat

    root, *parts = name.split(".")
    path = "funcnet.compat" if root == "torch" else f"funcnet.compat.{root}"
    value: object = importlib.import_module(path)
    for part in parts:
        path = f"{path}.{part}"
        try:
            value = getattr(value, part)
        except (AttributeError, ImportError):
            if not isinstance(value, ModuleType):
                return not isinstance(value, type)
            try:
                value = importlib.import_module(path)
            except ImportError:
                return False
        if refusal(value) is not None:
            return False
        if not isinstance(value, ModuleType | type):
            return True
    return True


def _parsed(file: Path) -> ast.Module:
    try:
        return ast.parse(file.read_bytes(), os.fspath(file))
    except SyntaxError:
        return ast.Module([], [])


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield module
            yield from [f"{module}.{one.name}".lstrip(".") for one in node.names]


def _bound(tree: ast.Module) -> dict[str, str]:
    """What the imports of torch bind: `F` to "torch.nn.functional"."""
    result: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                root = one.name.partition(".")[0]
                if root in _ROOTS:
                    result[one.asname or root] = one.name if one.asname else root
        elif isinstance(node, ast.ImportFrom) and _is_of_torch(node):
            for one in node.names:
                result[one.asname or one.name] = f"{node.module}.{one.name}"
    assigned = {
        one.id
        for one in ast.walk(tree)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }
    return {name: path for name, path in result.items() if name not in assigned}


def _is_of_torch(node: ast.ImportFrom) -> bool:
    return node.level == 0 and (node.module or "").partition(".")[0] in _ROOTS


def _names(node: ast.AST, bound: dict[str, str]) -> Iterator[str]:
    """What a node of the tree asks for."""
    if isinstance(node, ast.Import):
        yield from [x.name for x in node.names if x.name.partition(".")[0] in _ROOTS]
    elif isinstance(node, ast.ImportFrom) and _is_of_torch(node):
        yield from [f"{node.module}.{x.name}" for x in node.names if x.name != "*"]
    elif isinstance(node, ast.Attribute):
        parts = [node.attr]
        value = node.value
        while isinstance(value, ast.Attribute):
            parts.append(value.attr)
            value = value.value
        if isinstance(value, ast.Name) and value.id in bound:
            yield ".".join([bound[value.id], *reversed(parts)])


def _guarded(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes inside a `try` that expects a name to be missing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Try) and any(map(_expects, node.handlers)):
            for statement in node.body:
                yield from ast.walk(statement)


def _expects(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = ast.walk(handler.type)
    return any(isinstance(one, ast.Name) and one.id in _GUARDS for one in caught)
