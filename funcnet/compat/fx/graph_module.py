"""Modules that compute a graph, as `torch.fx.graph_module`."""

import copy
import itertools
import linecache
from typing import Any, NoReturn

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.fx.graph import Graph
from funcnet.compat.nn.modules.module import Module

_USER_PRESERVED_ATTRIBUTES_KEY = "_user_preserved_attributes"
_counter = itertools.count()


class _CodeOnlyModule(Module):
    """Module with the attributes of another."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__()
        self.__dict__ = body


def _copy_attr(from_module: Module, to_module: Module, target: str) -> None:
    """Copy an attribute from a module to another, by its dotted name."""
    *prefix, field = target.split(".")
    for item in prefix:
        result = getattr(from_module, item)
        there = getattr(to_module, item, None)
        if result is there:
            return
        if there is None:
            there = Module()
            setattr(to_module, item, there)
        from_module, to_module = result, there
    result = getattr(from_module, field)
    if isinstance(result, Tensor) and field in getattr(from_module, "_buffers", {}):
        to_module.register_buffer(field, result)
    else:
        setattr(to_module, field, result)


class GraphModule(Module):
    """Module that computes a graph, as `torch.fx.GraphModule`.

    Args:
        root: has the modules, parameters and buffers that the graph names; or a dict of
            them by dotted name.
        graph: is compiled to the code of `forward`; changed, it is compiled again by
            `recompile()`.
        class_name: of the class.
    """

    _graph: Graph
    _code: str

    def __new__(cls, *args: object, **kwargs: object) -> Any:
        # Each has a class of its own, with a forward of its own.
        base = next(c for c in cls.__mro__ if c.__qualname__ != "GraphModuleImpl")
        return super().__new__(type("GraphModuleImpl", (base,), {}))

    def __init__(
        self,
        root: Module | dict[str, Any],
        graph: Graph,
        class_name: str = "GraphModule",
    ) -> None:
        super().__init__()
        type(self).__name__ = class_name
        if isinstance(root, Module):
            self.training = root.training
            for node in graph.nodes:
                if node.op in ("get_attr", "call_module"):
                    _copy_attr(root, self, node.target)
        else:
            for node in graph.nodes:
                if node.op in ("get_attr", "call_module") and node.target not in root:
                    raise RuntimeError(
                        f"Node {node} referenced target {node.target} but that target "
                        "was not provided in ``root``!"
                    )
            for target in sorted(root, key=lambda name: name.count(".")):
                self._set(target, root[target])
        self.graph = graph

    def _set(self, target: str, value: object) -> None:
        *prefix, field = target.split(".")
        module: Any = self
        for item in prefix:
            if not hasattr(module, item):
                setattr(module, item, Module())
            module = getattr(module, item)
        setattr(module, field, value)

    @property
    def graph(self) -> Graph:
        """The graph; setting it recompiles the module."""
        return self._graph

    @graph.setter
    def graph(self, g: Graph) -> None:
        if not isinstance(g, Graph):
            raise AssertionError(f"Expected a Graph instance, but got {type(g)}")
        self._graph = g
        g.owning_module = self
        self.recompile()

    @property
    def code(self) -> str:
        """The source of `forward`."""
        return self._code

    def recompile(self) -> Any:
        """Generate `forward` from the graph."""
        result = self._graph.python_code("self")
        self._code = result.src
        name = f"<graph {next(_counter)}>"
        lines = result.src.splitlines(keepends=True)
        linecache.cache[name] = (len(result.src), None, lines, name)
        names = dict(result.globals)
        exec(compile(result.src, name, "exec"), names)
        setattr(type(self), "forward", names["forward"])  # noqa: B010
        return result

    def print_readable(self, print_output: bool = True, **more: object) -> str:
        """Print and return the source of `forward`."""
        body = "\n".join(f"    {line}" for line in self._code.strip().splitlines())
        text = f"class {type(self).__name__}(torch.nn.Module):\n{body}\n"
        if print_output:
            print(text)
        return text

    def add_submodule(self, target: str, m: Module) -> bool:
        """Add a submodule by its dotted name; False if the name is taken."""
        *prefix, field = target.split(".")
        module: Any = self
        for item in prefix:
            result = getattr(module, item, None)
            if result is None:
                result = Module()
                setattr(module, item, result)
            if not isinstance(result, Module):
                return False
            module = result
        module.add_module(field, m)
        return True

    def delete_submodule(self, target: str) -> bool:
        """Delete a submodule; False if there is none."""
        *prefix, field = target.split(".")
        module: Any = self
        for item in prefix:
            module = getattr(module, item, None)
        if not isinstance(getattr(module, field, None), Module):
            return False
        delattr(module, field)
        return True

    def delete_all_unused_submodules(self) -> None:
        """Delete the submodules that the graph does not use."""
        used = {""}
        for node in self.graph.nodes:
            if node.op in ("call_module", "get_attr"):
                parts = node.target.split(".")
                used |= {".".join(parts[:i]) for i in range(1, len(parts) + 1)}
        called = {n.target for n in self.graph.nodes if n.op == "call_module"}
        for name, _ in list(self.named_modules()):
            inside = any(name.startswith(f"{one}.") for one in called)
            if name not in used and not inside:
                self.delete_submodule(name)

    def __deepcopy__(self, memo: dict[int, Any]) -> "GraphModule":
        root = Module()
        for name, value in vars(self).items():
            if name not in ("_graph", "_code"):
                root.__dict__[name] = copy.deepcopy(value, memo)
        graph = copy.deepcopy(self._graph)
        result: GraphModule = GraphModule(root, graph, type(self).__name__)
        result.training = self.training
        return result

    def __copy__(self) -> "GraphModule":
        return GraphModule(self, copy.deepcopy(self._graph), type(self).__name__)

    def __reduce__(self) -> NoReturn:
        raise NotImplementedError(
            "torch.fx.GraphModule: a graph is not pickled. Save its state_dict, and "
            "trace the module again."
        )

    def __str__(self) -> str:
        return f"{super().__repr__()}\n{self._code}"


__all__ = ["GraphModule"]
