"""An operation at other sizes is not traced again, and computes what it would have."""

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._core.static_args import NO_KEYWORDS, PLACEHOLDER
from funcnet.compat._engine import executor, graph
from funcnet.compat._engine.op import Op, OpCall, tensor_spec
from funcnet.compat._engine.pullback import PullbackCall
from funcnet.compat._interpreter.symbols import Symbols
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tiers import families, plans, tier
from funcnet.compat._tiers.patterns import Pattern

F = nn.functional


@pytest.fixture(autouse=True)
def interpreted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Interpret everything, and know no call at the start of a test."""
    executor.run_pending()
    for module, name in (
        (graph, "_calls"),
        (graph, "_older"),
        (families, "_families"),
    ):
        monkeypatch.setattr(module, name, type(getattr(module, name))())
    with tier("interpret"):
        yield
        executor.run_pending()


@pytest.fixture
def traces(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """One entry for each function that JAX traces."""
    result: list[Any] = []
    original = jax.make_jaxpr

    def make_jaxpr(function: Any, *args: Any, **kwargs: Any) -> Any:
        result.append(function)
        return original(function, *args, **kwargs)

    monkeypatch.setattr(jax, "make_jaxpr", make_jaxpr)
    return result


class Words(nn.Module):
    """A model of sequences: embedding, LSTM, GRU, attention."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(11, 8)
        self.lstm = nn.LSTM(8, 8, batch_first=True)
        self.gru = nn.GRU(8, 8, batch_first=True, bidirectional=True)
        self.layer = nn.TransformerEncoderLayer(16, 2, 32, 0.1, batch_first=True)
        self.out = nn.Linear(16, 11)

    def forward(self, x: Any) -> Any:
        x = self.embedding(x)
        x, _ = self.lstm(x)
        x, _ = self.gru(x)
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        return self.out(self.layer(x, src_mask=mask))


def train(sizes: list[tuple[int, int]]) -> Iterator[float]:
    """The losses of a model of sequences on batches of these sizes and lengths."""
    torch.manual_seed(0)
    model = Words()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for batch, length in sizes:
        x = torch.randint(0, 11, (batch, length))
        y = torch.randint(0, 11, (batch, length))
        optimizer.zero_grad()
        logits = model(x).view(batch * length, 11)
        loss = F.cross_entropy(logits, y.view(batch * length))
        loss.backward()
        optimizer.step()
        yield loss.item()


def test_the_third_new_length_traces_nothing(traces: list[Any]) -> None:
    losses = train([(4, 9), (4, 10), (4, 13), (4, 14), (4, 33)])
    next(losses), next(losses), next(losses)
    del traces[:]
    next(losses), next(losses)
    assert traces == []


def test_a_new_batch_size_and_length_trace_nothing(traces: list[Any]) -> None:
    losses = train([(4, 9), (5, 10), (3, 11), (6, 15), (9, 30)])
    next(losses), next(losses), next(losses)
    del traces[:]
    next(losses), next(losses)
    assert traces == []


def test_losses_are_those_of_calls_that_are_traced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes = [(4, 9), (4, 12), (4, 10), (3, 12), (5, 17)]
    losses = list(train(sizes))
    monkeypatch.setattr(graph.hooks, "new_call", OpCall)
    monkeypatch.setattr(graph, "_calls", {})
    assert losses == pytest.approx(list(train(sizes)), rel=1e-5)


def test_a_compiled_program_is_traced_for_its_sizes() -> None:
    layer = nn.LSTM(4, 4)
    x = [torch.randn(n, 2, 4) for n in (9, 10, 11)]
    outputs = [layer(one)[0].sum().item() for one in x]
    with tier("compile"):
        compiled = [layer(one)[0].sum().item() for one in x]
    assert outputs == pytest.approx(compiled, rel=1e-5)


# --- a call of a family is the call that JAX traces -----------------------------------


