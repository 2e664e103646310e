"""Parameters that share memory, of which each must see what was written before it.

PyTorch's optimizers update one parameter after the other, in place. One recorded step
for all of them comes to the same as long as no parameter shows memory that another one
writes to; otherwise there are several, one after the other.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from numpy.lib.array_utils import byte_bounds

from funcnet.compat._tensor.tensor import Tensor

Groups: TypeAlias = list[list[Tensor]]

# What memory a tensor shows: the storage (None for that of numpy), from byte to byte.
_Span: TypeAlias = tuple[int | None, int, int]


def in_turn(groups: Groups) -> list[Groups]:
    """The parameters of each group, such that none is in the way of another."""
    params = [p for group in groups for p in group]
    memory = [p._storage for p in params]
    read = [p._grad._storage for p in params if p._grad is not None]
    written = {id(storage) for storage in memory if storage.host is None}
    if len(written) == len(params) and written.isdisjoint(map(id, read)):
        return [groups]
    turns = _turns(params)
    if not any(turns):
        return [groups]
    parts = []
    for turn in range(max(turns) + 1):
        left = iter(turns)
        parts.append([[p for p in group if next(left) == turn] for group in groups])
    return parts


def share_memory(tensors: Sequence[Tensor]) -> bool:
    """Tell whether two of these tensors may show the same memory."""
    spans = [_span(x) for x in tensors]
    return bool(_meeting(spans))


def _turns(params: Sequence[Tensor]) -> list[int]:
    """For each parameter in which turn it is updated: after what it has to see."""
    writes = [_span(p) for p in params]
    reads = [_span(p._grad) for p in params if p._grad is not None]
    shared = _meeting([*writes, *reads])
    turns: list[int] = []
    for place, (write, read) in enumerate(zip(writes, reads, strict=True)):
        turn = 0
        if write[0] in shared or read[0] in shared:
            for before in range(place):
                if _meet(writes[before], write) or _meet(writes[before], read):
                    turn = max(turn, turns[before] + 1)
                elif _meet(
                    reads[before], write
                ):  # which it reads before all is written
                    turn = max(turn, turns[before])
        turns.append(turn)
    return turns


def _span(x: Tensor) -> _Span:
    memory = x._storage.host
    if memory is not None:
        return None, *byte_bounds(x._numpy_view(memory))
    layout, size = x._layout(), x.dtype.itemsize
    steps = zip(layout.shape, layout.stride, strict=True)
    last = layout.offset + sum((n - 1) * step for n, step in steps)
    return id(x._storage), layout.offset * size, (last + 1) * size


def _meet(a: _Span, b: _Span) -> bool:
    return a[0] == b[0] and a[1] < b[2] and b[1] < a[2]


def _meeting(spans: Iterable[_Span]) -> set[int | None]:
    """The storages of which a part is shown more than once."""
    ends: dict[int | None, int] = {}
    result = set()
    for storage, low, high in sorted(spans, key=lambda span: (span[0] or 0, *span[1:])):
        if low < ends.get(storage, low):
            result.add(storage)
        ends[storage] = max(high, ends.get(storage, high))
    return result
