"""Operations that give the default dtype, which may change between two calls."""

from collections.abc import Iterator

import pytest

import funcnet.compat as torch
from funcnet.compat import nn


@pytest.fixture(autouse=True)
def usual_dtype() -> Iterator[None]:
    yield
    torch.set_default_dtype(torch.float32)


def test_the_same_call_gives_another_dtype_after_the_default_has_changed() -> None:
    x = torch.tensor([1, 2])
    assert (x / 3).dtype is torch.float32
    torch.set_default_dtype(torch.float64)
    assert (x / 3).dtype is torch.float64
    assert nn.Linear(2, 1)(x / 3).dtype is torch.float64
    assert (x / 3).tolist() == [1 / 3, 2 / 3]


def test_what_was_recorded_keeps_its_dtype_when_it_runs() -> None:
    x = torch.tensor([1, 2, 3])
    torch.set_default_dtype(torch.float64)
    y = x / 3
    torch.set_default_dtype(torch.float32)
    assert y.numpy().dtype == "float64"
    assert y.tolist() == [1 / 3, 2 / 3, 1]


def test_a_gradient_is_of_the_call_that_was_recorded() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    torch.set_default_dtype(torch.float64)
    y = x * torch.tensor([1, 2]).div(3)
    torch.set_default_dtype(torch.float32)
    y.sum().backward()
    assert x.grad is not None
    assert x.grad.tolist() == pytest.approx([1 / 3, 2 / 3])
