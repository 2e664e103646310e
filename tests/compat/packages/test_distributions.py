"""Distributions: samples, densities and divergences are PyTorch's."""

import importlib
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat import distributions as D
from funcnet.compat._engine import executor
from tests.compat.packages.distribution_values import DIVERGENCES, FAMILIES, SLOPES

SCOPE = {name: getattr(D, name) for name in D.__all__} | {
    "T": torch.tensor,
    "torch": torch,
}


def made(text: str, **more: Any) -> Any:
    return eval(text, SCOPE | more)


def close(found: Any, wanted: Any, rtol: float = 2e-5) -> None:
    np.testing.assert_allclose(found.detach().numpy(), wanted, rtol, 1e-5)


@pytest.mark.parametrize(("text", "drawn", "log_prob", "entropy"), FAMILIES)
def test_family(text: str, drawn: Any, log_prob: Any, entropy: Any) -> None:
    torch.manual_seed(0)
    d = made(text)
    x = d.sample()
    close(x, drawn, 2e-4)
    close(d.log_prob(x), log_prob, 2e-3)
    if entropy is None:
        with pytest.raises(NotImplementedError):
            d.entropy()
    else:
        close(d.entropy(), entropy)
    wide = d.expand((2, *d.batch_shape))
    assert wide.sample().shape == (2, *x.shape)


@pytest.mark.parametrize(("p", "q", "wanted"), DIVERGENCES)
def test_divergence(p: str, q: str, wanted: float) -> None:
    close(D.kl_divergence(made(p), made(q)), wanted, 1e-4)


@pytest.mark.parametrize(("text", "wanted"), SLOPES)
def test_samples_move_with_their_parameters(text: str, wanted: float) -> None:
    torch.manual_seed(0)
    c = torch.tensor(1.7, requires_grad=True)
    x = made(text, c=c).rsample()
    (x[0] if x.ndim else x).backward()
    close(c.grad, wanted, 5e-3)  # PyTorch's own are good to three digits


def test_slopes_are_those_of_the_distribution_function() -> None:
    alpha = torch.tensor([0.05, 0.7, 3.0, 400.0])
    at = alpha * torch.tensor([0.1, 1.5, 0.8, 1.05])
    slope = torch._standard_gamma_grad(alpha, at)
    close(slope, [0.4828, 1.5232, 0.9432, 1.0250], 2e-3)
    x, total = torch.tensor([0.1, 0.5, 0.97]), torch.tensor([3.0, 2.0, 40.0])
    a = torch.tensor([0.5, 1.0, 39.0])
    close(torch._dirichlet_grad(x, a, total), [0.3675, 0.6931, 0.0252], 5e-3)


ERRORS = [
    ("Normal(0.0, -1.0)", "Expected parameter scale .* constraint GreaterThan"),
    ("Normal(0, 1).log_prob(1.0)", "The value argument to log_prob must be a Tensor"),
    ("Uniform(0, 1).log_prob(T(2.0))", r"within the support \(Interval\(lower"),
    ("Normal(T([0.0, 0.0]), 1).log_prob(T([0.0] * 3))", "Value is not broadcastable"),
    ("Categorical(T([0.5]), T([0.5]))", "Either `probs` or `logits` must be"),
    ("Categorical(T([0.5, 0.5])).log_prob(T(2))", "IntegerInterval"),
    ("MultivariateNormal(T([0.0]), -T([[1.0]]))", r"PositiveDefinite\(\)"),
    ("Dirichlet(T(1.0))", "must be at least one-dimensional"),
    ("Independent(Normal(0.0, 1.0), 1)", "actual 1 vs 0"),
    ("ReshapeTransform((2,), (3,))", "different numbers of elements"),
]


@pytest.mark.parametrize(("text", "words"), ERRORS)
def test_wrong_values_are_refused_in_pytorchs_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        made(text)


def test_without_checks_a_training_step_is_one_program() -> None:
    torch.manual_seed(0)
    net = torch.nn.Linear(3, 4)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    x = torch.rand(5, 3)
    losses, before = [], 0
    for step in range(4):
        if step == 3:
            before = executor.counts.runs
        mean, log_scale = net(x).chunk(2, -1)
        q = D.Normal(mean, log_scale.exp(), validate_args=False)
        p = D.Normal(0.0, 1.0, validate_args=False)
        z = q.rsample()
        loss = (D.kl_divergence(q, p) - q.log_prob(z)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    assert executor.counts.runs - before <= 2
    assert torch.stack(losses).isfinite().all()


def test_transforms_lead_from_real_numbers_to_constraints() -> None:
    x = torch.tensor([0.3, -0.7, 1.2])
    for name in ("positive", "unit_interval", "simplex", "real", "corr_cholesky"):
        constraint = getattr(D.constraints, name)
        t = D.transform_to(constraint)
        assert constraint.check(t(x)).all()
        if t.bijective:
            close(t.inv(t(x)), x.tolist(), 1e-4)
    with pytest.raises(NotImplementedError, match="Cannot transform _Boolean"):
        D.biject_to(D.constraints.boolean)


def test_files_of_pytorch_have_its_classes() -> None:
    from funcnet.compat.distributions.normal import Normal
    from funcnet.compat.distributions.transformed_distribution import (
        TransformedDistribution,
    )

    assert Normal is D.Normal
    assert TransformedDistribution is D.TransformedDistribution
    assert repr(Normal(0.0, 1.0)) == "Normal(loc: 0.0, scale: 1.0)"


def test_a_divergence_of_ones_own_is_found_for_subclasses() -> None:
    class Mine(D.Normal):
        pass

    @D.register_kl(Mine, D.Normal)
    def _(p: Any, q: Any) -> Any:
        return torch.tensor(7.0)

    assert D.kl_divergence(Mine(0.0, 1.0), Mine(0.0, 1.0)).item() == 7
    assert D.kl_divergence(D.Normal(0.0, 1.0), Mine(0.0, 1.0)).item() == 0


@pytest.mark.parametrize("weights", [[0.2, 0.5, 0.3], [1.0], [0.0, 4.0]])
def test_an_action_is_drawn_as_multinomial_draws_it(weights: list[float]) -> None:
    probs = torch.tensor(weights)
    torch.manual_seed(3)
    drawn = [torch.distributions.Categorical(probs).sample() for _ in range(20)]
    torch.manual_seed(3)
    rows = (probs / probs.sum()).reshape(1, -1)
    wanted = [torch.multinomial(rows, 1, True).item() for _ in range(20)]
    assert [one.item() for one in drawn] == wanted
    assert all(one.shape == () and one.dtype is torch.int64 for one in drawn)


def test_a_divergence_of_a_class_that_is_no_distribution() -> None:
    class Theirs:
        pass

    @D.register_kl(Theirs, Theirs)
    def _(p: Any, q: Any) -> Any:
        return torch.tensor(3.0)

    theirs: Any = Theirs()
    assert D.kl_divergence(theirs, theirs).item() == 3
    with pytest.raises(TypeError, match="Expected type_p to be a Distribution"):
        D.register_kl(theirs, Theirs)


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("multivariate_normal", "Distribution MultivariateNormal Tensor lazy_property"),
        ("half_normal", "HalfNormal Normal TransformedDistribution AbsTransform math"),
        ("normal", "Normal constraints broadcast_all _standard_normal"),
    ],
)
def test_files_of_distributions_have_what_they_import(file: str, names: str) -> None:
    module = importlib.import_module(f"funcnet.compat.distributions.{file}")
    for name in names.split():
        assert getattr(module, name) is not None
    assert not hasattr(module, "no_such_name")
