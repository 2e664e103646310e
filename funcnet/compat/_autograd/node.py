"""The nodes of the gradient graph: what computed a tensor, as `grad_fn` shows it.

A node gets the gradients of the outputs of an operation and gives those of its inputs;
`edges` say, for each input that wants a gradient, which node gets it and as which of
that node's outputs. This file knows nothing of tensors, so that they can import it;
`_autograd/backward.py` runs the nodes.
"""

import functools
import weakref
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from funcnet.compat._core.removable_handle import Hooks
from funcnet.compat._engine import graph as _trace
from funcnet.compat._engine.op import Call


class VersionCounter(Protocol):
    """What counts the in-place writes to a tensor: a storage, or a counter of its own.

    PyTorch's `Tensor._version` shows it.
    """

    version: int


# What counts the writes to a tensor, the count, and its place among the inputs, or
# ~place among the outputs.
Saved: TypeAlias = tuple[VersionCounter, int, int]


class Function:
    """A node of the gradient graph: from gradients of the outputs to those of inputs.

    `edges` are, for each input that wants a gradient, the function (or the leaf tensor)
    that gets it and as which of its outputs. `saved` is what PyTorch keeps as tensors.
    """

    __slots__ = (
        "__weakref__",
        "_metadata",
        "call",
        "edges",
        "hooks",
        "made_at",
        "node",
        "number",
        "outputs",
        "packed",
        "prehooks",
        "retained",
        "saved",
        "wanted",
    )

    def __init__(
        self,
        node: _trace.Node,
        wanted: tuple[int, ...],
        edges: tuple[tuple[Any, int], ...],
        saved: tuple[Saved, ...],
    ) -> None:
        self.node: _trace.Node | None = node
        self.call: Call | None = node.call
        node.kept = True
        self.number = node.number
        self.wanted = wanted
        self.edges = edges
        self.outputs = len(node.call.outs)
        self.saved = saved
        self.hooks: Any = None
        self.prehooks: Any = None
        self.retained: Any = None
        self.made_at: Any = None
        # By hooks on what is kept; with a dictionary, versions are of no account.
        self.packed: Any = None
        self._metadata: dict[str, Any] | None = None

    def __del__(self) -> None:
        self.free()

    def free(self) -> None:
        """Let go of what the gradient needs."""
        if self.node is not None:
            self.node.kept = False
            self.node = None
        self.saved = ()
        self.packed = None

    def name(self) -> str:
        """What PyTorch calls this function."""
        return type(self).__name__

    @property
    def metadata(self) -> dict[str, Any]:
        """A dictionary for the user's notes."""
        if self._metadata is None:
            self._metadata = {}
        return self._metadata

    @property
    def requires_grad(self) -> bool:
        """Yes: there is no such function where no gradient is wanted."""
        return True

    def _sequence_nr(self) -> int:
        return self.number

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """The functions that get the gradients, each with the place of its output."""
        return tuple(
            (target if isinstance(target, Function) else accumulation(target), place)
            for target, place in self.edges
        )

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Say why there are no `_saved_self` and the like."""
            said = f"{type(self).__name__!r} object has no attribute {name!r}"
            if name.startswith(("_saved_", "_raw_saved_")):
                said += (
                    ": funcnet.compat keeps no tensors by name for a gradient; forward "
                    "and backward are one program, which decides what to keep"
                )
            raise AttributeError(said)

    def register_hook(self, hook: Any) -> Any:
        """Call `hook(grad_inputs, grad_outputs)` after this function has run."""
        if self.hooks is None:
            self.hooks = Hooks()
        return self.hooks.add(hook)

    def register_prehook(self, hook: Any) -> Any:
        """Call `hook(grad_outputs)` before this function runs."""
        if self.prehooks is None:
            self.prehooks = Hooks()
        return self.prehooks.add((None, hook))

    def __repr__(self) -> str:
        return f"<{self.name()} object at {id(self):#x}>"


@functools.cache
def named_function(base: type, name: str) -> Any:
    """The class of the gradient functions of a name, such as `AddBackward0`."""
    return type(name, (base,), {"__slots__": (), "__module__": "torch.autograd"})


def retain(fn: Function | None, output: int, tensor: "weakref.ref[Any]") -> None:
    """Let a function keep the gradient of an output in the `grad` of a tensor."""
    if fn is not None:
        fn.retained = [*(fn.retained or ()), (output, tensor)]


class AccumulateGrad:
    """Stands for a leaf in the gradient graph, where its gradient is added up."""

    def __init__(self, variable: Any) -> None:
        self.variable = variable
        self.metadata: dict[str, Any] = {}

    def name(self) -> str:
        """What PyTorch calls it."""
        return "torch::autograd::AccumulateGrad"

    def register_hook(self, hook: Any) -> Any:
        """Call `hook((), grads)` each time a gradient was added to the leaf's."""

        def after(leaf: Any, grad: Any) -> None:
            hook((), (grad,))

        after.takes_gradient = True  # type: ignore[attr-defined]
        if self.variable._after_accumulate is None:
            self.variable._after_accumulate = Hooks()
        return self.variable._after_accumulate.add(after)

    def register_prehook(self, hook: Any) -> Any:
        """Call `hook(grads)` before a gradient is added to the leaf's."""

        def before(grad: Any) -> Any:
            replaced = hook((grad,))
            return replaced[0] if isinstance(replaced, tuple) else replaced

        if self.variable._hooks is None:
            self.variable._hooks = Hooks()
        return self.variable._hooks.add(before)

    @property
    def next_functions(self) -> tuple[()]:
        """Nothing comes after a leaf."""
        return ()

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {id(self):#x}>"


def accumulation(leaf: Any) -> AccumulateGrad:
    """The one that stands for a leaf, as long as somebody holds it."""
    found = leaf._accumulation and leaf._accumulation()
    if found is None:
        found = AccumulateGrad(leaf)
        leaf._accumulation = weakref.ref(found)
    return found
