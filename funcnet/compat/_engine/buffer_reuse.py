"""Memory that a program may write its results into, so that none is asked for anew.

Passes through here: the leaves of a trace, of which some may be donated, and gradients
that a program gave, which come back as buffers. The first are what a program reads and
nobody needs afterwards, such as a parameter's old value; the second were dropped
meanwhile. CPython's counts of references tell; where they say more than we know of, the
memory is left alone.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from sys import getrefcount
from typing import Any, Final, NamedTuple

import jax
import numpy as np

from funcnet.compat._core.context import thread
from funcnet.compat._engine.graph import Value
from funcnet.compat._engine.op import TensorSpec
from funcnet.compat._engine.pullback import PullbackCall

# New memory for a smaller result costs less than looking for old.
_SMALL: Final = 1 << 16

# A gradient that is dropped waits for so many programs: those of a GAN take turns, and
# between two steps something may be measured.
_PATIENCE: Final = 8


references: Final[Callable[[list[Any]], Iterator[int]]] = partial(map, getrefcount)
"""How often each object is referred to."""


ALONE: Final = next(references([object()]))
"""What `references` says of what its list refers to and nobody else."""


class _Kept(NamedTuple):
    """A gradient that may be dropped, and how many programs have run since."""

    spec: TensorSpec
    array: Any
    age: int


def _holders(kept: _Kept) -> int:
    return getrefcount(kept.array)


_ALONE_WHEN_KEPT: Final = _holders(_Kept(None, object(), 0))  # type: ignore[arg-type]


def donatable_inputs(
    leaves: list[Value], uses: Sequence[int], specs: Sequence[TensorSpec]
) -> tuple[int, ...]:
    """The indices of the leaves that nobody refers to but the nodes that are counted.

    There are no more of a spec than `specs`, those of the results, have of it.
    """
    room: dict[int, int] = {}
    for spec in specs:
        room[id(spec)] = room.get(id(spec), 0) + 1
    gradients = {id(kept.array) for kept in thread.context.dropped_gradients}
    donated = []
    for index, (count, used) in enumerate(zip(references(leaves), uses, strict=True)):
        if count - used > ALONE:
            continue
        value = leaves[index]
        spec = value.spec
        if not room.get(id(spec)) or spec.weak_type:
            continue
        if type(value.array) is not np.ndarray:  # which XLA leaves as it is
            known = ALONE + 1 + (id(value.array) in gradients)  # the value, this module
            if next(references([value.array])) > known:
                continue
        room[id(spec)] -= 1
        donated.append(index)
    return tuple(donated)


def reusable_gradients(values: Sequence[Value]) -> tuple[int, ...]:
    """The indices of the values that are gradients and not small, on the host."""
    return tuple(
        index
        for index, value in enumerate(values)
        if value.node is not None
        and isinstance(value.node.call, PullbackCall)
        and value.spec.device.type == "cpu"
        and value.spec.bytes >= _SMALL
    )


def specs_without_buffer(
    wanted: Sequence[TensorSpec],
    results: Sequence[TensorSpec],
    donated: Sequence[TensorSpec],
) -> tuple[TensorSpec, ...]:
    """Of the results wanted, those for which no donated leaf of their spec is left."""
    room = list(results)
    for spec in donated:
        room.remove(spec)
    without = []
    for spec in wanted:
        if spec in room:
            room.remove(spec)
            without.append(spec)
    return tuple(without)


def offer_buffer(spec: TensorSpec, array: Any) -> None:
    """Remember a gradient, to use its memory once it has been dropped."""
    thread.context.dropped_gradients.append(_Kept(spec, array, 0))


def take_buffers(specs: Sequence[TensorSpec]) -> list[Any]:
    """An array of each spec to write into: dropped gradients, or new ones."""
    free: dict[TensorSpec, list[Any]] = {}
    waiting = []
    gradients = thread.context.dropped_gradients
    while gradients:
        kept = gradients.pop()
        if kept.age == _PATIENCE or kept.array.is_deleted():
            continue
        if _holders(kept) > _ALONE_WHEN_KEPT:
            waiting.append(kept._replace(age=kept.age + 1))
        else:
            free.setdefault(kept.spec, []).append(kept)
    buffers = []
    for spec in specs:
        fitting = free.get(spec)
        if fitting:
            buffers.append(fitting.pop().array)
        else:
            # Of `jnp.zeros` XLA would compile a program for each shape.
            with jax.enable_x64(True):
                zeros = np.zeros(spec.shape, spec.dtype.numpy)
                buffers.append(jax.device_put(zeros))
    for fitting in free.values():
        waiting += [kept._replace(age=kept.age + 1) for kept in fitting]
    gradients.extend(waiting)
    return buffers
