"""Every function gives PyTorch's values and gradients, as frozen in tests/reference."""

from inspect import isfunction

import pytest

from funcnet import functional
from tests.reference import vectors
from tests.reference.cases import Case, check

CASES = {
    name: case
    for name, case in vectors.read().items()
    if isinstance(case, Case) and case.function
}

# They draw random numbers whatever their arguments are.
RANDOM = {"gumbel_softmax"}


@pytest.mark.parametrize("name", CASES)
def test_values_and_gradients_are_those_of_pytorch(name: str) -> None:
    check(CASES[name])


def test_no_function_is_missing_here() -> None:
    tried = {case.function for case in CASES.values()}
    names = {n for n in functional.__all__ if isfunction(getattr(functional, n))}
    assert names - RANDOM <= tried
