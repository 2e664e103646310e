"""Transforms of vectors and matrices."""

from typing import Any

import funcnet.compat as torch
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions._transforms.base import Transform
from funcnet.compat.distributions.utils import (
    tril_matrix_to_vec,
    vec_to_tril_matrix,
)

_F = torch.nn.functional


class _Plain(Transform):
    """Transform without settings, equal to any other of its class."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self))

    __hash__ = Transform.__hash__


def _needs(shape: ShapeLike, dims: int) -> None:
    if len(shape) < dims:
        raise ValueError("Too few dimensions on input")


class SoftmaxTransform(_Plain):
    """Softmax: `y = exp(x)`, normalised. Not bijective; the inverse is the log."""

    domain = constraints.real_vector
    codomain = constraints.simplex

    def _call(self, x: Tensor) -> Tensor:
        probs = (x - x.max(-1, True)[0]).exp()
        return probs / probs.sum(-1, True)

    def _inverse(self, y: Tensor) -> Tensor:
        return y.log()

    def forward_shape(self, shape: ShapeLike) -> Any:
        """Return the shape as it is."""
        _needs(shape, 1)
        return shape

    inverse_shape = forward_shape


class StickBreakingTransform(_Plain):
    """Stick-breaking: `K - 1` real numbers to a point of the K-simplex."""

    domain = constraints.real_vector
    codomain = constraints.simplex
    bijective = True

    def _call(self, x: Tensor) -> Tensor:
        z = torch.sigmoid(x - _rest(x, x.shape[-1] + 1).log())
        left = (1 - z).cumprod(-1)
        return _F.pad(z, [0, 1], value=1) * _F.pad(left, [1, 0], value=1)

    def _inverse(self, y: Tensor) -> Tensor:
        head = y[..., :-1]
        left = 1 - head.cumsum(-1)
        # Rounding must not leave nothing of the stick.
        left = torch.clamp(left, min=torch.finfo(y.dtype).tiny)
        return head.log() - left.log() + _rest(head, y.shape[-1]).log()

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the log determinant, from the logs of what the breaks take."""
        x = x - _rest(x, x.shape[-1] + 1).log()
        return (-x + _F.logsigmoid(x) + y[..., :-1].log()).sum(-1)

    def forward_shape(self, shape: ShapeLike) -> Any:
        """Return the shape with one more entry."""
        _needs(shape, 1)
        return (*shape[:-1], shape[-1] + 1)

    def inverse_shape(self, shape: ShapeLike) -> Any:
        """Return the shape with one entry less."""
        _needs(shape, 1)
        return (*shape[:-1], shape[-1] - 1)


def _rest(x: Tensor, count: int) -> Tensor:
    """Return the number of pieces left after each break: count - 1, ..., 1."""
    return count - x.new_ones(x.shape[-1]).cumsum(-1)


class LowerCholeskyTransform(_Plain):
    """Lower Cholesky: a matrix to a lower triangle with a positive diagonal."""

    domain = constraints.independent(constraints.real, 2)
    codomain = constraints.lower_cholesky

    def _call(self, x: Tensor) -> Tensor:
        return x.tril(-1) + x.diagonal(dim1=-2, dim2=-1).exp().diag_embed()

    def _inverse(self, y: Tensor) -> Tensor:
        return y.tril(-1) + y.diagonal(dim1=-2, dim2=-1).log().diag_embed()


class PositiveDefiniteTransform(_Plain):
    """Positive definite: a matrix to `L Lᵀ`, with its lower Cholesky transform."""

    domain = constraints.independent(constraints.real, 2)
    codomain = constraints.positive_definite

    def _call(self, x: Tensor) -> Tensor:
        factor = LowerCholeskyTransform()(x)
        return factor @ factor.mT

    def _inverse(self, y: Tensor) -> Tensor:
        return LowerCholeskyTransform().inv(torch.linalg.cholesky(y))


class CorrCholeskyTransform(Transform):
    """Correlation Cholesky: `D(D - 1)/2` real numbers to a `D × D` factor.

    The numbers are partial correlations under tanh; each row of the factor has length
    one (Lewandowski, Kurowicka and Joe, 2009).
    """

    domain = constraints.real_vector
    codomain = constraints.corr_cholesky
    bijective = True

    def _call(self, x: Tensor) -> Tensor:
        eps = torch.finfo(x.dtype).eps
        x = torch.tanh(x).clamp(min=-1 + eps, max=1 - eps)
        r = vec_to_tril_matrix(x, diag=-1)
        # In each row, one less the sum of the squares before.
        left = (1 - r**2).sqrt().cumprod(-1)
        r = r + torch.eye(r.shape[-1], dtype=r.dtype, device=r.device)
        return r * _F.pad(left[..., :-1], [1, 0], value=1)

    def _inverse(self, y: Tensor) -> Tensor:
        left = 1 - torch.cumsum(y * y, dim=-1)
        left = _F.pad(left[..., :-1], [1, 0], value=1)
        values = tril_matrix_to_vec(y, diag=-1)
        rest = tril_matrix_to_vec(left, diag=-1)
        t = values / rest.sqrt()
        return (t.log1p() - t.neg().log1p()) / 2

    def log_abs_det_jacobian(
        self, x: Tensor, y: Tensor, intermediates: Tensor | None = None
    ) -> Tensor:
        """Return the log determinant, from what each row has left and from tanh."""
        left = 1 - (y * y).cumsum(dim=-1)
        below = tril_matrix_to_vec(left, diag=-2)
        rows = 0.5 * below.log().sum(-1)
        slopes = -2 * (x + _F.softplus(-2 * x) - _LOG_2).sum(dim=-1)
        return rows + slopes

    def forward_shape(self, shape: ShapeLike) -> Any:
        """Return the shape of the matrices."""
        _needs(shape, 1)
        n = shape[-1]
        size = round((0.25 + 2 * n) ** 0.5 + 0.5)
        if size * (size - 1) // 2 != n:
            raise ValueError("Input is not a flattened lower-diagonal number")
        return (*shape[:-1], size, size)

    def inverse_shape(self, shape: ShapeLike) -> Any:
        """Return the shape of the vectors."""
        _needs(shape, 2)
        if shape[-2] != shape[-1]:
            raise ValueError("Input is not square")
        size = shape[-1]
        return (*shape[:-2], size * (size - 1) // 2)


_LOG_2 = 0.6931471805599453
