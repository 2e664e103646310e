"""Levels that record, beside each node, another one outside."""

from typing import Any, NamedTuple

from funcnet.compat._autograd.node import CustomNode, OpNode
from funcnet.compat._autograd.pullback import independent_outputs
from funcnet.compat._engine.graph import Node, Recorded, Value, record_node
from funcnet.compat._engine.pullback import PullbackCall, needed_inputs
from funcnet.compat._tensor.grad_graph import gradient_edge, make_grad_node
from funcnet.compat._tensor.tensor import Tensor, stand_in, wrap
from funcnet.compat._tensor.transform_levels import (
    Level,
    Logical,
    beside,
    present,
    put_beside,
    with_present,
)


class Beside(NamedTuple):
    """What stands outside for a node: its like, and what that gives.

    Once it is connected `outputs` is empty, and `captured` are those of its inputs that
    are from outside and want gradients, by place.
    """

    node: Node
    outputs: list[Tensor]
    captured: dict[int, Tensor]


class OuterLevel(Level):
    """A level whose nodes have their likes outside; subclasses say which.

    A node is noted first, and connected to the gradient graph outside afterwards: what
    is never connected, such as `detach`, has no gradient there either.
    """

    def outside(self, node: Node) -> Recorded:
        """Record the like of a node outside this level."""
        raise NotImplementedError

    def inner(self, value: Value) -> Value:
        """What a source of a node is outside this level."""
        return value.inner if self.is_own(value) else value  # type: ignore[attr-defined]

    def note(self, node: Node) -> Recorded:
        """Record a node: outside, if a source is of this level, else as it is."""
        node = with_present(node)
        own = any(map(self.is_own, node.sources))
        with self.lowered():
            like, result = self.outside(node) if own else record_node(node)
        if not own:
            return like, result
        outputs = [wrap(value) for value in result]
        put_beside(node, self, Beside(like, outputs, {}))
        return node, [
            Logical(self, tensor, kind, node, place)
            for place, (tensor, kind) in enumerate(
                zip(outputs, node.call.output_specs, strict=True)
            )
        ]

    def make_grad_node(self, node: Node, inputs: list[Any]) -> OpNode | None:
        """Connect what is outside; then what is inside, as `connected` says."""
        result: Beside | None = beside(node, self)
        if result is None:
            with self.lowered():
                return make_grad_node(node, inputs)
        self._connect_outside(node, result, inputs)
        return self.connected(node, inputs)

    def connected(self, node: Node, inputs: list[Any]) -> OpNode | None:
        """The place of a node of this level in the gradient graph of the level."""
        raise NotImplementedError

    def _connect_outside(self, node: Node, made: Beside, inputs: list[Any]) -> None:
        given = self._inputs_outside(node, inputs)
        with self.lowered():
            fn = make_grad_node(made.node, given)
        alone = set() if fn is None else independent_outputs(made.node, given)
        for place, x in enumerate(made.outputs):
            differentiable = x._spec.dtype.is_inexact
            if fn is not None and differentiable and place not in alone:
                x._set_grad_fn(fn, place)
        captured = {
            place: stand_in(source, *gradient_edge(x))
            for place, (source, x) in enumerate(zip(node.sources, given, strict=True))
            if isinstance(x, Tensor) and x.requires_grad and not self.is_own(source)
        }
        put_beside(node, self, Beside(made.node, [], captured))

    def _inputs_outside(self, node: Node, inputs: list[Any]) -> list[Any]:
        """The tensors that a node has for its inputs outside."""
        # A gradient knows of its inputs only those that it is a gradient of.
        forward: Beside | None = beside(node.forward, self)
        captured = {} if forward is None else forward.captured
        result: list[Any] = []
        for place, source in enumerate(node.sources):
            if self.is_own(source):
                result.append(source.tensor)  # type: ignore[attr-defined]
            elif place in captured:
                result.append(captured[place])
            else:
                result.append(inputs[place] if place < len(inputs) else None)
        if any(isinstance(x, Tensor) and x.requires_grad for x in result):
            for place in _unneeded(node):
                result[place] = None
        return result

    def wrapped(self, tensor: Tensor, kind: Any = None) -> Tensor:
        """What the function sees of a tensor outside."""
        return wrap(Logical(self, tensor, tensor._spec if kind is None else kind))

    def unwrapped(self, x: Tensor) -> Tensor | None:
        """What a tensor of the function is outside; None if it is not of this level."""
        value = x._value()
        if type(value) is Logical and value.level is not self:
            value = present(value)
        return value.tensor if self.is_own(value) else None  # type: ignore[attr-defined]


def edge_outside(x: Tensor) -> tuple[Any, int]:
    """The place in the graph of a tensor that is another's value."""
    if not x.requires_grad:
        return None, 0
    if x._grad_fn is not None:
        return gradient_edge(x)
    return CustomNode("AliasBackward0", lambda grads: grads, (gradient_edge(x),), 1), 0


def _unneeded(node: Node) -> set[int]:
    """The inputs on which a gradient does not depend, although it has them."""
    call = node.call
    if not isinstance(call, PullbackCall):
        return set()
    places = range(len(call.forward.input_specs))
    return set(places) - set(needed_inputs(call.forward, call.wanted))
