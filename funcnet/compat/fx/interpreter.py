"""Interpreters of graphs, as `torch.fx.interpreter`."""

from collections.abc import Callable
from typing import Any

from funcnet.compat.fx._code import _last_uses
from funcnet.compat.fx.graph import Graph
from funcnet.compat.fx.graph_module import GraphModule
from funcnet.compat.fx.node import Node, map_aggregate, map_arg
from funcnet.compat.fx.proxy import GraphAppendingTracer, Proxy
from funcnet.compat.nn import Module


class Interpreter:
    """Interpreter of a module's graph, as `torch.fx.Interpreter`.

    Subclasses replace `call_function` and the like to do something else.

    Example:
        >>> import funcnet.compat as torch
        >>> traced = torch.fx.symbolic_trace(lambda x: torch.relu(x) + 1)
        >>> torch.fx.Interpreter(traced).run(torch.tensor([-1.0]))
        tensor([1.])
    """

    def __init__(
        self,
        module: Module,
        garbage_collect_values: bool = True,
        graph: Graph | None = None,
    ) -> None:
        self.module = module
        self.submodules = dict(module.named_modules())
        self.graph: Graph = graph if graph is not None else module.graph
        self.env: dict[Node, Any] = {}
        self.garbage_collect_values = garbage_collect_values

    def run(
        self,
        *args: object,
        initial_env: dict[Node, Any] | None = None,
        enable_io_processing: bool = True,
    ) -> Any:
        """Run the graph on arguments; return its output."""
        self.env = dict(initial_env or {})
        given = self.graph.process_inputs(*args) if enable_io_processing else args
        self.args_iter = iter(given)
        last = _last_uses(list(self.graph.nodes)) if self.garbage_collect_values else {}
        for node in self.graph.nodes:
            if node in self.env:
                continue
            self.env[node] = self.run_node(node)
            for gone in last.get(node, ()):
                self.env.pop(gone, None)
            if node.op == "output":
                result = self.env[node]
                if enable_io_processing:
                    return self.graph.process_outputs(result)
                return result
        return None

    def boxed_run(self, args_list: list[Any]) -> Any:
        """Run the graph on arguments in a list, which is emptied."""
        args = list(args_list)
        args_list.clear()
        return self.run(*args)

    def run_node(self, n: Node) -> Any:
        """Run a node; return its value."""
        args, kwargs = self.fetch_args_kwargs_from_env(n)
        return getattr(self, n.op)(n.target, args, kwargs)

    def fetch_args_kwargs_from_env(self, n: Node) -> tuple[Any, Any]:
        """Return the arguments of a node as values."""
        return self.map_nodes_to_values(n.args, n), self.map_nodes_to_values(
            n.kwargs, n
        )

    def map_nodes_to_values(self, args: object, n: Node) -> Any:
        """Replace the nodes in arguments by their values."""
        return map_arg(args, lambda one: self.env[one])

    def placeholder(
        self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Return the next argument."""
        if target.startswith("*"):
            return list(self.args_iter)
        try:
            return next(self.args_iter)
        except StopIteration:
            if args:
                return args[0]
            raise RuntimeError(
                f"Expected positional argument for parameter {target}, but one was not "
                "passed in!"
            ) from None

    def get_attr(
        self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Return an attribute of the module."""
        return self.fetch_attr(target)

    def fetch_attr(self, target: str) -> Any:
        """Return an attribute of the module, by its dotted name."""
        result = self.module
        for part in target.split("."):
            result = getattr(result, part)
        return result

    def call_function(
        self, target: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call a function."""
        return target(*args, **kwargs)

    def call_method(
        self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call a method of the first argument."""
        first, *rest = args
        return getattr(first, target)(*rest, **kwargs)

    def call_module(
        self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call a submodule."""
        return self.submodules[target](*args, **kwargs)

    def output(self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return the output."""
        return args[0]


class Transformer(Interpreter):
    """Interpreter that makes a new graph, as `torch.fx.Transformer`.

    Values are proxies: what `call_function` and the like do with them is recorded.
    """

    def __init__(self, module: Module) -> None:
        super().__init__(module)
        self.new_graph = Graph()
        self.new_graph.set_codegen(module.graph._codegen)
        self.tracer = GraphAppendingTracer(self.new_graph)

    def placeholder(
        self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Record a placeholder in the new graph."""
        return self.tracer.create_proxy("placeholder", target, args, kwargs)

    def get_attr(
        self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Record the attribute in the new graph."""
        return self.tracer.create_proxy("get_attr", target, args, kwargs)

    def call_function(
        self, target: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Record the call in the new graph."""
        return self.tracer.create_proxy("call_function", target, args, kwargs)

    def call_module(
        self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Record the call in the new graph."""
        return self.tracer.create_proxy("call_module", target, args, kwargs)

    def run_node(self, n: Node) -> Any:
        """Run a node; what it records keeps the notes of the node."""
        result = super().run_node(n)
        if isinstance(result, Proxy):
            for name, note in n.meta.items():
                result.node.meta.setdefault(name, note)
        return result

    def transform(self) -> GraphModule:
        """Run the graph; return a module of the new one."""
        result = super().run(enable_io_processing=False)
        output = map_aggregate(result, lambda x: x.node if isinstance(x, Proxy) else x)
        self.new_graph.output(output)
        return GraphModule(self.module, self.new_graph)


__all__ = ["Interpreter", "Transformer"]
