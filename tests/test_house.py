"""The plan of the house: imports point down, no cycles, a light front door."""

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import funcnet

ROOT = Path(funcnet.__file__).parent

# A room may import from the rooms of the lines above its own, and from its own line
# only within itself.
FLOORS = [
    {"_errors", "_types"},
    {"_check", "_precision", "_random"},
    {"functional", "init", "tree", "data"},
    {"nn", "optim", "checkpoint"},
    {"models"},
    {"train"},
    {"compat"},
    {"cli"},
    {"__main__"},
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}


def modules() -> dict[str, Path]:
    """All modules of the package by dotted name."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
        found[".".join(parts)] = path
    return found


MODULES = modules()


def imports(path: Path) -> set[str]:
    """The modules of the package that a file imports, at any depth of its code."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                dotted = f"{node.module}.{alias.name}"
                found.add(dotted if dotted in MODULES else str(node.module))
    return {name for name in found if name in MODULES}


GRAPH = {name: imports(path) for name, path in MODULES.items()}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


@pytest.mark.parametrize("module", [m for m in MODULES if room(m)])
def test_imports_point_down(module: str) -> None:
    here = room(module)
    for target in GRAPH[module]:
        there = room(target)
        if there in ("", here):
            continue
        assert LEVEL[there] < LEVEL[here], f"{module} imports {target}: not downwards"


def test_no_import_cycle() -> None:
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join([*path, module])
        if module in done:
            return
        for target in GRAPH[module]:
            if target != "funcnet":  # the front door imports only _check
                visit(target, (*path, module))
        done.add(module)

    for module in MODULES:
        visit(module, ())


def test_data_does_not_import_jax() -> None:
    code = "import sys, funcnet.data; print('jax' in sys.modules)"
    assert run(code) == "False"


@pytest.mark.parametrize(
    "heavy", ["optax", "flax", "matplotlib", "tensorflow_datasets", "tqdm", "PIL"]
)
def test_import_is_light(heavy: str) -> None:
    code = (
        "import sys, funcnet; from funcnet import functional, nn;"
        f"print({heavy!r} in sys.modules)"
    )
    assert run(code) == "False"


@pytest.mark.parametrize("heavy", ["optax", "flax", "PIL", "jax.extend"])
def test_import_of_compat_is_light(heavy: str) -> None:
    assert (
        run(f"import sys, funcnet.compat; print({heavy!r} in sys.modules)") == "False"
    )


def run(code: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return result.stdout.strip()


def test_every_public_name_has_a_docstring() -> None:
    for room_name in funcnet._SUBPACKAGES:
        package = getattr(funcnet, room_name)
        for name in package.__all__:
            public = getattr(package, name)
            if inspect.isclass(public) or inspect.isfunction(public):
                assert public.__doc__, f"{room_name}.{name}"


def test_version_is_the_installed_one() -> None:
    assert funcnet.__version__.count(".") == 2


# Of each hundred parameters of compat's functions, how many may be annotated `Any`.
MOST_ANY = 36.0
SELF = ("self", "cls")


def test_few_parameters_of_compat_are_annotated_any() -> None:
    annotations = [
        parameter.annotation
        for name, path in MODULES.items()
        if name.startswith("funcnet.compat")
        for parameter in parameters(path)
    ]
    unknown = [a for a in annotations if isinstance(a, ast.Name) and a.id == "Any"]
    assert 100 * len(unknown) / len(annotations) <= MOST_ANY


def parameters(path: Path) -> Iterator[ast.arg]:
    """The parameters of all functions in a file, without `self` and `cls`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for parameter in ast.walk(node.args):
                if isinstance(parameter, ast.arg) and parameter.arg not in SELF:
                    yield parameter
