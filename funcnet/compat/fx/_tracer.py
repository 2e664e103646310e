"""Symbolic tracing of modules and functions."""

import builtins
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, Final

from funcnet._homes import home_of
from funcnet.compat._core.overriding import dispatch
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.fx.graph import Graph
from funcnet.compat.fx.graph_module import GraphModule
from funcnet.compat.fx.node import Node, map_aggregate
from funcnet.compat.fx.proxy import Proxy, TracerBase
from funcnet.compat.nn.modules.container import Sequential
from funcnet.compat.nn.modules.module import Module

_wrapped: Final[list[tuple[dict[str, Any], str]]] = []
"""Functions by name, in a module, whose calls are recorded and not traced into."""


def wrap(fn_or_name: str | Callable[..., Any]) -> Any:
    """Make calls of a function nodes, as `torch.fx.wrap`; at module level.

    Args:
        fn_or_name: the function, when this is a decorator, or its name.
    """
    if not (callable(fn_or_name) or isinstance(fn_or_name, str)):
        raise RuntimeError(
            "Unsupported type for global function! Must be either a callable or string "
            "name"
        )
    name = fn_or_name if isinstance(fn_or_name, str) else fn_or_name.__name__
    frame = sys._getframe(1)
    if frame.f_code.co_name != "<module>":
        raise NotImplementedError("wrap must be called at the top level of a module")
    _wrapped.append((frame.f_globals, name))
    return fn_or_name


class Tracer(TracerBase):
    """Symbolic tracer of modules and functions, as `torch.fx.Tracer`.

    Args:
        autowrap_modules, autowrap_functions: see `wrap`; functions are given here.
    """

    def __init__(
        self,
        autowrap_modules: Sequence[ModuleType] = (),
        autowrap_functions: Sequence[Callable[..., object]] = (),
        param_shapes_constant: bool = False,
    ) -> None:
        self._functions = tuple(autowrap_functions)
        self.root: Module = Module()

    def is_leaf_module(self, m: Module, module_qualified_name: str) -> bool:
        """Return whether a module is a leaf: those of torch.nn, but Sequential."""
        module = home_of(type(m))
        ours = module.startswith(("torch.nn", "funcnet.compat.nn", "torch.ao"))
        return ours and not isinstance(m, Sequential)

    def path_of_module(self, mod: Module) -> str:
        """Return the qualified name of a module in the root.

        Raises:
            NameError: it is not in it.
        """
        for name, result in self.root.named_modules():
            if result is mod:
                return name
        raise NameError("module is not installed as a submodule")

    def call_module(
        self,
        m: Module,
        forward: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Record the call of a leaf module, or call its forward."""
        path = self.path_of_module(m)
        if self.is_leaf_module(m, path):
            return self.create_proxy("call_module", path, args, kwargs)
        return forward(*args, **kwargs)

    def _leaf(self, a: object) -> Any:
        if isinstance(a, Proxy):
            return a.node
        if isinstance(a, Tensor):
            return self._attribute(a)
        if isinstance(a, Module):
            return self.create_node("get_attr", self.path_of_module(a), (), {})
        return a

    def _attribute(self, x: Tensor) -> Node:
        """Record the reading of a tensor, which becomes a buffer if it is not known."""
        members = (self.root.named_parameters(), self.root.named_buffers())
        for name, result in (pair for one in members for pair in one):
            if result is x:
                return self.create_node("get_attr", name, (), {})
        for name, result in vars(self.root).items():
            if result is x:
                return self.create_node("get_attr", name, (), {})
        count = 0
        while hasattr(self.root, f"_tensor_constant{count}"):
            count += 1
        name = f"_tensor_constant{count}"
        self.root.register_buffer(name, x)
        return self.create_node("get_attr", name, (), {})

    def create_args_for_root(
        self,
        root_fn: Callable[..., Any],
        is_module: bool,
        concrete_args: Mapping[str, object] | None = None,
    ) -> list[Any]:
        """Make placeholders for the arguments of a function."""
        given = concrete_args or {}
        result: list[Any] = [self.root] if is_module else []
        arguments = list(inspect.signature(root_fn).parameters.values())
        for one in arguments[1:] if is_module else arguments:
            if one.name in given:
                result.append(given[one.name])
                continue
            stars = "*" * (one.kind is one.VAR_POSITIONAL)
            stars = "**" if one.kind is one.VAR_KEYWORD else stars
            default = () if one.default is one.empty else (one.default,)
            result.append(
                self.create_proxy("placeholder", f"{stars}{one.name}", default, {})
            )
        return result

    def trace(
        self,
        root: Module | Callable[..., Any],
        concrete_args: dict[str, Any] | None = None,
    ) -> Graph:
        """Trace a module or function; return the graph."""
        is_module = isinstance(root, Module)
        self.root = root if isinstance(root, Module) else Module()
        function = type(root).forward if isinstance(root, Module) else root
        self.graph = Graph(tracer_cls=type(self))
        call, nn_call = Module.__call__, Module.__call__

        def called(mod: Module, *args: object, **kwargs: object) -> Any:
            def forward(*args: object, **kwargs: object) -> Any:
                return nn_call(mod, *args, **kwargs)

            return self.call_module(mod, forward, args, kwargs)

        restored = self._patch_functions()
        Module.__call__ = called  # type: ignore[method-assign, assignment]
        dispatch.activate()
        try:
            args = self.create_args_for_root(function, is_module, concrete_args)
            result = function(*args)
            output = self.create_arg(result)
            self.create_node("output", "output", (output,), {})
        finally:
            dispatch.deactivate()
            Module.__call__ = call  # type: ignore[method-assign]
            for names, name, before in restored:
                names[name] = before
        return self.graph

    def _patch_functions(self) -> list[tuple[dict[str, Any], str, Any]]:
        restored = []
        for names, name in _wrapped:
            before = names.get(name, getattr(builtins, name, None))
            names[name] = self._recording(before)
            restored.append((names, name, before))
        return restored

    def _recording(self, function: Any) -> Any:
        def run(*args: object, **kwargs: object) -> Any:
            result: list[Any] = []
            map_aggregate(
                (args, kwargs),
                lambda x: result.append(x) if isinstance(x, Proxy) else x,
            )
            if not result:
                return function(*args, **kwargs)
            return self.create_proxy("call_function", function, args, kwargs)

        return run


def symbolic_trace(
    root: Module | Callable[..., Any], concrete_args: dict[str, Any] | None = None
) -> Any:
    """Trace a module or function, as `torch.fx.symbolic_trace`.

    It is called with proxies: branches and loops on values cannot be traced.

    Example:
        >>> import funcnet.compat as torch
        >>> traced = torch.fx.symbolic_trace(lambda x: torch.relu(x) + 1)
        >>> [node.op for node in traced.graph.nodes]
        ['placeholder', 'call_function', 'call_function', 'output']
        >>> print(traced.code.strip())
        def forward(self, x):
            relu = torch.relu(x);  x = None
            add = relu + 1;  relu = None
            return add
    """
    tracer = Tracer()
    graph = tracer.trace(root, concrete_args)
    is_module = isinstance(root, Module)
    name = type(root).__name__ if is_module else root.__name__
    return GraphModule(tracer.root, graph, name)
