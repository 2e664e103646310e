"""Multivariate normal distributions, with a full or a low-rank covariance."""

import math
from typing import Any, Self

import funcnet.compat as torch
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions._distribution import (
    HALF_LOG_2_PI,
    AroundLoc,
    Distribution,
)
from funcnet.compat.distributions.utils import _standard_normal, lazy_property

__all__ = [
    "LowRankMultivariateNormal",
    "MultivariateNormal",
]


def batch_mv(matrix: Tensor, vector: Tensor) -> Tensor:
    """Multiply matrices `(..., n, m)` by vectors `(..., m)`."""
    return torch.matmul(matrix, vector.unsqueeze(-1)).squeeze(-1)


def batch_mahalanobis(factor: Tensor, x: Tensor) -> Tensor:
    """`xᵀ M⁻¹ x` for `M = L Lᵀ`, of factors `(..., n, n)` and vectors `(..., n)`."""
    solved = torch.linalg.solve_triangular(factor, x.unsqueeze(-1), upper=False)
    return solved.squeeze(-1).pow(2).sum(-1)


def tril_of_precision(precision: Tensor) -> Tensor:
    """Return the Cholesky factor of the inverse of a matrix."""
    turned = torch.linalg.cholesky(torch.flip(precision, (-2, -1)))
    inverse = torch.flip(turned, (-2, -1)).mT
    n = precision.shape[-1]
    eye = torch.eye(n, dtype=precision.dtype, device=precision.device)
    return torch.linalg.solve_triangular(inverse, eye, upper=False)


def log_det_of_tril(factor: Tensor) -> Tensor:
    """Return half the log determinant of `L Lᵀ`."""
    return factor.diagonal(dim1=-2, dim2=-1).log().sum(-1)


MATRICES = ("covariance_matrix", "precision_matrix", "scale_tril")


def check_matrices(given: dict[str, Any], why: str) -> tuple[str, Tensor]:
    """Return the one matrix that is given, with its name.

    Raises:
        ValueError: there is not exactly one, or it has too few dimensions.
    """
    result = {name: m for name, m in given.items() if m is not None}
    if len(result) != 1:
        raise ValueError(
            "Exactly one of covariance_matrix or precision_matrix or scale_tril may be "
            "specified."
        )
    ((name, matrix),) = result.items()
    if matrix.dim() < 2:
        raise ValueError(f"{name} must be at least two-dimensional, {why}")
    return name, matrix


class OfMatrix(Distribution):
    """Distribution with a covariance, which is given as one of three matrices."""

    _unbroadcasted_scale_tril: Tensor

    def _whole(self, matrix: Tensor) -> Tensor:
        n = matrix.shape[-1]
        return matrix.expand((*self._batch_shape, n, n))

    def _take_matrix(self, name: str, matrix: Tensor) -> None:
        """Set the given matrix, and the Cholesky factor of the covariance."""
        if name == "scale_tril":
            self._unbroadcasted_scale_tril = matrix
        elif name == "covariance_matrix":
            self._unbroadcasted_scale_tril = torch.linalg.cholesky(matrix)
        else:
            self._unbroadcasted_scale_tril = tril_of_precision(matrix)

    @lazy_property
    def scale_tril(self) -> Tensor:
        """The Cholesky factor of the covariance."""
        return self._whole(self._unbroadcasted_scale_tril)

    @lazy_property
    def covariance_matrix(self) -> Tensor:
        """The covariance."""
        factor = self._unbroadcasted_scale_tril
        return self._whole(factor @ factor.mT)

    @lazy_property
    def precision_matrix(self) -> Tensor:
        """The inverse of the covariance."""
        return self._whole(torch.cholesky_inverse(self._unbroadcasted_scale_tril))

    def _expand_matrices(self, new: Self, shape: Size, n: int) -> None:
        new._unbroadcasted_scale_tril = self._unbroadcasted_scale_tril
        for name in MATRICES:
            if name in self.__dict__:
                new.__dict__[name] = self.__dict__[name].expand((*shape, n, n))


