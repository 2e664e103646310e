"""Different optimizers for different parameters, chosen by path."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import jax

from funcnet import tree
from funcnet._errors import InputError
from funcnet._types import Params
from funcnet.optim._base import check_same_tree
from funcnet.optim._optax import set_to_zero, transformation

__all__ = ["GroupsState", "freeze", "groups"]

if TYPE_CHECKING:
    import optax

Pattern: TypeAlias = str | Callable[[str], bool]
"""A glob on the dotted path (`"head.*"`; `*` matches dots too), or a predicate."""


class GroupsState(NamedTuple):
    """The states of the groups, in order; each is over `{dotted name: ...}`."""

    states: tuple[Any, ...]


def groups(
    optimizers: "Mapping[Pattern, optax.GradientTransformation]",
) -> "optax.GradientTransformation":
    """Parameter groups: an optimizer for each, chosen by patterns of dotted paths.

    A parameter belongs to the first group whose pattern matches its path. As in
    PyTorch, groups may have other settings or other rules. A group of `freeze()` leaves
    its parameters as they are.

    Args:
        optimizers: pattern to transformation, in order. A pattern is a glob on the path
            (`"head.*"`, `"*.bias"`, `"*"`), or a function from path to bool.

    Raises:
        InputError: at `init`, if a parameter or a pattern matches nothing.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import optim
        >>> optimizer = groups({"head.*": optim.adam(1e-3), "*": optim.freeze()})
        >>> params = {"body": {"bias": jnp.ones(2)}, "head": {"bias": jnp.ones(2)}}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update(params, state, params)
        >>> updates["body"]["bias"].tolist()
        [0.0, 0.0]
    """
    patterns, rules = list(optimizers), list(optimizers.values())

    def init(params: Params) -> GroupsState:
        members = _assign(patterns, tree.paths(params))
        flat = tree.flatten(params)
        return GroupsState(
            tuple(
                rule.init({name: flat[name] for name in names})
                for rule, names in zip(rules, members, strict=True)
            )
        )

    def update(
        grads: Params, state: GroupsState, params: Params | None = None
    ) -> tuple[Params, GroupsState]:
        if params is not None:
            check_same_tree("groups", grads, params)
        flat_grads = tree.flatten(grads)
        flat = None if params is None else tree.flatten(params)
        members = _assign(patterns, list(flat_grads))
        changes, states = {}, []
        for rule, names, old in zip(rules, members, state.states, strict=True):
            own_grads = {name: flat_grads[name] for name in names}
            own_params = None if flat is None else {name: flat[name] for name in names}
            own_updates, new = rule.update(own_grads, old, own_params)
            changes.update(own_updates)
            states.append(new)
        leaves = [changes[name] for name in flat_grads]
        updates = jax.tree.unflatten(jax.tree.structure(grads), leaves)
        return updates, GroupsState(tuple(states))

    return transformation(init, update)


def freeze() -> "optax.GradientTransformation":
    """Freeze parameters: a transformation whose updates are zero.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = freeze()
        >>> params = {"x": jnp.ones(2)}
        >>> updates, _ = optimizer.update(params, optimizer.init(params), params)
        >>> updates["x"].tolist()
        [0.0, 0.0]
    """
    return set_to_zero()


def _assign(patterns: list[Pattern], paths: list[str]) -> list[list[str]]:
    """The names of each group's parameters; raise unless all match."""
    members: list[list[str]] = [[] for _ in patterns]
    for path in paths:
        fits = (i for i, pattern in enumerate(patterns) if _fits(pattern, path))
        group = next(fits, None)
        if group is None:
            raise InputError(
                f"groups: no pattern fits the parameter {path!r}; there are "
                f"{_listed(patterns)}. Add a group '*' for the rest: an optimizer, or "
                "freeze() to leave it as it is."
            )
        members[group].append(path)
    for pattern in patterns:
        if not any(_fits(pattern, path) for path in paths):
            raise InputError(
                f"groups: the pattern {_listed([pattern])} fits no parameter; there "
                f"are {', '.join(paths) or 'none'}."
            )
    return members


def _fits(pattern: Pattern, path: str) -> bool:
    if isinstance(pattern, str):
        return fnmatchcase(path, pattern)
    return bool(pattern(path))


def _listed(patterns: list[Pattern]) -> str:
    return ", ".join(p if isinstance(p, str) else p.__name__ for p in patterns)
