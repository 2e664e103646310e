"""Symbolic tracers of modules and functions."""

import builtins
import math
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import FunctionType, ModuleType
from typing import Any, Final

from funcnet._homes import home_of
from funcnet.compat._core.overriding import dispatch
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.fx._recorded_calls import Patches
from funcnet.compat.fx._specialized import annotation_of, arguments_with
from funcnet.compat.fx.graph import Graph
from funcnet.compat.fx.node import SHOWN_AS, Argument, Node, Target, map_aggregate
from funcnet.compat.fx.proxy import Proxy, TracerBase
from funcnet.compat.nn.modules.container import Sequential
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.parameter import Parameter

_wrapped: Final[dict[tuple[int, str], dict[str, Any]]] = {}
"""The globals with a function whose calls are recorded, by their id and its name."""


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
    _wrapped[id(frame.f_globals), name] = frame.f_globals
    return fn_or_name


class Tracer(TracerBase):
    """Symbolic tracer of modules and functions, as `torch.fx.Tracer`.

    Args:
        autowrap_modules: calls of their functions with proxies are recorded.
        autowrap_functions: functions whose calls with proxies are recorded.
    """

    proxy_buffer_attributes = False
    traced_func_name = "forward"

    def __init__(
        self,
        autowrap_modules: Sequence[ModuleType] = (math,),
        autowrap_functions: Sequence[Callable[..., object]] = (),
        param_shapes_constant: bool = False,
    ) -> None:
        self._searched = list(autowrap_modules)
        inside = [
            value
            for module in autowrap_modules
            for name, value in vars(module).items()
            if not name.startswith("_") and callable(value)
        ]
        self._wrapped_ids = {id(f) for f in (*inside, *autowrap_functions)}
        self.root: Module = Module()
        self.tensor_attrs: dict[int, str] = {}
        self.module_stack: OrderedDict[str, tuple[str, type]] = OrderedDict()

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

    def create_node(
        self,
        kind: str,
        target: Target,
        args: tuple[Argument, ...],
        kwargs: dict[str, Argument],
        name: str | None = None,
        type_expr: object = None,
    ) -> Node:
        """Insert a node, with a note of the modules in which it is recorded."""
        result = super().create_node(kind, target, args, kwargs, name, type_expr)
        if self.module_stack:
            result.meta["nn_module_stack"] = self.module_stack.copy()
        return result

    def get_fresh_qualname(self, prefix: str) -> str:
        """Return a name with this prefix that the root does not have."""
        count = 0
        while hasattr(self.root, f"{prefix}{count}"):
            count += 1
        return f"{prefix}{count}"

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

    def getattr(
        self, attr: str, attr_val: Any, parameter_proxy_cache: dict[str, Any]
    ) -> Any:
        """Record the reading of a parameter, once for each."""
        members: Iterable[tuple[str, Tensor]]
        if isinstance(attr_val, Parameter):
            members = self.root.named_parameters()
        elif self.proxy_buffer_attributes and isinstance(attr_val, Tensor):
            members = self.root.named_buffers()
        else:
            return attr_val
        name = next((name for name, x in members if x is attr_val), None)
        if name is None:
            return attr_val
        if name not in parameter_proxy_cache:
            made = self.create_proxy("get_attr", name, (), {})
            parameter_proxy_cache[name] = made
        return parameter_proxy_cache[name]

    def create_arg(self, a: Any) -> Any:
        """Replace proxies by nodes, and tensors and modules by nodes that read them."""
        if isinstance(a, Parameter):
            members = dict(self.root.named_parameters(remove_duplicate=False))
            for name, result in members.items():
                if result is a:
                    return self.create_node("get_attr", name, (), {})
            raise NameError("parameter is not a member of this module")
        if isinstance(a, Tensor):
            return self.create_node("get_attr", self._attribute(a), (), {})
        if isinstance(a, Module):
            return self.create_node("get_attr", self.path_of_module(a), (), {})
        return super().create_arg(a)

    def _attribute(self, x: Tensor) -> str:
        """Return the name of a tensor in the root, which gets it if it is not there."""
        for name, result in self.root.named_buffers():
            if result is x:
                return name
        if id(x) not in self.tensor_attrs:
            name = self.get_fresh_qualname("_tensor_constant")
            setattr(self.root, name, x)
            self.tensor_attrs[id(x)] = name
        return self.tensor_attrs[id(x)]

    def create_args_for_root(
        self,
        root_fn: Callable[..., Any],
        is_module: bool,
        concrete_args: Mapping[str, object] | tuple[object, ...] | None = None,
    ) -> tuple[Callable[..., Any], list[Any]]:
        """Return the function to call, and placeholders for its arguments."""
        root = [self.root] if is_module else []
        return arguments_with(self, root_fn, root, concrete_args)

    def trace(
        self,
        root: Module | Callable[..., Any],
        concrete_args: dict[str, Any] | None = None,
    ) -> Graph:
        """Trace a module or function; return the graph."""
        is_module = isinstance(root, Module)
        self.root = root if isinstance(root, Module) else Module()
        function = (
            getattr(type(root), self.traced_func_name)
            if isinstance(root, Module)
            else root
        )
        self.graph = Graph(tracer_cls=getattr(self, "__class__", None))
        self.tensor_attrs = dict(_tensors_in(self.root))
        given = self.create_args_for_root(function, is_module, concrete_args)
        kind = annotation_of(function, "return") if given[0] is function else None
        function, args = given
        patches = Patches()
        self._patch(patches, function)
        dispatch.activate()
        try:
            output = self.create_arg(function(*args))
            self.create_node("output", "output", (output,), {}, type_expr=kind)
        finally:
            dispatch.deactivate()
            patches.restore()
        return self.graph

    def _patch(self, patches: Patches, function: Callable[..., Any]) -> None:
        """Let calls of modules, parameters and wrapped functions be recorded."""
        nn_call, nn_getattr = Module.__call__, Module.__getattr__
        read: dict[str, Any] = {}

        def called(mod: Module, *args: object, **kwargs: object) -> Any:
            def forward(*args: object, **kwargs: object) -> Any:
                return nn_call(mod, *args, **kwargs)

            path = self.path_of_module(mod)
            self.module_stack[path] = (path, type(mod))
            try:
                return self.call_module(mod, forward, args, kwargs)
            finally:
                del self.module_stack[path]

        def attribute(mod: Module, name: str) -> Any:
            return self.getattr(name, nn_getattr(mod, name), read)

        patches.set_attribute(Module, "__call__", called)
        patches.set_attribute(Module, "__getattr__", attribute)
        for (_, name), names in _wrapped.items():
            default = getattr(builtins, name, None)
            patches.set_item(names, name, _recording(names.get(name, default)))
        depth = sys.modules.get("funcnet.compat.torchvision._depth")
        if depth is not None:  # torchvision wraps it
            drop = depth.stochastic_depth
            SHOWN_AS[drop] = "torchvision.ops.stochastic_depth.stochastic_depth"
            patches.set_item(vars(depth), "stochastic_depth", _recording(drop))
        rooms = [vars(module) for module in self._searched]
        rooms += [vars(sys.modules[f.__module__]) for f in _functions(self, function)]
        for names in rooms:
            for name, value in list(names.items()):
                if not name.startswith("_") and id(value) in self._wrapped_ids:
                    patches.set_item(names, name, _recording(value))