class MultivariateNormal(AroundLoc, OfMatrix):
    """Multivariate normal distribution.

    Args:
        loc: the mean, `(*batch, n)`.
        covariance_matrix: `(*batch, n, n)`, or
        precision_matrix: its inverse, or
        scale_tril: its Cholesky factor.
    """

    arg_constraints = {
        "loc": constraints.real_vector,
        "covariance_matrix": constraints.positive_definite,
        "precision_matrix": constraints.positive_definite,
        "scale_tril": constraints.lower_cholesky,
    }
    support = constraints.real_vector
    has_rsample = True

    def __init__(
        self,
        loc: Tensor,
        covariance_matrix: Tensor | None = None,
        precision_matrix: Tensor | None = None,
        scale_tril: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        if loc.dim() < 1:
            raise ValueError("loc must be at least one-dimensional.")
        given = (covariance_matrix, precision_matrix, scale_tril)
        name, matrix = check_matrices(
            dict(zip(MATRICES, given, strict=True)),
            "with optional leading batch dimensions",
        )
        batch = torch.broadcast_shapes(matrix.shape[:-2], loc.shape[:-1])
        self.__dict__[name] = matrix.expand((*batch, -1, -1))
        self.loc = loc.expand((*batch, -1))
        super().__init__(batch, self.loc.shape[-1:], validate_args=validate_args)
        self._take_matrix(name, matrix)

    def expand(
        self, batch_shape: ShapeLike, _instance: "Distribution | None" = None
    ) -> Any:
        """Expand the distribution to a larger `batch_shape`."""
        new = self._get_checked_instance(MultivariateNormal, _instance)
        shape = Size(batch_shape)
        new.loc = self.loc.expand(shape + self.event_shape)
        self._expand_matrices(new, shape, self.event_shape[0])
        Distribution.__init__(new, shape, self.event_shape, validate_args=False)
        new._validate_args = self._validate_args
        return new

    @property
    def variance(self) -> Tensor:
        """The variances of the entries."""
        result = self._unbroadcasted_scale_tril.pow(2).sum(-1)
        return result.expand(self._batch_shape + self._event_shape)

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized vectors, which have a gradient."""
        shape = self._extended_shape(sample_shape)
        eps = _standard_normal(shape, self.loc.dtype, self.loc.device)
        return self.loc + batch_mv(self._unbroadcasted_scale_tril, eps)

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        factor = self._unbroadcasted_scale_tril
        distance = batch_mahalanobis(factor, value - self.loc)
        n = self._event_shape[0]
        return -0.5 * distance - log_det_of_tril(factor) - n * HALF_LOG_2_PI

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        half = log_det_of_tril(self._unbroadcasted_scale_tril)
        result = self._event_shape[0] * (0.5 + HALF_LOG_2_PI) + half
        return result.expand(self._batch_shape) if self._batch_shape else result


class LowRankMultivariateNormal(AroundLoc):
    """Multivariate normal distribution of covariance `W Wᵀ + D`, of low rank.

    Args:
        loc: the mean, `(*batch, n)`.
        cov_factor: `W`, `(*batch, n, rank)`.
        cov_diag: the diagonal of `D`, `(*batch, n)`.
    """

    arg_constraints = {
        "loc": constraints.real_vector,
        "cov_factor": constraints.independent(constraints.real, 2),
        "cov_diag": constraints.independent(constraints.positive, 1),
    }
    support = constraints.real_vector
    has_rsample = True

    def __init__(
        self,
        loc: Tensor,
        cov_factor: Tensor,
        cov_diag: Tensor,
        validate_args: bool | None = None,
    ) -> None:
        if loc.dim() < 1:
            raise ValueError("loc must be at least one-dimensional.")
        event = loc.shape[-1:]
        if cov_factor.dim() < 2:
            raise ValueError(
                "cov_factor must be at least two-dimensional, with optional leading "
                "batch dimensions"
            )
        if cov_factor.shape[-2:-1] != event:
            raise ValueError(
                f"cov_factor must be a batch of matrices with shape {event[0]} x m"
            )
        if cov_diag.shape[-1:] != event:
            raise ValueError(f"cov_diag must be a batch of vectors with shape {event}")
        try:
            batch = torch.broadcast_shapes(
                loc.shape[:-1], cov_factor.shape[:-2], cov_diag.shape[:-1]
            )
        except RuntimeError as error:
            raise ValueError(
                f"Incompatible batch shapes: loc {loc.shape}, cov_factor "
                f"{cov_factor.shape}, cov_diag {cov_diag.shape}"
            ) from error
        self.loc = loc.expand((*batch, -1))
        self.cov_diag = cov_diag.expand((*batch, -1))
        self.cov_factor = cov_factor.expand((*batch, -1, -1))
        self._unbroadcasted_cov_factor = cov_factor
        self._unbroadcasted_cov_diag = cov_diag
        self._capacitance_tril = _capacitance_tril(cov_factor, cov_diag)
        super().__init__(batch, event, validate_args=validate_args)

    def expand(
        self, batch_shape: ShapeLike, _instance: "Distribution | None" = None
    ) -> Any:
        """Expand the distribution to a larger `batch_shape`."""
        new = self._get_checked_instance(LowRankMultivariateNormal, _instance)
        shape = Size(batch_shape)
        new.loc = self.loc.expand(shape + self.event_shape)
        new.cov_diag = self.cov_diag.expand(shape + self.event_shape)
        new.cov_factor = self.cov_factor.expand(shape + self.cov_factor.shape[-2:])
        for name in ("cov_factor", "cov_diag"):
            setattr(
                new, f"_unbroadcasted_{name}", getattr(self, f"_unbroadcasted_{name}")
            )
        new._capacitance_tril = self._capacitance_tril
        Distribution.__init__(new, shape, self.event_shape, validate_args=False)
        new._validate_args = self._validate_args
        return new

    @lazy_property
    def variance(self) -> Tensor:
        """The variances of the entries."""
        result = self._unbroadcasted_cov_factor.pow(2).sum(-1)
        result = result + self._unbroadcasted_cov_diag
        return result.expand(self._batch_shape + self._event_shape)

    def _whole(self, matrix: Tensor) -> Tensor:
        return matrix.expand(self._batch_shape + self._event_shape + self._event_shape)

    @lazy_property
    def scale_tril(self) -> Tensor:
        """The Cholesky factor of the covariance."""
        root = self._unbroadcasted_cov_diag.sqrt().unsqueeze(-1)
        scaled = self._unbroadcasted_cov_factor / root
        eye = torch.eye(self._event_shape[0], dtype=self.loc.dtype)
        inner = scaled @ scaled.mT + eye.to(self.loc.device)
        return self._whole(root * torch.linalg.cholesky(inner))

    @lazy_property
    def covariance_matrix(self) -> Tensor:
        """The covariance."""
        w = self._unbroadcasted_cov_factor
        diag = torch.diag_embed(self._unbroadcasted_cov_diag)
        return self._whole(w @ w.mT + diag)

    @lazy_property
    def precision_matrix(self) -> Tensor:
        """The inverse of the covariance, by the Woodbury identity."""
        w, diag = self._unbroadcasted_cov_factor, self._unbroadcasted_cov_diag
        scaled = w.mT / diag.unsqueeze(-2)
        a = torch.linalg.solve_triangular(self._capacitance_tril, scaled, upper=False)
        return self._whole(torch.diag_embed(diag.reciprocal()) - a.mT @ a)

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized vectors, which have a gradient."""
        shape = self._extended_shape(sample_shape)
        inner = shape[:-1] + self.cov_factor.shape[-1:]
        dtype = (self.loc.dtype, self.loc.device)
        eps_w = _standard_normal(inner, *dtype)
        eps_d = _standard_normal(shape, *dtype)
        return (
            self.loc
            + batch_mv(self._unbroadcasted_cov_factor, eps_w)
            + self._unbroadcasted_cov_diag.sqrt() * eps_d
        )

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        distance = lowrank_mahalanobis(
            *(self._unbroadcasted_cov_factor, self._unbroadcasted_cov_diag),
            *(value - self.loc, self._capacitance_tril),
        )
        log_det = self._log_det()
        n = self._event_shape[0]
        return -0.5 * (n * math.log(2 * math.pi) + log_det + distance)

    def _log_det(self) -> Tensor:
        """Return the log determinant of the covariance."""
        half = log_det_of_tril(self._capacitance_tril)
        return 2 * half + self._unbroadcasted_cov_diag.log().sum(-1)

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        n = self._event_shape[0]
        result = 0.5 * (n * (1.0 + math.log(2 * math.pi)) + self._log_det())
        return result.expand(self._batch_shape) if self._batch_shape else result


def _capacitance_tril(w: Tensor, diag: Tensor) -> Tensor:
    """Return the Cholesky factor of `I + Wᵀ D⁻¹ W`."""
    rank = w.size(-1)
    inner = (w.mT / diag.unsqueeze(-2)) @ w
    return torch.linalg.cholesky(inner + torch.eye(rank, dtype=w.dtype).to(w.device))


def lowrank_mahalanobis(w: Tensor, diag: Tensor, x: Tensor, factor: Tensor) -> Tensor:
    """`xᵀ (W Wᵀ + D)⁻¹ x`, by the Woodbury identity."""
    inner = batch_mv(w.mT / diag.unsqueeze(-2), x)
    return (x.pow(2) / diag).sum(-1) - batch_mahalanobis(factor, inner)
