"""The Python code of a graph."""

import operator
import re
import typing
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

from funcnet.compat._core.annotations import DType
from funcnet.compat._core.device import device
from funcnet.compat.fx._names import ALWAYS, Namespace
from funcnet.compat.fx.node import Node, qualified_name, type_text
from funcnet.compat.utils import _pytree

_SYMBOLS: Final = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "matmul": "@",
    "lshift": "<<",
    "rshift": ">>",
    "and_": "&",
    "or_": "|",
    "xor": "^",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
}
_SIGNS: Final = {"neg": "-", "pos": "+", "invert": "~"}
_OLD_NAMES: Final = {list: typing.List, dict: typing.Dict, tuple: typing.Tuple}  # noqa: UP006


@dataclass
class PythonCode:
    """Source code, and its global names."""

    src: str
    globals: dict[str, Any]


class CodeGen:
    """What generates the code of a graph, as `torch.fx.graph.CodeGen`.

    Subclasses replace the methods to have other arguments or another head.
    """

    def gen_fn_def(
        self,
        free_vars: list[str],
        maybe_return_annotation: str,
        root_module: str = "self",
    ) -> str:
        """Return the head of the function."""
        free_vars = [root_module, *free_vars]
        return f"def forward({', '.join(free_vars)}){maybe_return_annotation}:"

    def generate_output(self, output_args: str) -> str:
        """Return the line that returns the output."""
        return f"return {output_args}"

    def process_inputs(self, *args: object) -> Any:
        """Return the inputs of the nodes for the arguments of the code."""
        return args

    def process_outputs(self, outputs: object) -> Any:
        """Return the result of the code for the output of the nodes."""
        return outputs

    def additional_globals(self) -> list[tuple[str, Any]]:
        """Return names that the code needs besides those of the nodes."""
        return []

    def generate(self, nodes: list[Node], root_module: str) -> PythonCode:
        """Return the source of a function that computes the nodes."""
        return _Writer(self, root_module).write(nodes)


def tree_flatten_spec(
    pytree: Any, spec: _pytree.TreeSpec, exact_structural_match: bool = False
) -> list[Any]:
    """Return the leaves of a tree that is put together as `spec` says.

    Raises:
        ValueError: it is not.
    """
    leaves, own = _pytree.tree_flatten(pytree)
    if own.num_leaves != spec.num_leaves:
        raise ValueError(f"the arguments are {own}, they were traced as {spec}")
    return leaves


class _PyTreeInfo(NamedTuple):
    """Arguments that are trees, and how they and the result are put together."""

    orig_args: list[str]
    in_spec: Any
    out_spec: Any


class _PyTreeCodeGen(CodeGen):
    """Code of a function whose arguments were trees of placeholders."""

    def __init__(self, pytree_info: _PyTreeInfo) -> None:
        self.pytree_info = pytree_info

    def gen_fn_def(
        self,
        free_vars: list[str],
        maybe_return_annotation: str,
        root_module: str = "self",
    ) -> str:
        names = list(self.pytree_info.orig_args)
        if not names or names[0] != root_module:
            names = [root_module, *names]
        head = f"def forward({', '.join(names)}){maybe_return_annotation}:"
        if not free_vars:
            return head
        plain = [re.split(r"[ =:]", name)[0] for name in free_vars]
        given = f"[{', '.join(names[1:])}], self._in_spec"
        return f"{head}\n    {', '.join(plain)}, = fx_pytree.tree_flatten_spec({given})"

    def generate_output(self, output_args: str) -> str:
        if self.pytree_info.out_spec is None:
            return super().generate_output(output_args)
        return f"return pytree.tree_unflatten({output_args}, self._out_spec)"

    def process_inputs(self, *args: object) -> Any:
        return _pytree.tree_leaves(args)

    def process_outputs(self, outputs: Any) -> Any:
        return _pytree.tree_unflatten(outputs, self.pytree_info.out_spec)

    def additional_globals(self) -> list[tuple[str, Any]]:
        flatten = SimpleNamespace(tree_flatten_spec=tree_flatten_spec)
        return [("pytree", _pytree), ("fx_pytree", flatten)]


