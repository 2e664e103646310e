"""L-BFGS: a quasi-Newton method with a limited memory."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree

from funcnet._check import check_choice
from funcnet._errors import InputError
from funcnet._types import Array, Params
from funcnet.optim._base import (
    OptimState,
    Schedule,
    ScheduledState,
    check_same_tree,
    learning_rate,
)
from funcnet.optim._lbfgs.loop import Memory, Search, Settings, search
from funcnet.optim._optax import next_step, transformation_extra_args
from funcnet.optim._settings import LR, check_settings

__all__ = ["lbfgs"]

if TYPE_CHECKING:
    import optax

ValueFn = Callable[[Params], Array]


def lbfgs(
    lr: float | Schedule = 1.0,
    max_iter: int = 20,
    max_eval: int | None = None,
    tolerance_grad: float = 1e-7,
    tolerance_change: float = 1e-9,
    history_size: int = 100,
    line_search_fn: Literal["strong_wolfe"] | None = None,
) -> "optax.GradientTransformationExtraArgs":
    """L-BFGS, a quasi-Newton method; equals `torch.optim.LBFGS`.

    One update runs up to `max_iter` iterations and evaluates the loss again in each,
    so it takes the loss as a function, and its value and gradients at `params`, where
    PyTorch takes a closure: `update(grads, state, params, value=value,
    value_fn=value_fn)`, the call that `optax.lbfgs` has too (which makes one iteration,
    with another line search). The loop is a `lax.while_loop`; put the whole call in
    your `jax.jit`. The memory takes `2 * history_size` times the parameters' bytes.
    From Nocedal and Wright, "Numerical optimization" (2006), chapter 7, after minFunc,
    https://www.cs.ubc.ca/~schmidtm/Software/minFunc.html.

    Args:
        lr: the step along the direction, or the first one tried by the line search.
        max_iter: iterations in one update.
        max_eval: evaluations in one update (default: `max_iter * 5 // 4`).
        tolerance_grad: stop when no gradient is larger.
        tolerance_change: stop when the loss or the parameters change by less.
        history_size: number of pairs of changes in memory.
        line_search_fn: None, or `"strong_wolfe"`.

    Raises:
        InputError: a setting is out of its range, or `value_fn` is not given.

    Example:
        >>> import jax, jax.numpy as jnp, optax
        >>> loss = lambda params: jnp.sum((params["x"] - 3.0) ** 2)
        >>> optimizer = lbfgs(line_search_fn="strong_wolfe")
        >>> params = {"x": jnp.zeros(2)}
        >>> state = optimizer.init(params)
        >>> value, grads = jax.value_and_grad(loss)(params)
        >>> updates, state = optimizer.update(
        ...     grads, state, params, value=value, value_fn=loss
        ... )
        >>> [round(x, 4) for x in optax.apply_updates(params, updates)["x"].tolist()]
        [3.0, 3.0]
    """
    check_settings("lbfgs", (LR,), {"lr": lr})
    check_choice("lbfgs", "line_search_fn", line_search_fn, (None, "strong_wolfe"))
    if max_eval is None:
        max_eval = max_iter * 5 // 4
    settings = Settings(
        max_iter,
        max_eval,
        tolerance_grad,
        tolerance_change,
        line_search_fn is not None,
    )
    state_type = ScheduledState if callable(lr) else OptimState

    def init(params: Params) -> OptimState | ScheduledState:
        x, _ = _ravel(params)
        zero = jnp.zeros((), x.dtype)
        shared = {
            "n_iter": jnp.zeros((), jnp.int32),
            "func_evals": jnp.zeros((), jnp.int32),
            "stored": jnp.zeros((), jnp.int32),
            "H_diag": jnp.ones_like(zero),
            "t": zero,
        }
        slots = {
            "d": jnp.zeros_like(x),
            "prev_flat_grad": jnp.zeros_like(x),
            "old_dirs": jnp.zeros((history_size, x.size), x.dtype),
            "old_stps": jnp.zeros((history_size, x.size), x.dtype),
            "ro": jnp.zeros(history_size, x.dtype),
        }
        count = jnp.zeros((), jnp.int32)
        return state_type(learning_rate(lr, 0), count, shared, slots)

    def update(
        grads: Params,
        state: OptimState | ScheduledState,
        params: Params | None = None,
        *,
        value: Array | None = None,
        value_fn: ValueFn | None = None,
        **extra_args: Any,
    ) -> tuple[Params, OptimState | ScheduledState]:
        del extra_args  # optax.chain passes all of its arguments to all of its parts
        if params is None or value_fn is None:
            raise InputError(
                "lbfgs evaluates the loss several times in one update. Write "
                "optimizer.update(grads, opt_state, params, value=value, "
                "value_fn=value_fn), where value, grads = "
                "jax.value_and_grad(value_fn)(params)."
            )
        check_same_tree("lbfgs", grads, params)
        x, unravel = _ravel(params)

        def evaluate(x: Array) -> tuple[Array, Array]:
            value, grads = jax.value_and_grad(value_fn)(unravel(x))
            return value.astype(x.dtype), _ravel(grads)[0]

        value = value_fn(params) if value is None else jnp.asarray(value)
        grad, _ = _ravel(grads)
        start = _begin(state, x, value.astype(x.dtype), grad, settings)
        step_size = state.lr.astype(x.dtype)
        end = search(start, evaluate, step_size, settings)
        count = next_step(state.step)
        rate = learning_rate(lr, count) if callable(lr) else state.lr
        shared, slots = _end(state, end)
        return unravel(end.x - x), state_type(rate, count, shared, slots)

    return transformation_extra_args(init, update)


def _ravel(params: Params) -> tuple[Array, Callable[[Array], Params]]:
    """The parameters as one vector; they must have one dtype."""
    dtypes = {leaf.dtype for leaf in jax.tree.leaves(params)}
    if len(dtypes) != 1 or not jnp.issubdtype(next(iter(dtypes)), jnp.floating):
        raise InputError(
            "lbfgs works on one vector: all parameters must have the same floating-"
            f"point dtype, got {', '.join(sorted(map(str, dtypes))) or 'none'}."
        )
    return ravel_pytree(params)


def _begin(
    state: Any, x: Array, value: Array, grad: Array, settings: Settings
) -> Search:
    shared, slots = state.shared, state.slots
    memory = Memory(
        slots["old_dirs"],
        slots["old_stps"],
        slots["ro"],
        shared["stored"],
        shared["H_diag"],
    )
    return Search(
        x=x,
        value=value,
        grad=grad,
        direction=slots["d"],
        size=shared["t"],
        memory=memory,
        old_grad=slots["prev_flat_grad"],
        iteration=jnp.zeros((), jnp.int32),
        all_iterations=shared["n_iter"],
        evaluations=jnp.ones((), jnp.int32),
        done=(jnp.max(jnp.abs(grad)) <= settings.tolerance_grad)
        | (settings.max_iter < 1),
    )


def _end(state: Any, end: Search) -> tuple[dict[str, Array], dict[str, Array]]:
    memory = end.memory
    shared = {
        "n_iter": end.all_iterations,
        "func_evals": state.shared["func_evals"] + end.evaluations,
        "stored": memory.stored,
        "H_diag": memory.scale,
        "t": end.size,
    }
    slots = {
        "d": end.direction,
        "prev_flat_grad": end.old_grad,
        "old_dirs": memory.dirs,
        "old_stps": memory.steps,
        "ro": memory.ro,
    }
    return shared, slots
