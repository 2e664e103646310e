"""Distributions and transforms to compare: `D` is the library's, `T` makes tensors."""

from typing import Any

from tests.parity.scripts.common import refused

V, W, U = [0.5, -1.2], [1.5, 0.7], [0.3, 0.8]
COV = [[2.0, 0.5], [0.5, 1.0]]

CASES: dict[str, list[Any]] = {
    "Normal": [lambda D, T, L: D.Normal(T(V), T(W)), lambda D, T, L: D.Normal(0, 2.0)],
    "Laplace": [
        lambda D, T, L: D.Laplace(T(V), T(W)),
        lambda D, T, L: D.Laplace(0.0, 1.0),
    ],
    "Cauchy": [lambda D, T, L: D.Cauchy(T(V), T(W))],
    "Uniform": [
        lambda D, T, L: D.Uniform(T([0.1, 0.2]), T([0.6, 0.9])),
        lambda D, T, L: D.Uniform(-1.0, 3.0),
    ],
    "Exponential": [lambda D, T, L: D.Exponential(T(W))],
    "Gamma": [
        lambda D, T, L: D.Gamma(T(W), T(U)),
        lambda D, T, L: D.Gamma(T([0.05, 30.0, 4.0]), T([1.0, 2.0, 3.0])),
    ],
    "Chi2": [lambda D, T, L: D.Chi2(T([3.0, 0.7]))],
    "StudentT": [
        lambda D, T, L: D.StudentT(T([3.0, 1.5]), T(V), T(W)),
        lambda D, T, L: D.StudentT(T([0.8, 2.5])),
    ],
    "FisherSnedecor": [lambda D, T, L: D.FisherSnedecor(T([3.0, 5.0]), T([6.0, 3.0]))],
    "Dirichlet": [
        lambda D, T, L: D.Dirichlet(T([0.5, 1.5, 3.0])),
        lambda D, T, L: D.Dirichlet(T([[8.0, 12.0], [0.2, 0.4]])),
    ],
    "Beta": [
        lambda D, T, L: D.Beta(T(W), T([2.0, 0.4])),
        lambda D, T, L: D.Beta(2.0, 3.0),
        lambda D, T, L: D.Beta(T([10.0, 0.6]), T([9.0, 20.0])),
    ],
    "Bernoulli": [
        lambda D, T, L: D.Bernoulli(T([*U, 0.5])),
        lambda D, T, L: D.Bernoulli(logits=T(V)),
    ],
    "Geometric": [
        lambda D, T, L: D.Geometric(T(U)),
        lambda D, T, L: D.Geometric(logits=T(V)),
    ],
    "Binomial": [
        lambda D, T, L: D.Binomial(5, T(U)),
        lambda D, T, L: D.Binomial(T([4, 4]), logits=T(V)),
        lambda D, T, L: D.Binomial(T([40.0, 3.0]), T(U)),
    ],
    "NegativeBinomial": [
        lambda D, T, L: D.NegativeBinomial(T([3.0, 1.5]), T(U)),
        lambda D, T, L: D.NegativeBinomial(2.0, logits=T(V)),
    ],
    "Poisson": [lambda D, T, L: D.Poisson(T([0.7, 14.0]))],
    "ContinuousBernoulli": [
        lambda D, T, L: D.ContinuousBernoulli(T([0.3, 0.8])),
        lambda D, T, L: D.ContinuousBernoulli(T([0.3, 0.5, 0.5004])),
        lambda D, T, L: D.ContinuousBernoulli(logits=T(V)),
    ],
    "Categorical": [
        lambda D, T, L: D.Categorical(T([[1.0, 2.0, 3.0], [1.0, 0.0, 1.0]])),
        lambda D, T, L: D.Categorical(logits=T([0.1, 2.0, -1.0])),
    ],
    "OneHotCategorical": [
        lambda D, T, L: D.OneHotCategorical(T([[1.0, 2.0, 3.0], [1.0, 4.0, 1.0]])),
        lambda D, T, L: D.OneHotCategorical(logits=T([0.1, 2.0, -1.0])),
    ],
    "OneHotCategoricalStraightThrough": [
        lambda D, T, L: D.OneHotCategoricalStraightThrough(logits=T([0.1, 2.0, -1.0]))
    ],
    "Multinomial": [
        lambda D, T, L: D.Multinomial(4, T([[1.0, 2.0, 3.0], [1.0, 4.0, 1.0]])),
        lambda D, T, L: D.Multinomial(3, logits=T([0.1, 2.0])),
    ],
    "RelaxedBernoulli": [
        lambda D, T, L: D.RelaxedBernoulli(T(0.7), T(U)),
        lambda D, T, L: D.RelaxedBernoulli(T(2.0), logits=T(V)),
    ],
    "RelaxedOneHotCategorical": [
        lambda D, T, L: D.RelaxedOneHotCategorical(T(0.7), T([1.0, 2.0, 3.0])),
        lambda D, T, L: D.RelaxedOneHotCategorical(T(1.5), logits=T([[0.1, 2.0]])),
    ],
    "LogNormal": [lambda D, T, L: D.LogNormal(T(V), T(W))],
    "LogisticNormal": [
        lambda D, T, L: D.LogisticNormal(T(V), T(W)),
        lambda D, T, L: D.LogisticNormal(0.5, 1.0),
    ],
    "HalfNormal": [lambda D, T, L: D.HalfNormal(T(W))],
    "HalfCauchy": [lambda D, T, L: D.HalfCauchy(T(W))],
    "Gumbel": [
        lambda D, T, L: D.Gumbel(T(V), T(W)),
        lambda D, T, L: D.Gumbel(0.0, 2.0),
    ],
    "Pareto": [
        lambda D, T, L: D.Pareto(T([0.5, 2.0]), T([3.0, 0.8])),
        lambda D, T, L: D.Pareto(1.0, 2.5),
    ],
    "Weibull": [lambda D, T, L: D.Weibull(T(W), T([2.0, 0.8]))],
    "Kumaraswamy": [lambda D, T, L: D.Kumaraswamy(T([2.0, 0.8]), T([3.0, 1.5]))],
    "InverseGamma": [
        lambda D, T, L: D.InverseGamma(T([3.0, 1.5]), T(W)),
        lambda D, T, L: D.InverseGamma(T([0.8]), 2.0),
    ],
    "GeneralizedPareto": [
        lambda D, T, L: D.GeneralizedPareto(T(V), T(W), T([0.2, -0.4])),
        lambda D, T, L: D.GeneralizedPareto(T(V), T(W), T([0.0, 1.4])),
    ],
    "VonMises": [
        lambda D, T, L: D.VonMises(T(V), T([2.0, 0.1])),
        lambda D, T, L: D.VonMises(T(1.0), T(8.0)),
    ],
    "MultivariateNormal": [
        lambda D, T, L: D.MultivariateNormal(T(V), T(COV)),
        lambda D, T, L: D.MultivariateNormal(T([V, W]), precision_matrix=T(COV)),
        lambda D, T, L: D.MultivariateNormal(
            T(V), scale_tril=T([[[1.0, 0.0], [2.0, 3.0]]])
        ),
    ],
    "LowRankMultivariateNormal": [
        lambda D, T, L: D.LowRankMultivariateNormal(T(V), T([[1.0], [0.5]]), T(W)),
        lambda D, T, L: D.LowRankMultivariateNormal(T([V, W]), T([[1.0], [0.5]]), T(W)),
    ],
    "Wishart": [
        lambda D, T, L: D.Wishart(T(4.5), T(COV)),
        lambda D, T, L: D.Wishart(T([3.5, 7.0]), precision_matrix=T(COV)),
    ],
    "LKJCholesky": [
        lambda D, T, L: D.LKJCholesky(3, T(1.5)),
        lambda D, T, L: D.LKJCholesky(2, T([0.5, 3.0])),
    ],
    "Independent": [
        lambda D, T, L: D.Independent(D.Normal(T(V), T(W)), 1),
        lambda D, T, L: D.Independent(D.Bernoulli(T(U)), 0),
    ],
    "MixtureSameFamily": [
        lambda D, T, L: D.MixtureSameFamily(
            D.Categorical(T([1.0, 2.0])), D.Normal(T(V), T(W))
        ),
        lambda D, T, L: D.MixtureSameFamily(
            D.Categorical(T([[1.0, 2.0], [3.0, 1.0]])),
            D.Independent(D.Normal(T([[V, W], [W, V]]), 1.0), 1),
        ),
    ],
    "TransformedDistribution": [
        lambda D, T, L: D.TransformedDistribution(
            D.Normal(T(V), T(W)), D.ExpTransform()
        ),
        lambda D, T, L: D.TransformedDistribution(
            D.Uniform(T([0.0, 0.0]), T([1.0, 1.0])),
            [D.SigmoidTransform().inv, D.AffineTransform(T(V), T([-1.0, 2.0]))],
        ),
        lambda D, T, L: D.TransformedDistribution(
            D.Normal(T(V), T(W)), [D.StickBreakingTransform()]
        ),
    ],
}

