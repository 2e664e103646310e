"""What runs, and when: what is held, what is dropped, what failed."""

import threading
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat._core.context import thread
from funcnet.compat._engine import executor


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Of each program that is compiled: how many nodes, how many results."""
    result = []
    compiled = executor.compile_trace

    def spy(listing: Any, results: Any, *others: Any) -> Any:
        result.append((len(listing.nodes), len(results)))
        return compiled(listing, results, *others)

    executor.run_pending()
    monkeypatch.setattr(executor, "compile_trace", spy)
    monkeypatch.setattr(executor, "_programs", type(executor._programs)())
    return result


def test_what_nobody_holds_is_not_computed(sizes: list[tuple[int, int]]) -> None:
    x = torch.ones(3)
    (x * 2).exp()
    y = (x + 1).sin()
    y.tolist()
    assert sizes == [(2, 1)]


def test_what_was_dropped_is_numbered_by_no_trace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lengths = []
    linearize = executor.linearize

    def spy(recorded: Any) -> Any:
        lengths.append(len(recorded))
        return linearize(recorded)

    monkeypatch.setattr(executor, "linearize", spy)
    x = torch.ones(4)
    y = x + 1
    (x * 2).exp()
    torch.sort(x)
    (y * 3).sin()
    z = y.sin()
    assert z.tolist() == pytest.approx([np.sin(2.0)] * 4)
    assert lengths == [2]


def test_what_only_the_graph_holds_is_computed(sizes: list[tuple[int, int]]) -> None:
    x = torch.ones(3).requires_grad_()
    y = (x + 1).sin()  # its derivative needs x + 1
    y.tolist()
    assert sizes == [(2, 2)]
    y.sum().backward()
    x.grad.tolist()
    assert sizes[1:] == [(5, 1)]  # sum, ones, and three gradients


def test_a_graph_that_was_dropped_needs_nothing(sizes: list[tuple[int, int]]) -> None:
    x = torch.ones(3).requires_grad_()
    y = (x + 1).sin().detach()
    y.tolist()
    assert sizes == [(2, 1)]


def test_values_that_are_computed_are_not_computed_again(
    sizes: list[tuple[int, int]],
) -> None:
    x = torch.ones(3) + 1
    x.tolist()
    (x * 2).tolist()
    assert sizes == [(1, 1), (1, 1)]


def test_a_run_that_failed_can_be_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    y = torch.rand(3) + 1

    def fail(*_: Any) -> Any:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(executor, "compile_trace", fail)
        patch.setattr(executor, "_programs", type(executor._programs)())
        with pytest.raises(MemoryError):
            y.tolist()
    z = y * 2
    assert z.tolist() == [2 * number for number in y.tolist()]


def test_a_long_recording_runs_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "MOST_NODES", 50)
    x = torch.zeros(2)
    for _ in range(120):
        x = x + 1
    assert len(thread.context.pending) < 60
    assert x.tolist() == [120, 120]


def test_threads_record_side_by_side() -> None:
    result: dict[int, float] = {}

    def work(number: int) -> None:
        x = torch.full((8,), float(number))
        for _ in range(40):
            x = (x * 2 + 1) / 2
            if number % 2:
                x.sum().item()
        result[number] = x.sum().item()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert result == {n: 8 * (n + 20) for n in range(6)}


def test_a_part_that_is_read_compiles_nothing_for_itself(
    sizes: list[tuple[int, int]],
) -> None:
    x = torch.arange(6.0) * 2
    assert [x[i].item() for i in range(6)] == [0, 2, 4, 6, 8, 10]
    assert len(sizes) == 1


def test_a_result_computed_by_itself_leaves_the_others_of_its_node_to_be_run() -> None:
    net = torch.nn.Linear(3, 2)
    optimizer = torch.optim.SGD(net.parameters(), lr=1.0)
    before = net.bias.tolist()
    shown = net.weight.detach().numpy()  # so that a step writes the weight at once
    net(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    assert shown.base is not None
    np.testing.assert_allclose(net.bias.detach().numpy(), np.subtract(before, 1), 1e-6)
