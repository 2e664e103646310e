"""Arithmetic, comparisons, operators: errors, promotion, in-place, compile counts."""

from typing import Any

import numpy as np
import pytest

from funcnet import compat as torch
from funcnet.compat._engine import executor


def values(x: torch.Tensor) -> list[object]:
    return x.detach().numpy().tolist()


def ones(*shape: int) -> torch.Tensor:
    return torch.ones(*shape, requires_grad=True)


@pytest.mark.parametrize(
    ("run", "error", "text"),
    [
        (
            lambda: torch.tensor([True]) - torch.tensor([True]),
            RuntimeError,
            "with two bool tensors is not supported",
        ),
        (lambda: -torch.tensor([True]), RuntimeError, "on a bool tensor"),
        (lambda: torch.tensor([2]) ** -1, RuntimeError, "negative integer powers"),
        (lambda: torch.ones(2) & 1, RuntimeError, "not implemented for 'Float'"),
        (
            lambda: torch.ones(2).clamp(),
            RuntimeError,
            "'min' or 'max' must not be None",
        ),
        (lambda: torch.tensor([1]).add_(1.5), RuntimeError, "can't be cast to"),
        (lambda: torch.ones(1).add_(torch.ones(2)), RuntimeError, "broadcast shape"),
        (lambda: torch.ones(1) + "a", TypeError, "unsupported operand"),
        (lambda: ones(1).add_(1), RuntimeError, "a leaf Variable that requires grad"),
        (lambda: torch.div(torch.ones(1), 2, rounding_mode="up"), RuntimeError, "'up'"),
    ],
)
def test_mistakes_are_answered_in_pytorch_words(run, error, text) -> None:
    with pytest.raises(error, match=text):
        run()