X, M = [0.3, -0.7, 1.2], [[0.3, -0.7], [1.2, 0.4]]
TRANSFORMS: dict[str, Any] = {
    "exp": (lambda D, T, L: D.ExpTransform(), X),
    "exp inverse": (lambda D, T, L: D.ExpTransform().inv, [0.3, 0.7, 1.2]),
    "abs": (lambda D, T, L: D.AbsTransform(), X),
    "sigmoid": (lambda D, T, L: D.SigmoidTransform(), X),
    "softplus": (lambda D, T, L: D.SoftplusTransform(), X),
    "tanh": (lambda D, T, L: D.TanhTransform(), X),
    "power": (lambda D, T, L: D.PowerTransform(T([2.0, -1.0, 0.5])), [0.3, 0.7, 1.2]),
    "affine": (lambda D, T, L: D.AffineTransform(1.0, -2.0), X),
    "affine of tensors": (
        lambda D, T, L: D.AffineTransform(T(X), T([2.0, -1.0, 3.0])),
        X,
    ),
    "affine of vectors": (lambda D, T, L: D.AffineTransform(0.0, T(X), event_dim=1), X),
    "softmax": (lambda D, T, L: D.SoftmaxTransform(), X),
    "stick": (lambda D, T, L: D.StickBreakingTransform(), X),
    "triangle": (lambda D, T, L: D.LowerCholeskyTransform(), M),
    "definite": (lambda D, T, L: D.PositiveDefiniteTransform(), M),
    "correlation": (lambda D, T, L: D.CorrCholeskyTransform(), X),
    "distribution": (
        lambda D, T, L: D.CumulativeDistributionTransform(D.Normal(0.0, 1.0)),
        X,
    ),
    "composed": (
        lambda D, T, L: D.ComposeTransform(
            [D.AffineTransform(0.0, 2.0), D.StickBreakingTransform()]
        ),
        X,
    ),
    "independent": (lambda D, T, L: D.IndependentTransform(D.ExpTransform(), 1), M),
    "reshaped": (lambda D, T, L: D.ReshapeTransform((3,), (1, 3)), X),
    "joined": (
        lambda D, T, L: D.CatTransform(
            [D.ExpTransform(), D.AffineTransform(1.0, 2.0)], -1, [2, 1]
        ),
        X,
    ),
    "stacked": (
        lambda D, T, L: D.StackTransform([D.ExpTransform(), D.TanhTransform()], 0),
        M,
    ),
    "identity": (lambda D, T, L: D.identity_transform, X),
}


