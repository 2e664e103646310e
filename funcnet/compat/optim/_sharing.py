"""Parameters that share memory, each of which must see earlier writes.

PyTorch's optimizers update one parameter after the other, in place. One recorded step
for all of them is equivalent as long as no parameter overlaps memory that another one
writes to; otherwise several steps are recorded.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from numpy.lib.array_utils import byte_bounds

from funcnet.compat._tensor.tensor import Tensor

Groups: TypeAlias = list[list[Tensor]]

# The memory of a tensor: the storage (None for that of numpy), from byte to byte.
_Span: TypeAlias = tuple[int | None, int, int]


def conflict_free_parts(groups: Groups) -> list[Groups]:
    """Divide the parameters into parts of which each can be updated at once."""
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
        of_param = iter(turns)
        parts.append([[p for p in group if next(of_param) == turn] for group in groups])
    return parts


def share_memory(tensors: Sequence[Tensor]) -> bool:
    """Return whether two of these tensors may overlap in memory."""
    spans = [_span(x) for x in tensors]
    return bool(_overlapping(spans))


def _turns(params: Sequence[Tensor]) -> list[int]:
    """For each parameter the part in which it is updated: after what it must see."""
    writes = [_span(p) for p in params]
    reads = [_span(p._grad) for p in params if p._grad is not None]
    shared = _overlapping([*writes, *reads])
    turns: list[int] = []
    for index, (write, read) in enumerate(zip(writes, reads, strict=True)):
        turn = 0
        if write[0] in shared or read[0] in shared:
            for before in range(index):
                if _overlap(writes[before], write) or _overlap(writes[before], read):
                    turn = max(turn, turns[before] + 1)
                elif _overlap(reads[before], write):  # it reads before this write
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


def _overlap(a: _Span, b: _Span) -> bool:
    return a[0] == b[0] and a[1] < b[2] and b[1] < a[2]


def _overlapping(spans: Iterable[_Span]) -> set[int | None]:
    """The storages of which a part is visible in several spans."""
    ends: dict[int | None, int] = {}
    result = set()
    for storage, low, high in sorted(spans, key=lambda span: (span[0] or 0, *span[1:])):
        if low < ends.get(storage, low):
            result.add(storage)
        ends[storage] = max(high, ends.get(storage, high))
    return result
