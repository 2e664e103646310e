"""`weight_norm` as a hook before `forward`, as `torch.nn.utils.weight_norm`."""

from typing import Any

from funcnet.compat.nn.parameter import Parameter
from funcnet.compat.nn.utils.parametrizations import norm_except_dim


class WeightNorm:
    """Computes a weight from its length `weight_g` and its direction `weight_v`."""

    def __init__(self, name: str, dim: int | None) -> None:
        self.name = name
        self.dim = dim

    def compute_weight(self, module: Any) -> Any:
        """The weight, differentiable with respect to length and direction."""
        g, v = getattr(module, self.name + "_g"), getattr(module, self.name + "_v")
        return v * (g / norm_except_dim(v, self.dim))

    def __call__(self, module: Any, inputs: Any) -> None:
        module.__dict__[self.name] = self.compute_weight(module)


def weight_norm(module: Any, name: str = "weight", dim: int | None = 0) -> Any:
    """Learn length and direction of a weight apart; Salimans and Kingma (2016)."""
    if _hook_of(module, name) is not None:
        raise RuntimeError(
            f"Cannot register two weight_norm hooks on the same parameter {name}"
        )
    weight = getattr(module, name)
    hook = WeightNorm(name, dim)
    delattr(module, name)
    length = norm_except_dim(weight.detach(), dim)
    module.register_parameter(name + "_g", Parameter(length))
    module.register_parameter(name + "_v", Parameter(weight.detach()))
    module.__dict__[name] = hook.compute_weight(module)
    module.register_forward_pre_hook(hook)
    return module


def _hook_of(module: Any, name: str) -> int | None:
    for number, (hook, _) in module._forward_pre_hooks.items():
        if isinstance(hook, WeightNorm) and hook.name == name:
            return int(number)
    return None


def remove_weight_norm(module: Any, name: str = "weight") -> Any:
    """Make the weight an ordinary parameter again."""
    number = _hook_of(module, name)
    if number is None:
        raise ValueError(f"weight_norm of '{name}' not found in {module}")
    hook, _ = module._forward_pre_hooks.pop(number)
    weight = hook.compute_weight(module).detach()
    module.__dict__.pop(name)
    delattr(module, name + "_g")
    delattr(module, name + "_v")
    module.register_parameter(name, Parameter(weight))
    return module
