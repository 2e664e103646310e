"""Indexing: what is a view, what PyTorch's errors say, and how often it compiles."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from funcnet import compat as torch
from funcnet.compat._engine.executor import counts

LONG = torch.tensor([0, 1])


def x() -> Any:
    return torch.arange(6.0).reshape(2, 3)


def written(index: Any, value: Any) -> Any:
    result = x()
    result[index] = value
    return result


READS: list[tuple[Any, Any]] = [
    (0, [0, 1, 2]),
    (-1, [3, 4, 5]),
    ((1, 2), 5),
    (np.int64(1), [3, 4, 5]),
    (torch.tensor(1), [3, 4, 5]),
    (slice(None), [[0, 1, 2], [3, 4, 5]]),
    ((), [[0, 1, 2], [3, 4, 5]]),
    ((Ellipsis, 0), [0, 3]),
    ((slice(None), slice(0, 3, 2)), [[0, 2], [3, 5]]),
    ((slice(None), slice(5, 9)), [[], []]),
    ((0, None), [[0, 1, 2]]),
    (True, [[[0, 1, 2], [3, 4, 5]]]),
    (False, []),
    ([0, 1], [[0, 1, 2], [3, 4, 5]]),
    ([], []),
    (range(1), [[0, 1, 2]]),
    ([[0, 1], [1, 2]], [1, 5]),
    (([0, 1], [-1, 0]), [2, 3]),
    ((slice(None), np.array([[2, 0]])), [[[2, 0]], [[5, 3]]]),
    (torch.tensor([False, True]), [[3, 4, 5]]),
    (x() > 3, [4, 5]),
    ((slice(None), torch.tensor([True, False, True])), [[0, 2], [3, 5]]),
    ((None, LONG, 0), [[0, 3]]),
    (torch.tensor([1, 0], dtype=torch.uint8), [[0, 1, 2]]),
]


@pytest.mark.parametrize(("index", "expected"), READS)
def test_reading(index: Any, expected: Any) -> None:
    assert x()[index].tolist() == expected


def test_an_integer_before_arrays_leaves_their_place() -> None:
    """Unlike numpy, which would put the arrays' dimensions in front."""
    assert torch.zeros(2, 3, 4)[0, :, [0, 1]].shape == (3, 2)
    assert torch.zeros(2, 3, 4)[[0, 1], :, [0, 1]].shape == (2, 3)


@pytest.mark.parametrize(
    ("index", "value", "expected"),
    [
        (0, 9, [[9, 9, 9], [3, 4, 5]]),
        ((slice(None), -1), torch.tensor([7, 8]), [[0, 1, 7], [3, 4, 8]]),
        (1, torch.zeros(1, 3), [[0, 1, 2], [0, 0, 0]]),
        ((slice(None), slice(0, 3, 2)), -1.0, [[-1, 1, -1], [-1, 4, -1]]),
        (Ellipsis, np.float32(2), [[2, 2, 2], [2, 2, 2]]),
        (x() > 2, 0, [[0, 1, 2], [0, 0, 0]]),
        (x() > 3, torch.tensor([8.0, 9.0]), [[0, 1, 2], [3, 8, 9]]),
        ((LONG, LONG), 9, [[9, 1, 2], [3, 9, 5]]),
        ((slice(None), [0, 2]), torch.tensor([8.0, 9.0]), [[8, 1, 9], [8, 4, 9]]),
    ],
)
def test_writing(index: Any, value: Any, expected: Any) -> None:
    assert written(index, value).tolist() == expected


def test_writing_through_a_view_reaches_its_base_and_other_views() -> None:
    base = x()
    flat, row = base.view(-1), base[1]
    row[0] = 9
    flat[[1, 2]] = 7.0
    base[:, 1][1] += 1
    assert base.tolist() == [[0, 7, 7], [9, 5, 5]]
    assert flat.tolist() == [0, 7, 7, 9, 5, 5]
    assert row.tolist() == [9, 5, 5]


def test_an_array_index_copies() -> None:
    base = x()
    base[[0, 1]][0] = 9
    assert base.tolist() == x().tolist()
    assert base[1].storage_offset() == 3
    assert base[:, 1:].stride() == (3, 1)


