"""Long recordings are cut into segments, which are uses of pieces."""

from collections.abc import Callable
from typing import Any

import jax
import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._core.counts import counts
from funcnet.compat._engine import executor
from funcnet.compat._interpreter.costs import Cost
from funcnet.compat._tiers import (
    estimates,
    pieces,
    policy,
    segmented,
    segments,
    tier,
)
from funcnet.compat._tiers.periods import Stretch, stretches


def forget() -> None:
    executor.run_pending()
    segmented._cuts.of.clear()
    pieces._pieces.of.clear()
    policy._used.programs.clear()


@pytest.fixture(autouse=True)
def cut_short_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut what takes no time to compile, too, and compile what is used five times."""
    forget()
    monkeypatch.setattr(policy, "_DEFAULT", "auto")
    monkeypatch.setattr(segments, "LEAST_STEPS", 64)
    monkeypatch.setattr(segmented, "LEAST_STEPS", 64)
    monkeypatch.setattr(segments, "_LEAST_COMPILE", 0.0)
    monkeypatch.setattr(segments, "_MOST_PERIODS", 4)
    monkeypatch.setattr(estimates, "_COMPILE", Cost(primitives=1e-7))
    monkeypatch.setattr(estimates, "_COMPILE_ANY", 1e-5)
    monkeypatch.setattr(estimates, "_COMPILE_OUTPUT", 0.0)


LISTS: dict[str, tuple[list[int], list[Stretch]]] = {
    "nothing": ([], []),
    "no repetition": (list(range(500)), []),
    "too few": ([*range(50)] * 3, []),
    "a loop": ([9, 8, *[1, 2, 3] * 40, 7], [Stretch(2, 3, 40)]),
    "begun in the middle": ([*[2, 3], *[1, 2, 3] * 40, 1], [Stretch(2, 3, 40)]),
    "one after the other": (
        [*[1, 2, 3] * 40, *[5] * 9, *[7, 4, 4] * 30],
        [Stretch(0, 3, 40), Stretch(130, 3, 29)],
    ),
    "a loop in a loop": (
        [*[9, *[1, 2] * 40, 8] * 2],
        [Stretch(1, 2, 40), Stretch(83, 2, 40)],
    ),
    "a body that repeats itself a little": (
        [*[9, *[1, 2, 3] * 3, 8] * 20],
        [Stretch(1, 11, 19)],
    ),
}


@pytest.mark.parametrize("case", LISTS)
def test_stretches(case: str) -> None:
    codes, expected = LISTS[case]
    assert stretches(codes) == expected


class Double(torch.autograd.Function):
    """Twice the input, with a gradient that is not twice that of the output."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(x)
        return x * 2

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> torch.Tensor:
        return grad * 3 * ctx.saved_tensors[0].cos()


def cells(steps: int) -> list[torch.Tensor]:
    """A loop over LSTM cells."""
    first, second, last = nn.LSTMCell(1, 6), nn.LSTMCell(6, 6), nn.Linear(6, 1)
    x = torch.randn(3, steps)
    h, c, g, d = [torch.zeros(3, 6) for _ in range(4)]
    outputs = []
    for now in x.split(1, 1):
        h, c = first(now, (h, c))
        g, d = second(h, (g, d))
        outputs.append(last(g))
    torch.cat(outputs, 1).pow(2).mean().backward()
    modules = (first, second, last)
    return [outputs[-1], *[p.grad for one in modules for p in one.parameters()]]


def dropped(steps: int) -> list[torch.Tensor]:
    """A loop with masks."""
    x = w = torch.randn(5, 5, requires_grad=True)
    for _ in range(steps):
        x = nn.functional.dropout(torch.tanh(x @ w), 0.3) + 0.1
    x.sum().backward()
    return [x, w.grad]


def custom(steps: int) -> list[torch.Tensor]:
    """A loop with a custom function, and with another one in its end."""
    x = w = torch.randn(4, 4, requires_grad=True)
    for _ in range(steps):
        x = Double.apply(torch.tanh(x @ w)) / 2
    for _ in range(steps):
        x = (x + w).sin()
    x.sum().backward()
    return [x, w.grad]


