"""The level of a gradient transform."""

import contextlib
import weakref
from collections.abc import Iterator, Sequence
from typing import Any

from funcnet.compat._autograd.backward import gradients_of
from funcnet.compat._autograd.node import OpNode
from funcnet.compat._core.context import is_grad_enabled, thread
from funcnet.compat._engine.graph import Node, Recorded, record_node
from funcnet.compat._func.beside import OuterLevel, edge_outside
from funcnet.compat._func.custom import in_gradients
from funcnet.compat._tensor.grad_graph import make_grad_node
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.transform_levels import Logical, Lowered, beside


class GradLevel(OuterLevel):
    """Level whose gradient graph ends at its own inputs.

    Outside, the same operations are recorded, gradients too; so the graphs outside,
    of the user's or of outer levels, get the whole computation, without confusion.
    """

    transforms = True

    def __init__(self) -> None:
        self.graph_outside = False
        self._quiet = False
        self._tracked: list[weakref.ref[Tensor]] = []

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Make this level the innermost one, with gradients recorded."""
        context = thread.context
        before = context.grad, context.inference, self.graph_outside
        with super().entered():
            self.graph_outside = is_grad_enabled()
            context.grad, context.inference = True, False
            try:
                yield
            finally:
                context.grad, context.inference, self.graph_outside = before

    def lowered(self) -> "_Lowered":
        """Leave this level; gradients are recorded unless `no_grad` is on."""
        return _Lowered(self)

    def outside(self, node: Node) -> Recorded:
        """Record the same operation outside."""
        forward = beside(node.forward, self)
        inner = tuple([self.inner(source) for source in node.sources])
        return record_node(
            Node(node.call, inner, node.forward if forward is None else forward.node)
        )

    def connected(self, node: Node, inputs: list[Any]) -> OpNode | None:
        """Connect a node to the inputs that are of this level."""
        if self._quiet:
            return None
        own = [
            x if self.is_own(source) else None
            for x, source in zip(inputs, node.sources, strict=False)
        ]
        return make_grad_node(node, own, of_level=True)

    def gradients(
        self,
        outputs: Sequence[Tensor],
        inputs: Sequence[Tensor],
        starts: Sequence[Tensor | None],
        keep: bool,
    ) -> list[Tensor | None]:
        """Return the gradients of outputs by inputs, outside this level."""
        before, self._quiet = self._quiet, True
        try:
            result = gradients_of(outputs, inputs, starts, keep, create_graph=True)
        finally:
            self._quiet = before
        return [None if x is None else self.outside_of(x) for x in result]

    def apply_function(
        self, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Apply a custom function."""
        return in_gradients(self, cls, args, kwargs)

    def outside_of(self, x: Tensor) -> Tensor:
        """Return the tensor outside for one of the function."""
        result = self.unwrapped(x)
        return x if result is None else result

    def track(self, tensor: Tensor) -> None:
        """Track a tensor that is in the gradient graph of this level."""
        if self.is_own(tensor._value()):
            self._tracked.append(weakref.ref(tensor))
        else:
            super().track(tensor)

    def release(self) -> None:
        """Turn the tensors that outlive this level into those outside."""
        for reference in self._tracked:
            x = reference()
            if x is None:
                continue
            value = x._cached if x._steps else x._storage.value
            if not isinstance(value, Logical) or value.level is not self:
                continue
            x._set_grad_fn(*edge_outside(value.tensor))
            x._requires_grad = False
            if x._steps:
                x._cached = value.inner
            else:
                x._storage.value = value.inner
            with self.lowered():
                levels = thread.context.levels
                if levels:
                    levels[-1].track(x)
        self._tracked.clear()


class _Lowered(Lowered):
    """Context outside a level, in which recording gradients may be off."""

    __slots__ = ("before",)
    level: GradLevel

    def __enter__(self) -> None:
        super().__enter__()
        self.before = thread.context.grad
        thread.context.grad = self.before and self.level.graph_outside

    def __exit__(self, *error: object) -> None:
        thread.context.grad = self.before
        super().__exit__(*error)
