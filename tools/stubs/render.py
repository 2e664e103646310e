"""The source text of stubs: definitions, overloads, and the imports that they need."""

import ast
import builtins
import dataclasses
from collections.abc import Iterable
from typing import Any

from tools.stubs.introspect import Signature

HEADER = """\
# Made by `make stubs` from {}; see tools/stubs.
# Do not edit: a test compares this file with what would be made anew.
# mypy: disable-error-code="override"
"""
_LONGEST_DOCSTRING = 79

# Where the types come from that stubs are written with.
SOURCES = {
    "collections.abc": "Callable Iterator Sequence Iterable Mapping",
    "typing": "Any Literal Self TypeVar NamedTuple overload",
    "numpy": "np",
    "funcnet.compat": "return_types",
    "funcnet.compat._core.device": "device",
    "funcnet.compat._core.dtype": "dtype",
    "funcnet.compat._core.memory_format": "layout memory_format",
    "funcnet.compat._core.removable_handle": "RemovableHandle",
    "funcnet.compat._ops.nn.loss_classes": "LinearCrossEntropyOptions",
    "funcnet.compat._tensor.base": "TensorBase",
    "funcnet.compat._tensor.size": "Size",
    "funcnet.compat._tensor.tensor": "Tensor",
    "funcnet.compat.nn.modules.adaptive": "AdaptiveLogSoftmaxOutput",
    "funcnet.compat.nn.modules.module": "Module",
    "funcnet.compat.nn.parameter": "Parameter",
    "funcnet.compat.random": "Generator",
    "funcnet.compat.storage": "TypedStorage UntypedStorage",
    "funcnet.compat._core.annotations": "DeviceLike Scalar",
    "funcnet.compat._tensor.annotations": "Index TensorLike",
    "funcnet.compat.types": "Number",
}
_SOURCE_OF = {
    name: source for source, names in SOURCES.items() for name in names.split()
}


@dataclasses.dataclass(frozen=True)
class _Import:
    """One imported name; if it is public, others may import it from the stub."""

    source: str
    name: str
    public: bool = False


class Writer:
    """Collects the text of one stub.

    Args:
        says: the docstring of the module.
        hidden: names that mean something else in the scope that is written, such as
            `float` in `funcnet.compat`; types of these names get an underscore.
        made_from: what the module has its names from.
    """

    def __init__(
        self,
        says: str,
        hidden: Iterable[str] = (),
        made_from: str = "the registry of operations",
    ) -> None:
        self.says = says
        self.made_from = made_from
        self.hidden = frozenset(hidden) - {"return_types"}
        self.imports: dict[str, _Import] = {}
        self.body: list[str] = []
        self.type_variables = False

    def line(self, text: str, indent: str = "") -> None:
        """Add a line."""
        self.body.append(indent + text)

    def reexport(self, source: str, name: str, shown: str | None = None) -> None:
        """Import a name so that it is one of this module's."""
        self.imports[shown or name] = _Import(source, name, public=True)

    def type_text(self, text: str) -> str:
        """The text of a type, in which names that the scope hides are replaced."""
        return ast.unparse(self._renamed(ast.parse(text, mode="eval").body))

    def definition(
        self, name: str, found: list[Signature], says: str = "", indent: str = ""
    ) -> None:
        """Add a function, or its overloads."""
        for place, signature in enumerate(found):
            if len(found) > 1:
                self.line("@" + self.type_text("overload"), indent)
            text = self._signature(signature)
            docstring = says if place == 0 else ""
            if docstring:
                self.line(f"def {name}{text}:", indent)
                self.line(f'    """{docstring}"""', indent)
            else:
                self.line(f"def {name}{text}: ...", indent)

    def _signature(self, signature: Signature) -> str:
        args = signature.args
        pieces = []
        positional = [*args.posonlyargs, *args.args]
        defaults = [None] * (len(positional) - len(args.defaults)) + args.defaults
        for place, (arg, default) in enumerate(zip(positional, defaults, strict=True)):
            pieces.append(self._argument(arg, default))
            if args.posonlyargs and place == len(args.posonlyargs) - 1:
                pieces.append("/")
        if args.vararg is not None:
            pieces.append("*" + self._argument(args.vararg, None))
        elif args.kwonlyargs:
            pieces.append("*")
        for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            pieces.append(self._argument(arg, default))
        if args.kwarg is not None:
            pieces.append("**" + self._argument(args.kwarg, None))
        assert signature.returns is not None
        result = self.type_text(ast.unparse(signature.returns))
        return f"({', '.join(pieces)}) -> {result}"

    def _argument(self, arg: ast.arg, default: ast.expr | None) -> str:
        text = arg.arg
        if arg.annotation is not None:
            text += ": " + self.type_text(ast.unparse(arg.annotation))
        if default is not None:
            text += f" = {ast.unparse(default)}"
        return text

    def _renamed(self, tree: ast.expr) -> ast.expr:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                node.id = self._import(node.id)
        return tree

    def _import(self, name: str) -> str:
        """What a type is called here, after its import."""
        if name == "T":
            self.type_variables = True
            self._import("TypeVar")
            return "_T"
        source = _SOURCE_OF.get(name)
        if source is None:
            if not hasattr(builtins, name):
                raise LookupError(f"where the type {name!r} comes from: render.SOURCES")
            if name not in self.hidden or name == "None":
                return name
            source = "builtins"
        shown = f"_{name}" if name in self.hidden else name
        self.imports.setdefault(shown, _Import(source, name))
        return shown

    def text(self) -> str:
        """The whole stub, before it is formatted."""
        variables = ['_T = TypeVar("_T")'] if self.type_variables else []
        parts = [
            HEADER.format(self.made_from),
            f'"""{self.says}"""',
            *self._import_lines(),
            *variables,
        ]
        return "\n".join([*parts, *self.body]) + "\n"

    def _import_lines(self) -> list[str]:
        grouped: dict[str, list[str]] = {}
        for shown, result in sorted(self.imports.items()):
            text = result.name
            if result.public or shown != result.name:
                text += f" as {shown}"
            grouped.setdefault(result.source, []).append(text)
        ordered = sorted(
            grouped, key=lambda source: (source.startswith("funcnet"), source)
        )
        return [
            "import numpy as np"
            if source == "numpy"
            else f"from {source} import {', '.join(grouped[source])}"
            for source in ordered
        ]


def first_line(documented: Any) -> str:
    """The first line of a docstring, if it is a short sentence without escapes."""
    line = (documented.__doc__ or "").strip().partition("\n")[0].strip()
    if len(line) > _LONGEST_DOCSTRING or "\\" in line or '"' in line:
        return ""
    return line
