"""Where a long list repeats itself: the loops of a script, found in what it recorded.

Windows of the list are hashed; where the window before one of the same hash is equally
far away for a long stretch, the list is periodic there. Windows grow, so that the
innermost loops are found first, in time that is linear for each of a few lengths.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

_WINDOWS: Final = (4, 16, 64, 256, 1024)
_LEAST_REPEATS: Final = 8
_LEAST_LENGTH: Final = 64
_FACTOR: Final = 0x9E3779B97F4A7C15


class Stretch(NamedTuple):
    """A part of a list that repeats itself.

    Attributes:
        start: where it begins.
        period: the length of what is repeated.
        repeats: how often it is there.
    """

    start: int
    period: int
    repeats: int

    @property
    def end(self) -> int:
        """The index after the last."""
        return self.start + self.period * self.repeats


def stretches(codes: Sequence[int]) -> list[Stretch]:
    """The parts of a list that repeat themselves at least 8 times, in order.

    What is repeated begins at the same code wherever the stretch begins: a loop that
    is recorded in two parts is cut alike in both.
    """
    array = np.asarray(codes, np.int64)
    found: list[Stretch] = []
    free = [(0, len(array))]
    for window in _WINDOWS:
        still_free = []
        for start, end in free:
            inside = _periodic(array[start:end], window)
            at = start
            for first, last, period in inside:
                stretch = _aligned(array, start + first, start + last, period)
                if stretch.start > at:
                    still_free.append((at, stretch.start))
                found.append(stretch)
                at = stretch.end
            if end > at:
                still_free.append((at, end))
        free = still_free
    return sorted(found)


def _periodic(codes: np.ndarray, window: int) -> list[tuple[int, int, int]]:
    """Parts `start, end, period` of an array in which windows of this length repeat."""
    count = len(codes) - window + 1
    if count < _LEAST_LENGTH:
        return []
    hashes = codes.astype(np.uint64) + np.uint64(1)
    length = 1
    with np.errstate(over="ignore"):
        while length < window:  # each doubles the length of what is hashed
            hashes = (
                hashes[:-length] * np.uint64(_FACTOR + 2 * length) + hashes[length:]
            )
            hashes ^= hashes >> np.uint64(29)
            length *= 2
    order = np.argsort(hashes, kind="stable")
    same = hashes[order[1:]] == hashes[order[:-1]]
    distance = np.zeros(count, np.int64)
    distance[order[1:]] = np.where(same, order[1:] - order[:-1], 0)
    edges = np.flatnonzero(np.diff(distance)) + 1
    starts = np.concatenate([[0], edges])
    ends = np.concatenate([edges, [count]])
    periods = distance[starts]
    most = np.minimum(starts, periods) + ends - starts + window - 1
    least = np.maximum(_LEAST_LENGTH, _LEAST_REPEATS * periods)
    candidates = np.flatnonzero((periods > 0) & (most >= least))
    result: list[tuple[int, int, int]] = []
    at = 0
    for index in candidates.tolist():
        start, end, period = map(int, (starts[index], ends[index], periods[index]))
        first, last = max(start - period, at), end + window - 1
        if last - first < least[index]:
            continue
        if np.array_equal(codes[first + period : last], codes[first : last - period]):
            result.append((first, last, period))
            at = last
    return result


def _aligned(codes: np.ndarray, start: int, end: int, period: int) -> Stretch:
    """The stretch from its first index at which the least of the rotations begins."""
    start += _least_rotation(codes[start : start + period].tolist())
    return Stretch(start, period, (end - start) // period)


def _least_rotation(codes: list[int]) -> int:
    """Where the rotation of a list begins that is the first in alphabetical order."""
    size = len(codes)
    first, second, length = 0, 1, 0
    while first < size and second < size and length < size:
        x = codes[(first + length) % size]
        y = codes[(second + length) % size]
        if x == y:
            length += 1
            continue
        if x > y:
            first += length + 1
        else:
            second += length + 1
        if first == second:
            second += 1
        length = 0
    return min(first, second)
