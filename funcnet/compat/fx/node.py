"""The nodes of a graph, as `torch.fx.node`."""

import builtins
import types
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from funcnet._homes import home_of
from funcnet.compat._core import overriding as _overriding
from funcnet.compat._ops.registry import FUNCTIONS
from funcnet.compat.fx.immutable_collections import immutable_dict, immutable_list

Argument: TypeAlias = Any
Target: TypeAlias = str | Callable[..., Any]


def map_arg(a: Argument, fn: Callable[["Node"], Argument]) -> Argument:
    """Apply a function to each node in an argument."""
    return map_aggregate(a, lambda x: fn(x) if isinstance(x, Node) else x)


def map_aggregate(a: Argument, fn: Callable[[Argument], Argument]) -> Argument:
    """Apply a function to each leaf of an argument."""
    if isinstance(a, tuple):
        parts = [map_aggregate(x, fn) for x in a]
        return type(a)(*parts) if hasattr(a, "_fields") else tuple(parts)
    if isinstance(a, list):
        return immutable_list([map_aggregate(x, fn) for x in a])
    if isinstance(a, dict):
        return immutable_dict({k: map_aggregate(v, fn) for k, v in a.items()})
    if isinstance(a, slice):
        return slice(*[map_aggregate(x, fn) for x in (a.start, a.stop, a.step)])
    return fn(a)


SHOWN_AS: Final[dict[Any, str]] = {}
"""Functions of ours that PyTorch has under a name in another place."""


def qualified_name(function: Callable[..., Any]) -> str:
    """Return the qualified name of a function in generated code."""
    if isinstance(function, types.FunctionType) and function in SHOWN_AS:
        return SHOWN_AS[function]
    short = str(getattr(function, "__name__", ""))
    if getattr(builtins, short, None) is function:
        return short
    named = _overriding.name_of(function)
    if FUNCTIONS.get(short) is function:  # also where nn.functional shows it
        return f"torch.{short}"
    if named.startswith("torch."):
        return named
    module = (getattr(function, "__module__", None) or "").replace(
        "_operator", "operator"
    )
    if module.startswith("funcnet.compat"):
        module = module.replace("funcnet.compat", "torch", 1)
    return f"{module}.{getattr(function, '__qualname__', function)}".lstrip(".")


