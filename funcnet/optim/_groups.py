"""Different optimizers for different parameters, chosen by path."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import jax

from funcnet import tree
from funcnet._errors import InputError
from funcnet._types import Params
from funcnet.optim._base import check_same_tree
from funcnet.optim._optax import set_to_zero, transformation
from funcnet.tree import Pattern, matches, shown

__all__ = ["GroupsState", "by_depth", "freeze", "groups"]

if TYPE_CHECKING:
    import optax


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


def by_depth(
    rule: "Callable[[float], optax.GradientTransformation]",
    lr: float,
    patterns: Sequence[Pattern],
    *,
    decay: float = 0.5,
) -> "optax.GradientTransformation":
    """Discriminative learning rates: smaller ones for the layers nearer to the input.

    These are `groups` with the rates `lr`, `lr * decay`, `lr * decay**2`, …, since what
    is most general needs to change least in fine-tuning.

    Args:
        rule: makes the optimizer of a learning rate.
        lr: of the first pattern.
        patterns: from the output to the input, as `groups` takes them.
        decay: factor from each to the next.

    Raises:
        InputError: at `init`, if a parameter or a pattern matches nothing.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import optim
        >>> optimizer = by_depth(optim.adamw, 1e-3, ["head.*", "body.*"], decay=0.1)
        >>> params = {"body": {"bias": jnp.ones(2)}, "head": {"bias": jnp.ones(2)}}
        >>> [round(float(lr), 6) for lr in optim.get_lr(optimizer.init(params))]
        [0.001, 0.0001]

    Paper: Howard and Ruder, Universal Language Model Fine-tuning for Text
    Classification (2018), https://arxiv.org/abs/1801.06146
    """
    if len({*patterns}) < len(patterns):
        raise InputError(f"by_depth: a pattern is twice in {_listed([*patterns])}.")
    return groups({p: rule(lr * decay**n) for n, p in enumerate(patterns)})


def freeze() -> "optax.GradientTransformation":
    """Freeze parameters: a transformation whose updates are zero.

    Their gradients are computed nevertheless; `nn.Frozen` leaves them out.

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
        fits = (i for i, pattern in enumerate(patterns) if matches(pattern, path))
        group = next(fits, None)
        if group is None:
            raise InputError(
                f"groups: no pattern fits the parameter {path!r}; there are "
                f"{_listed(patterns)}. Add a group '*' for the rest: an optimizer, or "
                "freeze() to leave it as it is."
            )
        members[group].append(path)
    for pattern in patterns:
        if not any(matches(pattern, path) for path in paths):
            raise InputError(
                f"groups: the pattern {_listed([pattern])} fits no parameter; there "
                f"are {', '.join(paths) or 'none'}."
            )
    return members


def _listed(patterns: list[Pattern]) -> str:
    return ", ".join(map(shown, patterns))
