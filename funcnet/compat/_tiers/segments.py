"""A long trace cut into segments, each a use of a piece.

Where a trace repeats itself (`periods.py`), as many periods make one segment as are
worth the start of a program. What is between is cut only where it would take too long
to compile. A segment's inputs are leaves, values of earlier segments and what these
keep for the gradients; they are let go of after the last segment that reads them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from funcnet.compat._engine.pullback import PullbackCall
from funcnet.compat._engine.trace import Trace
from funcnet.compat._interpreter import Plan
from funcnet.compat._interpreter.costs import Cost
from funcnet.compat._interpreter.steps import cost_of_plans
from funcnet.compat._tiers.computation import (
    Computation,
    NotSeparableError,
    computations,
)
from funcnet.compat._tiers.estimates import LONGEST, RUN_ANY, compiling, running
from funcnet.compat._tiers.periods import stretches
from funcnet.compat._tiers.pieces import Piece, piece_of

LEAST_STEPS: Final = 128
"""A shorter trace is one program."""
_LEAST_COMPILE: Final = 5.0
"""And one that takes no more seconds than this to compile."""
_COMPILE_GAP: Final = 10.0
_COMPILE_PIECE: Final = 2.0
_MOST_PERIODS: Final = 64
_WORTH: Final = 4
"""A piece runs so much longer than it takes to start it."""


class Segment(NamedTuple):
    """A use of a piece.

    Attributes:
        piece: which one.
        inputs: where its inputs are: an index, or ~index of a leaf.
        outputs: the indices that its outputs get.
        unused: the indices that no later segment reads.
    """

    piece: Piece
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    unused: tuple[int, ...]


class Cut(NamedTuple):
    """A trace in segments.

    Attributes:
        segments: in order.
        size: the number of indices: the values of the trace, then the residuals.
        uses: how often each piece is used.
    """

    segments: list[Segment]
    size: int
    uses: dict[Piece, int]


def cut(trace: Trace, results: Sequence[int], plans: Sequence[Plan]) -> Cut | None:
    """The segments of a trace; None where it had better be one program."""
    whole = compiling(cost_of_plans(plans))
    if whole <= _LEAST_COMPILE:
        return None
    bounds = _bounds([plan.number for plan in plans], plans, whole)
    if len(bounds) == 1:
        return None
    try:
        steps = computations(trace)
    except NotSeparableError:
        return None
    reads, writes, size = _numbered(trace, steps)
    segments = _segments(steps, bounds, reads, writes, results)
    uses = Counter(segment.piece for segment in segments)
    return Cut(segments, size, uses)


def _bounds(
    codes: Sequence[int], plans: Sequence[Plan], whole: float
) -> list[tuple[int, int]]:
    """Where segments start and end."""
    result: list[tuple[int, int]] = []
    at = 0
    for stretch in stretches(codes):
        result += _cut_evenly(at, stretch.start, plans)
        period = stretch.period
        body = cost_of_plans(plans[stretch.start : stretch.start + period])
        length = _periods_of_a_piece(body, stretch.repeats) * period
        at = stretch.start
        for size in (length, period):
            while at + size <= stretch.end:
                result.append((at, at + size))
                at += size
    if not result and whole <= LONGEST:
        return [(0, len(codes))]
    result += _cut_evenly(at, len(codes), plans)
    return result


def _periods_of_a_piece(body: Cost, count: int) -> int:
    """How many repetitions are run by one program: a power of two."""
    periods = 1
    while (
        2 * periods <= min(_MOST_PERIODS, count // 4)
        and running(body) * periods < _WORTH * RUN_ANY
        and compiling(body) * 2 * periods < _COMPILE_PIECE
    ):
        periods *= 2
    return periods


def _cut_evenly(
    start: int, end: int, plans: Sequence[Plan]
) -> Iterator[tuple[int, int]]:
    """Segments of what does not repeat itself, none of which takes long to compile."""
    primitives, at = 0.0, start
    for step in range(start, end):
        primitives += plans[step].cost.primitives
        if compiling(Cost(primitives=primitives)) > _COMPILE_GAP:
            yield at, step + 1
            primitives, at = 0.0, step + 1
    if at < end:
        yield at, end


def _numbered(
    trace: Trace, steps: Sequence[Computation]
) -> tuple[list[Sequence[int]], list[Sequence[int]], int]:
    """For each step what it reads and writes, as indices; also their number.

    Behind the values of the trace come the arrays that are kept for gradients.
    """
    reads: list[Sequence[int]] = []
    writes: list[Sequence[int]] = []
    value, count = 0, len(trace.values)
    for computation, (_, forward, sources) in zip(steps, trace.steps, strict=True):
        if computation.reads is not None:
            call = computation.call
            assert isinstance(call, PullbackCall)
            known = [*trace.steps[forward][2], *writes[forward]]
            cotangents = sources[len(call.forward.input_specs) :]
            sources = (*[known[i] for i in computation.reads], *cotangents)
        reads.append(sources)
        outputs = range(value, value + computation.outputs)
        value += computation.outputs
        if computation.kept:
            writes.append([*outputs, *range(count, count + computation.kept)])
            count += computation.kept
        else:
            writes.append(outputs)
    return reads, writes, count


def _segments(
    steps: Sequence[Computation],
    bounds: Sequence[tuple[int, int]],
    reads: Sequence[Sequence[int]],
    writes: Sequence[Sequence[int]],
    results: Sequence[int],
) -> list[Segment]:
    segments = []
    needed = set(results)  # by a later segment, or by the caller
    for start, end in reversed(bounds):
        local: dict[int, int] = {}  # index in the trace to index in the piece
        inputs: dict[int, int] = {}
        numbered = []
        written = 0
        for step in range(start, end):
            sources = []
            for index in reads[step]:
                number = local.get(index)
                if number is None:
                    number = ~inputs.setdefault(index, len(inputs))
                sources.append(number)
            for index in writes[step]:
                local[index] = written
                written += 1
            numbered.append((steps[step], tuple(sources)))
        outputs = [index for index in local if index in needed]
        unused = [index for index in inputs if index >= 0 and index not in needed]
        needed.difference_update(outputs)
        needed.update(unused)
        piece = piece_of(numbered, tuple([local[index] for index in outputs]))
        segments.append(Segment(piece, tuple(inputs), tuple(outputs), tuple(unused)))
    return segments[::-1]
