"""Modules called with other parameters, as `torch.nn.utils.stateless`."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import did_you_mean
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.module import Module


@explains_keywords
def functional_call(
    module: Module,
    parameter_and_buffer_dicts: Mapping[str, Tensor] | Sequence[Mapping[str, Tensor]],
    args: object = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """Call a module with other parameters and buffers, as `torch.func.functional_call`.

    Gradients reach the tensors that are given. With `tie_weights` one that is given for
    a shared parameter stands at all its places; with `strict` all must be given, and no
    others.

    Example:
        >>> import funcnet.compat as torch
        >>> layer = torch.nn.Linear(2, 1)
        >>> given = {"weight": torch.ones(1, 2), "bias": torch.zeros(1)}
        >>> torch.func.functional_call(layer, given, torch.tensor([1.0, 2.0]))
        tensor([3.])
    """
    dicts = parameter_and_buffer_dicts
    given: dict[str, Any] = {}
    for tensors in [dicts] if isinstance(dicts, Mapping) else dicts:
        given |= tensors
    inputs = args if isinstance(args, tuple) else () if args is None else (args,)
    if tie_weights:
        given = _with_tied(module, given)
    if strict:
        _check_names(module, given)
    with _standing_in(module, given):
        return module(*inputs, **(kwargs or {}))


def _members(module: Module) -> dict[str, Any]:
    result: dict[str, Any] = dict(module.named_parameters(remove_duplicate=False))
    return result | dict(module.named_buffers(remove_duplicate=False))


def _with_tied(module: Module, given: dict[str, Any]) -> dict[str, Any]:
    """What is given, also for the other names of the same tensors."""
    names: dict[int, list[str]] = {}
    for name, tensor in _members(module).items():
        names.setdefault(id(tensor), []).append(name)
    wanted = dict(given)
    for tied in names.values():
        values = {id(given[name]): given[name] for name in tied if name in given}
        if len(values) > 1:
            raise ValueError(
                f"functional_call got multiple values for keys {sorted(tied)}, which "
                "are tied. Consider using tie_weights=False"
            )
        for tensor in values.values():
            wanted |= dict.fromkeys(tied, tensor)
    return wanted


def _check_names(module: Module, given: dict[str, Any]) -> None:
    known = _members(module)
    problems = []
    unexpected = [name for name in given if name not in known]
    if unexpected:
        hints = [repr(name) + did_you_mean(name, known) for name in unexpected]
        problems.append(f"Unexpected key(s): {', '.join(hints)}.")
    missing = [repr(name) for name in known if name not in given]
    if missing:
        problems.append(f"Missing key(s): {', '.join(missing)}.")
    if problems:
        raise RuntimeError(
            "\n\t".join(
                [f"Error(s) in reparametrizing for {module._get_name()}:", *problems]
            )
        )


@contextlib.contextmanager
def _standing_in(module: Module, given: dict[str, Any]) -> Iterator[None]:
    """Put other tensors into the places of parameters and buffers for a while."""
    replaced: list[tuple[dict[str, Any], str, Any]] = []
    modules = dict(module.named_modules(remove_duplicate=False))
    try:
        for path, tensor in given.items():
            parent, _, name = path.rpartition(".")
            owner = modules.get(parent)
            for registry in (owner._parameters, owner._buffers) if owner else ():
                if name in registry:
                    replaced.append((registry, name, registry[name]))
                    registry[name] = tensor
        yield
    finally:
        for registry, name, tensor in reversed(replaced):
            registry[name] = tensor


__all__ = ["functional_call"]
