"""Von Mises distribution."""

import math

import funcnet.compat as torch
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions._distribution import AroundLoc
from funcnet.compat.distributions.utils import broadcast_all, lazy_property

__all__ = [
    "VonMises",
]


class VonMises(AroundLoc):
    """Von Mises distribution of angles around `loc`, with a concentration.

    Args:
        loc: an angle in radians.
        concentration: as the inverse of a variance.
    """

    arg_constraints = {"loc": constraints.real, "concentration": constraints.positive}
    support = constraints.real
    _parts = {"loc": 0, "concentration": 0}

    def __init__(
        self,
        loc: TensorLike,
        concentration: TensorLike,
        validate_args: bool | None = None,
    ) -> None:
        self.loc, self.concentration = broadcast_all(loc, concentration)
        super().__init__(self.loc.shape, validate_args=validate_args)

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        k = self.concentration
        log_bessel = torch.special.i0e(k).log() + k
        return k * torch.cos(value - self.loc) - math.log(2 * math.pi) - log_bessel

    @lazy_property
    def _proposal_r(self) -> Tensor:
        """The parameter of the wrapped Cauchy distribution that is drawn from."""
        k = self.concentration.to(torch.float64)
        tau = 1 + (1 + 4 * k**2).sqrt()
        rho = (tau - (2 * tau).sqrt()) / (2 * k)
        result = (1 + rho**2) / (2 * rho)
        return torch.where(k < 1e-5, 1 / k + k, result)

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw samples in [-π, π), by rejection (Best and Fisher, 1979)."""
        with torch.no_grad():
            shape = self._extended_shape(sample_shape)
            loc, k = (x.to(torch.float64) for x in (self.loc, self.concentration))
            result = _rejected(loc, k, self._proposal_r, shape)
            return result.to(self.loc.dtype)

    @lazy_property
    def variance(self) -> Tensor:
        """The circular variance: one less the length of the mean direction."""
        k = self.concentration
        return 1 - torch.special.i1e(k) / torch.special.i0e(k)


def _rejected(loc: Tensor, k: Tensor, r: Tensor, shape: Size) -> Tensor:
    x = torch.zeros(shape, dtype=loc.dtype, device=loc.device)
    done = torch.zeros(shape, dtype=torch.bool, device=loc.device)
    while not bool(done.all()):
        u1, u2, u3 = torch.rand((3, *shape), dtype=loc.dtype).to(loc.device).unbind()
        z = torch.cos(math.pi * u1)
        f = (1 + r * z) / (r + z)
        c = k * (r - f)
        accepted = ((c * (2 - c) - u2) > 0) | ((c / u2).log() + 1 - c >= 0)
        x = torch.where(accepted, (u3 - 0.5).sign() * f.acos(), x)
        done = done | accepted
    return (x + math.pi + loc) % (2 * math.pi) - math.pi
