"""Get and set the learning rate in an optimizer's state."""

from typing import Any, TypeAlias

import jax
import jax.numpy as jnp

from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike
from funcnet.optim._base import OptimState, ScheduledState
from funcnet.optim._groups import GroupsState

__all__ = ["get_lr", "set_lr"]

LearningRates: TypeAlias = Any
"""A learning rate, or for `groups` a tuple of one for each group (None: frozen)."""

_RateState = OptimState | ScheduledState | GroupsState


def get_lr(opt_state: Any) -> LearningRates:
    """Return the learning rate that the next step will use.

    The state may be that of an optimizer, of an `optax.chain` with one in it, or of
    `groups`, which gives a tuple: one entry for each group, in order.

    Raises:
        InputError: the state holds no optimizer of this package, or several in a chain.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import optim
        >>> state = optim.adam(1e-3).init({"x": jnp.ones(2)})
        >>> round(float(get_lr(state)), 6)
        0.001
    """
    state = _only_state(opt_state)
    if isinstance(state, GroupsState):
        return tuple(get_lr(s) if jax.tree.leaves(s) else None for s in state.states)
    return state.lr


def set_lr(opt_state: Any, lr: ArrayLike | LearningRates) -> Any:
    """Return the state with another learning rate; nothing is recompiled.

    Args:
        opt_state: as `get_lr` takes it.
        lr: the learning rate; for `groups` a tuple as `get_lr` gives it.

    Raises:
        InputError: the learning rate follows a schedule, which would overwrite it at
            the next step, or `lr` does not fit the groups.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import optim
        >>> state = optim.adam(1e-3).init({"x": jnp.ones(2)})
        >>> round(float(get_lr(set_lr(state, 0.5))), 6)
        0.5
    """
    _only_state(opt_state)
    return jax.tree.map(
        lambda state: _with_lr(state, lr) if isinstance(state, _RateState) else state,
        opt_state,
        is_leaf=lambda state: isinstance(state, _RateState),
    )


def _only_state(opt_state: Any) -> Any:
    leaves = jax.tree.leaves(opt_state, is_leaf=lambda s: isinstance(s, _RateState))
    result = [leaf for leaf in leaves if isinstance(leaf, _RateState)]
    if len(result) != 1:
        raise InputError(
            f"{len(result)} optimizers of funcnet.optim in this state, one is needed. "
            "Give the state of one optimizer, of an optax.chain with one, or of groups."
        )
    return result[0]


def _with_lr(state: Any, lr: ArrayLike | LearningRates) -> Any:
    if isinstance(state, ScheduledState):
        raise InputError(
            "this optimizer's learning rate follows a schedule. "
            "Build it with a number, e.g. adam(1e-3), to set it yourself."
        )
    if isinstance(state, GroupsState):
        return _with_group_lrs(state, lr)
    return state._replace(lr=_like(lr, state.lr))


def _like(lr: ArrayLike, old: Array) -> Array:
    """A scalar of the same dtype and weak type: another one would recompile."""
    return jnp.array(lr, old.dtype).reshape(())


def _with_group_lrs(state: GroupsState, lr: LearningRates) -> GroupsState:
    if not isinstance(lr, tuple | list) or len(lr) != len(state.states):
        raise InputError(
            f"groups has {len(state.states)} groups and needs a tuple of as many "
            f"learning rates (None for a frozen one), got {lr!r}. "
            "Change the tuple that get_lr gives."
        )
    pairs = zip(state.states, lr, strict=True)
    return GroupsState(tuple(s if r is None else set_lr(s, r) for s, r in pairs))
