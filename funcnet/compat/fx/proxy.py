"""Proxies of values in symbolic tracing, as `torch.fx.proxy`."""

import dis
import operator
import sys
import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from funcnet.compat._core.overriding import dispatch
from funcnet.compat.fx._recorded_calls import recorded_arguments
from funcnet.compat.fx.graph import Graph
from funcnet.compat.fx.node import Argument, Node, Target
from funcnet.compat.overrides import is_tensor_method_or_property


class TraceError(ValueError):
    """Error of an operation that a graph cannot represent."""


class Proxy:
    """Proxy of a value, which records operations as nodes, as `torch.fx.Proxy`."""

    node: Node

    def __init__(self, node: Node, tracer: Any = None) -> None:
        self.tracer: Any = tracer or GraphAppendingTracer(node.graph)
        self.node = node

    @classmethod
    def __torch_function__(
        cls,
        orig_method: Any,
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        tracer = _tracer_of((args, kwargs or {}))
        if is_tensor_method_or_property(orig_method):
            name = orig_method.__name__
            if name == "__get__":  # a property
                return getattr(args[0], orig_method.__self__.__name__)
            return tracer.create_proxy("call_method", name, args, kwargs or {})
        given = recorded_arguments(orig_method, args, kwargs or {})
        return tracer.create_proxy("call_function", orig_method, *given)

    def __repr__(self) -> str:
        return f"Proxy({self.node.name})"

    def __getattr__(self, k: str) -> "Attribute":
        if k.startswith("__") and k.endswith("__"):
            raise AttributeError(k)
        return Attribute(self, k)

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return self.tracer.create_proxy(
            "call_method", "__call__", (self, *args), kwargs
        )

    def __bool__(self) -> bool:
        return self.tracer.to_bool(self)

    def __iter__(self) -> Any:
        frame = sys._getframe(1)
        count = _unpacked(frame)
        if count is not None:
            return iter([self[i] for i in range(count)])
        return self.tracer.iter(self)

    def __len__(self) -> int:
        raise RuntimeError(
            "'len' is not supported in symbolic tracing by default. If you want this "
            "call to be recorded, please call torch.fx.wrap('len') at module scope"
        )

    def keys(self) -> Any:
        """Record the keys of the value."""
        return self.tracer.keys(self)

    if TYPE_CHECKING:

        def __getitem__(self, index: object) -> "Proxy": ...


def _tracer_of(values: Any) -> Any:
    waiting = [values]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Proxy):
            return value.tracer
        if isinstance(value, list | tuple):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
    raise AssertionError("a proxy is among the arguments")


def _unpacked(frame: Any) -> int | None:
    """Return the number of names into which a frame is about to unpack a value."""
    for instruction in dis.get_instructions(frame.f_code):
        if instruction.offset == frame.f_lasti:
            return (
                instruction.argval if instruction.opname == "UNPACK_SEQUENCE" else None
            )
    return None


class Attribute(Proxy):
    """Proxy of an attribute, or of a method when it is called."""

    def __init__(self, root: Proxy, attr: str) -> None:
        self.root = root
        self.attr = attr
        self.tracer = root.tracer
        self._node: Node | None = None

    @property
    def node(self) -> Node:
        """The node that reads the attribute."""
        if self._node is None:
            args = (self.root, self.attr)
            result = self.tracer.create_proxy("call_function", getattr, args, {})
            self._node = result.node
        return self._node

    def __call__(self, *args: object, **kwargs: object) -> Any:
        given = (self.root, *args)
        return self.tracer.create_proxy("call_method", self.attr, given, kwargs)


_BOTH = "add sub mul truediv floordiv mod pow matmul lshift rshift and_ or_ xor"
_ONE_SIDED = "eq ne lt le gt ge getitem neg pos invert"