def member(op: Op, template: Any, *shapes: tuple[int, ...]) -> OpCall:
    """The call with inputs of these shapes."""
    specs = tuple([tensor_spec(shape, torch.float32) for shape in shapes])
    return families.new_call(op, template, specs)


OPERATIONS: dict[str, Any] = {
    "add": lambda a, b, x, i: x + x[:1] * x[0],
    "view": lambda a, b, x, i: x.view(a * b, 3).t(),
    "flatten": lambda a, b, x, i: x.flatten(1) @ x.flatten(1).t(),
    "expand": lambda a, b, x, i: x[:, :1].expand(a, b, 3) - x,
    "reshape": lambda a, b, x, i: x.reshape(-1, 3).repeat(2, 1),
    "mean": lambda a, b, x, i: x.mean((0, 1)) + x.var() + x.std(1).sum(),
    "norms": lambda a, b, x, i: torch.linalg.vector_norm(x, dim=1) / x.numel(),
    "softmax": lambda a, b, x, i: x.softmax(1) * x.log_softmax(0),
    "cumsum": lambda a, b, x, i: x.cumsum(1).flip(1).roll(1, 0),
    "sort": lambda a, b, x, i: x.sort(1).values + x.max(1, keepdim=True).values,
    "topk": lambda a, b, x, i: x.topk(2, 1).values.sum() + x.median(),
    "cat": lambda a, b, x, i: torch.cat([x, x[:, 1:], x[:, :-1]], 1),
    "stack": lambda a, b, x, i: torch.stack([*x.unbind(2), *x[..., :1].unbind(2)]),
    "slice": lambda a, b, x, i: x[:, 1:-1] * x[:, ::2][:, :1],
    "last": lambda a, b, x, i: x[-1] * x[0, -1],
    "index": lambda a, b, x, i: x[i] + x.index_select(0, i)[:, :1],
    "gather": lambda a, b, x, i: x.gather(1, i[:, None, None].expand(len(i), b, 3) % b),
    "scatter": lambda a, b, x, i: torch.zeros(a, b, 3).index_add(0, i, x[: len(i)]),
    "where": lambda a, b, x, i: torch.where(x > 0, x, x.mean()).masked_fill(x > 1, 0.0),
    "triangle": lambda a, b, x, i: x[..., 0].triu(1) + x[..., 1].tril(),
    "einsum": lambda a, b, x, i: torch.einsum("abc,adc->bd", x, x),
    "bmm": lambda a, b, x, i: x @ x.mT,
    "pad": lambda a, b, x, i: F.pad(x, (1, 2, 0, 3)),
    "embedding": lambda a, b, x, i: F.embedding(i, x[:, 0]).relu(),
    "conv1d": lambda a, b, x, i: F.conv1d(x.mT, x[:2, :3].mT, padding=1, stride=2),
    "conv2d": lambda a, b, x, i: F.conv2d(x[:, None], x[:2, :2, :2].unsqueeze(1)),
    "pool": lambda a, b, x, i: F.max_pool1d(x.mT, 2) + F.avg_pool1d(x.mT, 2),
    "adaptive pool": lambda a, b, x, i: F.adaptive_avg_pool1d(x.mT, 1),
    "layer norm": lambda a, b, x, i: F.layer_norm(x, (3,)) + F.gelu(x),
    "batch norm": lambda a, b, x, i: F.batch_norm(x.mT, None, None, training=True),
    "cross entropy": lambda a, b, x, i: F.cross_entropy(
        x[..., 0], torch.arange(a) % b, label_smoothing=0.1
    ),
    "losses": lambda a, b, x, i: F.mse_loss(x, x * 2) + F.smooth_l1_loss(x, x.flip(0)),
    "attention": lambda a, b, x, i: F.scaled_dot_product_attention(x, x, x),
    "interpolate": lambda a, b, x, i: F.interpolate(x.mT, scale_factor=2),
    "unfold": lambda a, b, x, i: x.unfold(1, 2, 1).sum(-1),
    "ones": lambda a, b, x, i: torch.ones(a, b, 3) * x + torch.arange(b)[:, None],
    "diagonal": lambda a, b, x, i: x.diagonal(dim1=0, dim2=1) + torch.eye(a, b).trace(),
    "cdist": lambda a, b, x, i: torch.cdist(x, x + 1),
}  # fmt: skip


