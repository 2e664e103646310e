"""The nodes of the gradient graph: what computed a tensor, as `grad_fn` shows it.

A node gets the gradients of the outputs of an operation and gives those of its inputs.
Its `edges` say, for each input that wants a gradient, which node gets that and as which
of its outputs: `(node, index)`. The graph ends at the leaves, each of which has an
`AccumulateGrad`. This file knows nothing of tensors, so that they can import it;
`_autograd/backward.py` runs the nodes.
"""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias
from weakref import ref

from funcnet.compat._core.context import thread
from funcnet.compat._core.removable_handle import Hooks, RemovableHandle
from funcnet.compat._engine.graph import Node as RecordedNode
from funcnet.compat._engine.graph import next_number
from funcnet.compat._engine.op import OpCall
from funcnet.compat._messages.suggestions import users_frames


class VersionCounter(Protocol):
    """What counts the in-place writes to a tensor: a storage, or a counter of its own.

    PyTorch's `Tensor._version` shows it.
    """

    version: int


# What counts the writes to a tensor, the count when it was saved, and its index among
# the inputs, or ~index among the outputs.
Saved: TypeAlias = tuple[VersionCounter, int, int]

# Where a gradient goes: to a node, as which of its outputs; (None, 0) for nowhere.
Edge: TypeAlias = "tuple[Node | None, int]"