class _Writer:
    """Writes the code of one graph."""

    def __init__(self, codegen: CodeGen, root: str) -> None:
        import funcnet.compat

        self.torch = funcnet.compat
        self.codegen, self.root = codegen, root
        self.globals: dict[str, Any] = {**ALWAYS, "torch": self.torch}
        self.globals.update(codegen.additional_globals())
        self.namespace = Namespace()
        self.names: dict[Node, str] = {}
        self.wrapped: dict[str, None] = {}

    def write(self, nodes: list[Node]) -> PythonCode:
        inputs: list[str] = []
        body: list[str] = []
        annotation = ""
        last = _last_uses(nodes)
        for node in nodes:
            if node.op == "placeholder":
                inputs.append(self._input(node))
                plain = str(node.target).lstrip("*")
                if plain != self.name(node):
                    body.append(f"{self.name(node)} = {plain}")
            elif node.op == "output":
                if node.type is not None:
                    annotation = f" -> {self.annotation(node.type)}"
                body.append(self.codegen.generate_output(self.text(node.args[0])))
            else:
                gone = [self.name(x) for x in (*last.get(node, ()), node)]
                gone = gone if not node.users else gone[:-1]
                forget = f";  {' = '.join(gone)} = None" if gone else ""
                body.append(self.line(node) + forget)
        head = self.codegen.gen_fn_def(inputs, annotation, self.root)
        wraps = "\n".join(
            f'torch.fx._symbolic_trace.wrap("{name}")' for name in self.wrapped
        )
        text = "\n".join([head, *[f"    {line}" for line in body or ["pass"]]])
        return PythonCode(f"\n{wraps}\n\n{text}\n    ", self.globals)

    def name(self, node: Node) -> str:
        if node not in self.names:
            self.names[node] = self.namespace.name_for(node.name, node)
        return self.names[node]

    def _input(self, node: Node) -> str:
        kind = f" : {self.annotation(node.type)}" if node.type is not None else ""
        default = f" = {self.text(node.args[0])}" if node.args else ""
        return f"{node.target}{kind}{default}"

    def annotation(self, kind: Any) -> str:
        """Return an annotation, with the names that it needs among the globals."""
        if kind == ():
            return "()"
        origin = getattr(kind, "__origin__", None)
        if origin is None:
            return self.global_name(kind, type_text(kind))
        origin = _OLD_NAMES.get(origin, origin)
        inside = [self.annotation(one) for one in getattr(kind, "__args__", ())]
        whole = self.global_name(origin, type_text(origin))
        return f"{whole}[{','.join(inside)}]" if inside else whole

    def line(self, node: Node) -> str:
        kind = f" : {self.annotation(node.type)}" if node.type is not None else ""
        return f"{self.name(node)}{kind} = {self._value(node)}"

    def _value(self, node: Node) -> str:
        if node.op == "get_attr":
            return _path(self.root, node.target)
        args = [self.text(x) for x in node.args]
        named = [f"{k} = {self.text(v)}" for k, v in node.kwargs.items()]
        if node.op == "call_method":
            return f"{args[0]}.{node.target}({', '.join(args[1:] + named)})"
        if node.op == "call_module":
            return f"{_path(self.root, node.target)}({', '.join(args + named)})"
        target, name = node.target, getattr(node.target, "__name__", "")
        if getattr(target, "__module__", "") == "_operator" and not named:
            if name in _SYMBOLS and len(args) == 2:
                return f"{args[0]} {_SYMBOLS[name]} {args[1]}"
            if name in _SIGNS:
                return f"{_SIGNS[name]}{args[0]}"
            if target is operator.getitem:
                return f"{args[0]}[{args[1]}]"
        if target is getattr and len(args) == 2 and str(node.args[1]).isidentifier():
            return f"{args[0]}.{node.args[1]}"
        whole = self.global_name(target)
        if node.meta.get("is_wrapped"):
            self.wrapped[whole] = None
        return f"{whole}({', '.join(args + named)})"

    def global_name(self, value: Any, hint: str | None = None) -> str:
        """Return the name of a function or class in the code; it is a global then."""
        full = hint or qualified_name(value)
        if full.startswith("torch.") and self._reaches(full, value):
            return full
        if hint is None and full.startswith("operator."):
            full = f"_{full}"
        name = full.replace(".", "_")
        while self.globals.get(name, self) is not value:
            name = self.namespace.name_for(name, value)
            if name not in self.globals:
                self.globals[name] = value
        return name

    def _reaches(self, full: str, value: Any) -> bool:
        result: Any = self.torch
        try:
            for part in full.split(".")[1:]:
                result = getattr(result, part)
        except AttributeError:
            return False
        return result is value

    def text(self, x: Any) -> str:
        """Return an argument as an expression."""
        if isinstance(x, Node):
            return self.name(x)
        if isinstance(x, tuple):
            parts = ", ".join(self.text(y) for y in x)
            whole = f"({parts},)" if len(x) == 1 else f"({parts})"
            named = hasattr(x, "_fields")
            return f"{self.global_name(type(x))}({parts})" if named else whole
        if isinstance(x, list):
            return f"[{', '.join(self.text(y) for y in x)}]"
        if isinstance(x, dict):
            pairs = ", ".join(f"{k!r}: {self.text(v)}" for k, v in x.items())
            return f"{{{pairs}}}"
        if isinstance(x, slice):
            parts = ", ".join(self.text(y) for y in (x.start, x.stop, x.step))
            return f"slice({parts})"
        if isinstance(x, device):
            self.globals["device"] = device
            return repr(x)
        if x is ...:
            return "Ellipsis"
        plain = bool | int | float | complex | str | bytes | range | DType
        if x is None or isinstance(x, plain):
            return repr(x)
        if isinstance(x, type) or callable(x):
            return self.global_name(x, type_text(x) if isinstance(x, type) else None)
        name = f"_{type(x).__name__.lower()}_{len(self.globals)}"
        self.globals[name] = x
        return name


def _last_uses(nodes: list[Node]) -> dict[Node, list[Node]]:
    """Return the nodes that each node is the last to use."""
    result: dict[Node, list[Node]] = {}
    seen: set[Node] = set()
    for node in reversed(nodes):
        for one in node.all_input_nodes:
            if one not in seen:
                seen.add(one)
                result.setdefault(node, []).append(one)
    return result


def _path(root: str, target: str) -> str:
    text = root
    for part in target.split("."):
        text = f"{text}.{part}" if part.isidentifier() else f'getattr({text}, "{part}")'
    return text


__all__ = ["CodeGen", "PythonCode"]
