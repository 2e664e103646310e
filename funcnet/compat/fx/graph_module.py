"""Modules that compute a graph, as `torch.fx.graph_module`."""

import copy
import itertools
import linecache
import re
from typing import Any

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.fx._code import _PyTreeCodeGen
from funcnet.compat.fx._names import ALWAYS
from funcnet.compat.fx._tracer import Tracer
from funcnet.compat.fx.graph import Graph
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.parameter import Parameter

_USER_PRESERVED_ATTRIBUTES_KEY = "_user_preserved_attributes"
_counter = itertools.count()


class _CodeOnlyModule(Module):
    """Module with the attributes of another."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__()
        hooks = (name for name, value in body.items() if "hook" in name and not value)
        left_out = frozenset(hooks)
        self.__dict__.update({k: v for k, v in body.items() if k not in left_out})


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
    if isinstance(result, Tensor) and not isinstance(result, Parameter):
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
    _rebuilt_by = ("torch.fx.graph_module", "reduce_graph_module")

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
        self.meta: dict[str, Any] = {}
        if isinstance(root, Module):
            self.training = root.training
            self.meta.update(getattr(root, "meta", None) or {})
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
        if isinstance(value, Tensor) and not isinstance(value, Parameter):
            module.register_buffer(field, value)
        else:
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
        codegen = self._graph._codegen
        if isinstance(codegen, _PyTreeCodeGen):
            self._in_spec = codegen.pytree_info.in_spec
            self._out_spec = codegen.pytree_info.out_spec
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
        body = "\n".join(
            f"    {line}".rstrip() for line in self._code.strip().splitlines()
        )
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
        memo[id(self)] = root
        left_out = ("_graph", "_code", "_in_spec", "_out_spec")
        root.__dict__ = {
            name: copy.deepcopy(value, memo)
            for name, value in vars(self).items()
            if name not in left_out
        }
        graph = copy.deepcopy(self._graph)
        result: GraphModule = GraphModule(root, graph, type(self).__name__)
        memo[id(self)] = result
        _keep_attributes(result, vars(root))
        return result

    def __copy__(self) -> "GraphModule":
        result: GraphModule = GraphModule(self, copy.deepcopy(self._graph))
        _keep_attributes(result, vars(self))
        return result

    def _rebuilt_from(self, fields: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Return what `reduce_graph_module` makes the same module of."""
        body = {name: value for name, value in fields.items() if name != "_graph"}
        return body, _imports_of(self._graph)

    def __reduce__(self) -> Any:
        return reduce_graph_module, self._rebuilt_from(vars(self))

    def __repr__(self) -> str:
        return super().__repr__()

    def __str__(self) -> str:
        hint = "# To see more debug info, please use `graph_module.print_readable()`"
        return "\n".join([super().__repr__(), self._code, hint])


def _keep_attributes(module: GraphModule, others: dict[str, Any]) -> None:
    """Give a copy the hooks and plain attributes that its graph does not name."""
    for name, value in others.items():
        taken = name in vars(module) and not name.endswith("_hooks")
        if not taken and name not in ("_graph", "_code"):
            module.__dict__[name] = value


def _imports_of(graph: Graph) -> str:
    """Return the imports that the code of a graph needs."""
    if isinstance(graph._codegen, _PyTreeCodeGen):
        raise NotImplementedError(
            "torch.fx.GraphModule: a graph whose arguments are trees is not pickled. "
            "Save its state_dict, and trace the module again."
        )
    lines = ["import torch"]
    for name, value in graph.python_code("self").globals.items():
        if name in ALWAYS or name == "torch":
            continue
        module = str(getattr(value, "__module__", "")).replace("_operator", "operator")
        short = str(getattr(value, "__qualname__", None) or getattr(value, "_name", ""))
        if not (module and short) or "." in short or "<" in short:
            raise RuntimeError(f"Unable to find a name to import {value!r} under")
        module = module.replace("funcnet.compat", "torch", 1)
        lines.append(f"from {module} import {short} as {name}")
    return "\n".join(lines)


def reduce_graph_module(body: dict[str, Any], import_block: str) -> Module:
    """Make a module of its members and code, which is traced for the graph.

    Args:
        body: what `vars` gave of the module, with its code under "_code".
        import_block: source which defines the globals of the code.
    """

    class KeepModules(Tracer):
        def is_leaf_module(self, m: Module, module_qualified_name: str) -> bool:
            return True

    import funcnet.compat

    body = dict(body)
    names: dict[str, Any] = {**ALWAYS, "torch": funcnet.compat}
    imports = re.sub(r"^import torch$", "", import_block, flags=re.MULTILINE)
    imports = re.sub(
        r"^from torch\b", "from funcnet.compat", imports, flags=re.MULTILINE
    )
    exec(f"{imports}\n{body.pop('_code')}", names)
    name = body.pop("_graphmodule_cls_name", "GraphModule")
    root = type("_Root", (_CodeOnlyModule,), {"forward": names["forward"]})(body)
    result = GraphModule(root, KeepModules().trace(root), name)
    _keep_attributes(result, vars(root))
    return result


__all__ = ["GraphModule", "reduce_graph_module"]
