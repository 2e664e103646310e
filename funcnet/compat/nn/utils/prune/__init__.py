"""Weights set to zero and kept there, as `torch.nn.utils.prune`."""

from collections.abc import Callable, Iterable
from typing import Any

from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.create.creation import ones_like
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.utils.convert_parameters import parameters_to_vector
from funcnet.compat.nn.utils.prune._base import BasePruningMethod, PruningContainer
from funcnet.compat.nn.utils.prune._structured import LnStructured, RandomStructured
from funcnet.compat.nn.utils.prune._unstructured import (
    CustomFromMask,
    Identity,
    L1Unstructured,
    RandomUnstructured,
)


@explains_keywords
def identity(module: Module, name: str) -> Any:
    """Give a tensor a mask of ones, as `torch.nn.utils.prune.identity`."""
    Identity.apply(module, name)
    return module


@explains_keywords
def random_unstructured(module: Module, name: str, amount: float) -> Any:
    """Prune elements that are drawn: a share of them, or a number of them."""
    RandomUnstructured.apply(module, name, amount)
    return module


@explains_keywords
def l1_unstructured(
    module: Module, name: str, amount: float, importance_scores: Tensor | None = None
) -> Any:
    """Prune the smallest elements: a share of them, or a number of them.

    Equals `torch.nn.utils.prune.l1_unstructured`: the tensor becomes the parameter
    `NAME_orig` times the buffer `NAME_mask`, computed before each `forward`.

    Example:
        >>> import funcnet.compat as torch
        >>> layer = torch.nn.Linear(10, 10)
        >>> _ = torch.nn.utils.prune.l1_unstructured(layer, "weight", amount=0.3)
        >>> int((layer.weight == 0).sum())
        30
        >>> list(layer.state_dict())
        ['bias', 'weight_orig', 'weight_mask']
    """
    L1Unstructured.apply(module, name, amount, importance_scores)
    return module


@explains_keywords
def random_structured(module: Module, name: str, amount: float, dim: int) -> Any:
    """Prune slices along a dimension that are drawn."""
    RandomStructured.apply(module, name, amount, dim)
    return module


@explains_keywords
def ln_structured(
    module: Module,
    name: str,
    amount: float,
    n: float,
    dim: int,
    importance_scores: Tensor | None = None,
) -> Any:
    """Prune the slices along a dimension whose norms of order `n` are smallest."""
    LnStructured.apply(module, name, amount, n, dim, importance_scores)
    return module


@explains_keywords
def custom_from_mask(module: Module, name: str, mask: Tensor) -> Any:
    """Prune where a mask is zero."""
    CustomFromMask.apply(module, name, mask)
    return module


def global_unstructured(
    parameters: Iterable[tuple[Module, str]],
    pruning_method: Callable[..., Any],
    importance_scores: dict[tuple[Module, str], Tensor] | None = None,
    **kwargs: object,
) -> None:
    """Prune elements of several tensors, `[(module, name), ...]`, compared together."""
    if not isinstance(parameters, Iterable):
        raise TypeError("global_unstructured(): parameters is not an Iterable")
    scores = {} if importance_scores is None else importance_scores
    if not isinstance(scores, dict):
        raise TypeError("global_unstructured(): importance_scores must be of type dict")
    chosen = [(module, name, getattr(module, name)) for module, name in parameters]
    importance = [scores.get((module, name), tensor) for module, name, tensor in chosen]
    masks = [
        getattr(module, name + "_mask", ones_like(tensor))
        for module, name, tensor in chosen
    ]
    method = pruning_method(**kwargs)
    if method.PRUNING_TYPE != "unstructured":
        raise TypeError(
            'Only "unstructured" PRUNING_TYPE supported for the `pruning_method`. '
            f"Found method {pruning_method} of type {method.PRUNING_TYPE}"
        )
    method._tensor_name = "temp"
    mask = PruningContainer(method).compute_mask(
        parameters_to_vector(importance), parameters_to_vector(masks)
    )
    parts = mask.split([tensor.numel() for _, _, tensor in chosen])
    for (module, name, tensor), part in zip(chosen, parts, strict=True):
        custom_from_mask(module, name, part.view_as(tensor))


@explains_keywords
def remove(module: Module, name: str) -> Any:
    """Make a pruned tensor an ordinary parameter, with zeros where it was pruned."""
    for number, hook in module._forward_pre_hooks.items():
        if isinstance(hook, BasePruningMethod) and hook._tensor_name == name:
            hook.remove(module)
            del module._forward_pre_hooks[number]
            return module
    raise ValueError(
        f"Parameter '{name}' of module {module} has to be pruned before pruning can be "
        "removed"
    )


def is_pruned(module: Module) -> bool:
    """Return whether a tensor of a module, or of one inside it, is pruned."""
    return any(
        isinstance(hook, BasePruningMethod)
        for child in module.modules()
        for hook in child._forward_pre_hooks.values()
    )


__all__ = [
    "BasePruningMethod",
    "CustomFromMask",
    "Identity",
    "L1Unstructured",
    "LnStructured",
    "PruningContainer",
    "RandomStructured",
    "RandomUnstructured",
    "custom_from_mask",
    "global_unstructured",
    "identity",
    "is_pruned",
    "l1_unstructured",
    "ln_structured",
    "random_structured",
    "random_unstructured",
    "remove",
]
