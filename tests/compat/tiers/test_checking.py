"""`torch.compiler.check`: both tiers compute a program, and what differs is found."""

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat._tiers import checking


def test_programs_that_agree_have_no_differences() -> None:
    with torch.compiler.check(2) as checked:
        for _ in range(3):
            x = torch.linspace(0, 1, 8, requires_grad=True)
            (x.exp() * 2).sum().backward()
            assert x.grad is not None
            x.grad.tolist()
    assert checked.programs == 2
    assert checked.differences == []
    assert 0 <= checked.worst < 1e-6


@pytest.mark.parametrize(
    ("first", "second", "error"),
    [
        (np.float32([1, 2]), np.float32([1, 2.5]), 0.2),
        (np.float32([np.nan, 1]), np.float32([np.nan, 1]), 0.0),
        (np.float32([np.inf, 1]), np.float32([1, 1]), np.inf),
        (np.float32([0, 0]), np.float32([0, 0]), 0.0),
        (np.complex64([1, 2j]), np.complex64([1, 2j]), 0.0),
        (np.array([1, 2]), np.array([1, 3]), 1.0),
        (np.array([True]), np.array([True]), 0.0),
    ],
)
def test_a_difference_is_a_share_of_the_largest_number(
    first: np.ndarray, second: np.ndarray, error: float
) -> None:
    check = checking.Check()
    check.compare([first], [second])
    assert check.worst == pytest.approx(error)
    assert len(check.differences) == (error > 0)
