"""Optimizers as functions that update lists of tensors, as `torch.optim.adam.adam`.

Each is one step of the class: the same recorded node, whose state is what was given. A
class names in `functional` the parameters of PyTorch's function; the rest follows from
the class and its rule.
"""

import inspect
from collections import defaultdict
from collections.abc import Callable
from typing import Final, TypeAlias

from funcnet.compat._core.context import no_grad
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.optim._base import Settings
from funcnet.compat.optim._update import RuleOptimizer

_LIST: Final = list[Tensor]

# Positional parameters after the lists, with their defaults.
_FLAGS: Final = {
    "foreach": None,
    "capturable": False,
    "differentiable": False,
    "fused": None,
    "grad_scale": None,
    "found_inf": None,
    "has_complex": False,
    "has_sparse_grad": False,
    "maximize": False,
    "decoupled_weight_decay": False,
}
# Settings that the functions have as two, and the classes as a pair.
_PAIRS: Final = {
    "betas": ("beta1", "beta2"),
    "etas": ("etaminus", "etaplus"),
    "step_sizes": ("step_size_min", "step_size_max"),
}

States: TypeAlias = dict[str, list[Tensor | None]]
"""The states of a class by name: a tensor for each parameter, or None."""


def functional(cls: type[RuleOptimizer], name: str) -> Callable[..., None]:
    """Make the functional form of an optimizer's class, such as `adam` of `Adam`."""
    signature = _signature(cls.functional or "")
    lists = [p.name for p in signature.parameters.values() if p.annotation == _LIST]

    def step(*args: object, **kwargs: object) -> None:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{name}() {error}") from None
        bound.apply_defaults()
        given: Settings = bound.arguments
        params, grads = given.pop(lists[0]), given.pop(lists[1])
        states = {_state_name(key): given.pop(key) for key in lists[2:]}
        for pair, parts in _PAIRS.items():
            if parts[0] in given:
                given[pair] = tuple(given.pop(part) for part in parts)
        settings = cls.spec.defaults | cls.fixed | given
        _step(cls, params, grads, states, settings)

    step.__name__ = step.__qualname__ = name
    step.__doc__ = f"Update `params` in place, as `torch.optim.{name}.{name}`."
    step.__signature__ = signature  # type: ignore[attr-defined]
    return step


def _signature(names: str) -> inspect.Signature:
    """The signature of PyTorch's function: lists, flags, then settings by keyword."""
    positional, _, keywords = names.partition("*")
    parameters = []
    for name in positional.split():
        parameter = inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        if name in _FLAGS:
            parameters.append(parameter.replace(default=_FLAGS[name]))
        else:
            parameters.append(parameter.replace(annotation=_LIST))
    for name in keywords.split():
        parameters.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY))
    return inspect.Signature(parameters, return_annotation=None)


def _state_name(name: str) -> str:
    """The name in a class's state of what a list holds: `exp_avg` of `exp_avgs`."""
    return name.removeprefix("state_").removesuffix("s").removesuffix("_list")


def _step(
    cls: type[RuleOptimizer],
    params: list[Tensor],
    grads: list[Tensor],
    states: States,
    settings: Settings,
) -> None:
    if settings.get("grad_scale") is not None or settings.get("found_inf") is not None:
        raise NotImplementedError(
            "grad_scale and found_inf belong to the fused optimizers of GPUs. Divide "
            "the gradients yourself, or use torch.amp.GradScaler."
        )
    optimizer = object.__new__(cls)
    optimizer.state = defaultdict(dict)
    order = dict.fromkeys((*cls.scalars, *states))  # as in the state of a class
    for index, p in enumerate(params):
        given = {name: states[name][index : index + 1] for name in order}
        slots = {name: x for name, xs in given.items() for x in xs if x is not None}
        if slots:
            optimizer.state[p] = slots
    optimizer.param_groups = [{"params": params, **settings}]
    before = [p._grad for p in params]
    for p, grad in zip(params, grads, strict=True):
        p._grad = grad
    try:
        with no_grad():
            optimizer._update()
    finally:
        for p, old in zip(params, before, strict=True):
            p._grad = old
    for name, xs in states.items():
        for index, p in enumerate(params):  # states that the step made
            new = optimizer.state.get(p, {}).get(name)
            if index < len(xs) and xs[index] is None and new is not None:
                xs[index] = new
