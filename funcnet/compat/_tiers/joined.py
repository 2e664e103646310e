"""Calls that put tensors together, as many as there are each time.

What comes out follows from the shapes, and so do the plans of the call and of its
gradient: nothing is traced for another number of tensors.
"""

from collections.abc import Sequence
from typing import Any, Final

import jax
import numpy as np

from funcnet.compat._core.device import META
from funcnet.compat._core.narrow import narrow
from funcnet.compat._core.static_args import bind_args
from funcnet.compat._engine.op import Op, TensorSpec, tensor_spec
from funcnet.compat._engine.pullback import PullbackCall
from funcnet.compat._interpreter import Plan
from funcnet.compat._interpreter.costs import Cost, cost_of_joining
from funcnet.compat._interpreter.steps import plan_of_function
from funcnet.compat._tiers.families import UntracedCall

_ONE_ARRAY: Final = jax.tree.structure(0)


class JoinedCall(UntracedCall):
    """A call of tensors of one dtype that agree in all other dimensions.

    Attributes:
        axis: the dimension.
        makes_axis: whether it is new.
    """

    __slots__ = ("axis", "makes_axis")

    def __init__(
        self, op: Op, template: object, specs: tuple[TensorSpec, ...], axis: int
    ) -> None:
        super().__init__(op, template, specs, _ONE_ARRAY)
        self.axis = axis
        self.makes_axis = bool(op.makes_axis)
        shape = list(specs[0].shape)
        if op.makes_axis:
            shape.insert(axis, len(specs))
        else:
            shape[axis] = sum([spec.shape[axis] for spec in specs])
        out = tensor_spec(tuple(shape), specs[0].dtype, specs[0].device)
        self._set_outputs((out,))


def joined_call(
    op: Op, template: Any, specs: tuple[TensorSpec, ...]
) -> JoinedCall | None:
    """The call of an operation; None where it has to be traced."""
    (_, axis), _ = bind_args(template, iter(specs))
    first = specs[0]
    if first.weak_type or first.device is META or narrow(op, template, specs):
        return None
    for spec in dict.fromkeys(specs):
        if (
            spec.dtype is not first.dtype
            or spec.device is not first.device
            or spec.weak_type
            or len(spec.shape) != len(first.shape)
            or not _agree(spec.shape, first.shape, -1 if op.makes_axis else axis)
        ):
            return None
    return JoinedCall(op, template, specs, axis)


def _agree(a: tuple[int, ...], b: tuple[int, ...], axis: int) -> bool:
    return a == b or all(
        x == y or d == axis for d, (x, y) in enumerate(zip(a, b, strict=True))
    )


def joined(call: JoinedCall) -> Plan:
    """The plan of a call."""
    axis, count = call.axis, len(call.input_specs)
    (out,) = call.output_specs
    if not call.makes_axis:
        cost = cost_of_joining(count, out.bytes)
        return plan_of_function(lambda arrays: [np.concatenate(arrays, axis)], cost)
    shape = list(out.shape)
    shape[axis] = 1

    def stacked(arrays: list[Any]) -> list[Any]:
        return [np.concatenate([x.reshape(shape) for x in arrays], axis)]

    return plan_of_function(stacked, Cost(count + 1, 2 * out.bytes, 0, count + 1))


def parted(call: PullbackCall) -> Plan:
    """The plan of a gradient, whose last input is that of the joined tensor."""
    assert isinstance(call.forward, JoinedCall)
    places = _places(call.forward)
    wanted = [places[index] for index in call.wanted]
    count = len(wanted)
    size = sum([spec.bytes for spec in call.output_specs])

    def parts(arrays: list[Any]) -> list[Any]:
        gradient = arrays[-1]
        return [gradient[place] for place in wanted]

    return plan_of_function(parts, Cost(count, size, 0, count))


def _places(call: JoinedCall) -> Sequence[tuple[Any, ...]]:
    """The indices of each input in what comes out."""
    before = (slice(None),) * call.axis
    if call.makes_axis:
        return [(*before, index, ...) for index in range(len(call.input_specs))]
    places, end = [], 0
    for spec in call.input_specs:
        start, end = end, end + spec.shape[call.axis]
        places.append((*before, slice(start, end)))
    return places
