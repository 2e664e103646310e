"""What only a program can find out of range is an error once numbers are looked at."""

import pytest

from funcnet import compat as torch
from funcnet.compat._core.context import thread
from funcnet.compat._engine import executor

F = torch.nn.functional
DATA = [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]


def computed(number: int) -> torch.Tensor:
    """An index that a program computes, of shape (1,)."""
    return (torch.zeros(2) + number).sum().long().reshape(1) // 2


@pytest.mark.parametrize(
    ("run", "error", "text"),
    [
        (lambda x: x[computed(2)], IndexError, "index 2 is out of bounds for dim"),
        (lambda x: x[computed(-3)], IndexError, "index -3 is out of bounds for dim"),
        (lambda x: x.gather(1, computed(3)[None]), RuntimeError, "index 3 is out of"),
        (lambda x: x.take(computed(6)), IndexError, "tried to access index 6 on a"),
        (lambda x: x.index_select(0, computed(2)), IndexError, "out of range in self"),
        (
            lambda x: x.index_add(0, computed(2), torch.ones(1, 3)),
            RuntimeError,
            "index 2 is out of bounds for dimension 0 with size 2",
        ),
        (lambda x: x.scatter(1, computed(3)[None], 1.0), RuntimeError, "index 3 is"),
        (lambda x: F.embedding(computed(2), x), IndexError, "out of range in self"),
        (lambda x: F.cross_entropy(x[:1], computed(3)), IndexError, "Target 3 is out"),
        (lambda x: F.one_hot(computed(-1), 3), RuntimeError, "must be non-negative"),
        (lambda x: torch.arange(3) // computed(0), RuntimeError, "ZeroDivisionError"),
        (lambda x: torch.arange(3) % computed(0), RuntimeError, "ZeroDivisionError"),
    ],
)
def test_a_computed_number_out_of_range(run, error, text) -> None:
    x = torch.tensor(DATA)
    other = x * 2
    y = run(x)
    with pytest.raises(error, match=text) as result:
        y.tolist()
    assert "test_deferred_errors.py, line" in "\n".join(result.value.__notes__)
    assert other[1].tolist() == [6, 8, 10]
    assert not thread.context.unread_checks


@pytest.mark.parametrize(
    "run",
    [
        lambda x: x[computed(-2)],
        lambda x: F.cross_entropy(x[:1], computed(-100), reduction="sum"),
        lambda x: torch.take_along_dim(x, computed(-4)[None], 1),
        lambda x: x.gather(1, torch.zeros(0, 1).long() + computed(9)),
    ],
)
def test_a_computed_number_in_range(run) -> None:
    run(torch.tensor(DATA)).tolist()
    assert not thread.context.unread_checks


def test_the_error_is_the_first_of_a_program_and_comes_once() -> None:
    x = torch.tensor(DATA)
    y = x[computed(1)] + x[computed(5)] + x[computed(7)]
    with pytest.raises(IndexError, match="index 5"):
        y.sum().item()
    y.sum().item()


def test_a_step_with_computed_indices_compiles_once() -> None:
    table = torch.nn.Embedding(4, 3)
    optimizer = torch.optim.SGD(table.parameters(), 0.1)

    def step(number: int) -> None:
        optimizer.zero_grad()
        rows = table(computed(number))
        loss = F.cross_entropy(rows, computed(number - 1))
        loss.backward()
        optimizer.step()

    step(1)
    step(2)
    before = executor.counts.compiles
    for number in (3, 1, 2):
        step(number)
    assert executor.counts.compiles == before

    def wrong_step() -> None:
        step(4)
        table.weight.tolist()

    with pytest.raises(IndexError):
        wrong_step()


def test_known_indices_leave_nothing_to_check() -> None:
    x = torch.tensor(DATA, requires_grad=True)
    loss = F.cross_entropy(x[torch.tensor([1, 0])], torch.tensor([2, 1]))
    assert not thread.context.unread_checks
    loss.backward()


def test_indices_inside_a_transformation_are_not_checked() -> None:
    rows = torch.func.vmap(lambda i: torch.tensor(DATA)[i.reshape(1)])
    assert rows(computed(1))[0, 0].tolist() == DATA[1]
    assert not thread.context.unread_checks


@pytest.mark.filterwarnings("error")
def test_one_hot_counts_the_classes_of_computed_indices() -> None:
    assert F.one_hot(computed(2)).tolist() == [[0, 0, 1]]