def _install() -> None:
    def method(function: Callable[..., Any], turned: bool) -> Any:
        def run(self: Proxy, *rest: object) -> Any:
            args = (*rest, self) if turned else (self, *rest)
            return self.tracer.create_proxy("call_function", function, args, {})

        return run

    for name in f"{_BOTH} {_ONE_SIDED}".split():
        function, plain = getattr(operator, name), name.strip("_")
        setattr(Proxy, f"__{plain}__", method(function, False))
        if name in _BOTH.split():
            setattr(Proxy, f"__r{plain}__", method(function, True))
    Proxy.__abs__ = method(operator.abs, False)  # type: ignore[attr-defined]
    Proxy.__hash__ = object.__hash__  # type: ignore[method-assign]


_install()

ParameterProxy = Proxy


class TracerBase:
    """Base class of tracers, which make nodes of operations on proxies."""

    graph: Graph

    def create_node(
        self,
        kind: str,
        target: Target,
        args: tuple[Argument, ...],
        kwargs: dict[str, Argument],
        name: str | None = None,
        type_expr: object = None,
    ) -> Node:
        """Insert a node into the graph."""
        return self.graph.create_node(kind, target, args, kwargs, name, type_expr)

    def proxy(self, node: Node) -> Proxy:
        """Return a proxy of a node."""
        return Proxy(node, self)

    def create_proxy(
        self,
        kind: str,
        target: Target,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        name: str | None = None,
        type_expr: object = None,
        proxy_factory_fn: Callable[..., Any] | None = None,
    ) -> Any:
        """Insert a node; return its proxy."""
        args, kwargs = self.create_arg(tuple(args)), self.create_arg(dict(kwargs))
        node = self.create_node(kind, target, args, kwargs, name, type_expr)
        return proxy_factory_fn(node) if proxy_factory_fn else self.proxy(node)

    def create_arg(self, a: Any) -> Any:
        """Replace the proxies in an argument by their nodes; subclasses extend it."""
        if isinstance(a, Proxy):
            return a.node
        if isinstance(a, tuple):
            parts = [self.create_arg(x) for x in a]
            return type(a)(*parts) if hasattr(a, "_fields") else tuple(parts)
        if isinstance(a, list):
            return [self.create_arg(x) for x in a]
        if isinstance(a, dict):
            return {self._plain_key(k): self.create_arg(v) for k, v in a.items()}
        if isinstance(a, slice):
            return slice(*[self.create_arg(x) for x in (a.start, a.stop, a.step)])
        return a

    def _plain_key(self, key: object) -> object:
        if isinstance(key, Proxy):
            raise RuntimeError(
                "Keys for dictionaries used as an argument cannot contain a Node. "
                f"Got key: {key.node}"
            )
        return key

    def to_bool(self, obj: Proxy) -> bool:
        """Raise TraceError: a graph has no branches."""
        raise TraceError(
            "symbolically traced variables cannot be used as inputs to control flow"
        )

    def iter(self, obj: Proxy) -> NoReturn:
        """Raise TraceError: the number of elements is not known."""
        raise TraceError(
            "Proxy object cannot be iterated. This can be attempted when the Proxy is "
            "used in a loop or as a *args or **kwargs function argument. See the "
            "torch.fx docs on pytorch.org for a more detailed explanation of what "
            "types of control flow can be traced, and check out the Proxy docstring "
            "for help troubleshooting Proxy iteration errors"
        )

    def keys(self, obj: Proxy) -> Any:
        """Record the keys of the value."""
        return self.create_proxy("call_method", "keys", (obj,), {})


class GraphAppendingTracer(TracerBase):
    """Tracer that appends operations on proxies to a graph.

    As long as it, or a proxy of it, is there, functions look for proxies.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        dispatch.activate()
        weakref.finalize(self, dispatch.deactivate)


__all__ = [
    "Attribute",
    "GraphAppendingTracer",
    "ParameterProxy",
    "Proxy",
    "TraceError",
    "TracerBase",
]
