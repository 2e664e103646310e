"""The line search of L-BFGS: PyTorch's `_strong_wolfe`, which is minFunc's."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from funcnet.optim._lbfgs.ops import Ops

Scalar: TypeAlias = Any
"""A traced scalar, or on the host one of numpy's."""

Vector: TypeAlias = Any
"""A traced vector, or on the host one of numpy's."""


class Point(NamedTuple):
    """A point on the line."""

    size: Scalar  # the step along the direction
    value: Scalar
    grad: Vector
    slope: Scalar  # of the value along the direction


Bracket: TypeAlias = tuple[Point, Point]


class _Search(NamedTuple):
    """First a minimum is bracketed, then the bracket is tightened (zooming)."""

    size: Scalar  # to be tried next
    previous: Point
    bracket: Bracket
    second_is_low: Scalar  # which end of the bracket has the lower value
    zooming: Scalar
    stuck: Scalar  # the last trial was close to an end of the bracket
    retries: Scalar  # trials after the first one
    done: Scalar


_ARMIJO, _CURVATURE = 1e-4, 0.9


def strong_wolfe(
    ops: Ops,
    evaluate: Callable[[Scalar], Point],
    size: Scalar,
    origin: Point,
    scale: Scalar,
    max_retries: Scalar,
    tolerance_change: float,
) -> tuple[Point, Scalar]:
    """Find a step that satisfies the strong Wolfe conditions.

    Bracketing and zooming are one loop, so that the loss is compiled once.

    Args:
        ops: whether the search is traced or runs on the host.
        evaluate: the point at a step along the direction.
        size: the first step to try.
        origin: the point at the start of the line.
        scale: the largest element of the direction.
        max_retries: trials after the first one.
        tolerance_change: a bracket smaller than this is not refined.

    Returns:
        `(point, number of evaluations)`.
    """
    xp = ops.xp

    def body(search: _Search) -> _Search:
        new = evaluate(search.size)
        search = ops.choose(
            search.zooming,
            lambda: _tighten(ops, search, new, origin),
            lambda: _bracket(ops, search, new, origin, max_retries),
        )
        first, second = search.bracket
        extent = xp.abs(second.size - first.size)
        over = (search.retries >= max_retries) | (extent * scale < tolerance_change)
        done = search.done | (search.zooming & over)
        result = search._replace(done=done)
        return ops.choose(
            search.zooming & ~done, lambda: _next_zoom(ops, result), lambda: result
        )

    false, zero = xp.bool_(False), xp.int32(0)
    start = _Search(size, origin, (origin, origin), false, false, false, zero, false)
    end = ops.loop(lambda search: ~search.done, body, start)
    low, _ = _ends(ops, end)
    return low, end.retries + 1


def _bracket(
    ops: Ops, search: _Search, new: Point, origin: Point, max_retries: Scalar
) -> _Search:
    """Take the new point as an end of the bracket, or as the result, or go further."""
    exhausted = search.retries >= max_retries
    higher = (search.retries > 1) & (new.value >= search.previous.value)
    bracketed = ~_falls_enough(new, origin) | higher
    flat = ~bracketed & _flat_enough(ops, new, origin)
    bracketed = bracketed | (~flat & (new.slope >= 0))
    first = ops.select(exhausted, origin, ops.select(flat, new, search.previous))
    finished = exhausted | flat
    continues = ~(finished | bracketed)
    farther = search.size + 0.01 * (search.size - search.previous.size)
    size = ops.choose(
        continues,
        lambda: _interpolate(ops, search.previous, new, farther, search.size * 10),
        lambda: search.size,
    )
    return search._replace(
        size=size,
        previous=new,
        bracket=(first, new),
        second_is_low=~(first.value <= new.value),
        zooming=bracketed & ~finished,
        retries=search.retries + ops.xp.int32(continues),
        done=finished,
    )


def _tighten(ops: Ops, search: _Search, new: Point, origin: Point) -> _Search:
    """Replace an end of the bracket by the new point."""
    low, high = _ends(ops, search)
    worse = ~_falls_enough(new, origin) | (new.value >= low.value)
    flat = ~worse & _flat_enough(ops, new, origin)
    # A slope that points away from the high end turns the bracket around.
    turned = ~flat & (new.slope * (high.size - low.size) >= 0)
    low, high = ops.select(worse, (low, new), (new, ops.select(turned, low, high)))
    first, second = ops.select(search.second_is_low, (high, low), (low, high))
    lower = ~(first.value <= second.value)
    second_is_low = ops.select(worse, lower, search.second_is_low)
    return search._replace(
        bracket=(first, second), second_is_low=second_is_low, done=flat
    )


def _next_zoom(ops: Ops, search: _Search) -> _Search:
    """Choose a point inside the bracket that is not stuck at one of its ends."""
    xp, (first, second) = ops.xp, search.bracket
    left = xp.minimum(first.size, second.size)
    right = xp.maximum(first.size, second.size)
    size = _interpolate(ops, first, second, left, right)
    margin = 0.1 * (right - left)
    close = xp.minimum(right - size, size - left) < margin
    push = close & (search.stuck | (size >= right) | (size <= left))
    nearer_right = xp.abs(size - right) < xp.abs(size - left)
    pushed = ops.select(nearer_right, right - margin, left + margin)
    return search._replace(
        size=ops.select(push, pushed, size),
        stuck=close & ~push,
        retries=search.retries + 1,
    )


def _interpolate(
    ops: Ops, a: Point, b: Point, low_bound: Scalar, high_bound: Scalar
) -> Scalar:
    """The minimum, within bounds, of the cubic through two points and their slopes."""
    xp = ops.xp
    left, right = ops.select(a.size <= b.size, (a, b), (b, a))
    d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.size - b.size)
    square = d1**2 - a.slope * b.slope
    d2 = xp.sqrt(xp.maximum(square, 0))
    share = (right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2)
    minimum = right.size - (right.size - left.size) * share
    cubic = xp.minimum(xp.maximum(minimum, low_bound), high_bound)
    return ops.select(square >= 0, cubic, (low_bound + high_bound) / 2)


def _falls_enough(new: Point, origin: Point) -> Scalar:
    """The first Wolfe condition (Armijo's)."""
    return ~(new.value > origin.value + _ARMIJO * new.size * origin.slope)


def _flat_enough(ops: Ops, new: Point, origin: Point) -> Scalar:
    """The second Wolfe condition."""
    return ops.xp.abs(new.slope) <= -_CURVATURE * origin.slope


def _ends(ops: Ops, search: _Search) -> tuple[Point, Point]:
    """The ends of the bracket with the lower and with the higher value."""
    first, second = search.bracket
    ends: tuple[Point, Point] = ops.select(
        search.second_is_low, (second, first), (first, second)
    )
    return ends