class Node:
    """A node of the gradient graph: the type of `grad_fn`.

    Equals `torch.autograd.graph.Node`.

    Attributes:
        edges: where the gradients of the inputs go.
        outputs: how many outputs it has, each with a gradient to come.
        number: in backward the nodes run from the greatest number to the least.
        tensor_hooks: of the tensors that it computed, each with the output's index.
        prehooks, hooks: of the node itself, before it runs and after.
        retained: the tensors whose `grad` keeps the gradient of an output.
        made_at: the traceback of the forward call, in anomaly mode.
    """

    __slots__ = (
        "__weakref__",
        "_metadata",
        "edges",
        "hooks",
        "made_at",
        "number",
        "outputs",
        "prehooks",
        "retained",
        "tensor_hooks",
    )

    # What only nodes of recorded operations have.
    call: OpCall | None = None
    node: RecordedNode | None = None
    wanted: tuple[int, ...] = ()
    saved: tuple[Saved, ...] = ()
    packed: Any = None

    def __init__(self, number: float, edges: tuple[Edge, ...], outputs: int) -> None:
        self.number = number
        self.edges = edges
        self.outputs = outputs
        self.tensor_hooks: Hooks | None = None
        self.prehooks: Hooks | None = None
        self.hooks: Hooks | None = None
        self.retained: Any = None
        self.made_at: Any = None
        self._metadata: dict[str, Any] | None = None

    def free(self) -> None:
        """Release what the gradient needs."""

    def name(self) -> str:
        """What PyTorch calls this node."""
        return type(self).__name__

    @property
    def metadata(self) -> dict[str, Any]:
        """A dictionary for the user's notes."""
        if self._metadata is None:
            self._metadata = {}
        return self._metadata

    @property
    def requires_grad(self) -> bool:
        """Yes: there is no such node where no gradient is wanted."""
        return True

    def _sequence_nr(self) -> int:
        return int(self.number)

    @property
    def next_functions(self) -> tuple[Edge, ...]:
        """The nodes that get the gradients of the inputs, each with an output's index.

        Example:
            >>> import funcnet.compat as torch
            >>> x = torch.ones(2, requires_grad=True)
            >>> node, index = (3 * x).grad_fn.next_functions[0]
            >>> node.name(), index, node.variable is x
            ('torch::autograd::AccumulateGrad', 0, True)
        """
        return self.edges

    def register_hook(self, fn: Callable[..., Any]) -> RemovableHandle:
        """Call `fn(grad_inputs, grad_outputs)` after this node has run.

        The tuple that it returns, if not None, replaces `grad_inputs`.
        """
        if self.hooks is None:
            self.hooks = Hooks()
        return self.hooks.add(fn)

    def register_prehook(self, fn: Callable[..., Any]) -> RemovableHandle:
        """Call `fn(grad_outputs)` before this node runs.

        The tuple that it returns, if not None, replaces `grad_outputs`.
        """
        if self.prehooks is None:
            self.prehooks = Hooks()
        return self.prehooks.add(fn)

    def register_tensor_hook(
        self, index: int, hook: Callable[..., Any]
    ) -> RemovableHandle:
        """Call `hook(grad)` when the gradient of an output is known."""
        if self.tensor_hooks is None:
            self.tensor_hooks = Hooks()
        return self.tensor_hooks.add((index, hook))

    def retain(self, index: int, tensor: "ref[Any]") -> None:
        """Keep the gradient of an output in the `grad` of a tensor."""
        self.retained = [*(self.retained or ()), (index, tensor)]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Say why there are no `_saved_self` and the like."""
            message = f"{type(self).__name__!r} object has no attribute {name!r}"
            if name.startswith(("_saved_", "_raw_saved_")):
                message += (
                    ": funcnet.compat keeps no tensors by name for a gradient; forward "
                    "and backward are one program, which decides what to keep"
                )
            raise AttributeError(message)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} object at {id(self):#x}>"


class OpNode(Node):
    """The gradient of a recorded operation.

    Attributes:
        node: the recorded operation, until the graph is freed; `call` is kept.
        wanted: the indices of the inputs that want a gradient, as `edges` have them.
        saved: what PyTorch would keep as tensors, to see that it was not overwritten.
        packed: what `saved_tensors_hooks` made of that, by index; where it is a
            dictionary, versions are of no account.
        numbers: the inputs that are Python numbers, once the graph is freed.
    """

    __slots__ = ("call", "node", "numbers", "packed", "saved", "wanted")

    def __init__(
        self,
        node: RecordedNode,
        wanted: tuple[int, ...],
        edges: tuple[Edge, ...],
        saved: tuple[Saved, ...],
    ) -> None:
        # All fields at once: this runs for each operation that is recorded.
        self.node = node
        self.call = call = node.call
        node.keeps_sources = True
        self.number = node.number
        self.wanted = wanted
        self.edges = edges
        self.outputs = len(call.output_specs)
        self.saved = saved
        self.tensor_hooks = self.prehooks = self.hooks = None
        self.retained = self.made_at = self.packed = self._metadata = None

    def __del__(self) -> None:
        if self.node is not None:
            self.node.keeps_sources = False

    def free(self) -> None:
        """Release what the gradient needs."""
        node = self.node
        if node is not None:
            sources = node.sources
            indices = node.call.number_inputs
            self.numbers = tuple([sources[i] for i in indices]) if indices else ()
            node.keeps_sources = False
            self.node = None
        self.saved = ()
        self.packed = None


def replaced_gradients(result: object) -> list[Any]:
    """Return the gradients by which a hook of a node replaces those that it saw.

    Raises:
        TypeError: it is not a tuple.
    """
    if not isinstance(result, tuple):
        name = type(result).__name__
        raise TypeError(f"expected tuple, but hook returned '{name}'")
    return list(result)


@functools.cache
def node_class(base: type, name: str) -> Any:
    """The class of the nodes of a name, such as `AddBackward0`."""
    return type(name, (base,), {"__slots__": (), "__module__": "torch.autograd"})


class CustomNode(Node):
    """A node whose gradient the user has written, or this package by hand.

    Attributes:
        pull: gives the gradients of the inputs, of those of the outputs.
        context: the `ctx` of a `torch.autograd.Function`.
    """

    __slots__ = ("context", "pull")

    def __new__(cls, name: str, *parts: object) -> Any:
        """One of the class that has this name."""
        return object.__new__(node_class(CustomNode, name))

    def __init__(
        self,
        name: str,
        pull: Callable[[list[Any]], list[Any]],
        edges: tuple[Edge, ...],
        outputs: int,
    ) -> None:
        del name
        super().__init__(next_number(), edges, outputs)
        self.pull = pull
        self.context: Any = None
        if thread.context.anomaly:
            self.made_at = users_frames()

    def free(self) -> None:
        """Release what the user's `forward` saved, after the backward pass."""
        if self.context is not None:
            self.context._free()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """What the user's `forward` left on its context."""
            if name != "context" and self.context is not None and name[:2] != "__":
                return getattr(self.context, name)
            return super().__getattr__(name)


# PyTorch's number for what comes as soon as it can.
_AS_SOON_AS_POSSIBLE: Final = 2**64 - 1


class AccumulateGrad(Node):
    """The node at a leaf, which adds the gradient that arrives to `variable.grad`.

    It holds its leaf, which knows it by a weak reference: it lives, with the hooks that
    are registered on it, as long as anything refers to it.
    """

    __slots__ = ("variable",)
    edges = ()
    outputs = 1
    tensor_hooks = None  # are the leaf's own
    retained = made_at = None

    def __init__(self, variable: Any, number: float) -> None:
        # The fields that may change alone: this runs for each parameter in each step.
        self.variable = variable
        self.number = number
        self.prehooks = self.hooks = self._metadata = None

    def name(self) -> str:
        """What PyTorch calls this node."""
        return "torch::autograd::AccumulateGrad"

    def _sequence_nr(self) -> int:
        return _AS_SOON_AS_POSSIBLE