def unrolled(steps: int) -> list[torch.Tensor]:
    """Gradients of gradients: what a learning rate does to what was learned."""
    rate = torch.tensor(0.1, requires_grad=True)
    w, x, y = (
        torch.randn(4, 4, requires_grad=True),
        torch.randn(7, 4),
        torch.randn(7, 4),
    )
    fast = w
    for _ in range(steps):
        loss = (torch.tanh(x @ fast) - y).pow(2).mean()
        (grad,) = torch.autograd.grad(loss, fast, create_graph=True)
        fast = fast - rate * grad
    (torch.tanh(x @ fast) - y).pow(2).mean().backward()
    return [fast, w.grad, rate.grad]


def sampled(steps: int) -> list[torch.Tensor]:
    """A loop without gradients that draws in each step."""
    x, w = torch.randn(4, 4), torch.randn(4, 4)
    with torch.no_grad():
        for _ in range(steps):
            x = torch.tanh(x @ w) + 0.1 * torch.randn_like(x)
    return [x]


def written(steps: int) -> list[torch.Tensor]:
    """A loop that writes in place."""
    w, x = torch.randn(4), torch.zeros(3, 4)
    for _ in range(steps):
        x[1].copy_(torch.tanh(x[0] * w + 0.3))
        x[0].add_(x[1]).div_(2)
    return [x]


def stacked(steps: int) -> list[torch.Tensor]:
    """Losses of as many steps as an episode has, put together at its end."""
    model = nn.Linear(3, 2)
    losses = []
    for x in torch.randn(steps, 3).unbind():
        losses.append(-torch.log_softmax(model(x), 0)[0] * x[0])
    total = torch.stack(losses).sum() + torch.cat([x[None] for x in losses]).sum()
    total.backward()
    return [p.grad for p in model.parameters()]


PROGRAMS = [cells, dropped, custom, unrolled, sampled, stacked, written]


def numbers(program: Callable[[int], list[torch.Tensor]], steps: int) -> list[Any]:
    torch.manual_seed(0)
    return [x.detach().flatten().tolist() for x in program(steps)]


@pytest.mark.parametrize("program", PROGRAMS)
def test_segments_compute_what_one_program_does(program: Any) -> None:
    with tier("compile"):
        expected = numbers(program, 26)
    for _ in range(3):  # interpreted, and by and by compiled
        for x, y in zip(numbers(program, 26), expected, strict=True):
            assert x == pytest.approx(y, rel=2e-4, abs=2e-5)
    assert any(cut is not None for cut in segmented._cuts.of.values())


@pytest.mark.parametrize("program", [cells, dropped, unrolled])
def test_the_same_bits_come_again(program: Any) -> None:
    runs = []
    for _ in range(2):
        forget()
        runs.append([numbers(program, 26) for _ in range(3)])
    assert runs[0] == runs[1]


def test_masks_are_the_same_bits() -> None:
    def masks() -> Any:
        torch.manual_seed(1)
        x = torch.ones(40)
        for _ in range(80):
            x = nn.functional.dropout(x, 0.01)
        return (x != 0).tolist()

    with tier("compile"):
        expected = masks()
    assert [masks(), masks()] == [expected, expected]


def test_a_longer_loop_is_compiled_as_often() -> None:
    """Programs that are given to XLA: it may not be done with the last of them."""
    compiles = []
    for steps in (65, 193):
        forget()
        before = counts.compiles
        numbers(cells, steps)
        compiles.append(counts.compiles - before)
    assert compiles[0] == compiles[1] > 0


def test_an_end_of_another_length_is_traced_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for steps in (20, 24, 28, 33):  # until there is a prototype of each family
        numbers(stacked, steps)
    traced: list[Any] = []
    original = jax.make_jaxpr

    def make_jaxpr(function: Any, *args: Any, **kwargs: Any) -> Any:
        traced.append(function)
        return original(function, *args, **kwargs)

    monkeypatch.setattr(jax, "make_jaxpr", make_jaxpr)
    numbers(stacked, 39)
    assert traced == []


