"""The plans of calls that put tensors together, and of their gradients.

Made of the shapes alone: for each number of tensors they would have to be traced anew.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from funcnet.compat._engine.joining import JoinedCall
from funcnet.compat._engine.pullback import PullbackCall
from funcnet.compat._interpreter import Plan
from funcnet.compat._interpreter.costs import Cost
from funcnet.compat._interpreter.steps import plan_of_function


def joined(call: JoinedCall) -> Plan:
    """The plan of a call."""
    axis, count = call.axis, len(call.input_specs)
    (out,) = call.output_specs
    if not call.makes_axis:
        cost = Cost(1, out.bytes, 0, 1)
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
