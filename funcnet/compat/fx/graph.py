"""Graphs of nodes, and their code, as `torch.fx.graph`."""

import builtins
import contextlib
import keyword
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from funcnet.compat._core.annotations import DType
from funcnet.compat._messages.refused import refused
from funcnet.compat.fx.node import Argument, Node, Target, map_arg, qualified_name

_SYMBOLS = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "matmul": "@",
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
_SIGNS = {"neg": "-", "pos": "+", "invert": "~"}


@dataclass
class PythonCode:
    """Source code, and its global names."""

    src: str
    globals: dict[str, Any]


class Graph:
    """Graph: the nodes of a computation in order, as `torch.fx.Graph`.

    Example:
        >>> import funcnet.compat as torch
        >>> from funcnet.compat.fx import Graph, GraphModule
        >>> graph = Graph()
        >>> x = graph.placeholder("x")
        >>> _ = graph.output(graph.call_function(torch.relu, (x,)))
        >>> GraphModule(torch.nn.Module(), graph)(torch.tensor([-1.0, 2.0]))
        tensor([0., 2.])
    """

    def __init__(
        self,
        owning_module: object = None,
        tracer_cls: object = None,
        tracer_extras: object = None,
    ) -> None:
        self._nodes: list[Node] = []
        self._insert_at: int | None = None  # where new nodes go; the end for None
        self._names: dict[str, int] = {}
        self.owning_module = owning_module
        self._tracer_cls = tracer_cls

    @property
    def nodes(self) -> list[Node]:
        """The nodes, in order."""
        return _Nodes(self._nodes)

    # --- building ---------------------------------------------------------------------

    def create_node(
        self,
        op: str,
        target: Target,
        args: tuple[Argument, ...] | None = None,
        kwargs: dict[str, Argument] | None = None,
        name: str | None = None,
        type_expr: object = None,
    ) -> Node:
        """Insert a node at the insertion point, which is the end by default."""
        result = Node(
            self, self._named(name or _hint(op, target)), op, target, args or (),
            kwargs or {}, type_expr,
        )  # fmt: skip
        index = len(self._nodes) if self._insert_at is None else self._insert_at
        self._nodes.insert(index, result)
        if self._insert_at is not None:
            self._insert_at += 1
        return result

    def _named(self, hint: str) -> str:
        name = re.sub(r"\W+", "_", hint).strip("_") or "_"
        if name[0].isdigit():
            name = "_" + name
        base = re.sub(r"_\d+$", "", name) if name in self._names else name
        while name in self._names or keyword.iskeyword(name) or hasattr(builtins, name):
            self._names[base] = self._names.get(base, 0) + 1
            name = f"{base}_{self._names[base]}"
        self._names.setdefault(name, 0)
        return name

    def placeholder(
        self, name: str, type_expr: object = None, default_value: object = ...
    ) -> Node:
        """Insert a placeholder, an input of the graph."""
        args = () if default_value is ... else (default_value,)
        return self.create_node("placeholder", name, args, type_expr=type_expr)

    def get_attr(self, qualified_name: str, type_expr: object = None) -> Node:
        """Insert a node that reads a parameter, a buffer or another attribute."""
        return self.create_node("get_attr", qualified_name, type_expr=type_expr)

    def call_function(
        self,
        the_function: Callable[..., Any],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
        type_expr: object = None,
        name: str | None = None,
    ) -> Node:
        """Insert the call of a function."""
        return self.create_node("call_function", the_function, args, kwargs, name)

    def call_method(
        self,
        method_name: str,
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
        type_expr: object = None,
    ) -> Node:
        """Insert the call of a method of the first argument."""
        return self.create_node("call_method", method_name, args, kwargs)

    def call_module(
        self,
        module_name: str,
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
        type_expr: object = None,
    ) -> Node:
        """Insert the call of a submodule."""
        return self.create_node("call_module", module_name, args, kwargs)

    def output(self, result: Argument, type_expr: object = None) -> Node:
        """Insert the output."""
        return self.create_node("output", "output", (result,), type_expr=type_expr)

    def output_node(self) -> Node:
        """Return the output node."""
        return next(n for n in reversed(self._nodes) if n.op == "output")

    def find_nodes(
        self, *, op: str, target: Target | None = None, sort: bool = True
    ) -> list[Node]:
        """Return the nodes of an op, and of a target if one is given."""
        return [
            n
            for n in self._nodes
            if n.op == op and (target is None or n.target == target)
        ]

    def inserting_before(self, n: Node | None = None) -> Any:
        """Insert nodes before another in a `with` block, or at the beginning."""
        return self._inserting(0 if n is None else self._nodes.index(n))

    def inserting_after(self, n: Node | None = None) -> Any:
        """Insert nodes after another in a `with` block, or at the end."""
        return self._inserting(None if n is None else self._nodes.index(n) + 1)

    @contextlib.contextmanager
    def _inserting(self, index: int | None) -> Iterator[None]:
        before, self._insert_at = self._insert_at, index
        count = len(self._nodes)
        try:
            yield
        finally:
            added = len(self._nodes) - count
            shifted = before is not None and index is not None and index <= before
            self._insert_at = (
                before + added if shifted and before is not None else before
            )

    def _move(self, x: Node, beside: Node, after: int) -> None:
        if x.graph is not self:
            raise AssertionError("Attempting to move a Node into a different Graph")
        if x is not beside:
            self._nodes.remove(x)
            self._nodes.insert(self._nodes.index(beside) + after, x)

    def erase_node(self, to_erase: Node) -> None:
        """Erase a node without users.

        Raises:
            RuntimeError: it has users.
        """
        if to_erase.users:
            raise RuntimeError(
                f"Tried to erase Node {to_erase} but it still had "
                f"{len(to_erase.users)} users in the graph: {to_erase.users}!"
            )
        if to_erase._erased:
            return
        to_erase._update((), {})
        to_erase._erased = True
        index = self._nodes.index(to_erase)
        del self._nodes[index]
        if self._insert_at is not None and index < self._insert_at:
            self._insert_at -= 1

    def node_copy(
        self, node: Node, arg_transform: Callable[[Node], Argument] = lambda x: x
    ) -> Node:
        """Insert a copy of a node of another graph."""
        args = map_arg(node.args, arg_transform)
        kwargs = map_arg(node.kwargs, arg_transform)
        result = self.create_node(
            node.op, node.target, args, kwargs, node.name, node.type
        )
        result.meta = dict(node.meta)
        return result

    def graph_copy(
        self, g: "Graph", val_map: dict[Node, Node], return_output_node: bool = False
    ) -> Any:
        """Insert copies of another graph's nodes; return its output in this graph."""
        for node in g._nodes:
            if node in val_map:
                continue
            if node.op == "output":
                result = map_arg(node.args[0], lambda n: val_map[n])
                return (result, node) if return_output_node else result
            val_map[node] = self.node_copy(node, lambda n: val_map[n])
        return None

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> "Graph":
        graph = Graph(tracer_cls=self._tracer_cls)
        values: dict[Node, Node] = {}
        result = graph.graph_copy(self, values)
        if any(n.op == "output" for n in self._nodes):
            graph.output(result)
        return graph

    # --- passes -----------------------------------------------------------------------

    def lint(self) -> None:
        """Check that nodes come before their users, and that targets exist.

        Raises:
            RuntimeError: they do not, or are not.
        """
        seen: set[Node] = set()
        names: set[str] = set()
        for node in self._nodes:
            if node.graph is not self:
                raise RuntimeError(f"Node '{node}' does not belong to this Graph!")
            if node.name in names:
                raise RuntimeError(f"Node redefined name {node.name}!")
            for one in node.all_input_nodes:
                if one not in seen:
                    raise RuntimeError(
                        f"Argument '{one}' of Node '{node}' was used before it has "
                        "been defined! Please check that Nodes in the graph are "
                        f"topologically ordered\n{self}"
                    )
            seen.add(node)
            names.add(node.name)
            if self.owning_module is not None and node.op in (
                "get_attr",
                "call_module",
            ):
                self._look_up(node)

    def _look_up(self, node: Node) -> None:
        result = self.owning_module
        for name in node.target.split("."):
            if not hasattr(result, name):
                raise RuntimeError(
                    f"Node {node} target {node.target} references nonexistent "
                    f"attribute {name}"
                )
            result = getattr(result, name)

    def eliminate_dead_code(
        self, is_impure_node: Callable[["Node"], bool] | None = None
    ) -> bool:
        """Erase the nodes without users; return whether there were any."""
        self.lint()
        keeps = is_impure_node or Node.is_impure
        changed = False
        for node in reversed(list(self._nodes)):
            if not node.users and node.op != "output" and not keeps(node):
                self.erase_node(node)
                changed = True
        return changed

    # --- text -------------------------------------------------------------------------

    def python_code(self, root_module: str, **more: object) -> PythonCode:
        """Generate the source of a function `forward` that computes the graph."""
        names: dict[str, Any] = {"inf": float("inf"), "nan": float("nan")}
        inputs, body = [], []
        last = _last_uses(self._nodes)
        for node in self._nodes:
            if node.op == "placeholder":
                default = f" = {_text(node.args[0], names)}" if node.args else ""
                inputs.append(f"{node.target}{default}")
                plain = str(node.target).lstrip("*")
                if plain != node.name:
                    body.append(f"{node.name} = {plain}")
                continue
            line = _line(node, names, root_module)
            gone = [one.name for one in last.get(node, []) if node.op != "output"]
            forget = f";  {' = '.join(gone)} = None" if gone else ""
            body.append(line + forget)
        head = f"def forward({', '.join([root_module, *inputs])}):"
        text = "\n".join([head, *[f"    {line}" for line in body or ["pass"]]])
        return PythonCode(f"\n\n\n{text}\n    ", names)

    def print_tabular(self) -> None:
        """Print the nodes as a table."""
        heads = ("opcode", "name", "target", "args", "kwargs")
        rows = [
            tuple(str(x) for x in (n.op, n.name, n.target, n.args, n.kwargs))
            for n in self._nodes
        ]
        widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        for row in (heads, tuple("-" * w for w in widths), *rows):
            cells = zip(row, widths, strict=True)
            print("  ".join(cell.ljust(width) for cell, width in cells).rstrip())

    def __str__(self) -> str:
        lines = [f"    {node.format_node()}" for node in self._nodes]
        return "\n".join(["graph():", *lines])


