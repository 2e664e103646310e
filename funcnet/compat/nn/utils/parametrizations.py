"""Weights under a constraint, as `torch.nn.utils.parametrizations`."""

from typing import Any

from funcnet.compat._core.context import no_grad
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import did_you_mean
from funcnet.compat._ops.linalg.matmul import vdot
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.utils._orthogonal import MAPS, _Orthogonal
from funcnet.compat.nn.utils.parametrize import register_parametrization
from funcnet.compat.nn.utils.spectral_norm import (
    as_matrix,
    check_iterations,
    dim_of_outputs,
    unit_vectors,
)
from funcnet.compat.nn.utils.weight_norm import norm_except_dim, of_length


class _WeightNorm(Module):
    """A weight as a length `original0` and a direction `original1`."""

    def __init__(self, dim: int | None = 0) -> None:
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g: Tensor, weight_v: Tensor) -> Any:
        return of_length(weight_v, weight_g, self.dim)

    def right_inverse(self, weight: Tensor) -> tuple[Any, Any]:
        return norm_except_dim(weight, 2, self.dim), weight


@explains_keywords
def weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Module:
    """Weight normalization: learn length and direction separately.

    Equals `torch.nn.utils.parametrizations.weight_norm`; a state that was saved with
    the older `torch.nn.utils.weight_norm` can be loaded. Salimans and Kingma, "Weight
    Normalization" (2016), https://arxiv.org/abs/1602.07868.
    """
    register_parametrization(module, name, _WeightNorm(dim), unsafe=True)
    module._register_load_state_dict_pre_hook(_OldNames(name))
    return module


class _OldNames:
    """Gives what the hook of `torch.nn.utils.weight_norm` saved the names of today."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, state: dict[str, Any], prefix: str, *others: object) -> None:
        old = [f"{prefix}{self.name}_g", f"{prefix}{self.name}_v"]
        if all(key in state for key in old):
            for index, key in enumerate(old):
                new = f"{prefix}parametrizations.{self.name}.original{index}"
                state[new] = state.pop(key)


class _SpectralNorm(Module):
    """A weight divided by its largest singular value, found by power iteration."""

    def __init__(
        self,
        weight: Tensor,
        n_power_iterations: int = 1,
        dim: int = 0,
        eps: float = 1e-12,
    ) -> None:
        super().__init__()
        ndim = weight.ndim
        if not -ndim <= dim < ndim:
            raise IndexError(
                "Dimension out of range (expected to be in range of "
                f"[-{ndim}, {ndim - 1}] but got {dim})"
            )
        check_iterations(n_power_iterations)
        self.dim = dim % ndim
        self.eps = eps
        if ndim > 1:
            self.n_power_iterations = n_power_iterations
            matrix = as_matrix(weight.detach(), self.dim)
            u, v = unit_vectors(matrix, eps)
            self.register_buffer("_u", u)
            self.register_buffer("_v", v)
            self._iterate(matrix, 15)

    def _iterate(self, matrix: Tensor, steps: int) -> None:
        with no_grad():
            for _ in range(steps):
                u = F.normalize(matrix.mv(self._v), dim=0, eps=self.eps)
                self._u.copy_(u)
                self._v.copy_(F.normalize(matrix.mH.mv(u), dim=0, eps=self.eps))

    def forward(self, weight: Tensor) -> Any:
        if weight.ndim == 1:
            return F.normalize(weight, dim=0, eps=self.eps)
        matrix = as_matrix(weight, self.dim)
        if self.training:
            self._iterate(matrix.detach(), self.n_power_iterations)
        # Copies: a second forward pass may come before `backward`.
        u, v = self._u.clone(), self._v.clone()
        return weight / vdot(u, matrix.mv(v))

    def right_inverse(self, value: Tensor) -> Any:
        return value


@explains_keywords
def spectral_norm(
    module: Module,
    name: str = "weight",
    n_power_iterations: int = 1,
    eps: float = 1e-12,
    dim: int | None = None,
) -> Module:
    """Spectral normalization: divide a weight by its largest singular value.

    Equals `torch.nn.utils.parametrizations.spectral_norm`; Miyato et al., "Spectral
    Normalization for Generative Adversarial Networks" (2018),
    https://arxiv.org/abs/1802.05957.
    """
    weight = _tensor_named(module, name)
    dim = dim_of_outputs(module) if dim is None else dim
    result = _SpectralNorm(weight, n_power_iterations, dim, eps)
    return register_parametrization(module, name, result)


@explains_keywords
def orthogonal(
    module: Module,
    name: str = "weight",
    orthogonal_map: str | None = None,
    *,
    use_trivialization: bool = True,
) -> Module:
    """Keep a weight orthogonal: `(..., n, k)` with columns of length 1 at right angles.

    Equals `torch.nn.utils.parametrizations.orthogonal`; where there are more columns
    than rows it is the rows. The map is "matrix_exp", "cayley" or "householder".
    Lezcano-Casado, "Trivializations for Gradient-Based Optimization on Manifolds"
    (2019), https://arxiv.org/abs/1909.09501.

    Example:
        >>> import funcnet.compat as torch
        >>> layer = torch.nn.utils.parametrizations.orthogonal(torch.nn.Linear(3, 5))
        >>> w = layer.weight
        >>> torch.allclose(w.T @ w, torch.eye(3), atol=1e-5)
        True
    """
    weight = _tensor_named(module, name)
    if weight.ndim < 2:
        raise ValueError(
            "Expected a matrix or batch of matrices. "
            f"Got a tensor of {weight.ndim} dimensions."
        )
    if orthogonal_map is None:
        square = weight.size(-2) == weight.size(-1)
        orthogonal_map = (
            "matrix_exp" if square or weight.is_complex() else "householder"
        )
    if orthogonal_map not in MAPS:
        raise ValueError(
            'orthogonal_map has to be one of "matrix_exp", "cayley", "householder". '
            f"Got: {orthogonal_map}." + did_you_mean(orthogonal_map, MAPS)
        )
    result = _Orthogonal(weight, orthogonal_map, use_trivialization=use_trivialization)
    return register_parametrization(module, name, result, unsafe=True)


def _tensor_named(module: Module, name: str) -> Any:
    result = getattr(module, name, None)
    if not isinstance(result, Tensor):
        known = [*module._parameters, *module._buffers]
        raise ValueError(
            f"Module '{module}' has no parameter or buffer with name '{name}'."
            + did_you_mean(name, known)
        )
    return result


__all__ = ["orthogonal", "spectral_norm", "weight_norm"]