# --- errors, and what else there is ---------------------------------------------------

VALUES: dict[str, Any] = {
    "negative scale": lambda D, T, L: D.Normal(T([0.0, 1.0]), T([1.0, -1.0])),
    "low above high": lambda D, T, L: D.Uniform(1.0, 0.0),
    "value that is no tensor": lambda D, T, L: D.Normal(0, 1).log_prob(1.0),
    "value outside": lambda D, T, L: D.Uniform(0, 1).log_prob(T(2.0)),
    "value of another shape": lambda D, T, L: D.Normal(T(V), 1).log_prob(T(X)),
    "event of another shape": lambda D, T, L: D.Dirichlet(T(W)).log_prob(T(X)),
    "scalar": lambda D, T, L: D.Dirichlet(T(1.0)),
    "scalar categories": lambda D, T, L: D.Categorical(T(0.5)),
    "both": lambda D, T, L: D.Categorical(T([0.5]), T([0.5])),
    "neither": lambda D, T, L: D.Bernoulli(),
    "probability": lambda D, T, L: D.Bernoulli(1.5),
    "count": lambda D, T, L: D.Binomial(-1, 0.5),
    "text": lambda D, T, L: D.Normal("a", 1),
    "category": lambda D, T, L: D.Categorical(T(W)).log_prob(T(5)),
    "covariance": lambda D, T, L: D.MultivariateNormal(T(V), -T(COV)),
    "matrices": lambda D, T, L: D.MultivariateNormal(T(V)),
    "vector for a matrix": lambda D, T, L: D.MultivariateNormal(T(V), T(V)),
    "dims": lambda D, T, L: D.Independent(D.Normal(T(V), 1), 2),
    "mixture": lambda D, T, L: D.MixtureSameFamily(1, D.Normal(T(V), 1)),
    "mixture sizes": lambda D, T, L: D.MixtureSameFamily(
        D.Categorical(T(W)), D.Normal(T(X), 1)
    ),
    "lkj": lambda D, T, L: D.LKJCholesky(1),
    "wishart": lambda D, T, L: D.Wishart(1.0, T(COV)),
    "counts": lambda D, T, L: D.Multinomial(T([2, 3]), T(W)),
    "inhomogeneous": lambda D, T, L: D.Binomial(T([2, 3]), T(0.5)).enumerate_support(),
    "kl": lambda D, T, L: D.kl_divergence(D.Cauchy(0.0, 1.0), D.Normal(0.0, 1.0)),
    "kl binomial": lambda D, T, L: D.kl_divergence(
        D.Binomial(2, 0.5), D.Binomial(3, 0.5)
    ),
    "low rank": lambda D, T, L: D.LowRankMultivariateNormal(T(V), T([[1.0]] * 3), T(W)),
    "transform": lambda D, T, L: D.TransformedDistribution(D.Normal(0, 1), [1]),
    "few dims": lambda D, T, L: D.TransformedDistribution(
        D.Normal(0, 1), D.StickBreakingTransform()
    ),
    "cache": lambda D, T, L: D.ExpTransform(3),
    "shapes": lambda D, T, L: D.ReshapeTransform((2,), (3,)),
    "no transform": lambda D, T, L: D.biject_to(D.constraints.boolean),
    "dependent": lambda D, T, L: D.constraints.dependent.check(T(1.0)),
}