def test_numbers_do_not_compile_a_piece_again(compiles: list[str]) -> None:
    w = torch.randn(200, 200)
    before = counts.compiles
    for _ in range(3):
        x = torch.ones(200, 200)
        for step in range(40):
            x = torch.tanh(x @ w) * (1 + step / 40) + 0.5
        assert torch.isfinite(x).all()
    assert len(compiles) == counts.compiles - before > 0


def test_repetitions_are_uses_of_one_piece() -> None:
    numbers(cells, 129)
    (cut,) = [cut for cut in segmented._cuts.of.values() if cut is not None]
    assert sorted(cut.uses.values())[-2:] >= [30, 30]
    assert len(cut.uses) < 10


@pytest.mark.parametrize("program", [cells, unrolled, sampled])
def test_nothing_is_kept_longer_than_it_is_needed(program: Any) -> None:
    numbers(program, 40)
    for cut in segmented._cuts.of.values():
        if cut is None:
            continue
        held: set[int] = set()
        most = 0
        for segment in cut.segments:
            assert {index for index in segment.inputs if index >= 0} <= held
            held -= set(segment.unused)
            held |= set(segment.outputs)
            most = max(most, len(held))
        if program is sampled:
            assert most < 4


def test_what_a_gradient_can_compute_again_is_not_kept() -> None:
    numbers(cells, 129)
    (cut,) = [cut for cut in segmented._cuts.of.values() if cut is not None]
    forward = max(cut.uses, key=lambda piece: sum(c.kept for c, _ in piece.steps))
    kept = [computation.kept for computation, _ in forward.steps]
    assert max(kept) == 2  # of a cell: the tanh of the gates and of the new state


def test_what_only_joins_and_parts_is_not_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The outputs of 300 steps, joined: XLA would take minutes for nothing."""
    monkeypatch.undo()
    forget()
    with tier("auto"):
        numbers(cells, 300)
    (cut,) = [cut for cut in segmented._cuts.of.values() if cut is not None]
    wide = [p for p in cut.uses if max(p.cost.inputs, p.cost.outputs) > 200]
    assert wide
    never = estimates.NEVER_COMPILED
    assert {piece.schedule for piece in wide} == {never}
    assert any(piece.schedule != never for piece in cut.uses)


def test_ten_thousand_steps_are_no_large_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    forget()
    before = counts.compiles
    cell, last = nn.LSTMCell(3, 4), nn.Linear(4, 1)
    x = torch.randn(10_000, 2, 3)
    h, c = torch.zeros(2, 4), torch.zeros(2, 4)
    outputs = []
    with tier("auto"):
        for now in x:
            h, c = cell(now, (h, c))
            outputs.append(last(h))
        torch.stack(outputs).pow(2).mean().backward()
        assert cell.weight_hh.grad is not None
        assert torch.isfinite(cell.weight_hh.grad).all()
    used = {p for cut in segmented._cuts.of.values() if cut for p in cut.uses}
    never = estimates.NEVER_COMPILED
    compiled = [piece for piece in used if piece.schedule != never]
    assert max(len(piece.steps) for piece in compiled) < 2_000
    assert counts.compiles - before <= 4


def test_more_may_be_pending_where_gradients_will_be_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lengths: list[int] = []

    def run(on: Any, trace: Any, results: Any, may_donate: bool) -> None:
        lengths.append(len(trace.steps))
        policy.run(on, trace, results, may_donate)

    monkeypatch.setattr(executor, "MOST_NODES", 50)
    monkeypatch.setattr(executor.hooks, "run", run)
    numbers(unrolled, 40)
    assert max(lengths) > 500
    lengths.clear()
    numbers(sampled, 40)
    assert 40 < max(lengths) < 60