def outcome(name: str, a: int, b: int, count: int) -> list[Any]:
    """The values and the gradient of an operation at these sizes."""
    draw = np.random.default_rng([a, b, count])
    x = torch.tensor(draw.standard_normal((a, b, 3)).astype("f"), requires_grad=True)
    i = torch.tensor(draw.integers(0, a, min(count, a)))
    y = OPERATIONS[name](a, b, x, i)
    (y * y.detach().cos()).sum().backward()
    assert x.grad is not None
    return [y.detach().numpy(), x.grad.numpy()]


SIZES = st.integers(2, 20)


@pytest.mark.parametrize("name", OPERATIONS)
@settings(max_examples=2, deadline=None, database=None, derandomize=True)
@given(st.lists(st.tuples(SIZES, SIZES, SIZES), min_size=3, max_size=4))
def test_members_compute_what_is_traced_for_their_sizes(
    name: str, sizes: list[tuple[int, int, int]]
) -> None:
    results = []
    for new_call in (families.new_call, OpCall):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(graph.hooks, "new_call", new_call)
            patch.setattr(graph, "_calls", {})
            patch.setattr(graph, "_older", {})
            patch.setattr(families, "_families", type(families._families)())
            results.append([outcome(name, *one) for one in sizes])
    for mine, theirs in zip(*results, strict=True):
        for x, y in zip(mine, theirs, strict=True):
            assert x.dtype == y.dtype
            np.testing.assert_allclose(x, y, 1e-4, 1e-4)


# --- what a formula does with sizes ---------------------------------------------------


def applied(op: Op, *sizes: int) -> list[Any]:
    """What an operation gives for vectors of ones of these sizes."""
    return [record_op(op, (torch.ones(size),)).tolist() for size in sizes]


def traced_calls() -> int:
    """How many calls were traced for their own sizes."""
    known = [*graph._calls.values()]
    return sum(not isinstance(call, families.Member) for call in known)


def test_a_formula_that_compares_sizes_takes_the_right_branch() -> None:
    op = Op("branches", lambda x: jnp.sum(x) if x.shape[0] > 25 else -jnp.sum(x))
    assert applied(op, 20, 21, 40, 22, 26, 25, 60, 61, 19) == [
        -20, -21, 40, -22, 26, -25, 60, 61, -19,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "branch",
    [
        lambda n: n == 12,
        lambda n: n != 12,
        lambda n: n in (12, 14),
        lambda n: n % 2 == 0,
        lambda n: n // 4 == 3,
        lambda n: 12 <= n < 14,
        lambda n: n * n > 150,
        lambda n: type(n) is int,
        lambda n: int(n) > 12,
        lambda n: len(range(n)) > 12,
        lambda n: np.int64(12) == n,
        lambda n: min(n, 12) == n,
        lambda n: bool(n - 12),
    ],
)
def test_conditions_on_a_size_hold_for_each_size(branch: Any) -> None:
    op = Op("branch", lambda x: jnp.sum(x) * (2 if branch(x.shape[0]) else 1))
    sizes = [10, 11, 13, 12, 15, 14, 16, 17, 12]
    assert applied(op, *sizes) == [n * (2 if branch(n) else 1) for n in sizes]


def test_sizes_that_happen_to_be_equal_are_not_taken_for_one() -> None:
    for first, second in ((8, 8), (9, 9), (10, 1), (11, 11)):
        y = torch.ones(first) + torch.ones(second)
        assert y.shape == (max(first, second),)
    with pytest.raises(RuntimeError, match="must match the size"):
        torch.ones(12) + torch.ones(13)
    with pytest.raises(RuntimeError, match="invalid for input of size"):
        torch.ones(3, 12).view(35)


