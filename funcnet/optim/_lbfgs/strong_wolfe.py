"""The line search of L-BFGS."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias, TypeVar

import jax
import jax.numpy as jnp

from funcnet._types import Array

Evaluate: TypeAlias = Callable[[Array], tuple[Array, Array]]
"""`x -> (value, gradient)` on the vector of parameters."""


Tree = TypeVar("Tree")


class Point(NamedTuple):
    """A point on the line; a bracket is two of them along a first axis."""

    size: Array  # the step along the direction
    value: Array
    grad: Array
    slope: Array  # of the value along the direction


class _Search(NamedTuple):
    """First a minimum is bracketed, then the bracket is tightened (zooming)."""

    size: Array  # to be tried next
    previous: Point
    bracket: Point
    low: Array  # which end of the bracket has the lower value: 0 or 1
    zooming: Array
    stuck: Array  # the last trial was close to an end of the bracket
    retries: Array  # trials after the first one
    done: Array


_ARMIJO, _CURVATURE = 1e-4, 0.9


def strong_wolfe(
    evaluate: Evaluate,
    x: Array,
    direction: Array,
    size: Array,
    here: Point,
    max_retries: Array,
    tolerance_change: float,
) -> tuple[Point, Array]:
    """Find a step that satisfies the strong Wolfe conditions.

    PyTorch's `_strong_wolfe`, which is minFunc's. Bracketing and zooming are one loop
    here, so that the loss is compiled once.

    Args:
        evaluate: the loss.
        x: where the line starts.
        direction: of the line.
        size: the first step to try.
        here: the start of the line, as a point.
        max_retries: trials after the first one.
        tolerance_change: a bracket smaller than this is not refined.

    Returns:
        `(the point found, number of evaluations)`.
    """
    scale = jnp.max(jnp.abs(direction))

    def again(search: _Search) -> _Search:
        value, grad = evaluate(x + search.size * direction)
        new = Point(search.size, value, grad, jnp.dot(grad, direction))
        search = _select(
            search.zooming,
            _tighten(search, new, here),
            _bracket(search, new, here, max_retries),
        )
        extent = jnp.abs(search.bracket.size[1] - search.bracket.size[0])
        over = (search.retries >= max_retries) | (extent * scale < tolerance_change)
        done = search.done | (search.zooming & over)
        search = search._replace(done=done)
        return _select(search.zooming & ~done, _next_zoom(search), search)

    no, zero = jnp.array(False), jnp.zeros((), jnp.int32)
    start = _Search(size, here, _pair(here, here), zero, no, no, zero, no)
    end = jax.lax.while_loop(lambda search: ~search.done, again, start)
    return _at(end.bracket, end.low), end.retries + 1


def _bracket(search: _Search, new: Point, here: Point, max_retries: Array) -> _Search:
    """Take the new point as an end of the bracket, or as the result, or go further."""
    exhausted = search.retries >= max_retries
    higher = (search.retries > 1) & (new.value >= search.previous.value)
    bracketed = ~_falls_enough(new, here) | higher
    flat = ~bracketed & _flat_enough(new, here)
    bracketed = bracketed | (~flat & (new.slope >= 0))
    first = _select(exhausted, here, _select(flat, new, search.previous))
    bracket = _pair(first, new)
    finished = exhausted | flat
    farther = search.size + 0.01 * (search.size - search.previous.size)
    size = _interpolate(search.previous, new, farther, search.size * 10)
    going_on = ~(finished | bracketed)
    return search._replace(
        size=jnp.where(going_on, size, search.size),
        previous=new,
        bracket=bracket,
        low=_lower_end(bracket),
        zooming=bracketed & ~finished,
        retries=search.retries + going_on.astype(jnp.int32),
        done=finished,
    )


def _tighten(search: _Search, new: Point, here: Point) -> _Search:
    """Replace an end of the bracket by the new point."""
    bracket, low = search.bracket, search.low
    lowest, highest = _at(bracket, low), _at(bracket, 1 - low)
    worse = ~_falls_enough(new, here) | (new.value >= lowest.value)
    flat = ~worse & _flat_enough(new, here)
    # A slope that points away from the high end turns the bracket around.
    turned = ~flat & (new.slope * (highest.size - lowest.size) >= 0)
    kept = _select(turned, lowest, highest)
    better = _put(_put(bracket, 1 - low, kept), low, new)
    bracket = _select(worse, _put(bracket, 1 - low, new), better)
    low = jnp.where(worse, _lower_end(bracket), low)
    return search._replace(bracket=bracket, low=low, done=flat)


def _next_zoom(search: _Search) -> _Search:
    """Choose a point inside the bracket that is not stuck at one of its ends."""
    first, second = _at(search.bracket, 0), _at(search.bracket, 1)
    left = jnp.minimum(first.size, second.size)
    right = jnp.maximum(first.size, second.size)
    size = _interpolate(first, second, left, right)
    margin = 0.1 * (right - left)
    close = jnp.minimum(right - size, size - left) < margin
    push = close & (search.stuck | (size >= right) | (size <= left))
    nearer_right = jnp.abs(size - right) < jnp.abs(size - left)
    pushed = jnp.where(nearer_right, right - margin, left + margin)
    return search._replace(
        size=jnp.where(push, pushed, size),
        stuck=close & ~push,
        retries=search.retries + 1,
    )


def _interpolate(a: Point, b: Point, least: Array, most: Array) -> Array:
    """The minimum, within bounds, of the cubic through two points and their slopes."""
    left, right = _select(a.size <= b.size, a, b), _select(a.size <= b.size, b, a)
    d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.size - b.size)
    square = d1**2 - a.slope * b.slope
    d2 = jnp.sqrt(jnp.maximum(square, 0))
    share = (right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2)
    minimum = right.size - (right.size - left.size) * share
    cubic = jnp.minimum(jnp.maximum(minimum, least), most)
    return jnp.where(square >= 0, cubic, (least + most) / 2)


def _falls_enough(new: Point, here: Point) -> Array:
    """The first Wolfe condition (Armijo's)."""
    return ~(new.value > here.value + _ARMIJO * new.size * here.slope)


def _flat_enough(new: Point, here: Point) -> Array:
    """The second Wolfe condition."""
    return jnp.abs(new.slope) <= -_CURVATURE * here.slope


def _lower_end(bracket: Point) -> Array:
    return jnp.where(bracket.value[0] <= bracket.value[1], 0, 1).astype(jnp.int32)


def _select(condition: Array, a: Tree, b: Tree) -> Tree:
    return jax.tree.map(lambda x, y: jnp.where(condition, x, y), a, b)


def _pair(a: Point, b: Point) -> Point:
    return jax.tree.map(lambda x, y: jnp.stack([x, y]), a, b)


def _at(bracket: Point, end: Array | int) -> Point:
    return jax.tree.map(lambda x: x[end], bracket)


def _put(bracket: Point, end: Array, point: Point) -> Point:
    return jax.tree.map(lambda x, new: x.at[end].set(new), bracket, point)
