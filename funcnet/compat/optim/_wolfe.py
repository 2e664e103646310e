"""The line search of L-BFGS: PyTorch's, which is minFunc's, with numbers at hand.

`funcnet.optim._lbfgs.strong_wolfe` is the same search where the loss is a traced
function.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

_ARMIJO, _CURVATURE = 1e-4, 0.9


class Point(NamedTuple):
    """A point on the line: the step, the loss, its gradient, and its slope along it."""

    size: float
    value: float
    grad: np.ndarray
    slope: float


def strong_wolfe(
    evaluate: Callable[[float], Point],
    direction: np.ndarray,
    size: float,
    here: Point,
    most: int,
    tolerance_change: float,
) -> tuple[Point, int]:
    """Find a step that satisfies the strong Wolfe conditions.

    Returns the point, and how often the loss was evaluated; at most `most` times after
    the first one.
    """
    new, previous = evaluate(size), here
    bracket: list[Point] = []
    tried, done = 0, False
    while tried < most:
        if not _falls_enough(new, here) or (tried > 1 and new.value >= previous.value):
            bracket = [previous, new]
            break
        if _is_flat(new, here):
            bracket, done = [new], True
            break
        if new.slope >= 0:
            bracket = [previous, new]
            break
        least = new.size + 0.01 * (new.size - previous.size)
        further = _interpolate(previous, new, least, new.size * 10)
        previous, new = new, evaluate(further)
        tried += 1
    if not bracket:
        bracket = [here, new]
    low = 0 if bracket[0].value <= bracket[-1].value else 1
    scale, stuck = float(np.abs(direction).max()), False
    while not done and tried < most:
        left, right = sorted(point.size for point in bracket)
        if (right - left) * scale < tolerance_change:
            break
        size, stuck = _next_size(bracket, left, right, stuck)
        new = evaluate(size)
        tried += 1
        high = 1 - low
        if not _falls_enough(new, here) or new.value >= bracket[low].value:
            bracket[high] = new
            low = 0 if bracket[0].value <= bracket[1].value else 1
            continue
        done = _is_flat(new, here)
        away = new.slope * (bracket[high].size - bracket[low].size) >= 0
        if not done and away:
            bracket[high] = bracket[low]
        bracket[low] = new
    return bracket[low], tried + 1


def _next_size(
    bracket: list[Point], left: float, right: float, stuck: bool
) -> tuple[float, bool]:
    """A step inside the bracket that does not stay close to one of its ends."""
    size = _interpolate(bracket[0], bracket[1], left, right)
    margin = 0.1 * (right - left)
    if min(right - size, size - left) >= margin:
        return size, False
    if not stuck and left < size < right:
        return size, True
    nearer_right = abs(size - right) < abs(size - left)
    return (right - margin if nearer_right else left + margin), False


def _interpolate(a: Point, b: Point, least: float, most: float) -> float:
    """The minimum, within bounds, of the cubic through two points and their slopes."""
    left, right = (a, b) if a.size <= b.size else (b, a)
    d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.size - b.size)
    square = d1**2 - a.slope * b.slope
    if not square >= 0:
        return (least + most) / 2
    d2 = float(np.sqrt(square))
    share = (right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2)
    return min(max(right.size - (right.size - left.size) * share, least), most)


def _falls_enough(new: Point, here: Point) -> bool:
    """The first Wolfe condition (Armijo's)."""
    return not new.value > here.value + _ARMIJO * new.size * here.slope


def _is_flat(new: Point, here: Point) -> bool:
    """The second Wolfe condition."""
    return abs(new.slope) <= -_CURVATURE * here.slope