def test_a_family_is_traced_a_few_times_at_most(traces: list[Any]) -> None:
    """Where a formula needs its sizes, the calls are traced as they were before."""
    op = Op("sizes", lambda x: jnp.sum(x) + len(range(x.shape[0])))
    assert applied(op, *range(10, 40)) == [2 * n for n in range(10, 40)]
    assert len(traces) <= 30 + families._MOST_PROTOTYPES


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([(16, 50, 800), (16, 70, 1120)], (16, "n", "16*n")),
        ([(16, 50, 800), (12, 70, 840)], ("n", "m", "n*m")),
        ([(50, 3, 49), (70, 3, 69)], ("n", 3, "n-1")),
        ([(50, 49, 8), (70, 69, 8)], ("n", "m", 8)),
        ([(50, 9, 150), (70, 9, 130)], ("n", 9, "200-n")),
    ],
)
def test_patterns(calls: Any, expected: Any) -> None:
    pattern = Pattern(calls, sizes=2)
    for integers in calls:
        assert tuple(pattern.integers(pattern.values(integers))) == integers
    values = (7, 5)[: len(pattern.defining)]
    names = dict(zip("nm", values, strict=False))
    wanted = [eval(str(one), {}, names) for one in expected]
    assert pattern.integers(values) == wanted


def test_conditions_are_noted_in_the_thread_that_traces_only() -> None:
    symbols, others = Symbols((5, 6)), Symbols((5, 6))
    n, m = symbols.sizes
    with symbols.noted():
        assert n < m
        assert n != m
        assert n > 1
    assert set(symbols.conditions) == {"(s0) < (s1)", "(s0) != (s1)"}
    assert symbols.holds()(5, 6)
    assert not symbols.holds()(6, 5)
    with pytest.raises(Exception, match="inconclusive"):
        _ = n < m
    # Those of another trace, which a cache may compare, are not noted.
    before = dict(symbols.conditions)
    with symbols.noted():
        assert others.sizes[0] != 5
        assert others.sizes[0] != n
    assert symbols.conditions == before
    assert not others.conditions


def test_plans_of_a_prototype_have_its_gradients() -> None:
    op = Op("square", lambda x, y: (x * x).sum(0) * y)
    template = ((PLACEHOLDER, PLACEHOLDER), NO_KEYWORDS)
    calls = [member(op, template, (n, 3), (3,)) for n in (8, 9, 10)]
    call = calls[-1]
    assert isinstance(call, families.Member)
    gradient = PullbackCall(call, (0, 1), (0,))
    plan = plans.linearized_plan(call, [gradient])
    x, y = np.ones((10, 3), "f"), np.full(3, 2, "f")
    outputs = plan.plan.run([x, y])
    dx, dy = plan.pullback(gradient).run([*outputs[1:], np.ones(3, "f")])
    assert dx.tolist() == np.full((10, 3), 4).tolist()
    assert dy.tolist() == [10, 10, 10]


def test_a_gradient_is_not_taken_for_its_own_linearization() -> None:
    for size in range(10, 16):
        x = torch.full((size,), 0.5).requires_grad_()
        twice = size % 2 > 0
        (first,) = torch.autograd.grad((x**3).sum(), x, create_graph=twice)
        second = torch.autograd.grad(first.sum(), x) if twice else ()
        assert first.tolist() == [0.75] * size
        for gradient in second:
            assert gradient.tolist() == [3.0] * size


@pytest.fixture
def no_collection() -> Iterator[None]:
    """Without Python's collector, which runs whenever it likes."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collection")
def test_no_trace_keeps_what_was_recorded_with_it() -> None:
    # Of a value that is still held the program has one more result.
    held = []
    for size in (11, 12):
        x = torch.full((size,), 0.5, requires_grad=True)
        y = x.sin().cos()
        y.sum().backward()
        held.append(weakref.ref(y))
        del y
    assert [one() for one in held] == [None, None]
