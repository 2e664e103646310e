"""Which modules and classes get stubs, and what stands in them."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from funcnet.compat._core.dtype import dtype
from funcnet.compat._core.memory_format import layout
from funcnet.compat._ops.registry import REGISTRY
from funcnet.compat._tensor.tensor import Tensor
from tools.stubs import layers, results, signatures
from tools.stubs.introspect import FUNCTIONAL, METHOD, Signatures, as_function
from tools.stubs.render import Writer, first_line

PACKAGE = Path(importlib.import_module("funcnet").__file__ or "").parent
FOUND = Signatures(REGISTRY)

# Modules into which the registry puts functions, and the prefix they have there.
FUNCTION_MODULES = {
    "funcnet.compat": "",
    "funcnet.compat.fft": "fft.",
    "funcnet.compat.linalg": "linalg.",
    "funcnet.compat.masked": "masked.",
    "funcnet.compat.nn.functional": FUNCTIONAL,
    "funcnet.compat.signal.windows": "signal.windows.",
    "funcnet.compat.special": "special.",
}
# Methods of tensors that a type checker is not to know, or that are `Tensor`'s own.
_NOT_SHOWN = {"__getattr__", "__torch_function__", "__reduce_ex__", "__init__"}


def stubs() -> Iterator[tuple[Path, Writer]]:
    """Yield each stub: where it belongs, and its text."""
    yield PACKAGE / "compat/_tensor/members.pyi", members()
    yield PACKAGE / "compat/return_types.pyi", return_types()
    for name, prefix in FUNCTION_MODULES.items():
        yield stub_path(name), facade(name, prefix)
    yield stub_path(layers.PACKAGE), layers.layer_classes()
    yield stub_path("funcnet.compat.nn"), facade("funcnet.compat.nn", None)
    yield stub_path("funcnet.optim"), collected("funcnet.optim")


def stub_path(name: str) -> Path:
    """Where the stub of a module belongs: beside it."""
    return Path(importlib.import_module(name).__file__ or "").with_suffix(".pyi")


def members() -> Writer:
    """The methods, operators and properties that the registry gives to tensors."""
    hidden = {name for name in vars(Tensor) if not name.startswith("__")}
    writer = Writer("What the registry of operations gives to `Tensor`.", hidden)
    writer.line(f"class TensorMembers({writer.type_text('TensorBase')}):")
    writer.line('    """The methods, operators and properties of tensors."""')
    for path, entry in sorted(REGISTRY.items()):
        name, result = path.removeprefix(METHOD), entry.public
        if not path.startswith(METHOD) or name in _NOT_SHOWN:
            continue
        if isinstance(result, property):
            kind = writer.type_text(signatures.PROPERTIES.get(name, "bool"))
            if result.fset is not None:
                writer.line(f"{name}: {kind}", "    ")
            else:
                writer.line("@property", "    ")
                writer.line(f"def {name}(self) -> {kind}:", "    ")
                says = first_line(result.fget)
                writer.line(f'    """{says}"""' if says else "    ...", "    ")
            continue
        if isinstance(result, staticmethod):
            writer.line("@staticmethod", "    ")
        writer.definition(name, FOUND.of_method(path), first_line(result), "    ")
    return writer


def return_types() -> Writer:
    """The named tuples that operations return."""
    module = importlib.import_module("funcnet.compat.return_types")
    writer = Writer(inspect.getdoc(module) or "", vars(module))
    base = writer.type_text("NamedTuple")
    for name, result in sorted(vars(module).items()):
        if not isinstance(result, type) or not hasattr(result, "_fields"):
            continue
        writer.line(f"class {name}({base}):")
        for field in result._fields:
            kind = results.FIELDS.get((name, field), "Tensor")
            writer.line(f"    {field}: {writer.type_text(kind)}")
    return writer


def facade(name: str, prefix: str | None) -> Writer:
    """A module whose names come in at import."""
    module = importlib.import_module(name)
    writer = Writer(inspect.getdoc(module) or "", _hidden(module))
    static = static_names(module)
    for shown, value in sorted(vars(module).items()):
        if shown.startswith("_") and not _is_registered(shown, prefix):
            continue
        if shown in layers.CLASSES:
            writer.reexport(layers.PACKAGE, shown)
        elif shown in static:
            source, original = static[shown]
            writer.reexport(source, original, shown)
        elif isinstance(value, ModuleType) or _is_foreign(value):
            continue  # modules: below, by what lies on disk
        else:
            _define(writer, name, prefix, shown, value)
    for child in sorted(_children(module)):
        writer.reexport(name, child)
    return writer


def collected(package: str) -> Writer:
    """A package whose names are what its files list in `__all__`."""
    module = importlib.import_module(package)
    writer = Writer(inspect.getdoc(module) or "", made_from="its files")
    for info in pkgutil.walk_packages(module.__path__, package + "."):
        for name in getattr(importlib.import_module(info.name), "__all__", ()):
            writer.reexport(info.name, name)
    writer.line(f"__all__ = {module.__all__}")
    return writer


def _hidden(module: ModuleType) -> set[str]:
    """The names of a module that are no types, though a type is called so."""
    return {name for name, value in vars(module).items() if not isinstance(value, type)}


def _is_foreign(value: Any) -> bool:
    """Whether a name came in from the standard library, with an import."""
    return getattr(value, "__module__", "funcnet").partition(".")[0] == "typing"


def _is_registered(shown: str, prefix: str | None) -> bool:
    return prefix is not None and prefix + shown in REGISTRY


def _define(
    writer: Writer, module: str, prefix: str | None, shown: str, value: Any
) -> None:
    """Add one name that is not imported by a statement."""
    if isinstance(value, dtype | layout):
        kind = "dtype" if isinstance(value, dtype) else "layout"
        writer.line(f"{shown}: {writer.type_text(kind)}")
    elif isinstance(value, type) and not hasattr(value, "__wrapped__"):
        _define_class(writer, shown, value, module)
    elif callable(value):
        name = _registered_name(prefix, shown)
        if name is not None:
            writer.definition(shown, FOUND.of_function(name), first_line(value))
        elif prefix == "" and METHOD + shown in REGISTRY:
            result = [as_function(one) for one in FOUND.of_method(METHOD + shown)]
            writer.definition(shown, result, first_line(value))
        else:
            writer.reexport(*origin(value, shown, module))
    elif value is None or isinstance(value, int | float | str):
        kind = type(value).__name__.replace("NoneType", "None")
        writer.line(f"{shown}: {writer.type_text(kind)}")
    else:
        raise LookupError(f"{module}.{shown}: no stub for a {type(value).__name__}")


def _registered_name(prefix: str | None, shown: str) -> str | None:
    if prefix is None:
        return None
    for name in (prefix + shown, shown):
        if name in REGISTRY:
            return name
    return None


def _define_class(writer: Writer, shown: str, value: type, module: str) -> None:
    """A class that was made at import, such as `LongTensor` and `FloatStorage`."""
    base = "Tensor" if shown.endswith("Tensor") else "TypedStorage"
    if not shown.endswith(("Tensor", "Storage")):
        writer.reexport(*origin(value, shown, module))
        return
    writer.line(f"class {shown}({writer.type_text(base)}): ...")


def origin(value: Any, shown: str, module: str) -> tuple[str, str, str]:
    """Where a statement defines a name of a module: module, name there, name here."""
    candidates = [
        inspect.getmodule(value),
        *vars(importlib.import_module(module)).values(),
    ]
    for source in candidates:
        if not isinstance(source, ModuleType) or source.__name__ == module:
            continue
        if not source.__name__.startswith("funcnet."):
            continue
        for own in (shown, getattr(value, "__name__", shown)):
            if vars(source).get(own) is value and own in defined_names(source):
                return source.__name__, own, shown
    raise LookupError(f"no statement defines {shown}, a {type(value).__name__}")


def static_names(module: ModuleType) -> dict[str, tuple[str, str]]:
    """The names that import statements of a module bind: where they come from."""
    result = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                result[alias.asname or alias.name] = (node.module, alias.name)
    return {
        name: place
        for name, place in result.items()
        if place[0].startswith("funcnet.") and hasattr(module, name)
    }


def defined_names(module: ModuleType) -> set[str]:
    """The names that statements of a module define."""
    result = set()
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            result.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [part for target in targets for part in ast.walk(target)]
            result |= {part.id for part in names if isinstance(part, ast.Name)}
    return result


def _children(module: ModuleType) -> Iterator[str]:
    """The public modules that lie in a package."""
    if not hasattr(module, "__path__"):
        return
    for path in Path(module.__file__ or "").parent.iterdir():
        is_module = path.suffix == ".py" or (path / "__init__.py").exists()
        if is_module and not path.name.startswith("_"):
            yield path.stem
