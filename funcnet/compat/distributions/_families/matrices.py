"""Wishart distribution, and LKJ distribution of Cholesky factors."""

import math
import warnings
from typing import Any

import funcnet.compat as torch
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions._distribution import (
    Distribution,
    ExponentialFamily,
)
from funcnet.compat.distributions._families.beta import Beta
from funcnet.compat.distributions._families.gamma import Chi2
from funcnet.compat.distributions._families.multivariate import (
    MATRICES,
    OfMatrix,
    check_matrices,
    log_det_of_tril,
)

__all__ = [
    "LKJCholesky",
    "Wishart",
]


_LOG_2 = math.log(2)
_TRIES = 3


class Wishart(OfMatrix, ExponentialFamily):
    """Wishart distribution, of the scatter matrix of `df` normal vectors.

    Args:
        df: degrees of freedom, more than the number of dimensions less one.
        covariance_matrix: of the vectors, `(*batch, n, n)`, or
        precision_matrix: its inverse, or
        scale_tril: its Cholesky factor.
    """

    support = constraints.positive_definite
    has_rsample = True
    _mean_carrier_measure = 0

    def __init__(
        self,
        df: Tensor | float,
        covariance_matrix: Tensor | None = None,
        precision_matrix: Tensor | None = None,
        scale_tril: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        given = (covariance_matrix, precision_matrix, scale_tril)
        name, matrix = check_matrices(
            dict(zip(MATRICES, given, strict=True)),
            "with optional leading batch dimensions",
        )
        dtype: dict[str, Any] = {"dtype": matrix.dtype, "device": matrix.device}
        degrees: Tensor = (
            df if isinstance(df, Tensor) else torch.tensor(float(df), **dtype)
        )
        batch = torch.broadcast_shapes(matrix.shape[:-2], degrees.shape)
        event = matrix.shape[-2:]
        if bool(degrees.le(event[-1] - 1).any()):
            raise ValueError(
                f"Value of df={degrees} expected to be greater than ndim - 1 = "
                f"{event[-1] - 1}."
            )
        self.__dict__[name] = matrix.expand((*batch, -1, -1))
        self.df = degrees.expand(batch)
        self._event_shape = Size(event)
        if bool(self.df.lt(event[-1]).any()):
            warnings.warn(
                "Low df values detected. Singular samples are highly likely to occur "
                "for ndim - 1 < df < ndim.",
                stacklevel=outside(),
            )
        super().__init__(batch, event, validate_args=validate_args)
        self._take_matrix(name, matrix)
        self._dist_chi2 = self._chi2_of(self.df)

    def _chi2_of(self, df: Tensor) -> Chi2:
        n = self._event_shape[-1]
        steps = torch.arange(n, dtype=df.dtype, device=df.device)
        return Chi2(df.unsqueeze(-1) - steps.expand((*df.shape, n)))

    @property
    def arg_constraints(self) -> dict[str, Any]:
        """Constraint of each parameter."""
        return {
            "covariance_matrix": constraints.positive_definite,
            "precision_matrix": constraints.positive_definite,
            "scale_tril": constraints.lower_cholesky,
            "df": constraints.greater_than(self._event_shape[-1] - 1),
        }

    def expand(
        self, batch_shape: ShapeLike, _instance: "Distribution | None" = None
    ) -> Any:
        """Expand the distribution to a larger `batch_shape`."""
        new = self._get_checked_instance(Wishart, _instance)
        shape = Size(batch_shape)
        self._expand_matrices(new, shape, self.event_shape[0])
        new.df = self.df.expand(shape)
        new._event_shape = self._event_shape
        new._dist_chi2 = new._chi2_of(new.df)
        Distribution.__init__(new, shape, self.event_shape, validate_args=False)
        new._validate_args = self._validate_args
        return new

    @property
    def mean(self) -> Tensor:
        """`df · covariance`."""
        return self.df.view((*self._batch_shape, 1, 1)) * self.covariance_matrix

    @property
    def mode(self) -> Tensor:
        """The mode, or NaN."""
        factor = self.df - self.covariance_matrix.shape[-1] - 1
        factor = torch.where(factor <= 0, math.nan, factor)
        return factor.view((*self._batch_shape, 1, 1)) * self.covariance_matrix

    @property
    def variance(self) -> Tensor:
        """The variances of the elements."""
        v = self.covariance_matrix
        diagonal = v.diagonal(dim1=-2, dim2=-1)
        products = diagonal.unsqueeze(-1) * diagonal.unsqueeze(-2)
        return self.df.view((*self._batch_shape, 1, 1)) * (v.pow(2) + products)

    def _bartlett(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw samples by Bartlett's decomposition."""
        n = self._event_shape[-1]
        noise = self._dist_chi2.rsample(sample_shape).clamp(
            min=torch.finfo(self.df.dtype).eps
        )
        noise = noise.sqrt().diag_embed(dim1=-2, dim2=-1)
        rows, columns = torch.tril_indices(n, n, offset=-1)
        count = n * (n - 1) // 2
        shape = Size(sample_shape) + self._batch_shape + (count,)
        below = torch.randn(shape, dtype=noise.dtype, device=noise.device)
        noise[..., rows, columns] = below
        factor = self._unbroadcasted_scale_tril @ noise
        return factor @ factor.mT

    def rsample(
        self, sample_shape: ShapeLike = (), max_try_correction: int | None = None
    ) -> Tensor:
        """Draw reparametrized matrices, which have a gradient.

        PyTorch draws what is regular once more, and so does this for the seed's sake;
        what is singular is drawn again a few times.
        """
        tries = _TRIES if max_try_correction is None else max_try_correction
        shape = self._extended_shape(sample_shape)
        rows = (Size(sample_shape).numel(), *self._batch_shape, *self._event_shape)
        result = self._bartlett(Size(sample_shape)).reshape(rows)
        again = self._regular(result)
        for _ in range(1 + tries):
            if not bool(again.any()):
                break
            drawn = self._bartlett(Size((int(again.sum()),)))
            result = result.index_put((again,), drawn)
            again = ~self._regular(result)
        return result.reshape(shape)

    def _regular(self, rows: Tensor) -> Tensor:
        """Return, for each draw, whether its matrices are positive definite."""
        result = self.support.check(rows.detach())
        return result.reshape((result.shape[0], -1)).all(-1)

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        nu, p = self.df, self._event_shape[-1]
        factor = self._unbroadcasted_scale_tril
        solved = torch.cholesky_solve(value, factor).diagonal(dim1=-2, dim2=-1)
        return (
            -nu * (p * _LOG_2 / 2 + log_det_of_tril(factor))
            - torch.mvlgamma(nu / 2, p=p)
            + (nu - p - 1) / 2 * torch.linalg.slogdet(value).logabsdet
            - solved.sum(dim=-1) / 2
        )

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        nu, p = self.df, self._event_shape[-1]
        factor = self._unbroadcasted_scale_tril
        return (
            (p + 1) * (p * _LOG_2 / 2 + log_det_of_tril(factor))
            + torch.mvlgamma(nu / 2, p=p)
            - (nu - p - 1) / 2 * _mvdigamma(nu / 2, p=p)
            + nu * p / 2
        )

    @property
    def _natural_params(self) -> tuple[Tensor, Tensor]:
        nu, p = self.df, self._event_shape[-1]
        return -self.precision_matrix / 2, (nu - p - 1) / 2

    def _log_normalizer(self, x: Tensor, y: Tensor) -> Tensor:
        p = self._event_shape[-1]
        inner = -torch.linalg.slogdet(-2 * x).logabsdet + _LOG_2 * p
        return (y + (p + 1) / 2) * inner + torch.mvlgamma(y + (p + 1) / 2, p=p)


def _mvdigamma(x: Tensor, p: int) -> Tensor:
    """Return the derivative of `mvlgamma`."""
    steps = torch.arange(p, dtype=x.dtype, device=x.device) / 2
    return torch.digamma(x.unsqueeze(-1) - steps).sum(-1)


class LKJCholesky(Distribution):
    """LKJ distribution of the Cholesky factors of correlation matrices.

    The density of the correlation is proportional to its determinant to the power of
    `concentration - 1`; samples are made by the onion method (Lewandowski, Kurowicka
    and Joe, 2009).

    Args:
        dim: of the matrices, at least 2.
        concentration: 1 for uniform correlations.
    """

    arg_constraints = {"concentration": constraints.positive}
    support = constraints.corr_cholesky

    def __init__(
        self,
        dim: int,
        concentration: TensorLike = 1.0,
        validate_args: bool | None = None,
    ) -> None:
        if dim < 2:
            raise ValueError(
                "Expected dim to be an integer greater than or equal to 2. Found "
                f"dim={dim}."
            )
        self.dim = dim
        self.concentration = torch.as_tensor(concentration)
        if not self.concentration.dtype.is_floating_point:
            self.concentration = self.concentration.to(torch.get_default_dtype())
        batch = self.concentration.size()
        # Parameters of the squared lengths of the rows below the diagonal.
        dtype: dict[str, Any] = {
            "dtype": self.concentration.dtype,
            "device": self.concentration.device,
        }
        marginal = self.concentration + 0.5 * (dim - 2)
        offset = torch.arange(dim - 1, **dtype)
        offset = torch.cat([offset.new_zeros((1,)), offset])
        self._beta = Beta(offset + 0.5, marginal.unsqueeze(-1) - 0.5 * offset)
        super().__init__(batch, (dim, dim), validate_args=validate_args)

    def expand(
        self, batch_shape: ShapeLike, _instance: "Distribution | None" = None
    ) -> Any:
        """Expand the distribution to a larger `batch_shape`."""
        new = self._get_checked_instance(LKJCholesky, _instance)
        shape = Size(batch_shape)
        new.dim = self.dim
        new.concentration = self.concentration.expand(shape)
        new._beta = self._beta.expand((*shape, self.dim))
        Distribution.__init__(new, shape, self.event_shape, validate_args=False)
        new._validate_args = self._validate_args
        return new

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw Cholesky factors."""
        with torch.no_grad():
            y = self._beta.sample(sample_shape).unsqueeze(-1)
            normal = torch.randn(
                self._extended_shape(sample_shape), dtype=y.dtype, device=y.device
            ).tril(-1)
            sphere = normal / normal.norm(dim=-1, keepdim=True)
            sphere[..., 0, :].fill_(0.0)
            w = torch.sqrt(y) * sphere
            tiny = torch.finfo(w.dtype).tiny
            left = torch.clamp(1 - torch.sum(w**2, dim=-1), min=tiny).sqrt()
            return w + torch.diag_embed(left)

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a Cholesky factor."""
        if self._validate_args:
            self._validate_sample(value)
        diagonal = value.diagonal(dim1=-1, dim2=-2)[..., 1:]
        order = torch.arange(2, self.dim + 1, device=self.concentration.device)
        order = 2 * (self.concentration - 1).unsqueeze(-1) + self.dim - order
        unnormalized = torch.sum(order * diagonal.log(), dim=-1)
        # The normalising constant, page 1999 of that article.
        rest = self.dim - 1
        alpha = self.concentration + 0.5 * rest
        denominator = torch.lgamma(alpha) * rest
        numerator = torch.mvlgamma(alpha - 0.5, rest)
        constant = 0.5 * rest * math.log(math.pi)
        return unnormalized - (constant + numerator - denominator)
