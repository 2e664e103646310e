"""Probability distributions, as `torch.distributions`.

Seeded samples are PyTorch's. Parameters and values are checked by default, which
computes what was recorded until then; `validate_args=False`, or
`Distribution.set_default_validate_args(False)`, leaves a training step one program.

Example:
    >>> import funcnet.compat as torch
    >>> from funcnet.compat.distributions import Normal, kl_divergence
    >>> p = Normal(torch.zeros(2), torch.ones(2))
    >>> kl_divergence(p, Normal(1.0, 1.0))
    tensor([0.5000, 0.5000])
"""

from funcnet.compat._messages.unsupported import missing
from funcnet.compat.distributions import (
    constraint_registry,
    constraints,
    kl,
    transforms,
    utils,
)
from funcnet.compat.distributions._distribution import Distribution, ExponentialFamily
from funcnet.compat.distributions._families.beta import Beta, Dirichlet
from funcnet.compat.distributions._families.categorical import (
    Categorical,
    Multinomial,
    OneHotCategorical,
    OneHotCategoricalStraightThrough,
)
from funcnet.compat.distributions._families.continuous_bernoulli import (
    ContinuousBernoulli,
)
from funcnet.compat.distributions._families.gamma import (
    Chi2,
    Exponential,
    FisherSnedecor,
    Gamma,
    StudentT,
)
from funcnet.compat.distributions._families.generalized_pareto import GeneralizedPareto
from funcnet.compat.distributions._families.independent import (
    Independent,
    MixtureSameFamily,
)
from funcnet.compat.distributions._families.location_scale import (
    Cauchy,
    Laplace,
    Normal,
    Uniform,
)
from funcnet.compat.distributions._families.matrices import LKJCholesky, Wishart
from funcnet.compat.distributions._families.multivariate import (
    LowRankMultivariateNormal,
    MultivariateNormal,
)
from funcnet.compat.distributions._families.relaxed import (
    ExpRelaxedCategorical,
    LogitRelaxedBernoulli,
    RelaxedBernoulli,
    RelaxedOneHotCategorical,
)
from funcnet.compat.distributions._families.transformed import TransformedDistribution
from funcnet.compat.distributions._families.transformed_families import (
    Gumbel,
    HalfCauchy,
    HalfNormal,
    InverseGamma,
    Kumaraswamy,
    LogisticNormal,
    LogNormal,
    Pareto,
    Weibull,
)
from funcnet.compat.distributions._families.two_outcomes import (
    Bernoulli,
    Binomial,
    Geometric,
    NegativeBinomial,
    Poisson,
)
from funcnet.compat.distributions._families.von_mises import VonMises
from funcnet.compat.distributions._files import show_files
from funcnet.compat.distributions._kl import across as _kl_across
from funcnet.compat.distributions._kl import alike as _kl_alike
from funcnet.compat.distributions.constraint_registry import biject_to, transform_to
from funcnet.compat.distributions.kl import kl_divergence, register_kl
from funcnet.compat.distributions.transforms import (
    AbsTransform,
    AffineTransform,
    CatTransform,
    ComposeTransform,
    CorrCholeskyTransform,
    CumulativeDistributionTransform,
    ExpTransform,
    IndependentTransform,
    LowerCholeskyTransform,
    PositiveDefiniteTransform,
    PowerTransform,
    ReshapeTransform,
    SigmoidTransform,
    SoftmaxTransform,
    SoftplusTransform,
    StackTransform,
    StickBreakingTransform,
    TanhTransform,
    Transform,
    identity_transform,
)

REGISTERED = (_kl_alike, _kl_across)
show_files(globals())


def __getattr__(name: str) -> object:
    return missing(name, globals(), "distributions")


__all__ = [
    "AbsTransform",
    "AffineTransform",
    "Bernoulli",
    "Beta",
    "Binomial",
    "CatTransform",
    "Categorical",
    "Cauchy",
    "Chi2",
    "ComposeTransform",
    "ContinuousBernoulli",
    "CorrCholeskyTransform",
    "CumulativeDistributionTransform",
    "Dirichlet",
    "Distribution",
    "ExpRelaxedCategorical",
    "ExpTransform",
    "Exponential",
    "ExponentialFamily",
    "FisherSnedecor",
    "Gamma",
    "GeneralizedPareto",
    "Geometric",
    "Gumbel",
    "HalfCauchy",
    "HalfNormal",
    "Independent",
    "IndependentTransform",
    "InverseGamma",
    "Kumaraswamy",
    "LKJCholesky",
    "Laplace",
    "LogNormal",
    "LogisticNormal",
    "LogitRelaxedBernoulli",
    "LowRankMultivariateNormal",
    "LowerCholeskyTransform",
    "MixtureSameFamily",
    "Multinomial",
    "MultivariateNormal",
    "NegativeBinomial",
    "Normal",
    "OneHotCategorical",
    "OneHotCategoricalStraightThrough",
    "Pareto",
    "Poisson",
    "PositiveDefiniteTransform",
    "PowerTransform",
    "RelaxedBernoulli",
    "RelaxedOneHotCategorical",
    "ReshapeTransform",
    "SigmoidTransform",
    "SoftmaxTransform",
    "SoftplusTransform",
    "StackTransform",
    "StickBreakingTransform",
    "StudentT",
    "TanhTransform",
    "Transform",
    "TransformedDistribution",
    "Uniform",
    "VonMises",
    "Weibull",
    "Wishart",
    "biject_to",
    "constraint_registry",
    "constraints",
    "identity_transform",
    "kl",
    "kl_divergence",
    "register_kl",
    "transform_to",
    "transforms",
    "utils",
]