class Node:
    """Node of a graph, as `torch.fx.Node`.

    Attributes:
        op: "placeholder", "get_attr", "call_function", "call_method", "call_module" or
            "output".
        target: what is read or called.
        args, kwargs: with which arguments; nodes among them are inputs.
        users: the nodes that have this one as an input.
        meta: notes of passes.
    """

    target: Any
    _prev: "Node"
    _next: "Node"

    def __init__(
        self,
        graph: Any,
        name: str,
        op: str,
        target: Target,
        args: tuple[Argument, ...],
        kwargs: dict[str, Argument],
        return_type: object = None,
    ) -> None:
        self.graph, self.name, self.op, self.target = graph, name, op, target
        self.type = return_type
        self.users: dict[Node, None] = {}
        self.meta: dict[str, Any] = {}
        self._input_nodes: dict[Node, None] = {}
        self._args: tuple[Argument, ...] = ()
        self._kwargs: dict[str, Argument] = {}
        self._erased = False
        self._prev = self._next = self
        self._update(args, kwargs)

    def _update(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        for one in self._input_nodes:
            one.users.pop(self, None)
        self._input_nodes = {}

        def note(node: "Node") -> "Node":
            self._input_nodes[node] = None
            node.users[self] = None
            return node

        self._args = map_arg(tuple(args), note)
        self._kwargs = map_arg(dict(kwargs), note)

    @property
    def args(self) -> tuple[Argument, ...]:
        """The arguments."""
        return self._args

    @args.setter
    def args(self, new: tuple[Argument, ...]) -> None:
        self._update(new, self._kwargs)

    @property
    def kwargs(self) -> dict[str, Argument]:
        """The arguments by name."""
        return self._kwargs

    @kwargs.setter
    def kwargs(self, new: dict[str, Argument]) -> None:
        self._update(self._args, new)

    @property
    def all_input_nodes(self) -> list["Node"]:
        """The nodes among the arguments."""
        return list(self._input_nodes)

    @property
    def next(self) -> "Node":
        """The next node."""
        return self._next

    @property
    def prev(self) -> "Node":
        """The previous node."""
        return self._prev

    @property
    def stack_trace(self) -> str | None:
        """Where in the source the node was recorded, if the tracer noted it."""
        return self.meta.get("stack_trace")

    @stack_trace.setter
    def stack_trace(self, trace: str | None) -> None:
        self.meta["stack_trace"] = trace

    def prepend(self, x: "Node") -> None:
        """Move a node of the graph before this one."""
        if x.graph is not self.graph:
            raise AssertionError("Attempting to move a Node into a different Graph")
        if x is self:
            return
        x._remove_from_list()
        x._prev, x._next = self._prev, self
        x._prev._next = self._prev = x
        self.graph._order = None

    def append(self, x: "Node") -> None:
        """Move a node of the graph after this one."""
        self._next.prepend(x)

    def _remove_from_list(self) -> None:
        self._prev._next, self._next._prev = self._next, self._prev
        self._prev = self._next = self
        self.graph._order = None

    def update_arg(self, idx: int, arg: Argument) -> None:
        """Replace an argument by its index."""
        args = list(self.args)
        args[idx] = arg
        self.args = tuple(args)

    def insert_arg(self, idx: int, arg: Argument) -> None:
        """Insert an argument at an index."""
        args = list(self.args)
        args.insert(idx, arg)
        self.args = tuple(args)

    def update_kwarg(self, key: str, arg: Argument) -> None:
        """Replace an argument by name."""
        self.kwargs = {**self.kwargs, key: arg}

    def replace_input_with(self, old_input: "Node", new_input: "Node") -> None:
        """Replace an input node by another."""

        def change(node: "Node") -> "Node":
            return new_input if node is old_input else node

        self._update(map_arg(self.args, change), map_arg(self.kwargs, change))

    def replace_all_uses_with(
        self,
        replace_with: "Node",
        delete_user_cb: Callable[["Node"], bool] = lambda user: True,
        *,
        propagate_meta: bool = False,
    ) -> list["Node"]:
        """Replace this node by another in all users; return those."""
        if propagate_meta:
            replace_with.meta.update(self.meta)
        changed = [user for user in list(self.users) if delete_user_cb(user)]
        for user in changed:
            user.replace_input_with(self, replace_with)
        return changed

    def is_impure(self, impure_random: bool = True) -> bool:
        """Return whether the node has side effects."""
        if self.op in ("placeholder", "output") or self.target in _side_effects:
            return True
        name = getattr(self.target, "__name__", str(self.target))
        return self.op in ("call_function", "call_method") and (
            name.endswith("_") and not name.endswith("__")
        )

    def format_node(self, *args: object, **kwargs: object) -> str:
        """Format the node as a line of its graph."""
        if self.op == "output":
            return f"return {self.args[0]}"
        kind = f"{type_text(self.type)} " if self.type is not None else ""
        head = f"%{self.name} : {kind}[num_users={len(self.users)}] = {self.op}"
        if self.op in ("placeholder", "get_attr"):
            default = f"(default={self.args[0]})" if self.args else ""
            return f"{head}[target={self.target}]{default}"
        target = self.target
        shown = target if isinstance(target, str) else qualified_name(target)
        if callable(target) and shown in vars(builtins):
            shown = f"builtins.{shown}"
        parts = ", ".join(_shown(x) for x in self.args)
        tail = "," if len(self.args) == 1 else ""
        named = ", ".join(f"{k}: {_shown(v)}" for k, v in self.kwargs.items())
        return f"{head}[target={shown}](args = ({parts}{tail}), kwargs = {{{named}}})"

    def __repr__(self) -> str:
        return self.name

    def __lt__(self, other: "Node") -> bool:
        order = self.graph._positions()
        return bool(order[self] < order[other])

    def __gt__(self, other: "Node") -> bool:
        return other < self

    def __le__(self, other: "Node") -> bool:
        return self is other or self < other

    def __ge__(self, other: "Node") -> bool:
        return self is other or other < self


def type_text(kind: object) -> str:
    """Return how an annotation is shown: `torch.Tensor`, `int`."""
    if isinstance(kind, type) and not hasattr(kind, "__origin__"):
        if kind.__module__ == "builtins":
            return kind.__qualname__
        home = kind.__module__
        if home_of(kind).startswith("funcnet.compat."):
            home = "torch" if hasattr(kind, "untyped_storage") else home
            home = home.replace("funcnet.compat", "torch", 1)
        return f"{home}.{kind.__qualname__}"
    if kind is ...:
        return "..."
    if isinstance(kind, types.FunctionType):
        return kind.__name__
    return repr(kind)


def _shown(x: object) -> str:
    if isinstance(x, Node):
        return f"%{x.name}"
    if isinstance(x, list | tuple):
        inside = ", ".join(_shown(y) for y in x)
        return f"[{inside}]" if isinstance(x, list) else f"({inside})"
    if isinstance(x, types.FunctionType):
        return qualified_name(x)
    return str(x)


_side_effects: set[Any] = set()


def has_side_effect(fn: Callable[..., Any]) -> Any:
    """Register a function whose calls are kept without users."""
    _side_effects.add(fn)
    return fn


__all__ = [
    "Argument",
    "Node",
    "Target",
    "has_side_effect",
    "map_aggregate",
    "map_arg",
    "qualified_name",
    "type_text",
]
