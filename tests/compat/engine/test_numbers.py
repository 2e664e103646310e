"""Numbers are inputs: another one neither traces nor compiles anything."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._engine import executor, graph
from funcnet.compat._ops import numbers
from funcnet.compat._tiers import tier
from funcnet.compat.nn import functional as F

Case = tuple[Callable[[Any, Any], Any], Sequence[float]]

REAL = (0.3, 0.7, 1.9, 0.5)
SHARES = (0.1, 0.3, 0.45, 0.8)
DEGREES = (1.5, 3.0, 2.5, 4)
LABELS = torch.tensor([0, 2, 1, 3])
OTHER = torch.tensor(np.linspace(-1, 2, 20, dtype="float32").reshape(4, 5))
SIGNS = torch.tensor([1, -1, 1, -1])
WIDE = torch.ones(3, 5)

OPERATIONS: dict[str, Case] = {
    "celu.alpha": (lambda x, v: F.celu(x, v), REAL),
    "elu.alpha": (lambda x, v: F.elu(x, alpha=v), REAL),
    "hardshrink.lambd": (lambda x, v: F.hardshrink(x, v), REAL),
    "hardtanh.min_val": (lambda x, v: F.hardtanh(x, -v, 2.0), REAL),
    "hardtanh.max_val": (lambda x, v: F.hardtanh(x, max_val=v), REAL),
    "leaky_relu.negative_slope": (lambda x, v: F.leaky_relu(x, v), (*REAL, 0.0)),
    "logit.eps": (lambda x, v: torch.logit(x.sigmoid(), v), (0.1, 0.2, 0.3)),
    "softplus.beta": (lambda x, v: F.softplus(x, v), REAL),
    "softplus.threshold": (lambda x, v: F.softplus(x, 1.0, v), REAL),
    "softshrink.lambd": (lambda x, v: F.softshrink(x, v), REAL),
    "threshold.threshold": (lambda x, v: F.threshold(x, v, 9.0), REAL),
    "threshold.value": (lambda x, v: F.threshold(x, 0.1, v), REAL),
    "cosine_embedding_loss.margin": (
        lambda x, v: F.cosine_embedding_loss(x, OTHER, SIGNS, margin=v),
        (0.1, -0.2, 0.3),
    ),
    "cross_entropy.label_smoothing": (
        lambda x, v: F.cross_entropy(x, LABELS, label_smoothing=v),
        SHARES,
    ),
    "gaussian_nll_loss.eps": (
        lambda x, v: F.gaussian_nll_loss(x, OTHER, OTHER * OTHER, eps=v),
        REAL,
    ),
    "hinge_embedding_loss.margin": (
        lambda x, v: F.hinge_embedding_loss(x[:, 0], SIGNS, margin=v),
        REAL,
    ),
    "huber_loss.delta": (lambda x, v: F.huber_loss(x, OTHER, delta=v), REAL),
    "linear_cross_entropy.label_smoothing": (
        lambda x, v: F.linear_cross_entropy(x, WIDE, LABELS % 3, label_smoothing=v),
        SHARES,
    ),
    "margin_ranking_loss.margin": (
        lambda x, v: F.margin_ranking_loss(x[:, 0], x[:, 1], SIGNS, margin=v),
        REAL,
    ),
    "multi_margin_loss.margin": (
        lambda x, v: F.multi_margin_loss(x, LABELS, margin=v),
        REAL,
    ),
    "poisson_nll_loss.eps": (
        lambda x, v: F.poisson_nll_loss(x.exp(), OTHER, log_input=False, eps=v),
        REAL,
    ),
    "smooth_l1_loss.beta": (lambda x, v: F.smooth_l1_loss(x, OTHER, beta=v), REAL),
    "triplet_margin_loss.margin": (
        lambda x, v: F.triplet_margin_loss(x, OTHER, OTHER + 1, margin=v),
        REAL,
    ),
    "triplet_margin_loss.p": (
        lambda x, v: F.triplet_margin_loss(x, OTHER, OTHER + 1, p=v),
        DEGREES,
    ),
    "triplet_margin_loss.eps": (
        lambda x, v: F.triplet_margin_loss(x, OTHER, OTHER + 1, eps=v),
        REAL,
    ),
    "triplet_margin_with_distance_loss.margin": (
        lambda x, v: F.triplet_margin_with_distance_loss(
            x, OTHER, OTHER + 1, distance_function=F.pairwise_distance, margin=v
        ),
        REAL,
    ),
    "batch_norm.eps": (
        lambda x, v: F.batch_norm(x, None, None, training=True, eps=v),
        REAL,
    ),
    "batch_norm.momentum": (
        lambda x, v: F.batch_norm(
            x, torch.zeros(5), torch.ones(5), training=True, momentum=v
        ),
        REAL,
    ),
    "cdist.p": (lambda x, v: torch.cdist(x, OTHER + 4, v), DEGREES),
    "cosine_similarity.eps": (lambda x, v: F.cosine_similarity(x, OTHER, eps=v), REAL),
    "dist.p": (lambda x, v: torch.dist(x, OTHER, v), DEGREES),
    "group_norm.eps": (lambda x, v: F.group_norm(x[:, :4], 2, eps=v), REAL),
    "instance_norm.eps": (lambda x, v: F.instance_norm(x[None], eps=v), REAL),
    "instance_norm.momentum": (
        lambda x, v: F.instance_norm(
            x[None], torch.zeros(4), torch.ones(4), momentum=v
        ),
        REAL,
    ),
    "layer_norm.eps": (lambda x, v: F.layer_norm(x, (5,), eps=v), REAL),
    "linalg.norm.ord": (lambda x, v: torch.linalg.norm(x, v, dim=1), DEGREES),
    "linalg.vector_norm.ord": (lambda x, v: torch.linalg.vector_norm(x, v), DEGREES),
    "local_response_norm.alpha": (
        lambda x, v: F.local_response_norm(x[None], 2, alpha=v),
        REAL,
    ),
    "local_response_norm.beta": (
        lambda x, v: F.local_response_norm(x[None], 2, beta=v),
        REAL,
    ),
    "local_response_norm.k": (
        lambda x, v: F.local_response_norm(x[None], 2, k=v),
        REAL,
    ),
    "norm.p": (lambda x, v: x.norm(v), DEGREES),
    "normalize.p": (lambda x, v: F.normalize(x, v), DEGREES),
    "normalize.eps": (lambda x, v: F.normalize(x, eps=v), REAL),
    "pairwise_distance.p": (lambda x, v: F.pairwise_distance(x, OTHER, v), DEGREES),
    "pairwise_distance.eps": (
        lambda x, v: F.pairwise_distance(x, OTHER, eps=v),
        REAL,
    ),
    "pdist.p": (lambda x, v: F.pdist(x, v), DEGREES),
    "renorm.p": (lambda x, v: x.renorm(v, 0, 0.5), DEGREES),
    "renorm.maxnorm": (lambda x, v: x.renorm(2, 0, v), REAL),
    "rms_norm.eps": (lambda x, v: F.rms_norm(x, (5,), eps=v), REAL),
    "alpha_dropout.p": (lambda x, v: F.alpha_dropout(x, v, True), SHARES),
    "dropout.p": (lambda x, v: F.dropout(x, v), SHARES),
    "dropout1d.p": (lambda x, v: F.dropout1d(x[None], v), SHARES),
    "dropout2d.p": (lambda x, v: F.dropout2d(x[None, None], v), SHARES),
    "dropout3d.p": (lambda x, v: F.dropout3d(x[None, None, None], v), SHARES),
    "feature_alpha_dropout.p": (
        lambda x, v: F.feature_alpha_dropout(x[None], v, True),
        SHARES,
    ),
    "feature_dropout.p": (lambda x, v: torch.feature_dropout(x, v, True), SHARES),
    "cov.correction": (lambda x, v: torch.cov(x, correction=v), (0, 2, 3)),
    "cumulative_trapezoid.dx": (
        lambda x, v: torch.cumulative_trapezoid(x, dx=v),
        REAL,
    ),
    "float_power.exponent": (lambda x, v: x.exp().float_power(v), (1.5, 2.5, -3, 4)),
    "nan_to_num.nan": (lambda x, v: (x / (x > 0)).nan_to_num(v, 1.0, 2.0), REAL),
    "nan_to_num.posinf": (lambda x, v: (1 / (x > 0)).nan_to_num(0.0, v) + x, REAL),
    "nan_to_num.neginf": (
        lambda x, v: (-1 / (x > 0)).nan_to_num(0.0, 1.0, v) + x,
        REAL,
    ),
    "nanquantile.q": (lambda x, v: x.nanquantile(v), SHARES),
    "pad.value": (lambda x, v: F.pad(x, (1, 1), value=v), (*REAL, 0.0)),
    "pow.exponent": (lambda x, v: x**v, (4, 5, -3, 7.0)),
    "quantile.q": (lambda x, v: x.quantile(v, dim=1), SHARES),
    "std.correction": (lambda x, v: x.std(1, correction=v), (0, 2, 3)),
    "std_mean.correction": (
        lambda x, v: torch.std_mean(x, 1, correction=v)[0],
        (0, 2, 3),
    ),
    "trapezoid.dx": (lambda x, v: torch.trapezoid(x, dx=v), REAL),
    "var.correction": (lambda x, v: x.var(1, correction=v), (0, 2, 3)),
    "var_mean.correction": (
        lambda x, v: torch.var_mean(x, 1, correction=v)[0],
        (0, 2, 3),
    ),
    "roll.shifts": (lambda x, v: x.roll(v, 1), (1, 2, -3, 7, 0)),
    "tril.diagonal": (lambda x, v: x.tril(v), (0, 1, -2)),
    "triu.diagonal": (lambda x, v: x.triu(v), (0, 1, -2)),
}
"""By the names in the table: a function of a tensor and a number, and numbers."""

INDICES: dict[str, Case] = {
    "int": (lambda x, v: x[v], (0, 2, 3, -1)),
    "column": (lambda x, v: x[:, v], (0, 2, 3, -1)),
    "element": (lambda x, v: x[1, v], (0, 2, 3, -1)),
    "slice": (lambda x, v: x[v : v + 2], (0, 1, 2)),
    "columns": (lambda x, v: x[:, v : v + 3], (0, 1, 2)),
    "step": (lambda x, v: x[:, v : v + 4 : 2], (0, 1)),
    "new": (lambda x, v: x[None, v], (0, 2, 3)),
    "select": (lambda x, v: x.select(1, v), (0, 2, 3)),
    "narrow": (lambda x, v: x.narrow(1, v, 2), (0, 2, 3)),
    "unbind": (lambda x, v: x.unbind()[v], (0, 2, 3)),
    "chunk": (lambda x, v: x.chunk(2)[v], (0, 1)),
    "tensor": (lambda x, v: x[torch.tensor(v)], (0, 2, 3)),
    "assigned": (lambda x, v: _assigned(x, v), (0, 2, 3)),
    "of a view": (lambda x, v: x.t()[v], (0, 2, 3)),
}


def _assigned(x: Any, index: int) -> Any:
    x = x * 1
    x[index] = 0.0
    return x


def _run(case: Callable[[Any, Any], Any], number: float) -> Any:
    """The value of a case and its gradient."""
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    x = torch.tensor(random.normal(size=(4, 5)).astype("float32"), requires_grad=True)
    y = case(x, number)
    if torch.is_tensor(y) and y.requires_grad:
        weight = torch.arange(y.numel(), dtype=y.dtype).reshape(y.shape) + 1
        (y * weight).sum().backward()
    return y.detach().numpy(), x.grad.numpy()


@pytest.mark.parametrize(
    "case", [*OPERATIONS.values(), *INDICES.values()], ids=[*OPERATIONS, *INDICES]
)
def test_another_number_traces_nothing_and_computes_the_same(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, values = case
    with tier("interpret"):
        _run(call, values[0])
        calls = len(graph._calls)
        entered = [_run(call, value) for value in values]
        assert len(graph._calls) == calls
        monkeypatch.setattr(numbers.Numbers, "entered", lambda *_: None)
        monkeypatch.setattr(graph, "number_input", graph.scalar_input)
        for value, result in zip(values, entered, strict=True):
            for x, y in zip(result, _run(call, value), strict=True):
                np.testing.assert_allclose(x, y, rtol=2e-5, atol=2e-6)


def test_the_table_names_arguments_that_there_are_and_each_is_tested() -> None:
    table = {
        f"{name}.{argument}"
        for known in (numbers._REAL, numbers._WHOLE)
        for name, arguments in known.items()
        for argument in arguments
    }
    assert table - {"masked.kept.fill"} == set(OPERATIONS)


@pytest.mark.parametrize("name", [*INDICES, "pow.exponent", "dropout.p", "elu.alpha"])
def test_the_second_change_of_a_number_compiles_nothing(name: str) -> None:
    call, values = (OPERATIONS | INDICES)[name]
    compiled = []
    for value in (*values, *values):
        before = executor.counts.compiles
        _run(call, value)
        compiled.append(executor.counts.compiles - before)
    assert not any(compiled[2:]), compiled
    assert compiled[1] <= compiled[0]


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 0.5, -0.5, -1, -2])
def test_an_exponent_with_a_formula_of_its_own_is_a_setting(exponent: float) -> None:
    x = torch.tensor([-2.0, 0.0, 3.0], requires_grad=True)
    (x**exponent).sum().backward()
    sources = x.grad_fn, (x**exponent)._value().node.sources
    assert len(sources[1]) == 1


SETTINGS: dict[str, tuple[tuple[int, ...], Sequence[float]]] = {
    "BatchNorm1d.momentum": ((5,), REAL),
    "BatchNorm1d.eps": ((5,), REAL),
    "LayerNorm.eps": ((5,), REAL),
    "GroupNorm.eps": ((1, 5), REAL),
    "RMSNorm.eps": ((5,), REAL),
    "Dropout.p": ((), SHARES),
    "AlphaDropout.p": ((), SHARES),
    "LeakyReLU.negative_slope": ((), REAL),
    "ELU.alpha": ((), REAL),
    "Softplus.beta": ((), REAL),
    "Hardtanh.max_val": ((), REAL),
}
"""By the name of a module and a setting: other arguments, and values."""


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_of_a_module_that_changes_is_an_input(name: str) -> None:
    module_arguments, values = SETTINGS[name]
    kind, setting = name.split(".")
    module = getattr(nn, kind)(*module_arguments)
    with tier("interpret"):
        for value in (0.15, 0.25, 0.35):
            setattr(module, setting, value)
            _run(lambda x, v: module(x), 0)
        calls = len(graph._calls)
        results = []
        for value in values:
            setattr(module, setting, value)
            results.append(_run(lambda x, v: module(x), 0))
        assert len(graph._calls) == calls
        for value, result in zip(values, results, strict=True):
            layer = type(module)(*module_arguments, **{setting: value})
            expected = _run(lambda x, layer: layer(x), layer)
            for x, y in zip(result, expected, strict=True):
                np.testing.assert_allclose(x, y, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize(
    ("name", "setting", "given"),
    [
        ("Adam", "eps", {}),
        ("Adam", "betas", {}),
        ("RMSprop", "alpha", {}),
        ("SGD", "dampening", {"momentum": 0.9}),
        ("Adadelta", "rho", {}),
        ("Adagrad", "lr_decay", {}),
        ("ASGD", "lambd", {}),
        ("NAdam", "momentum_decay", {}),
        ("RAdam", "betas", {}),
        ("Adafactor", "beta2_decay", {}),
        ("Muon", "eps", {}),
    ],
)
def test_a_setting_of_an_optimizer_that_changes_is_an_input(
    name: str, setting: str, given: dict[str, Any]
) -> None:
    x = nn.Parameter(torch.ones(2, 3))
    optimizer = getattr(torch.optim, name)([x], lr=0.01, **given)

    def step(value: float) -> None:
        for group in optimizer.param_groups:
            group[setting] = (0.9, value) if setting == "betas" else value
        x.grad = None
        (x * x).sum().backward()
        optimizer.step()
        x.tolist()

    sign = -1 if setting == "beta2_decay" else 1
    with tier("interpret"):
        step(sign * 0.5)
        step(sign * 0.6)
        calls = len(graph._calls)
        step(sign * 0.7)
        step(sign * 0.8)
        assert len(graph._calls) == calls


def test_numbers_that_never_change_are_constants_of_the_program() -> None:
    x = torch.ones(4, 3, requires_grad=True)
    runs = []

    def note(program: Any, on: Any, trace: Any, *rest: Any) -> None:
        runs.append((len(trace.leaves), len(program.inputs(trace.leaves))))
        run(program, on, trace, *rest)

    run = executor.run_program
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executor, "run_program", note)
        for index in (1, 1, 2, 2):
            x.grad = None
            (x[index] * x[:, 2].sum()).sum().backward()
            x.grad.tolist()
    (_, first), (_, second), (_, third), (_, fourth) = runs
    assert first == second == third - 1 == fourth - 1


def test_a_number_out_of_its_range_is_refused_at_each_call() -> None:
    x = torch.ones(3, requires_grad=True)
    for beta in (0.5, 0.6, -1.0):
        if beta > 0:
            F.smooth_l1_loss(x, x, beta=beta)
            continue
        with pytest.raises(RuntimeError, match="smooth_l1_loss does not support"):
            F.smooth_l1_loss(x, x, beta=beta)
    for index in (0, 1, 2):
        x[index].item()
    with pytest.raises(IndexError, match="index 3 is out of bounds"):
        x[3]


def test_a_freed_graph_keeps_what_is_no_tensor() -> None:
    for name in ("int", "columns", "chunk", "roll.shifts", "triu.diagonal"):
        call, values = (OPERATIONS | INDICES)[name]
        x = torch.ones(4, 5, requires_grad=True)
        y = call(x, values[1]).sum()
        y.backward()
        first = x.grad.tolist()
        y.backward()
        assert (x.grad / 2).tolist() == first
    z = (x * 2.0).sum()
    z.backward()
    with pytest.raises(RuntimeError, match="a second time"):
        z.backward()
