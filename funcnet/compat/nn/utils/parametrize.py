"""Parameters computed from others, as `torch.nn.utils.parametrize`."""

import contextlib
from collections.abc import Iterator
from typing import Any

from funcnet.compat._modes import no_grad
from funcnet.compat.nn.modules.container import ModuleDict, ModuleList
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.parameter import Parameter

_cache: dict[tuple[int, str], Any] | None = None


class ParametrizationList(ModuleList):
    """The parametrizations of one tensor, and what they start from."""

    def __init__(self, modules: Any, original: Any, unsafe: bool = False) -> None:
        super().__init__(modules)
        with no_grad():
            new = original
            for module in reversed(list(self)):
                if hasattr(module, "right_inverse"):
                    new = module.right_inverse(new)
        self.is_tensor = not isinstance(new, tuple | list)
        if self.is_tensor:
            self._own("original", original, new)
        else:
            self.ntensors = len(new)
            for place, part in enumerate(new):
                self._own(f"original{place}", original, part)

    def _own(self, name: str, original: Any, new: Any) -> None:
        if isinstance(original, Parameter):
            setattr(self, name, Parameter(new.detach(), original.requires_grad))
        else:
            self.register_buffer(name, new)

    def right_inverse(self, value: Any) -> None:
        """Set the originals so that the parametrized tensor is about `value`."""
        with no_grad():
            for module in reversed(list(self)):
                if not hasattr(module, "right_inverse"):
                    raise RuntimeError(
                        f"parametrization {type(module).__name__} does not implement "
                        "right_inverse."
                    )
                value = module.right_inverse(value)
            if self.is_tensor:
                self.original.copy_(value)
            else:
                for place, part in enumerate(value):
                    getattr(self, f"original{place}").copy_(part)

    def forward(self) -> Any:
        """Compute the tensor."""
        if self.is_tensor:
            value = self[0](self.original)
        else:
            parts = [getattr(self, f"original{i}") for i in range(self.ntensors)]
            value = self[0](*parts)
        for module in list(self)[1:]:
            value = module(value)
        return value


def register_parametrization(
    module: Module, tensor_name: str, parametrization: Module, *, unsafe: bool = False
) -> Module:
    """Let a tensor of a module be computed by another module.

    Equals `torch.nn.utils.parametrize.register_parametrization`.
    """
    if is_parametrized(module, tensor_name):
        lists = module.parametrizations
        lists[tensor_name].append(parametrization)
        return module
    if tensor_name not in module._parameters and tensor_name not in module._buffers:
        raise ValueError(
            f"Module '{module}' does not have a parameter, a buffer, or a parametrized "
            f"element with name '{tensor_name}'"
        )
    original = getattr(module, tensor_name)
    if not is_parametrized(module):
        _inject_class(module)
        module.add_module("parametrizations", ModuleDict())
    delattr(module, tensor_name)
    module.parametrizations[tensor_name] = ParametrizationList(
        [parametrization], original, unsafe
    )
    _inject_property(module, tensor_name)
    return module


def _inject_class(module: Module) -> None:
    """Give the module a class of its own, in which properties can stand."""
    before = type(module)
    module.__class__ = type(f"Parametrized{before.__name__}", (before,), {})


def _inject_property(module: Module, name: str) -> None:
    def get(self: Module) -> Any:
        if _cache is None:
            return self.parametrizations[name]()
        key = (id(self), name)
        if key not in _cache:
            _cache[key] = self.parametrizations[name]()
        return _cache[key]

    def put(self: Module, value: Any) -> None:
        self.parametrizations[name].right_inverse(value)

    setattr(type(module), name, property(get, put))


@contextlib.contextmanager
def cached() -> Iterator[None]:
    """Compute each parametrized tensor once inside the block."""
    global _cache
    before, _cache = _cache, {}
    try:
        yield
    finally:
        _cache = before


def is_parametrized(module: Module, tensor_name: str | None = None) -> bool:
    """Tell whether a module, or one of its tensors, is parametrized."""
    lists = module.__dict__["_modules"].get("parametrizations")
    if lists is None:
        return False
    return len(lists) > 0 if tensor_name is None else tensor_name in lists


def remove_parametrizations(
    module: Module, tensor_name: str, leave_parametrized: bool = True
) -> Module:
    """Make a tensor an ordinary one again, with its numbers of now or before."""
    if not is_parametrized(module, tensor_name):
        raise ValueError(
            f"Module {module} does not have a parametrization on {tensor_name}"
        )
    chain = module.parametrizations[tensor_name]
    if leave_parametrized:
        with no_grad():
            value = chain().clone()
    elif chain.is_tensor:
        value = chain.original
    else:
        raise ValueError(
            "Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is "
            "parametrized in terms of a sequence of tensors."
        )
    learned = any(isinstance(p, Parameter) for p in chain._parameters.values())
    delattr(type(module), tensor_name)
    del module.parametrizations[tensor_name]
    if not len(module.parametrizations):
        del module._modules["parametrizations"]
        module.__class__ = type(module).__mro__[1]
    if learned:
        module.register_parameter(tensor_name, Parameter(value.detach()))
    else:
        module.register_buffer(tensor_name, value)
    return module