def _functions(tracer: Tracer, function: Any) -> Iterator[FunctionType]:
    """Yield the functions in whose modules wrapped functions are looked for."""
    forwards = [type(m).forward for m in tracer.root.modules()]
    for one in (function, *forwards):
        if not isinstance(one, FunctionType) or one.__module__ not in sys.modules:
            continue
        if not one.__module__.startswith("funcnet."):
            yield one


def _tensors_in(root: Module) -> Iterator[tuple[int, str]]:
    """Yield the ids and names of tensors that are plain attributes of modules."""
    for path, module in root.named_modules():
        for name, value in vars(module).items():
            if isinstance(value, Tensor):
                yield id(value), f"{path}.{name}" if path else name


def _recording(function: Any) -> Any:
    """Return a function that is recorded when it is called with a proxy."""

    def run(*args: object, **kwargs: object) -> Any:
        proxies: list[Any] = []
        map_aggregate(
            (args, kwargs),
            lambda x: proxies.append(x) if isinstance(x, Proxy) else x,
        )
        if not proxies:
            return function(*args, **kwargs)
        tracer = proxies[0].tracer
        result = tracer.create_proxy("call_function", function, args, kwargs)
        result.node.meta["is_wrapped"] = True
        return result

    run.__wrapped__ = function  # type: ignore[attr-defined]
    return run


__all__ = ["Tracer", "wrap"]
