"""A trace run segment by segment, each by its piece in the tier that is due.

Passes through here: a long trace, whose segments are found once (`segments.py`).
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

import jax
import numpy as np

from funcnet.compat._core.device import device
from funcnet.compat._engine import executor
from funcnet.compat._engine.graph import Value
from funcnet.compat._engine.trace import Trace
from funcnet.compat._interpreter import Computing
from funcnet.compat._tiers.interpret import Planned, leaf_on_host, own, planned
from funcnet.compat._tiers.segments import LEAST_STEPS, Cut, cut

_MOST_CUTS: Final = 64


class _Cuts(threading.local):
    """The calling thread's, as its pieces are."""

    def __init__(self) -> None:
        self.of: OrderedDict[Any, Cut | None] = OrderedDict()


_cuts: Final = _Cuts()


def cut_of(trace: Trace, results: Sequence[int]) -> tuple[Cut | None, Planned | None]:
    """The segments of a trace; None where it had better be one program.

    Also how its steps are computed, if that had to be found.
    """
    if len(trace.steps) < LEAST_STEPS:
        return None, None
    key = (trace.key, tuple(results))
    cuts = _cuts.of
    if key in cuts:
        cuts.move_to_end(key)
        return cuts[key], None
    plans = planned(trace)
    result = cuts[key] = cut(trace, results, plans.plans)
    if len(cuts) > _MOST_CUTS:
        cuts.popitem(last=False)
    return result, plans


def run(
    cut: Cut, on: device, trace: Trace, results: Sequence[int], at_once: bool
) -> None:
    """Run a trace that is cut into segments, if wished all of it compiled."""
    leaves = trace.leaves
    values: list[Any] = [None] * cut.size
    left = dict(cut.uses)
    with Computing(), jax.enable_x64(True):
        for piece, inputs, outputs, unused in cut.segments:
            compiled = at_once or piece.uses >= piece.schedule.interpreted
            array_of = executor.array_of if compiled else leaf_on_host
            arrays = [array_of(leaves[~i]) if i < 0 else values[i] for i in inputs]
            for index in unused:
                values[index] = None
            if compiled or piece.is_due(left[piece]):
                piece.compile(on, arrays)
            left[piece] -= 1
            computed = piece.run(arrays) if compiled else piece.interpret(arrays)
            del arrays
            for index, array in zip(outputs, computed, strict=True):
                values[index] = array
    executor.set_results(trace, results, _own(leaves, [values[i] for i in results]))


def _own(leaves: Sequence[Value], results: Sequence[Any]) -> list[Any]:
    """The results; those of numpy copied where others have their memory."""
    of_numpy = [x for x in results if not isinstance(x, jax.Array)]
    if len(of_numpy) < len(results):  # a program may be reading them
        of_numpy = [np.array(x, order="C") for x in of_numpy]
    else:
        of_numpy = own([leaf.array for leaf in leaves], of_numpy)
    owned = iter(of_numpy)
    return [x if isinstance(x, jax.Array) else next(owned) for x in results]
