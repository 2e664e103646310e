"""Forward-mode derivatives: tangents that follow values through the recording.

While a level is open, each node that is recorded with a source that has a tangent gets
a second node beside it, its `jax.jvp`. Tangents belong to values, so that views,
writing in place, gradients and whole layers need nothing of their own; and they are
tensors, connected to the gradient graph like those whose tangents they are.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

import jax

from funcnet.compat._call import Call, Op, is_differentiable
from funcnet.compat._graph import Node, Value, following, record
from funcnet.compat._template import HOLE, NO_KEYWORDS
from funcnet.compat._tensor import Tensor, apply_op, function_of, wrap


def _push(
    call: Call, places: tuple[int, ...], primals: Any, tangents: Any
) -> tuple[Any, ...]:
    """The tangents of a call's outputs; those of its inputs are at `places`."""

    def smooth(*chosen: Any) -> list[Any]:
        filled = list(primals)
        for place, array in zip(places, chosen, strict=True):
            filled[place] = array
        outputs = call.outputs(*filled)
        return [outputs[place] for place in _smooth_outputs(call)]

    chosen = [primals[place] for place in places]
    return tuple(jax.jvp(smooth, chosen, list(tangents))[1])


PUSH: Final = Op("jvp", _push, "JvpBackward0")


PRIMAL: Final = Op("clone", lambda x: x)


def _smooth_outputs(call: Call) -> list[int]:
    return [p for p, out in enumerate(call.outs) if is_differentiable(out.dtype)]


class Tangents:
    """The tangents of one level, by value."""

    def __init__(self) -> None:
        # The values are kept, so that no other gets the number of one that is gone.
        self._found: dict[int, tuple[Value, Tensor]] = {}
        self._last: tuple[Node, Node, list[Tensor]] | None = None
        self._resting = False

    def of(self, value: Value) -> Tensor | None:
        """The tangent of a value, if it has one."""
        found = self._found.get(id(value))
        return None if found is None else found[1]

    def put(self, value: Value, tangent: Tensor) -> None:
        """Give a value a tangent."""
        self._found[id(value)] = (value, tangent)

    def primal(self, x: Tensor) -> Any:
        """A copy of a tensor that has no tangent."""
        with self.resting():
            return apply_op(PRIMAL, (x,))

    @contextlib.contextmanager
    def resting(self) -> Iterator[None]:
        """Let no tangent follow what is recorded inside."""
        before, self._resting = self._resting, True
        try:
            yield
        finally:
            self._resting = before

    def note(self, node: Node, values: list[Value]) -> None:
        """Record beside a node what the tangents of its sources make of it."""
        if self._resting:
            return
        known = [(p, self.of(node.sources[p])) for p in node.call.smooth]
        places = tuple([p for p, tangent in known if tangent is not None])
        if not places:
            return
        tangents = [tangent for _, tangent in known if tangent is not None]
        call = node.call

        def template() -> Any:
            holes = (HOLE,) * len(call.avals), (HOLE,) * len(places)
            return (call, places, *holes), NO_KEYWORDS

        sources = (*node.sources, *[tangent._value() for tangent in tangents])
        with self.resting():
            pushed, found = record(PUSH, sources, (call.id, places), template)
        made = [wrap(value) for value in found]
        for place, tangent in zip(_smooth_outputs(call), made, strict=True):
            self.put(values[place], tangent)
        self._last = (node, pushed, made)

    def connect(self, node: Node, inputs: list[Any]) -> None:
        """Connect the tangents that were noted last to the gradient graph."""
        if self._last is None or self._last[0] is not node:
            return
        _, pushed, made = self._last
        self._last = None
        rest = [None] * (len(node.sources) - len(inputs))
        known = [self.of(node.sources[place]) for place in node.call.smooth]
        tangents = [tangent for tangent in known if tangent is not None]
        fn = function_of(pushed, [*inputs, *rest, *tangents])
        if fn is not None:
            for place, tangent in enumerate(made):
                tangent._fn, tangent._output = fn, place


def tangents_of(args: Sequence[Any]) -> list[tuple[Any, Tensor | None]] | None:
    """Arguments with their tangents; None if there is no tangent at all."""
    if not following:
        return None
    found = [
        (x, following[0].of(x._value()) if isinstance(x, Tensor) else None)
        for x in args
    ]
    return found if any(tangent is not None for _, tangent in found) else None


def resting() -> contextlib.AbstractContextManager[None]:
    """Let no tangent follow what is recorded inside."""
    return following[0].resting() if following else contextlib.nullcontext()


def without_tangents(results: Any) -> Any:
    """The outputs of a function as values of their own."""
    if isinstance(results, tuple | list):
        return type(results)([without_tangents(x) for x in results])
    return following[0].primal(results) if isinstance(results, Tensor) else results