def said(case: str) -> Any:
    return lambda lib: refused(
        lambda: VALUES[case](lib.distributions, lib.tensor, lib), 300
    )


CONSTRAINTS = {
    "real": X,
    "positive": X,
    "nonnegative": [0.0, 1.0, -1.0],
    "boolean": [0.0, 1.0, 0.5],
    "unit_interval": [0.0, 1.0, 1.5],
    "nonnegative_integer": [0.0, -1.0, 0.5],
    "positive_integer": [0.0, 1.0, 2.5],
    "simplex": [[0.2, 0.8], [0.3, 0.3], [-0.5, 1.5]],
    "one_hot": [[0.0, 1.0], [1.0, 1.0]],
    "real_vector": [[0.0, 1.0], [float("nan"), 1.0]],
    "lower_triangular": [M, [[1.0, 0.0], [2.0, -1.0]]],
    "lower_cholesky": [[[1.0, 0.0], [2.0, -1.0]], [[1.0, 0.0], [2.0, 1.0]]],
    "corr_cholesky": [[[1.0, 0.0], [0.6, 0.8]], [[1.0, 0.0], [2.0, 1.0]]],
    "positive_definite": [COV, [[1.0, 2.0], [2.0, 1.0]]],
    "positive_semidefinite": [[[1.0, 1.0], [1.0, 1.0]], [[1.0, 2.0], [2.0, 1.0]]],
    "symmetric": [COV],
    "square": [M],
}


