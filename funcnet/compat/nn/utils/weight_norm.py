"""Weights as length and direction, by a hook, as `torch.nn.utils.weight_norm`."""

from typing import Any

from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.linalg.norms import vector_norm
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.parameter import Parameter, is_lazy


@explains_keywords
def norm_except_dim(v: Tensor, pow: float = 2, dim: int = 0) -> Any:
    """The norms of the slices along `dim`, kept as dimensions; of all of it for -1."""
    if dim == -1:
        return vector_norm(v, pow)
    others = [d for d in range(v.dim()) if d != dim % v.dim()]
    return vector_norm(v, pow, others, keepdim=True)


def of_length(v: Tensor, g: Tensor, dim: int) -> Any:
    """The weight of direction `v` and length `g`."""
    return v * (g / norm_except_dim(v, 2, dim))


@explains_keywords
class WeightNorm:
    """Computes a weight from its length `weight_g` and its direction `weight_v`."""

    def __init__(self, name: str, dim: int | None) -> None:
        self.name = name
        self.dim = -1 if dim is None else dim

    def compute_weight(self, module: Module) -> Any:
        """The weight, differentiable with respect to length and direction."""
        g, v = getattr(module, self.name + "_g"), getattr(module, self.name + "_v")
        return of_length(v, g, self.dim)

    def remove(self, module: Module) -> None:
        """Make the weight an ordinary parameter again."""
        weight = self.compute_weight(module).detach()
        for name in (self.name, self.name + "_g", self.name + "_v"):
            delattr(module, name)
        module.register_parameter(self.name, Parameter(weight))

    def __call__(self, module: Module, inputs: object) -> None:
        setattr(module, self.name, self.compute_weight(module))


@explains_keywords
def weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Any:
    """Weight normalization: learn length and direction separately.

    Equals `torch.nn.utils.weight_norm`, which PyTorch now advises to replace by
    `torch.nn.utils.parametrizations.weight_norm`; Salimans and Kingma, "Weight
    Normalization" (2016), https://arxiv.org/abs/1602.07868.
    """
    if find_hook(module, WeightNorm, name) is not None:
        raise RuntimeError(
            f"Cannot register two weight_norm hooks on the same parameter {name}"
        )
    weight = getattr(module, name)
    refuse_lazy("WeightNorm", weight)
    hook = WeightNorm(name, dim)
    delattr(module, name)
    length = norm_except_dim(weight.detach(), 2, hook.dim)
    module.register_parameter(name + "_g", Parameter(length))
    module.register_parameter(name + "_v", Parameter(weight.detach()))
    setattr(module, name, hook.compute_weight(module))
    module.register_forward_pre_hook(hook)
    return module


@explains_keywords
def remove_weight_norm(module: Module, name: str = "weight") -> Any:
    """Make the weight an ordinary parameter again."""
    number = find_hook(module, WeightNorm, name)
    if number is None:
        raise ValueError(f"weight_norm of '{name}' not found in {module}")
    hook: Any = module._forward_pre_hooks.pop(number)
    hook.remove(module)
    return module


def find_hook(module: Module, hook_class: type, name: str) -> int | None:
    """Return the number of the hook of a class that computes a tensor."""
    for number, hook in module._forward_pre_hooks.items():
        if isinstance(hook, hook_class) and hook.name == name:  # type: ignore[attr-defined]
            return int(number)
    return None


def refuse_lazy(what: str, weight: object) -> None:
    """Raise where a weight has no shape yet."""
    if is_lazy(weight):
        raise ValueError(
            f"The module passed to `{what}` can't have uninitialized parameters. Call "
            "it once with an input, so that its parameters get their shapes."
        )


__all__ = [
    "WeightNorm",
    "remove_weight_norm",
    "weight_norm",
]
