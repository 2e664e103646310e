"""The iterations of L-BFGS on a vector of parameters."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.optim._lbfgs.ops import TRACED
from funcnet.optim._lbfgs.strong_wolfe import Point, strong_wolfe

Evaluate: TypeAlias = Callable[[Array], tuple[Array, Array]]
"""`x -> (value, gradient)` on the vector of parameters."""


class Settings(NamedTuple):
    max_iter: int
    max_eval: int
    tolerance_grad: float
    tolerance_change: float
    line_search: bool


class Memory(NamedTuple):
    """The last changes of gradient and position, in rings of `history_size`."""

    dirs: Array  # (history, n), changes of the gradient
    steps: Array  # (history, n), changes of the position
    ro: Array  # (history,), 1 / (dirs · steps)
    stored: Array  # how many pairs were ever stored
    scale: Array  # of the initial inverse Hessian


class Search(NamedTuple):
    """The loop of one update."""

    x: Array
    value: Array
    grad: Array
    direction: Array
    size: Array  # of the last step along the direction
    memory: Memory
    old_grad: Array
    iteration: Array  # in this call
    all_iterations: Array  # in all calls
    evaluations: Array  # in this call
    done: Array


def search(start: Search, evaluate: Evaluate, lr: Array, settings: Settings) -> Search:
    """Iterate until a criterion stops it."""
    return jax.lax.while_loop(
        lambda now: ~now.done,
        lambda now: _iterate(now, evaluate, lr, settings),
        start,
    )


def _iterate(now: Search, evaluate: Evaluate, lr: Array, settings: Settings) -> Search:
    """One iteration: a direction, a step along it, and the criteria to stop."""
    first = now.all_iterations == 0
    memory = _remember(now, first)
    direction = _two_loops(memory, now.grad)
    first_size = jnp.minimum(1, 1 / jnp.sum(jnp.abs(now.grad))) * lr
    size = jnp.where(first, first_size, lr)
    slope = jnp.dot(now.grad, direction)
    iteration = now.iteration + 1
    # Only what changes goes through the branches: the memory would be copied.
    x, value, grad, size, trials, done = jax.lax.cond(
        slope > -settings.tolerance_change,
        lambda: (now.x, now.value, now.grad, size, jnp.int32(0), True),
        lambda: _move(now, evaluate, direction, size, slope, settings),
    )
    evaluations = now.evaluations + trials
    return Search(
        x=x,
        value=value,
        grad=grad,
        direction=direction,
        size=size,
        memory=memory,
        old_grad=now.grad,
        iteration=iteration,
        all_iterations=now.all_iterations + 1,
        evaluations=evaluations,
        done=done
        | (iteration >= settings.max_iter)
        | (evaluations >= settings.max_eval),
    )


def _remember(now: Search, first: Array) -> Memory:
    """Store the last change, if there is one and the curvature along it is positive."""
    memory = now.memory
    dirs = now.grad - now.old_grad
    steps = now.direction * now.size
    curvature = jnp.dot(dirs, steps)
    store = ~first & (curvature > 1e-10)
    index = memory.stored % memory.ro.size

    def put(ring: Array, new: Array) -> Array:
        # The row is chosen, not the ring, so that the ring is written in place.
        return ring.at[index].set(jnp.where(store, new, ring[index]))

    return Memory(
        put(memory.dirs, dirs),
        put(memory.steps, steps),
        put(memory.ro, 1 / curvature),
        memory.stored + store.astype(jnp.int32),
        jnp.where(store, curvature / jnp.dot(dirs, dirs), memory.scale),
    )


def _two_loops(memory: Memory, grad: Array) -> Array:
    """Multiply the negative gradient by the approximate inverse Hessian."""
    history = memory.ro.size
    oldest = jnp.maximum(memory.stored - history, 0)
    number = memory.stored - oldest

    def backward(i: Array, carry: tuple[Array, Array]) -> tuple[Array, Array]:
        q, weights = carry
        index = (memory.stored - 1 - i) % history
        weight = jnp.dot(memory.steps[index], q) * memory.ro[index]
        return q - weight * memory.dirs[index], weights.at[index].set(weight)

    def forward(i: Array, r: Array) -> Array:
        index = (oldest + i) % history
        weight = jnp.dot(memory.dirs[index], r) * memory.ro[index]
        return r + (weights[index] - weight) * memory.steps[index]

    start = (-grad, jnp.zeros_like(memory.ro))
    q, weights = jax.lax.fori_loop(0, number, backward, start)
    return jax.lax.fori_loop(0, number, forward, q * memory.scale)


def _move(
    now: Search,
    evaluate: Evaluate,
    direction: Array,
    size: Array,
    slope: Array,
    settings: Settings,
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Step along the direction: `(x, value, grad, size, evaluations, done)`."""
    if settings.line_search:

        def along(size: Array) -> Point:
            value, grad = evaluate(now.x + size * direction)
            return Point(size, value, grad, jnp.dot(grad, direction))

        point, evaluations = strong_wolfe(
            TRACED,
            along,
            size,
            Point(jnp.zeros_like(size), now.value, now.grad, slope),
            jnp.max(jnp.abs(direction)),
            max_retries=settings.max_eval - now.evaluations,
            tolerance_change=settings.tolerance_change,
        )
        size, value, grad = point.size, point.value, point.grad
        x = now.x + size * direction
    else:
        x = now.x + size * direction
        # After the last iteration the loss is not used.
        value, grad, evaluations = jax.lax.cond(
            now.iteration + 1 < settings.max_iter,
            lambda: (*evaluate(x), jnp.int32(1)),
            lambda: (now.value, now.grad, jnp.int32(0)),
        )
    done = (
        (jnp.max(jnp.abs(grad)) <= settings.tolerance_grad)
        | (jnp.max(jnp.abs(direction * size)) <= settings.tolerance_change)
        | (jnp.abs(value - now.value) < settings.tolerance_change)
    )
    return x, value, grad, size, evaluations, done
