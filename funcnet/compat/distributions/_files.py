"""PyTorch's files of distributions: `torch.distributions.normal` and the like."""

import math
from typing import Any, Final

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.unsupported import missing
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import utils

_FILES: Final = {
    "bernoulli": "Bernoulli",
    "beta": "Beta",
    "binomial": "Binomial",
    "categorical": "Categorical",
    "cauchy": "Cauchy",
    "chi2": "Chi2",
    "continuous_bernoulli": "ContinuousBernoulli",
    "dirichlet": "Dirichlet",
    "distribution": "Distribution",
    "exp_family": "ExponentialFamily",
    "exponential": "Exponential",
    "fishersnedecor": "FisherSnedecor",
    "gamma": "Gamma",
    "generalized_pareto": "GeneralizedPareto",
    "geometric": "Geometric",
    "gumbel": "Gumbel",
    "half_cauchy": "HalfCauchy",
    "half_normal": "HalfNormal",
    "independent": "Independent",
    "inverse_gamma": "InverseGamma",
    "kumaraswamy": "Kumaraswamy",
    "laplace": "Laplace",
    "lkj_cholesky": "LKJCholesky",
    "log_normal": "LogNormal",
    "logistic_normal": "LogisticNormal",
    "lowrank_multivariate_normal": "LowRankMultivariateNormal",
    "mixture_same_family": "MixtureSameFamily",
    "multinomial": "Multinomial",
    "multivariate_normal": "MultivariateNormal",
    "negative_binomial": "NegativeBinomial",
    "normal": "Normal",
    "one_hot_categorical": "OneHotCategorical OneHotCategoricalStraightThrough",
    "pareto": "Pareto",
    "poisson": "Poisson",
    "relaxed_bernoulli": "LogitRelaxedBernoulli RelaxedBernoulli",
    "relaxed_categorical": "ExpRelaxedCategorical RelaxedOneHotCategorical",
    "studentT": "StudentT",
    "transformed_distribution": "TransformedDistribution",
    "uniform": "Uniform",
    "von_mises": "VonMises",
    "weibull": "Weibull",
    "wishart": "Wishart",
}

_IMPORTED: Final = {
    "math": math,
    "inf": math.inf,
    "nan": math.nan,
    "Size": Size,
    "Tensor": Tensor,
}


def show_files(classes: dict[str, Any]) -> None:
    """Show the classes under PyTorch's module names.

    A file of PyTorch's also has what it imports, which packages import from it.
    """

    def imported(name: str) -> Any:
        for place in (classes, vars(utils)):
            if name in place and not name.startswith("__"):
                return place[name]
        return missing(name, classes, "distributions")

    for file, names in _FILES.items():
        shown = {name: classes[name] for name in names.split()}
        shown |= _IMPORTED | {"__getattr__": imported}
        module = show_as(f"funcnet.compat.distributions.{file}", shown)
        vars(module)["__all__"] = names.split()