def test_gradients_flow_into_what_is_written_and_not_into_what_is_lost() -> None:
    a = torch.ones(3, requires_grad=True)
    b = torch.full((2,), 2.0, requires_grad=True)
    y = a * 1
    y[1:] = b
    y[LONG[:1]] = b[:1] * 3
    (y * torch.tensor([1.0, 10.0, 100.0])).sum().backward()
    assert a.grad.tolist() == [0, 0, 0]
    assert b.grad.tolist() == [13, 100]


def test_indices_that_meet_add_their_gradients() -> None:
    a = torch.ones(3, requires_grad=True)
    a[[0, 0, 2]].sum().backward()
    assert a.grad.tolist() == [2, 0, 1]


ERRORS: list[tuple[Callable[[], Any], type, str]] = [
    (
        lambda: x()[5],
        IndexError,
        "index 5 is out of bounds for dimension 0 with size 2",
    ),
    (lambda: x()[:, -4], IndexError, "index -4 is out of bounds for dimension 1"),
    (lambda: x()[0, 0, 0], IndexError, "too many indices for tensor of dimension 2"),
    (lambda: x()[::-1], ValueError, "step must be greater than zero"),
    (lambda: torch.tensor(3.0)[0], IndexError, "invalid index of a 0-dim tensor"),
    (
        lambda: x()[[5]],
        IndexError,
        "index 5 is out of bounds for dimension 0 with size",
    ),
    (lambda: x()[1.5], IndexError, "only integers, slices"),
    (
        lambda: x()[torch.tensor([0.5])],
        IndexError,
        "tensors used as indices must be long, int, byte or bool tensors",
    ),
    (
        lambda: x()[torch.tensor([True])],
        IndexError,
        r"The shape of the mask \[1\] at index 0 does not match the shape",
    ),
    (
        lambda: x()[LONG, torch.tensor([0, 1, 2])],
        IndexError,
        r"shape mismatch: .* together with shapes \[2\], \[3\]",
    ),
    (lambda: written(0, [1]), TypeError, "can't assign a list to a torch.FloatTensor"),
    (
        lambda: written(0, torch.zeros(2)),
        RuntimeError,
        r"The expanded size of the tensor \(3\) must match the existing size \(2\)",
    ),
    (
        lambda: written([0], torch.zeros(2)),
        RuntimeError,
        r"value tensor of shape \[2\] cannot be broadcast to indexing result",
    ),
    (
        lambda: written([0], LONG),
        RuntimeError,
        "Index put requires the source and destination dtypes match, got Float for",
    ),
    (
        lambda: x().gather(0, torch.tensor([[5]])),
        RuntimeError,
        "index 5 is out of bounds for dimension 0 with size 2",
    ),
    (
        lambda: x().scatter_(1, torch.tensor([[3]]), 1.0),
        RuntimeError,
        "index 3 is out of bounds for dimension 1 with size 3",
    ),
    (
        lambda: x().index_select(0, torch.tensor([2])),
        IndexError,
        "index out of range in self",
    ),
    (lambda: torch.cat([]), ValueError, "expected a non-empty list of Tensors"),
    (
        lambda: torch.cat([x(), x()[:, :2]]),
        RuntimeError,
        "Sizes of tensors must match except in dimension 0. Expected size 3 but got "
        "size 2 for tensor number 1 in the list.",
    ),
    (
        lambda: torch.stack([x(), x()[0]]),
        RuntimeError,
        "stack expects each tensor to be equal size",
    ),
    (
        lambda: torch.where(x(), x(), x()),
        RuntimeError,
        "where expected condition to be a boolean tensor, but got a tensor with dtype",
    ),
]


