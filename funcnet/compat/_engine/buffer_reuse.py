"""Memory that a program may write its results into, so that none is asked for anew.

There are two kinds: what the program reads and nobody needs afterwards, such as a
parameter's old value, and gradients of earlier steps that were dropped meanwhile.
CPython's counts of references tell; where they say more than we know of, the memory is
left alone.
"""

from collections.abc import Iterator, Sequence
from sys import getrefcount
from typing import Any, Final, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from funcnet.compat._core.context import thread
from funcnet.compat._engine.graph import Value
from funcnet.compat._engine.op import PullbackCall, TensorSpec

# New memory for a smaller result costs less than looking for old.
_SMALL: Final = 1 << 16

# A gradient that is dropped waits for so many programs: those of a GAN take turns, and
# between two steps something may be measured.
_PATIENCE: Final = 8


def references(objects: list[Any]) -> Iterator[int]:
    """How often each object is referred to."""
    return map(getrefcount, objects)


ALONE: Final = next(references([object()]))
"""What `references` says of what its list refers to and nobody else."""


class _Kept(NamedTuple):
    """A gradient that may be dropped, and how many programs have run since."""

    kind: TensorSpec
    array: Any
    age: int


def _holders(kept: _Kept) -> int:
    return getrefcount(kept.array)


_ALONE_WHEN_KEPT: Final = _holders(_Kept(None, object(), 0))  # type: ignore[arg-type]


def given_up(
    leaves: list[Value], uses: Sequence[int], outs: Sequence[TensorSpec]
) -> tuple[int, ...]:
    """The places of the leaves that nobody refers to but the nodes that are counted.

    There are no more of a kind than there are results of that kind.
    """
    room: dict[int, int] = {}
    for kind in outs:
        room[id(kind)] = room.get(id(kind), 0) + 1
    gradients = {id(kept.array) for kept in thread.context.dropped_gradients}
    found = []
    for place, (n, used) in enumerate(zip(references(leaves), uses, strict=True)):
        if n - used > ALONE:
            continue
        value = leaves[place]
        kind = value.spec
        if not room.get(id(kind)) or kind.weak_type:
            continue
        if type(value.array) is np.ndarray:
            with jax.enable_x64(True):
                value.array = jnp.array(value.array)
        else:
            known = ALONE + 1 + (id(value.array) in gradients)  # the value, this module
            if next(references([value.array])) > known:
                continue
        room[id(kind)] -= 1
        found.append(place)
    return tuple(found)


def large_gradients(values: Sequence[Value]) -> tuple[int, ...]:
    """The places of the values that are gradients and not small, on the host."""
    return tuple(
        place
        for place, value in enumerate(values)
        if value.node is not None
        and isinstance(value.node.call, PullbackCall)
        and value.spec.device.type == "cpu"
        and value.spec.bytes >= _SMALL
    )


def without_memory(
    wanted: Sequence[TensorSpec],
    outs: Sequence[TensorSpec],
    given: Sequence[TensorSpec],
) -> tuple[TensorSpec, ...]:
    """Of the kinds wanted, those for which what is given does not suffice."""
    room = list(outs)
    for kind in given:
        room.remove(kind)
    found = []
    for kind in wanted:
        if kind in room:
            room.remove(kind)
            found.append(kind)
    return tuple(found)


def keep(kind: TensorSpec, array: Any) -> None:
    """Remember a gradient, to use its memory once it has been dropped."""
    thread.context.dropped_gradients.append(_Kept(kind, array, 0))


def spare(kinds: Sequence[TensorSpec]) -> list[Any]:
    """An array of each kind to write into: dropped gradients, or new ones."""
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
            free.setdefault(kept.kind, []).append(kept)
    found = []
    for kind in kinds:
        place = free.get(kind)
        if place:
            found.append(place.pop().array)
        else:
            with jax.enable_x64(True):
                found.append(jnp.zeros(kind.shape, kind.dtype.numpy))
    for place in free.values():
        waiting += [kept._replace(age=kept.age + 1) for kept in place]
    gradients.extend(waiting)
    return found