@pytest.mark.parametrize(
    ("run", "dtype"),
    [
        (lambda: torch.tensor([1]) + 1.5, torch.float32),
        (lambda: torch.tensor([1]) / 2, torch.float32),
        (lambda: torch.tensor([1]) // 2, torch.int64),
        (lambda: torch.tensor([True]) + 1, torch.int64),
        (lambda: torch.tensor([1.0]).double() + torch.tensor(1.0), torch.float64),
        (lambda: torch.tensor([1], dtype=torch.int32) * torch.tensor(3), torch.int32),
        (lambda: torch.tensor([1.0]) + np.float64(2), torch.float32),
        (lambda: np.float64(2) * torch.tensor([1.0]), torch.float32),
        (lambda: torch.tensor([1.0]) + np.ones(1), torch.float64),
        (lambda: 1 - torch.tensor([1.0]), torch.float32),
        (lambda: torch.tensor([1]).exp(), torch.float32),
        (lambda: torch.tensor([1]) == 1.5, torch.bool),
    ],
)
def test_dtype_of_the_result(run, dtype) -> None:
    assert run().dtype is dtype


def test_equality_with_what_is_no_tensor_is_false() -> None:
    assert (torch.ones(2) == None) is False  # noqa: E711
    assert (torch.ones(2) != "a") is True


def test_tensors_are_keys_by_identity() -> None:
    x, y = torch.ones(2), torch.ones(2)
    assert {x: 1, y: 2}[x] == 1
    assert 1 in x
    assert 3 not in x


def test_operators_with_assignment_write_into_the_tensor() -> None:
    x = torch.ones(2, 2)
    row, same = x[0], x
    x += 1
    row *= 3
    x **= 2
    x -= torch.tensor([0.0, 1.0])
    assert same is x
    assert values(x) == [[36.0, 35.0], [4.0, 3.0]]


def test_out_is_written_and_returned() -> None:
    out = torch.zeros(2)
    assert torch.add(torch.ones(2), 1, out=out) is out
    assert values(out) == [2.0, 2.0]
    with pytest.raises(RuntimeError, match="don't support automatic differentiation"):
        torch.add(ones(2), 1, out=out)


def test_numbers_that_change_compile_one_program() -> None:
    x = torch.ones(3)
    values(x * 0.5 + 1.0 - x.clamp(0.0, 2.0))
    before = executor.counts.compiles
    for step in range(5):
        values(x * (0.1 * step) + float(step) - x.clamp(-0.5 * step, 3.0 + step))
    assert executor.counts.compiles == before


@pytest.mark.parametrize(
    ("make", "write_result"),
    [
        (lambda x: x.exp(), True),
        (lambda x: x.sigmoid(), True),
        (lambda x: torch.relu(x), True),
        (lambda x: x + 1, False),
        (lambda x: x * 2, False),
    ],
)
def test_writing_into_a_result_that_the_gradient_needs(make, write_result) -> None:
    y = make(ones(3))
    y.add_(1)
    if write_result:
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            y.sum().backward()
    else:
        y.sum().backward()


def test_writing_into_a_factor_that_the_gradient_needs() -> None:
    x, factor = ones(3), torch.ones(3)
    y = x * factor
    factor.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


def test_operations_in_place_keep_what_they_overwrite() -> None:
    x = ones(2)
    y = x * 3
    y.mul_(2).pow_(2).exp_()
    y.sum().backward()
    assert values(x.grad) == pytest.approx([72 * np.exp(36.0)] * 2)


@pytest.mark.parametrize(
    ("run", "gradient"),
    [
        (lambda x: x.abs(), 0.0),
        (lambda x: torch.maximum(x, torch.zeros(1)), 0.5),
        (lambda x: torch.fmax(x, torch.zeros(1)), 1.0),
        (lambda x: x.clamp(0, 1), 1.0),
        (lambda x: x.relu(), 0.0),
        (lambda x: x.sinc(), 0.0),
        (lambda x: x**0, 0.0),
        (lambda x: x.nan_to_num(), 1.0),
        (lambda x: torch.special.i0(x), 0.0),
    ],
)
def test_gradient_at_zero(run, gradient) -> None:
    x = torch.zeros(1, requires_grad=True)
    run(x).sum().backward()
    assert values(x.grad) == [gradient]


def test_gradient_of_a_complex_number_is_pytorchs() -> None:
    z = torch.tensor([1.0 + 2.0j], requires_grad=True)
    (z * (2.0 + 1.0j)).abs().sum().backward()
    # That of |a z| is conj(a) a z / |a z|.
    a, z0 = 2 + 1j, 1 + 2j
    assert values(z.grad) == pytest.approx([abs(a) * z0 / abs(z0)])


def test_whole_tensors_are_compared_to_a_bool() -> None:
    x = torch.tensor([1.0, float("nan")])
    assert torch.equal(x[:1], torch.ones(1)) is True
    assert torch.equal(x, x) is False
    assert torch.allclose(x, x, equal_nan=True) is True
    assert x.isclose(x).tolist() == [True, False]


def test_unknown_keywords_are_answered_with_the_right_one() -> None:
    with pytest.raises(TypeError, match="Did you mean 'alpha'"):
        torch.add(torch.ones(1), 1, alhpa=2)


@pytest.mark.parametrize(
    "take",
    [lambda m: 1 - m, lambda m: torch.ones(2) - m, lambda m: torch.ones(2).sub_(m)],
)
def test_a_mask_is_not_subtracted(take: Any) -> None:
    with pytest.raises(RuntimeError, match="use the `~` or `logical_not"):
        take(torch.tensor([True, False]))


ZERO = torch.tensor([1, 0])


@pytest.mark.parametrize(
    "divide",
    [
        lambda x: x // 0,
        lambda x: x % 0,
        lambda x: x // ZERO,
        lambda x: 7 % ZERO,
        lambda x: torch.fmod(x, ZERO),
        lambda x: torch.div(x, 0, rounding_mode="trunc"),
        lambda x: x.clone().remainder_(ZERO),
    ],
)
def test_integers_are_not_divided_by_zero(divide: Any) -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        divide(torch.tensor([4, 5]))


def test_floating_point_is_divided_by_zero() -> None:
    assert (torch.ones(1) // 0).item() == float("inf")
    assert torch.isnan(torch.ones(1) % 0).item()


def test_functions_of_floating_point_say_so_of_integers() -> None:
    with pytest.raises(NotImplementedError, match="not implemented for 'Long'"):
        torch.ones(2, dtype=torch.int64).softmax(0)


def test_a_power_of_zero_is_zero_where_the_exponent_is_complex() -> None:
    x = torch.tensor([0j, 1 + 0j], requires_grad=True)
    y = x ** (1.5 + 2j)
    assert y.tolist() == [0, 1]
    y.abs().sum().backward()
    assert x.grad.isnan().tolist() == [False, False]
    assert (torch.tensor([False, True]) ** (0.5 + 1j)).tolist() == [0, 1]
    assert (torch.tensor([0j]) ** -1j).isnan().item()