@pytest.mark.parametrize(("run", "error", "message"), ERRORS)
def test_errors_are_pytorchs(
    run: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        run()


@pytest.mark.parametrize(
    ("index", "message"),
    [(0, "a view of a leaf Variable"), ([0], "^a leaf Variable that requires grad")],
)
def test_a_leaf_that_requires_grad_is_not_written(index: Any, message: str) -> None:
    leaf = torch.zeros(2, requires_grad=True)
    with pytest.raises(RuntimeError, match=message):
        leaf[index] = 1.0
    with torch.no_grad():
        leaf[index] = 1.0
    assert leaf.tolist() == [1, 0]


def test_writing_over_what_a_gradient_needs_raises() -> None:
    a = torch.ones(3, requires_grad=True)
    y = a * 1
    z = (y * y).sum()
    y[0] = 2.0
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        z.backward()


def compiles_of(run: Callable[[int], Any], times: int = 5) -> int:
    """How often runs compile after two: the first has its data on the host."""
    run(0)
    run(0)
    before = counts.compiles
    for i in range(1, times):
        run(i)
    return counts.compiles - before


def test_places_that_change_do_not_compile_again() -> None:
    data, target = torch.arange(40.0).reshape(10, 4), torch.zeros(10)
    data.sum().item()

    def write(i: int) -> None:
        target[i] = float(i)
        target[target > i] = i
        target[[i, i + 1]] = torch.tensor([1.0, i])
        target.sum().item()

    assert compiles_of(lambda i: data[2 * i : 2 * i + 2].sum().item()) == 0
    assert compiles_of(lambda i: data[i, -1].item()) == 0
    assert compiles_of(lambda i: data[[i, 9 - i]].sum().item()) == 0
    assert compiles_of(write) == 0


def test_data_on_the_host_are_indexed_and_filled_without_a_program() -> None:
    data, table = torch.arange(40.0).reshape(10, 4), torch.zeros(10, 2)
    before = counts.runs
    for i in range(9):
        batch = data[torch.tensor([i, i + 1])]
        assert batch[1, 0].item() == 4 * i + 4
        table[i, 1] = float(i)
        table[[i], 0] = data[i, 1:2]
    table[table > 8] = 0
    assert table[:3].tolist() == [[1, 0], [5, 1], [0, 2]]
    assert counts.runs == before + 1  # of the comparison


def test_writing_keeps_what_was_recorded_or_read_before() -> None:
    base = torch.zeros(3)
    doubled, array = base + 1, base.numpy()
    base[0] = 5.0
    assert array.tolist() == [5, 0, 0]
    assert doubled.tolist() == [1, 1, 1]
    base[1:] = base[:-1]
    assert array.tolist() == [5, 5, 0]


def test_joining_promotes_and_forgets_empty_vectors() -> None:
    joined = torch.cat([LONG, torch.tensor([0.5]), torch.zeros(0)])
    assert joined.dtype is torch.float32
    assert joined.tolist() == [0, 1, 0.5]
    assert torch.stack([LONG, torch.tensor([True, False])]).tolist() == [[0, 1], [1, 0]]


def test_meshgrid_and_broadcast_tensors_are_views() -> None:
    rows, columns = torch.meshgrid(torch.arange(2), torch.arange(3), indexing="xy")
    assert rows.tolist() == [[0, 1]] * 3
    assert columns.stride() == (1, 0)
    assert torch.broadcast_tensors(torch.zeros(3), torch.zeros(2, 1))[1].shape == (2, 3)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: torch.where(x() > 4), [[1], [2]]),
        (lambda: torch.where(x() > 2, 1, 0.5)[0], [0.5, 0.5, 0.5]),
        (lambda: x().where(x() > 3, -1.0)[1], [-1, 4, 5]),
        (lambda: torch.nonzero(x() > 3), [[1, 1], [1, 2]]),
        (lambda: x().masked_select(x() > 3), [4, 5]),
        (lambda: x().masked_fill_(x() > 0, -1)[0], [0, -1, -1]),
        (lambda: torch.repeat_interleave(LONG, torch.tensor([1, 2])), [0, 1, 1]),
        (lambda: torch.repeat_interleave(torch.tensor([2, 1])), [0, 0, 1]),
        (lambda: LONG.repeat(2, 2), [[0, 1, 0, 1]] * 2),
        (lambda: torch.roll(x(), 1)[0], [5, 0, 1]),
        (lambda: x().flip(0, 1)[0], [5, 4, 3]),
        (lambda: torch.unravel_index(torch.tensor(4), (2, 3)), [1, 1]),
    ],
)
def test_choosing_and_rearranging(made: Callable[[], Any], expected: Any) -> None:
    result = made()
    several = isinstance(result, tuple)
    assert (
        [one.tolist() for one in result] if several else result.tolist()
    ) == expected


def test_a_bool_takes_complex_numbers_as_true_or_false() -> None:
    x = torch.tensor([False, True, False])
    x[0], x[1] = 1.5 + 2j, 0j
    assert x.tolist() == [True, False, False]
    with pytest.raises(RuntimeError, match="cannot be converted"):
        torch.ones(1)[0] = 1j
