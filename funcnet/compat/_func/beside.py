"""Levels that record a counterpart of each node outside of themselves."""

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
    """Counterpart of a node outside of a level, with its outputs.

    Once it is connected `outputs` is empty, and `captured` are those of its inputs that
    are from outside and want gradients, by place.
    """

    node: Node
    outputs: list[Tensor]
    captured: dict[int, Tensor]


class OuterLevel(Level):
    """Level whose nodes have counterparts outside, which subclasses define.

    A node is noted first, and connected to the gradient graph outside afterwards: what
    is never connected, such as `detach`, has no gradient there either.
    """

    def outside(self, node: Node) -> Recorded:
        """Record the counterpart of a node outside this level."""
        raise NotImplementedError

    def inner(self, value: Value) -> Value:
        """Return the value outside this level of a source of a node."""
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
            Logical(self, tensor, kind, node, index)
            for index, (tensor, kind) in enumerate(
                zip(outputs, node.call.output_specs, strict=True)
            )
        ]

    def make_grad_node(self, node: Node, inputs: list[Any]) -> OpNode | None:
        """Connect the counterpart's outputs, then the node's own, by `connected`."""
        result: Beside | None = beside(node, self)
        if result is None:
            with self.lowered():
                return make_grad_node(node, inputs)
        self._connect_outside(node, result, inputs)
        return self.connected(node, inputs)

    def connected(self, node: Node, inputs: list[Any]) -> OpNode | None:
        """Return the node's own node in the gradient graph of this level."""
        raise NotImplementedError

    def _connect_outside(
        self, node: Node, counterpart: Beside, inputs: list[Any]
    ) -> None:
        given = self._inputs_outside(node, inputs)
        with self.lowered():
            fn = make_grad_node(counterpart.node, given)
        alone = set() if fn is None else independent_outputs(counterpart.node, given)
        for index, x in enumerate(counterpart.outputs):
            differentiable = x._spec.dtype.is_inexact
            if fn is not None and differentiable and index not in alone:
                x._set_grad_fn(fn, index)
        captured = {
            index: stand_in(source, *gradient_edge(x))
            for index, (source, x) in enumerate(zip(node.sources, given, strict=True))
            if isinstance(x, Tensor) and x.requires_grad and not self.is_own(source)
        }
        put_beside(node, self, Beside(counterpart.node, [], captured))

    def _inputs_outside(self, node: Node, inputs: list[Any]) -> list[Any]:
        """Return the tensors outside that correspond to the inputs of a node."""
        # Of a gradient's inputs, only those of its forward operation are known.
        forward: Beside | None = beside(node.forward, self)
        captured = {} if forward is None else forward.captured
        result: list[Any] = []
        for index, source in enumerate(node.sources):
            if self.is_own(source):
                result.append(source.tensor)  # type: ignore[attr-defined]
            elif index in captured:
                result.append(captured[index])
            else:
                result.append(inputs[index] if index < len(inputs) else None)
        if any(isinstance(x, Tensor) and x.requires_grad for x in result):
            for index in _unneeded(node):
                result[index] = None
        return result

    def wrapped(self, tensor: Tensor, spec: Any = None) -> Tensor:
        """Return the tensor that the function sees for one outside."""
        return wrap(Logical(self, tensor, tensor._spec if spec is None else spec))

    def unwrapped(self, x: Tensor) -> Tensor | None:
        """Return the tensor outside; None if `x` is of another level."""
        value = x._value()
        if type(value) is Logical and value.level is not self:
            value = present(value)
        return value.tensor if self.is_own(value) else None  # type: ignore[attr-defined]


def edge_outside(x: Tensor) -> tuple[Any, int]:
    """Return the gradient edge of a tensor that has the value of another."""
    if not x.requires_grad:
        return None, 0
    if x._grad_fn is not None:
        return gradient_edge(x)
    return CustomNode("AliasBackward0", lambda grads: grads, (gradient_edge(x),), 1), 0


def _unneeded(node: Node) -> set[int]:
    """Return the inputs that a gradient has but does not depend on."""
    call = node.call
    if not isinstance(call, PullbackCall):
        return set()
    indices = range(len(call.forward.input_specs))
    return set(indices) - set(needed_inputs(call.forward, call.wanted))
