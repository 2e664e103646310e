"""Weights of spectral norm 1, by a hook, as `torch.nn.utils.spectral_norm`."""

from typing import Any

from funcnet.compat._core.context import no_grad
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.linalg.least_squares import pinv
from funcnet.compat._ops.linalg.matmul import dot
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.nn.modules.conv import (
    ConvTranspose1d,
    ConvTranspose2d,
    ConvTranspose3d,
)
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.parameter import Parameter
from funcnet.compat.nn.utils.weight_norm import find_hook, refuse_lazy


def as_matrix(weight: Tensor, dim: int) -> Any:
    """A weight as a matrix whose rows run along `dim`."""
    if dim:
        weight = weight.permute(dim, *[d for d in range(weight.dim()) if d != dim])
    return weight.flatten(1)


def unit_vectors(matrix: Tensor, eps: float) -> tuple[Any, Any]:
    """Random vectors of length 1 for the two sides of a matrix, drawn as PyTorch's."""
    drawn = [matrix.new_empty(size).normal_(0, 1) for size in matrix.shape]
    u, v = [F.normalize(vector, dim=0, eps=eps) for vector in drawn]
    return u, v


def dim_of_outputs(module: Module) -> int:
    """The dimension of a layer's weight that counts its outputs."""
    transposed = (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d)
    return 1 if isinstance(module, transposed) else 0


def check_iterations(count: int) -> None:
    """Raise where there would be no power iteration."""
    if count <= 0:
        raise ValueError(
            "Expected n_power_iterations to be positive, but got "
            f"n_power_iterations={count}"
        )


@explains_keywords
class SpectralNorm:
    """Computes a weight from `weight_orig` and its singular vectors `_u`, `_v`."""

    _version = 1

    def __init__(
        self,
        name: str = "weight",
        n_power_iterations: int = 1,
        dim: int = 0,
        eps: float = 1e-12,
    ) -> None:
        check_iterations(n_power_iterations)
        self.name = name
        self.dim = dim
        self.n_power_iterations = n_power_iterations
        self.eps = eps

    def compute_weight(self, module: Module, do_power_iteration: bool) -> Any:
        """The weight, differentiable with respect to the original one.

        The vectors are written in place, so that all who share the buffers see them,
        and the gradient uses copies: a second forward pass may come before `backward`.
        """
        weight = getattr(module, self.name + "_orig")
        u, v = getattr(module, self.name + "_u"), getattr(module, self.name + "_v")
        matrix = as_matrix(weight, self.dim)
        if do_power_iteration:
            with no_grad():
                for _ in range(self.n_power_iterations):
                    v.copy_(F.normalize(matrix.t().mv(u), dim=0, eps=self.eps))
                    u.copy_(F.normalize(matrix.mv(v), dim=0, eps=self.eps))
                u, v = u.clone(), v.clone()
        return weight / dot(u, matrix.mv(v))

    def remove(self, module: Module) -> None:
        """Make the weight an ordinary parameter again."""
        with no_grad():
            weight = self.compute_weight(module, do_power_iteration=False)
        for suffix in ("", "_u", "_v", "_orig"):
            delattr(module, self.name + suffix)
        module.register_parameter(self.name, Parameter(weight.detach()))

    def __call__(self, module: Module, inputs: object) -> None:
        setattr(module, self.name, self.compute_weight(module, module.training))


@explains_keywords
class SpectralNormStateDictHook:
    """Notes the version of the format when a state is saved."""

    def __init__(self, fn: SpectralNorm) -> None:
        self.fn = fn

    @property
    def name(self) -> str:
        """The tensor that it is for."""
        return self.fn.name

    def __call__(
        self,
        module: Module,
        state: dict[str, Any],
        prefix: str,
        metadata: dict[str, Any],
    ) -> None:
        versions = metadata.setdefault("spectral_norm", {})
        versions[self.name + ".version"] = self.fn._version


class SpectralNormLoadStateDictPreHook(SpectralNormStateDictHook):
    """Brings a state from before PyTorch 1.0 into today's form.

    Then `weight` was saved beside `weight_orig` and `weight_u`, and `weight_v` was not:
    it is found from the others.
    """

    def __call__(
        self,
        state: dict[str, Any],
        prefix: str,
        metadata: dict[str, Any],
        strict: bool,
        missing_keys: list[str],
        *others: object,
    ) -> None:
        key = prefix + self.name
        version = metadata.get("spectral_norm", {}).get(self.name + ".version")
        today = all(key + suffix in state for suffix in ("_orig", "_u", "_v"))
        if version is not None or (today and key not in state):
            return
        missing = [key + s for s in ("_orig", "", "_u") if key + s not in state]
        if missing:
            missing_keys += missing if strict else ()
            return
        with no_grad():
            weight = state.pop(key)
            original, u = state[key + "_orig"], state[key + "_u"]
            sigma = (original / weight).mean()
            matrix = as_matrix(original, self.fn.dim)
            v = pinv(matrix).mv(u)
            state[key + "_v"] = v * (sigma / dot(u, matrix.mv(v)))


@explains_keywords
def spectral_norm(
    module: Module,
    name: str = "weight",
    n_power_iterations: int = 1,
    eps: float = 1e-12,
    dim: int | None = None,
) -> Any:
    """Spectral normalization, by power iteration.

    Equals `torch.nn.utils.spectral_norm`: the parameter becomes `weight_orig`, the
    vectors are the buffers `weight_u` and `weight_v`. Miyato et al., "Spectral
    Normalization for Generative Adversarial Networks" (2018),
    https://arxiv.org/abs/1802.05957.
    """
    if find_hook(module, SpectralNorm, name) is not None:
        raise RuntimeError(
            f"Cannot register two spectral_norm hooks on the same parameter {name}"
        )
    hook = SpectralNorm(
        name, n_power_iterations, dim_of_outputs(module) if dim is None else dim, eps
    )
    weight = module._parameters[name]
    if weight is None:
        raise ValueError(
            f"`SpectralNorm` cannot be applied as parameter `{name}` is None"
        )
    refuse_lazy("SpectralNorm", weight)
    with no_grad():
        u, v = unit_vectors(as_matrix(weight, hook.dim), eps)
    delattr(module, name)
    module.register_parameter(name + "_orig", weight)
    setattr(module, name, weight.detach())
    module.register_buffer(name + "_u", u)
    module.register_buffer(name + "_v", v)
    module.register_forward_pre_hook(hook)
    module._register_state_dict_hook(SpectralNormStateDictHook(hook))
    module._register_load_state_dict_pre_hook(SpectralNormLoadStateDictPreHook(hook))
    return module


@explains_keywords
def remove_spectral_norm(module: Module, name: str = "weight") -> Any:
    """Make the weight an ordinary parameter again."""
    number = find_hook(module, SpectralNorm, name)
    if number is None:
        raise ValueError(f"spectral_norm of '{name}' not found in {module}")
    hook: Any = module._forward_pre_hooks.pop(number)
    hook.remove(module)
    for hooks in (module._state_dict_hooks, module._load_state_dict_pre_hooks):
        for number, entry in list(hooks.items()):
            result = entry[1] if isinstance(entry, tuple) else entry
            if isinstance(result, SpectralNormStateDictHook) and result.name == name:
                del hooks[number]
    return module


__all__ = [
    "SpectralNorm",
    "SpectralNormLoadStateDictPreHook",
    "SpectralNormStateDictHook",
    "remove_spectral_norm",
    "spectral_norm",
]
