"""Weights with a given norm, as `torch.nn.utils.parametrizations`."""

from typing import Any

from funcnet.compat._modes import no_grad
from funcnet.compat._ops import FUNCTIONS
from funcnet.compat.nn import functional as F
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.utils.parametrize import register_parametrization


def norm_except_dim(v: Any, dim: int | None) -> Any:
    """The 2-norms of the slices along `dim`, or of all for None, kept as dimensions."""
    if dim is None:
        return FUNCTIONS["linalg.vector_norm"](v)
    others = [d for d in range(v.dim()) if d != dim % v.dim()]
    return FUNCTIONS["linalg.vector_norm"](v, 2, others, keepdim=True)


class _WeightNorm(Module):
    """A weight as a length `original0` and a direction `original1`."""

    def __init__(self, dim: int | None = 0) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, weight_g: Any, weight_v: Any) -> Any:
        return weight_v * (weight_g / norm_except_dim(weight_v, self.dim))

    def right_inverse(self, weight: Any) -> tuple[Any, Any]:
        return norm_except_dim(weight, self.dim), weight


def weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Module:
    """Learn length and direction of a weight apart.

    Equals `torch.nn.utils.parametrizations.weight_norm`; Salimans and Kingma, "Weight
    Normalization" (2016), https://arxiv.org/abs/1602.07868.
    """
    return register_parametrization(module, name, _WeightNorm(dim), unsafe=True)


class _SpectralNorm(Module):
    """A weight divided by its largest singular value, found by power iteration."""

    def __init__(
        self, weight: Any, n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12
    ) -> None:
        super().__init__()
        if n_power_iterations <= 0:
            raise ValueError(
                "Expected n_power_iterations to be positive, but got "
                f"n_power_iterations={n_power_iterations}"
            )
        self.dim = dim if dim >= 0 else dim + weight.dim()
        self.eps = eps
        self.n_power_iterations = n_power_iterations
        if weight.dim() > 1:
            matrix = self._matrix(weight.detach())
            height, width = matrix.shape
            u = FUNCTIONS["randn"](height, dtype=weight.dtype)
            v = FUNCTIONS["randn"](width, dtype=weight.dtype)
            self.register_buffer("_u", F.normalize(u, dim=0, eps=eps))
            self.register_buffer("_v", F.normalize(v, dim=0, eps=eps))
            self._iterate(matrix, 15)

    def _matrix(self, weight: Any) -> Any:
        if self.dim:
            others = [d for d in range(weight.dim()) if d != self.dim]
            weight = weight.permute(self.dim, *others)
        return weight.flatten(1)

    def _iterate(self, matrix: Any, steps: int) -> None:
        with no_grad():
            for _ in range(steps):
                u = F.normalize(matrix.mv(self._v), dim=0, eps=self.eps)
                self._u.copy_(u)
                self._v.copy_(F.normalize(matrix.t().mv(u), dim=0, eps=self.eps))

    def forward(self, weight: Any) -> Any:
        if weight.dim() == 1:
            return F.normalize(weight, dim=0, eps=self.eps)
        matrix = self._matrix(weight)
        if self.training:
            self._iterate(matrix.detach(), self.n_power_iterations)
        u, v = self._u.clone(), self._v.clone()
        return weight / FUNCTIONS["dot"](u, matrix.mv(v))

    def right_inverse(self, value: Any) -> Any:
        return value


def spectral_norm(
    module: Module,
    name: str = "weight",
    n_power_iterations: int = 1,
    eps: float = 1e-12,
    dim: int | None = None,
) -> Module:
    """Divide a weight by its largest singular value.

    Equals `torch.nn.utils.parametrizations.spectral_norm`; Miyato et al., "Spectral
    Normalization for Generative Adversarial Networks" (2018),
    https://arxiv.org/abs/1802.05957.
    """
    if dim is None:
        transposed = ("ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d")
        dim = 1 if type(module).__name__ in transposed else 0
    weight = getattr(module, name)
    made = _SpectralNorm(weight, n_power_iterations, dim, eps)
    return register_parametrization(module, name, made)
