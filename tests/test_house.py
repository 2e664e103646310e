"""The plan of the house: imports point down, no cycles, a light front door.

Inside `funcnet.compat` the rooms stand in the order in which a step passes through
them; files are neither crumbs nor heaps.
"""

import ast
import inspect
import io
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import funcnet

ROOT = Path(funcnet.__file__).parent
# Executed twice, the second time in compat: what they stand on they import relatively.
NETWORKS = ROOT / "models"

# A room may import from the rooms of the lines above its own, and from its own line
# only within itself.
FLOORS = [
    {"_messages"},
    {"_errors", "_homes", "_types", "torch_alias"},
    {"_check", "_jit", "_precision", "_random"},
    {"functional", "init", "tree", "data"},
    {"nn", "optim", "checkpoint"},
    {"models"},
    {"train"},
    {"interop"},
    {"compat"},
    {"cli"},
    {"__main__"},
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}

# The same inside compat, at most 15 floors: rooms by the longest name that matches.
# Public packages, which only bring names together, are all but some on the last floor.
COMPAT_FLOORS = [
    {"_messages", "_interpreter"},
    {"_core", "return_types"},
    {"_gradient_rules", "_messages.translate", "_messages.words"},
    {"_engine"},
    {"_autograd.node", "_tiers"},
    {"_tensor"},
    {"_random"},
    {f"_ops.{name}" for name in ("registry", "forms", "keywords", "naming", "writing")}
    | {
        f"_ops.{name}"
        for name in ("checks", "numbers", "promote", "resize", "tensor_numbers")
    },
    {"_autograd"},
    {"_func", "_autograd.grad"},
    {"_ops"},
    {
        "_surface",
        "_profiling",
        "_toplevel",
        "amp",
        "autograd",
        "backends",
        "cpu",
        "cuda",
    }
    | {"distributed", "futures", "random"},
    {"nn"},
    {"optim", "_interop", "_serialization"},
    {""},
]
COMPAT_LEVEL = {name: at for at, names in enumerate(COMPAT_FLOORS) for name in names}


def modules() -> dict[str, Path]:
    """All modules of the package by dotted name."""
    result = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
        result[".".join(parts)] = path
    return result


MODULES = modules()


def imports(path: Path) -> set[str]:
    """The modules of the package that a file imports, at any depth of its code."""
    result = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            result |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = str(node.module)
            if node.level:
                assert NETWORKS in path.parents, f"{path}: relative import"
                package = path.relative_to(ROOT.parent).parts[: -node.level]
                base = ".".join([*package, base])
            for alias in node.names:
                dotted = f"{base}.{alias.name}"
                result.add(dotted if dotted in MODULES else base)
    return {name for name in result if name in MODULES}


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


def is_network(path: Path) -> bool:
    """Whether a file is written in the vocabulary of a backend, for both halves."""
    return NETWORKS in path.parents and "from ._backend import" in path.read_text()


@pytest.mark.parametrize("module", [m for m, p in MODULES.items() if is_network(p)])
def test_networks_know_their_backend_only(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text())
    absolute = {
        n.module
        for n in ast.walk(tree)
        if isinstance(n, ast.ImportFrom) and not n.level
    }
    named = {m for m in absolute if str(m).partition(".")[0] in ("funcnet", "jax")}
    assert named <= {"funcnet.models"}, named  # the catalog, which is data


def compat_room(module: str) -> str:
    """The longest part of a name in compat that stands on a floor of its own."""
    parts = module.split(".")[2:]
    while parts and ".".join(parts) not in COMPAT_LEVEL:
        parts.pop()
    return ".".join(parts)


@pytest.mark.parametrize("module", [m for m in MODULES if room(m) == "compat"])
def test_imports_inside_compat_point_down(module: str) -> None:
    here = COMPAT_LEVEL[compat_room(module)]
    for target in GRAPH[module]:
        if room(target) == "compat":
            there = COMPAT_LEVEL[compat_room(target)]
            assert there <= here, f"{module} imports {target}: not downwards"


def test_compat_has_few_floors() -> None:
    assert len(COMPAT_FLOORS) <= 15


def test_engine_imports_nothing_of_tensors() -> None:
    rooms = {"_engine", "_messages", "_core", "_gradient_rules"}
    for module in MODULES:
        if module.startswith("funcnet.compat._engine"):
            inside = {m for m in GRAPH[module] if room(m) == "compat"}
            assert {compat_room(m).split(".")[0] for m in inside} <= rooms, module