class _Nodes(list[Node]):
    """View of the nodes of a graph."""

    def __reversed__(self) -> Iterator[Node]:
        return iter(self[::-1])


def _hint(op: str, target: Target) -> str:
    if op == "call_function":
        name = getattr(target, "__name__", str(target)).rpartition(".")[2]
    else:
        name = str(target)
    return name.replace(".", "_").lstrip("*").strip("_").lower() or op


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


def _line(node: Node, names: dict[str, Any], root: str) -> str:
    if node.op == "output":
        return f"return {_text(node.args[0], names)}"
    if node.op == "get_attr":
        return f"{node.name} = {_path(root, node.target)}"
    args = [_text(x, names) for x in node.args]
    named = [f"{k} = {_text(v, names)}" for k, v in node.kwargs.items()]
    if node.op == "call_method":
        call = f"{args[0]}.{node.target}({', '.join(args[1:] + named)})"
    elif node.op == "call_module":
        call = f"{_path(root, node.target)}({', '.join(args + named)})"
    else:
        call = _call(node, args, named, names)
    return f"{node.name} = {call}"


def _call(node: Node, args: list[str], named: list[str], names: dict[str, Any]) -> str:
    target, name = node.target, getattr(node.target, "__name__", "")
    if getattr(target, "__module__", "") == "_operator" and not named:
        if name in _SYMBOLS and len(args) == 2:
            return f"{args[0]} {_SYMBOLS[name]} {args[1]}"
        if name in _SIGNS:
            return f"{_SIGNS[name]}{args[0]}"
        if name == "getitem":
            return f"{args[0]}[{args[1]}]"
    if target is getattr and len(args) == 2 and str(node.args[1]).isidentifier():
        return f"{args[0]}.{node.args[1]}"
    return f"{_global(target, names)}({', '.join(args + named)})"


