"""Parameters computed from others, as `torch.nn.utils.parametrize`."""

import contextlib
import copy
from collections.abc import Iterator
from typing import Any

from funcnet.compat._core.context import no_grad
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import did_you_mean
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.container import ModuleDict
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.parameter import Parameter
from funcnet.compat.nn.utils._parametrization_list import (
    ParametrizationList,
    check_alike,
    hold,
    inverse,
    set_to,
)

_caching = 0
_cache: dict[tuple[int, str], Any] = {}


@explains_keywords
def register_parametrization(
    module: Module, tensor_name: str, parametrization: Module, *, unsafe: bool = False
) -> Module:
    """Register a module that computes a tensor of another module.

    Equals `torch.nn.utils.parametrize.register_parametrization`: several in a row are
    applied in the order in which they came. With `unsafe` dtype and shape may change.

    Example:
        >>> import funcnet.compat as torch
        >>> class Symmetric(torch.nn.Module):
        ...     def forward(self, x):
        ...         return x.triu() + x.triu(1).mT
        >>> layer = torch.nn.Linear(3, 3)
        >>> _ = torch.nn.utils.parametrize.register_parametrization(
        ...     layer, "weight", Symmetric()
        ... )
        >>> torch.equal(layer.weight, layer.weight.mT)
        True
    """
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        chain = module.parametrizations[tensor_name]
        if not unsafe:
            _check_next(parametrization, getattr(module, tensor_name))
        chain.append(parametrization)
        chain.unsafe |= unsafe
        return module
    if tensor_name not in module._parameters and tensor_name not in module._buffers:
        known = [*module._parameters, *module._buffers]
        raise ValueError(
            f"Module '{module}' does not have a parameter, a buffer, or a parametrized "
            f"element with name '{tensor_name}'." + did_you_mean(tensor_name, known)
        )
    original = getattr(module, tensor_name)
    chain = ParametrizationList([parametrization], original, unsafe)
    delattr(module, tensor_name)
    if not is_parametrized(module):
        _inject_class(module)
        module.parametrizations = ModuleDict()
    _inject_property(module, tensor_name)
    module.parametrizations[tensor_name] = chain
    return module


def _check_next(parametrization: Module, before: Tensor) -> None:
    """Raise unless another parametrization of a tensor keeps its dtype and shape."""
    after = parametrization(before)
    check_alike(before, after)
    back = inverse(parametrization, after)
    if not isinstance(back, Tensor):
        raise ValueError(
            "parametrization.right_inverse must return a tensor. "
            f"Got: {type(back).__name__}"
        )
    for what in ("dtype", "shape"):
        if getattr(back, what) != getattr(before, what):
            raise ValueError(
                "The tensor returned by parametrization.right_inverse must have the "
                f"same {what} as the tensor, {getattr(before, what)}, unless the "
                f"`unsafe` flag is enabled; it has {getattr(back, what)}."
            )


def _inject_class(module: Module) -> None:
    """Give the module a class of its own, in which properties can stand."""
    before = type(module)
    members: dict[str, Any] = {"__getstate__": _refuse_pickling}
    if not hasattr(before, "__deepcopy__"):
        members["__deepcopy__"] = _deepcopy
    module.__class__ = type(f"Parametrized{before.__name__}", (before,), members)


def _refuse_pickling(self: Module) -> Any:
    raise RuntimeError(
        "Serialization of parametrized modules is only supported through state_dict(): "
        "save model.state_dict(), and load it into a model made in the same way."
    )


def _deepcopy(self: Module, memo: dict[int, Any]) -> Module:
    if id(self) in memo:
        known: Module = memo[id(self)]
        return known
    result = memo[id(self)] = self.__new__(type(self))
    result.__dict__.update(copy.deepcopy(self.__dict__, memo))
    return result


def _inject_property(module: Module, name: str) -> None:
    def get(self: Module) -> Any:
        chain = self.parametrizations[name]
        if not _caching:
            return chain()
        key = (id(self), name)
        if key not in _cache:
            _cache[key] = chain()
        return _cache[key]

    def put(self: Module, value: Tensor) -> None:
        self.parametrizations[name].right_inverse(value)

    setattr(type(module), name, property(get, put))


@contextlib.contextmanager
def cached() -> Iterator[None]:
    """Compute each parametrized tensor once inside the block."""
    global _caching
    _caching += 1
    try:
        yield
    finally:
        _caching -= 1
        if not _caching:
            _cache.clear()


@explains_keywords
def is_parametrized(module: Module, tensor_name: str | None = None) -> bool:
    """Return whether a module, or one of its tensors, is parametrized."""
    chains = module.__dict__["_modules"].get("parametrizations")
    if not isinstance(chains, ModuleDict):
        return False
    return len(chains) > 0 if tensor_name is None else tensor_name in chains


@explains_keywords
def remove_parametrizations(
    module: Module, tensor_name: str, leave_parametrized: bool = True
) -> Module:
    """Make a tensor an ordinary one again, with its present or original values.

    Where it was computed from one tensor, that tensor stays: an optimizer that
    has it stays valid.
    """
    if not is_parametrized(module, tensor_name):
        raise ValueError(
            f"Module {module} does not have a parametrization on {tensor_name}"
        )
    chain = module.parametrizations[tensor_name]
    if chain.is_tensor:
        original = chain.original
        if leave_parametrized:
            with no_grad():
                set_to(original, getattr(module, tensor_name))
    elif leave_parametrized:
        value = getattr(module, tensor_name)
        original = Parameter(value.detach()) if value.requires_grad else value
    else:
        raise ValueError(
            "Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is "
            "parametrized in terms of a sequence of tensors."
        )
    delattr(type(module), tensor_name)
    del module.parametrizations[tensor_name]
    hold(module, tensor_name, original)
    if not is_parametrized(module):
        del module.parametrizations
        module.__class__ = type(module).__bases__[0]
    return module


def type_before_parametrizations(module: Module) -> type:
    """Return the class that a module had before its first parametrization."""
    cls = type(module)
    return cls.__bases__[0] if is_parametrized(module) else cls


@explains_keywords
def transfer_parametrizations_and_params(
    from_module: Module, to_module: Module, tensor_name: str | None = None
) -> Module:
    """Parametrize a module's tensors as another's are, from the same originals."""
    if not is_parametrized(from_module):
        return to_module
    chains = from_module.parametrizations
    for name in list(chains) if tensor_name is None else [tensor_name]:
        if not hasattr(to_module, name):
            setattr(to_module, name, Parameter(getattr(from_module, name).detach()))
        for parametrization in chains[name]:
            register_parametrization(to_module, name, parametrization)
        for original, tensor in [
            *chains[name].named_parameters(recurse=False),
            *chains[name].named_buffers(recurse=False),
        ]:
            setattr(to_module.parametrizations[name], original, tensor)
    return to_module


__all__ = [
    "ParametrizationList",
    "cached",
    "is_parametrized",
    "register_parametrization",
    "remove_parametrizations",
    "transfer_parametrizations_and_params",
    "type_before_parametrizations",
]