def lines_of_code(path: Path) -> int:
    """How many lines hold code: not blank, comments or docstrings."""
    text = path.read_text()
    no_code = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT}
    no_code |= {tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in no_code:
            lines |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        value = node.value if isinstance(node, ast.Expr) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            lines -= set(range(value.lineno, (value.end_lineno or 0) + 1))
    return len(lines)


def test_engine_is_small() -> None:
    files = (ROOT / "compat/_engine").glob("*.py")
    assert sum(map(lines_of_code, files)) <= 1100


def files_of_folder() -> Counter[str]:
    """How many files lie beside each other, by folder, in the package and in tests."""
    files = [*ROOT.rglob("*.py"), *Path(__file__).parent.rglob("*.py")]
    folders = [path.relative_to(ROOT.parent).parent for path in files]
    return Counter([str(folder) for folder in folders])


def test_no_folder_is_a_heap() -> None:
    full = {name: n for name, n in files_of_folder().items() if n > 25}
    assert full.keys() <= LARGE_FOLDERS.keys(), full


LARGE_FOLDERS = {
    "tests/parity/compat": "a file for each suite that the command line names",
    "tests/scripts/programs": "a file for each script that is run",
    "funcnet/models": "a file for each that torchvision has, under its name",
}


def test_no_file_is_a_crumb() -> None:
    known = tuple(" ".join(SMALL_FILES.values()).split())
    small = {
        module
        for module, path in MODULES.items()
        if len(path.read_text().splitlines()) < 40 and not is_facade(module)
    }
    unknown = {name for name in small if not f"{name}.".startswith(known)}
    assert not unknown
    needless = {k for k in known if not any(f"{name}.".startswith(k) for name in small)}
    assert not needless


def is_facade(module: str) -> bool:
    """Whether a file is a package's list of names, or has its name from PyTorch."""
    if MODULES[module].name == "__init__.py":
        return True
    names = module.removeprefix("funcnet.").split(".")
    return not any(name.startswith("_") for name in names)


# Files of less than 40 lines that are no facade, by the reason for which each exists;
# a room stands for all of its files.
SMALL_FILES = {
    "PyTorch, or Python, knows this file by its name": """
        funcnet.__main__. funcnet.compat.__config__. funcnet.compat._jit_internal.
        funcnet.compat._tensor_str. funcnet.compat.utils.data._utils.pin_memory.
        funcnet.compat.utils.data._utils.worker.
        funcnet.compat.torchvision.models._meta.
    """,
    "all rooms share it, so that it stands below them": """
        funcnet._homes. funcnet._precision. funcnet._types.
        funcnet.checkpoint._budget. funcnet.checkpoint._dtypes.
        funcnet.checkpoint._errors. funcnet.checkpoint.pth._budget.
        funcnet.compat._tensor.annotations.
        funcnet.checkpoint.pth._errors. funcnet.compat._core.device_errors.
        funcnet.compat._core.memory_format.
        funcnet.compat._ops.resize.
        funcnet.compat.torchvision._arrays. funcnet.functional._vision.affine.
        funcnet.models._folders. funcnet.nn._initial. funcnet.nn._spatial.
        funcnet.optim._rules.powers.
    """,
    "each format of checkpoints has its layout beside its reader and its writer": """
        funcnet.checkpoint.msgpack._layout. funcnet.checkpoint.msgpack._scalars.
        funcnet.checkpoint.safetensors._layout.
    """,
    "it keeps a heavy package out of what is imported at once": """
        funcnet.checkpoint.orbax._library. funcnet.data._tfds._digits.
        funcnet.data._tfds._library. funcnet.compat.torchvision.datasets._mnist.
    """,
    "what is said of one family's errors, which are few": """
        funcnet._messages. funcnet.compat._messages.words.
    """,
    "it is imported before all others": """
        funcnet.compat._core.collector.
    """,
    "one family, which is small": """
        funcnet.cli._stats. funcnet.compat._autograd.variable.
        funcnet.compat._ops.nn.distances. funcnet.compat._ops.tensor_methods.deprecated.
        funcnet.compat._random.replay. funcnet.compat._tensor.level_draws.
        funcnet.compat.cuda._properties.
        funcnet.data.transforms._v2_overrides.
        funcnet.data.transforms.functional._spaced.
        funcnet.functional._activation.logistic.
        funcnet.functional._activation.magnitude. funcnet.models._init.
        funcnet.train._interrupt.
    """,
}


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
MOST_ANY = 7.5
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
