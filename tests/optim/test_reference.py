"""Every optimizer and schedule takes PyTorch's steps, as frozen in tests/reference."""

import pytest

from tests.reference import vectors
from tests.reference.rates import Rates, check_rates
from tests.reference.steps import Steps, check_steps

STORED = vectors.read()
STEPS = {name: case for name, case in STORED.items() if isinstance(case, Steps)}
RATES = {name: case for name, case in STORED.items() if isinstance(case, Rates)}


@pytest.mark.parametrize("name", STEPS)
def test_parameters_are_those_of_pytorch_after_every_step(name: str) -> None:
    check_steps(STEPS[name])


@pytest.mark.parametrize("name", RATES)
def test_learning_rates_are_those_of_pytorch(name: str) -> None:
    check_rates(RATES[name])
