"""Graphs of nodes, as `torch.fx.graph`."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from funcnet.compat.fx._code import CodeGen, PythonCode
from funcnet.compat.fx._names import Namespace, hint_of
from funcnet.compat.fx.node import Argument, Node, Target, map_arg


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
        self._order: dict[Node, int] | None = None
        self._root = Node(
            self, "", "root", "", (), {}
        )  # before the first, after the last
        self._len = 0
        self._insert: Callable[[Node], None] = self._root.prepend
        self._graph_namespace = Namespace()
        self.owning_module = owning_module
        self._tracer_cls = tracer_cls
        self._tracer_extras = tracer_extras
        self._codegen = CodeGen()

    @property
    def nodes(self) -> "_node_list":
        """The nodes, in order; what is inserted while they are walked is walked too."""
        return _node_list(self)

    def _positions(self) -> dict[Node, int]:
        if self._order is None:
            self._order = {node: index for index, node in enumerate(self.nodes)}
        return self._order

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
        name = self._graph_namespace.name_for(name or hint_of(target))
        result = Node(self, name, op, target, args or (), kwargs or {}, type_expr)
        self._insert(result)
        self._len += 1
        return result

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
        given = (the_function, args, kwargs, name, type_expr)
        return self.create_node("call_function", *given)

    def call_method(
        self,
        method_name: str,
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
        type_expr: object = None,
    ) -> Node:
        """Insert the call of a method of the first argument."""
        given = (method_name, args, kwargs)
        return self.create_node("call_method", *given, type_expr=type_expr)

    def call_module(
        self,
        module_name: str,
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
        type_expr: object = None,
    ) -> Node:
        """Insert the call of a submodule."""
        given = (module_name, args, kwargs)
        return self.create_node("call_module", *given, type_expr=type_expr)

    def output(self, result: Argument, type_expr: object = None) -> Node:
        """Insert the output."""
        return self.create_node("output", "output", (result,), type_expr=type_expr)

    def output_node(self) -> Node:
        """Return the output node."""
        return next(n for n in reversed(self.nodes) if n.op == "output")

    def find_nodes(
        self, *, op: str, target: Target | None = None, sort: bool = True
    ) -> list[Node]:
        """Return the nodes of an op, and of a target if one is given."""
        return [
            n
            for n in self.nodes
            if n.op == op and (target is None or n.target == target)
        ]

    def inserting_before(self, n: Node | None = None) -> Any:
        """Insert nodes before another in a `with` block, or at the beginning."""
        return self.inserting_after(self._root) if n is None else self._inserting(n, 0)

    def inserting_after(self, n: Node | None = None) -> Any:
        """Insert nodes after another in a `with` block, or at the end."""
        return self.inserting_before(self._root) if n is None else self._inserting(n, 1)

    @contextlib.contextmanager
    def _inserting(self, n: Node, after: int) -> Iterator[None]:
        if n.graph is not self:
            raise AssertionError("Node to insert before is not in graph.")
        before, beside = self._insert, n._next if after else n
        self._insert = beside.prepend
        try:
            yield
        finally:
            self._insert = before

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
        if to_erase.graph is not self:
            raise RuntimeError(f"Attempting to remove {to_erase} from wrong graph!")
        if to_erase._erased:
            return
        # It keeps its neighbours, so that a loop over the nodes goes on from there.
        beside = to_erase._prev, to_erase._next
        to_erase._remove_from_list()
        to_erase._prev, to_erase._next = beside
        to_erase._erased = True
        self._len -= 1
        to_erase._update((), {})

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
        for node in g.nodes:
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
        result = graph.graph_copy(self, values, return_output_node=True)
        if result is not None:
            output, old = result
            new = graph.output(output, old.type)
            new.meta = dict(old.meta)
        graph._codegen = self._codegen
        return graph

    # --- passes -----------------------------------------------------------------------

    def lint(self) -> None:
        """Check that nodes come before their users, and that targets exist.

        Raises:
            RuntimeError: they do not, or are not.
        """
        seen: set[Node] = set()
        names: set[str] = set()
        for node in self.nodes:
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
            named = node.op in ("get_attr", "call_module")
            if self.owning_module is not None and named:
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
        for node in reversed(self.nodes):
            if not node.users and node.op != "output" and not keeps(node):
                self.erase_node(node)
                changed = True
        return changed

    # --- text -------------------------------------------------------------------------

    def set_codegen(self, codegen: CodeGen) -> None:
        """Set what generates the code."""
        self._codegen = codegen

    def process_inputs(self, *args: object) -> Any:
        """Return the inputs of the nodes for the arguments of the code."""
        return self._codegen.process_inputs(*args)

    def process_outputs(self, out: object) -> Any:
        """Return the result of the code for the output of the nodes."""
        return self._codegen.process_outputs(out)

    def python_code(self, root_module: str, **more: object) -> PythonCode:
        """Generate the source of a function `forward` that computes the graph."""
        return self._codegen.generate(list(self.nodes), root_module)

    def print_tabular(self) -> None:
        """Print the nodes as a table."""
        heads = ("opcode", "name", "target", "args", "kwargs")
        rows = [
            tuple(str(x) for x in (n.op, n.name, n.target, n.args, n.kwargs))
            for n in self.nodes
        ]
        widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        for row in (heads, tuple("-" * w for w in widths), *rows):
            cells = zip(row, widths, strict=True)
            print("  ".join(cell.ljust(width) for cell, width in cells).rstrip())

    def __str__(self) -> str:
        lines = [f"    {node.format_node()}" for node in self.nodes]
        return "\n".join(["graph():", *lines])


class _node_list:  # noqa: N801
    """View of the nodes of a graph."""

    def __init__(self, graph: Graph, direction: str = "_next") -> None:
        self.graph, self._direction = graph, direction

    def __len__(self) -> int:
        return self.graph._len

    def __iter__(self) -> Iterator[Node]:
        root, direction = self.graph._root, self._direction
        node = getattr(root, direction)
        while node is not root:
            if not node._erased:
                yield node
            node = getattr(node, direction)

    def __reversed__(self) -> "_node_list":
        return _node_list(
            self.graph, "_prev" if self._direction == "_next" else "_next"
        )


__all__ = ["CodeGen", "Graph", "PythonCode"]