def constrained(name: str) -> Any:
    def run(lib: Any) -> Any:
        D = lib.distributions
        c = getattr(D.constraints, name)
        result = [
            repr(c),
            c.event_dim,
            c.is_discrete,
            c.check(lib.tensor(CONSTRAINTS[name])),
        ]
        for to in (D.biject_to, D.transform_to):
            try:
                result.append(repr(to(c)))
            except NotImplementedError as error:
                result.append(str(error))
        return result

    return run


def vae(lib: Any) -> Any:
    D = lib.distributions
    lib.manual_seed(0)
    net = lib.nn.Linear(3, 4)
    optimizer = lib.optim.SGD(net.parameters(), lr=0.1)
    losses = []
    for _ in range(3):
        mean, log_scale = net(lib.tensor([X])).chunk(2, -1)
        q = D.Independent(D.Normal(mean, log_scale.exp()), 1)
        z = q.rsample()
        p = D.Independent(D.Normal(lib.zeros(2), lib.ones(2)), 1)
        loss = (D.kl_divergence(q, p) - p.log_prob(z)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return [*losses, *[w.detach() for w in net.parameters()]]


def reinforce(lib: Any) -> Any:
    D = lib.distributions
    lib.manual_seed(0)
    net = lib.nn.Linear(3, 4)
    policy = D.Categorical(logits=net(lib.tensor([X, X])))
    action = policy.sample()
    (-policy.log_prob(action).mean() - 0.01 * policy.entropy().mean()).backward()
    return [action, net.weight.grad]


def subclasses(lib: Any) -> Any:
    D = lib.distributions

    class Mine(D.Normal):
        def __init__(self) -> None:
            super().__init__(0.0, 1.0)

    class Plain(D.Distribution):
        arg_constraints = property(lambda self: {})

    return [
        repr(Mine()),
        refused(lambda: Mine().expand([2]), 200),
        refused(lambda: Plain().sample(), 20),
        refused(lambda: Plain().mode, 14),
        D.kl_divergence(Mine(), D.Normal(1.0, 2.0)),
    ]


def cached(lib: Any) -> Any:
    t = lib.distributions.SigmoidTransform(cache_size=1)
    x = lib.tensor(X)
    return t.inv(t(x)) is x


def natural(lib: Any) -> Any:
    """The entropies and divergences that follow from the normalizer."""
    D = lib.distributions
    result = []
    for d in (
        D.Normal(0.5, 2.0),
        D.Gamma(2.0, 3.0),
        D.Exponential(2.0),
        D.Bernoulli(0.3),
    ):
        result.append(D.ExponentialFamily.entropy(d))
    return result


MORE: dict[str, Any] = {
    **{f"error: {name}": said(name) for name in VALUES},
    **{f"constraint: {name}": constrained(name) for name in CONSTRAINTS},
    "vae": vae,
    "reinforce": reinforce,
    "subclasses": subclasses,
    "cached": cached,
    "natural": natural,
}
