"""Orthogonal matrices as functions of unconstrained ones."""

from typing import Any, Final

from funcnet.compat._core.context import no_grad
from funcnet.compat._ops.create import sequences
from funcnet.compat._ops.create.creation import zeros_like
from funcnet.compat._ops.elementwise.comparison import allclose
from funcnet.compat._ops.linalg.factor import geqrf, householder_product
from funcnet.compat._ops.linalg.functions import matrix_exp
from funcnet.compat._ops.linalg.solve import solve
from funcnet.compat._ops.random.sampling import randn
from funcnet.compat._ops.shape.joining import cat
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._toplevel import settings as _settings
from funcnet.compat.nn.modules.module import Module

MAPS: Final = ("matrix_exp", "cayley", "householder")


class _Orthogonal(Module):
    """An orthogonal matrix `(..., n, k)`; if n < k, its transpose is one.

    With trivialization it is `base @ Q(X)`, and assigning to the weight moves the base.
    """

    base: Any

    def __init__(
        self, weight: Tensor, orthogonal_map: str, *, use_trivialization: bool = True
    ) -> None:
        super().__init__()
        if weight.is_complex() and orthogonal_map == "householder":
            raise ValueError(
                "The householder parametrization does not support complex tensors."
            )
        self.shape = weight.shape
        self.orthogonal_map = orthogonal_map
        if use_trivialization:
            self.register_buffer("base", None)

    def forward(self, X: Tensor) -> Any:
        transposed = X.size(-2) < X.size(-1)
        X = X.mT if transposed else X
        Q = _householder(X) if self.orthogonal_map == "householder" else self._group(X)
        if hasattr(self, "base"):
            Q = self.base @ Q
        return Q.mT if transposed else Q

    def _group(self, X: Tensor) -> Any:
        """Columns of the exponential, or of the Cayley map, of a skew matrix."""
        n, k = X.size(-2), X.size(-1)
        X = X.tril()
        if n != k:
            filler = X.new_zeros((*X.shape[:-1], n - k))
            X = cat([X, filler], -1)
        A = X - X.mH
        if self.orthogonal_map == "matrix_exp":
            return matrix_exp(A)[..., :k]
        eye = sequences.eye(n, dtype=A.dtype, device=A.device)
        return solve(eye - 0.5 * A, eye + 0.5 * A)[..., :k]

    def right_inverse(self, Q: Tensor) -> Any:
        """What the matrix is made from; the nearest orthogonal one is meant."""
        if Q.shape != self.shape:
            raise ValueError(
                f"Expected a matrix or batch of matrices of shape {self.shape}. Got a "
                f"tensor of shape {Q.shape}."
            )
        with no_grad():
            transposed = Q.size(-2) < Q.size(-1)
            tall = Q.mT if transposed else Q
            if hasattr(self, "base"):
                self.base = _completed(tall)
                start = zeros_like(Q)
                start.diagonal(dim1=-2, dim2=-1).fill_(-1.0)
                return start
            if self.orthogonal_map != "householder":
                raise NotImplementedError(
                    "It is not possible to assign to the matrix exponential or the "
                    "Cayley parametrizations when use_trivialization=False."
                )
            A, tau = geqrf(tall)
            # PyTorch keeps the signs of the columns on the diagonal.
            signs = A.diagonal(dim1=-2, dim2=-1)
            signs.sign_()
            signs[tau == 0.0] *= -1
            return A.mT if transposed else A


def _householder(X: Tensor) -> Any:
    """The product of the reflectors below the diagonal, with signs from it."""
    A = X.tril(-1)
    tau = 2.0 / (1.0 + (A * A).sum(-2))
    Q = householder_product(A, tau)
    return Q * X.diagonal(dim1=-2, dim2=-1).int().unsqueeze(-2)


def _completed(Q: Tensor) -> Any:
    """A square orthogonal matrix that begins with the columns of `Q`."""
    n, k = Q.size(-2), Q.size(-1)
    if n != k:
        drawn = randn((*Q.shape[:-2], n, n - k), dtype=Q.dtype, device=Q.device)
        return _nearest(cat([Q, drawn], -1))
    return Q.clone() if _is_orthogonal(Q) else _nearest(Q)


def _is_orthogonal(Q: Tensor) -> bool:
    n, k = Q.size(-2), Q.size(-1)
    eye = sequences.eye(k, dtype=Q.dtype, device=Q.device)
    slack = 10.0 * n * _settings.finfo(Q.dtype).eps
    return bool(allclose(Q.mH @ Q, eye, atol=slack))


def _nearest(A: Tensor) -> Any:
    """The orthogonal factor of a matrix whose other factor has a positive diagonal."""
    X, tau = geqrf(A)
    Q = householder_product(X, tau)
    return Q * X.diagonal(dim1=-2, dim2=-1).sgn().unsqueeze(-2)