def _global(function: Callable[..., Any], names: dict[str, Any]) -> str:
    """Return the name of a function in generated code, and its import."""
    full = qualified_name(function)
    if getattr(builtins, full, None) is function:
        return full
    if full.startswith("torch."):
        import funcnet.compat

        result: Any = funcnet.compat
        try:
            for part in full.split(".")[1:]:
                result = getattr(result, part)
        except AttributeError:
            result = None
        if result is function:
            names["torch"] = funcnet.compat
            return full
    short = re.sub(r"\W", "_", full)
    while names.get(short, function) is not function:
        short += "_1"
    names[short] = function
    return short


def _path(root: str, target: str) -> str:
    text = root
    for part in target.split("."):
        text += f".{part}" if part.isidentifier() else f'["{part}"]'
        if not part.isidentifier():
            text = f'getattr({text[: text.rindex("[")]}, "{part}")'
    return text


def _text(x: object, names: dict[str, Any]) -> str:
    if isinstance(x, Node):
        return x.name
    if isinstance(x, tuple):
        inside = "".join(f"{_text(y, names)}, " for y in x)
        text = f"({inside.rstrip() if len(x) == 1 else inside.rstrip(', ')})"
        return f"{_global(type(x), names)}{text}" if hasattr(x, "_fields") else text
    if isinstance(x, list):
        return f"[{', '.join(_text(y, names) for y in x)}]"
    if isinstance(x, dict):
        return f"{{{', '.join(f'{k!r}: {_text(v, names)}' for k, v in x.items())}}}"
    if isinstance(x, slice):
        parts = (_text(y, names) for y in (x.start, x.stop, x.step))
        return f"slice({', '.join(parts)})"
    if x is None or isinstance(x, bool | int | float | complex | str | bytes):
        return repr(x)
    if x is ...:
        return "..."
    if isinstance(x, DType):
        import funcnet.compat

        names["torch"] = funcnet.compat
        return str(x)
    if callable(x):
        return _global(x, names)
    name = f"_{type(x).__name__.lower()}_{len(names)}"
    names[name] = np.asarray(x) if isinstance(x, np.ndarray) else x
    return name


CodeGen = refused("fx.graph", "code is generated in one way", "CodeGen")["CodeGen"]

__all__ = ["CodeGen", "Graph", "PythonCode"]
