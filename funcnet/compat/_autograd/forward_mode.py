"""Forward-mode derivatives: tangents that follow values through the recording.

While a level is open, each node that is recorded with a source that has a tangent gets
a second node beside it, its `jax.jvp`. Tangents belong to values, so that views,
writing in place, gradients and whole layers need nothing of their own; and they are
tensors, connected to the gradient graph like those whose tangents they are.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import jax

from funcnet._types import Array
from funcnet.compat._autograd.custom_function import (
    applied,
    check_setup,
    context_after,
)
from funcnet.compat._autograd.custom_gradient import call_user_jvp
from funcnet.compat._autograd.node import OpNode
from funcnet.compat._core.context import thread
from funcnet.compat._core.static_args import NO_KEYWORDS, PLACEHOLDER
from funcnet.compat._engine.graph import Node, Recorded, Value, record, record_node
from funcnet.compat._engine.op import Op, OpCall
from funcnet.compat._tensor.grad_graph import make_grad_node
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tensor.tensor import Tensor, wrap
from funcnet.compat._tensor.transform_levels import (
    COPY,
    Level,
    beside,
    put_beside,
    with_present,
)
from funcnet.compat._tensor.view_ops import DETACH


def _jvp(
    call: OpCall,
    indices: tuple[int, ...],
    primals: Sequence[Any],
    tangents: Iterable[Any],
) -> tuple[Any, ...]:
    """The tangents of a call's outputs; those of its inputs are at `indices`."""

    def differentiable(*chosen: Array) -> list[Any]:
        filled = list(primals)
        for index, array in zip(indices, chosen, strict=True):
            filled[index] = array
        outputs = call.outputs(*filled)
        return [outputs[index] for index in _differentiable_outputs(call)]

    chosen = [primals[index] for index in indices]
    return tuple(jax.jvp(differentiable, chosen, list(tangents))[1])


JVP: Final = Op("jvp", _jvp, "JvpBackward0")


def _differentiable_outputs(call: OpCall) -> list[int]:
    return [p for p, out in enumerate(call.output_specs) if out.dtype.is_inexact]


class ForwardLevel(Level):
    """A level of forward mode: the tangents of values, by value."""

    def __init__(self) -> None:
        # The values are kept, so that no other gets the number of one that is gone.
        self._tangents: dict[int, tuple[Value, Tensor]] = {}

    def leave(self) -> None:
        """Close this level and forget all tangents."""
        super().leave()
        self._tangents.clear()  # what is recorded still refers to this level

    def of(self, value: Value) -> Tensor | None:
        """The tangent of a value, if it has one."""
        result = self._tangents.get(id(value))
        return None if result is None else result[1]

    def set_tangent(self, value: Value, tangent: Tensor) -> None:
        """Give a value a tangent."""
        self._tangents[id(value)] = (value, tangent)

    def has_tangent(self, value: Value) -> bool:
        """Return whether a value has a tangent here or further outside."""
        return self.of(value) is not None or super().has_tangent(value)

    def primal(self, x: Tensor) -> Any:
        """A copy of a tensor that has no tangent."""
        with self.lowered():
            return record_op(COPY, (x,))

    def note(self, node: Node) -> Recorded:
        """Record a node, and beside it what the tangents of its sources make of it."""
        with self.lowered():
            node, values = record_node(with_present(node))
        known = [(p, self.of(node.sources[p])) for p in node.call.differentiable_inputs]
        indices = tuple([p for p, tangent in known if tangent is not None])
        if not indices or node.call.op is DETACH:
            return node, values
        tangents = [tangent for _, tangent in known if tangent is not None]
        call = node.call

        def template() -> Any:
            holes = (
                (PLACEHOLDER,) * len(call.input_specs),
                (PLACEHOLDER,) * len(indices),
            )
            return (call, indices, *holes), NO_KEYWORDS

        sources = (*node.sources, *[tangent._value() for tangent in tangents])
        with self.lowered():
            pushed, result = record(JVP, sources, (call.id, indices), template)
        outputs = [wrap(value) for value in result]
        for index, tangent in zip(_differentiable_outputs(call), outputs, strict=True):
            self.set_tangent(values[index], tangent)
        put_beside(node, self, (pushed, tangents, outputs))
        return node, values

    def make_grad_node(self, node: Node, inputs: list[Any]) -> OpNode | None:
        """Connect a node, and the tangents that were noted of it, to the graph."""
        with self.lowered():
            own = make_grad_node(node, inputs)
            pushed, tangents, result = beside(node, self) or (None, (), ())
            if pushed is None:
                return own
            put_beside(node, self, None)
            rest = [None] * (len(node.sources) - len(inputs))
            fn = make_grad_node(pushed, [*inputs, *rest, *tangents])
        if fn is not None:
            for index, tangent in enumerate(result):
                tangent._set_grad_fn(fn, index)
        return own

    def apply_function(
        self, cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call a custom function; the tangents are those of its own `jvp`."""
        tangents = [(x, self._of_tensor(x)) for x in args]
        known = any(tangent is not None for _, tangent in tangents)
        if self.transforms:
            check_setup(cls)
        with self.lowered():
            if thread.context.levels or not known:
                results = cls.apply(*args, **kwargs)
                ctx = None
            else:
                results, ctx = applied(cls, args, kwargs)
            if not known:
                return results
            single = not isinstance(results, tuple | list)
            # Values of their own, should an input be among them.
            outputs = [
                record_op(COPY, (x,)) if isinstance(x, Tensor) else x
                for x in ((results,) if single else results)
            ]
            if ctx is None:
                needs = [isinstance(x, Tensor) and x.requires_grad for x in args]
                ctx = context_after(cls, needs, args, results)
            pushed = call_user_jvp(cls, ctx, tangents)
        for x, tangent in zip(outputs, pushed, strict=True):
            if isinstance(x, Tensor) and tangent is not None:
                self.set_tangent(x._value(), tangent)
        return outputs[0] if single else type(results)(outputs)

    def _of_tensor(self, x: object) -> Tensor | None:
        return self.of(x._value()) if isinstance(x, Tensor) else None
