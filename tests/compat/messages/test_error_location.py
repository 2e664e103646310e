"""Errors name the module, the user's line and, first of all, what PyTorch says."""

from collections.abc import Callable
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat import nn


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(4, 3))

    def forward(self, x: Any) -> Any:
        return self.net(x)  # the line


class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([Block()])

    def forward(self, x: Any) -> Any:
        for block in self.blocks:
            x = block(x)
        return x


def notes(call: Callable[[], Any], kind: type[Exception]) -> str:
    with pytest.raises(kind) as caught:
        call()
    return "\n".join(getattr(caught.value, "__notes__", []))


def test_the_path_and_the_line() -> None:
    said = notes(lambda: Network()(torch.ones(2, 4)), RuntimeError)
    assert "In blocks.0.net.2 of Network: Linear(in_features=4" in said
    assert "test_error_location.py, line 18: return self.net(x)  # the line" in said
    assert "reshape the input" in said  # what to do, in our own words
    assert "JAX" not in said


def test_a_function_inside_a_module() -> None:
    class Own(nn.Module):
        def forward(self, x: Any) -> Any:
            return torch.mm(x, x)

    said = notes(lambda: Own()(torch.ones(2, 3)), RuntimeError)
    assert "In Own()" in said
    assert "return torch.mm(x, x)" in said


def test_the_users_own_errors_are_left_alone() -> None:
    class Own(nn.Module):
        def forward(self, x: Any) -> Any:
            raise ValueError("mine")

    assert notes(lambda: Own()(torch.ones(1)), ValueError) == ""


R = torch.rand

SAID = [
    (lambda: nn.Linear(4, 1)(R(5, 3)), RuntimeError, "mat1 and mat2 shapes cannot be"),
    (
        lambda: nn.Linear(2, 2)(torch.tensor([[1, 2]])),
        RuntimeError,
        "mat1 and mat2 must have the same dtype, but got Long and Float",
    ),
    (
        lambda: R(2, 3) + R(2, 4),
        RuntimeError,
        "The size of tensor a (3) must match the size of tensor b (4) at non-singleton",
    ),
    (
        lambda: nn.Conv2d(3, 4, 3)(R(1, 1, 8, 8)),
        RuntimeError,
        "Given groups=1, weight of size [4, 3, 3, 3], expected input[1, 1, 8, 8] to",
    ),
    (
        lambda: nn.Conv2d(3, 4, 5)(R(1, 3, 4, 4)),
        RuntimeError,
        "Kernel size can't be greater than actual input size",
    ),
    (
        lambda: nn.BatchNorm2d(3)(R(2, 4, 5, 5)),
        RuntimeError,
        "running_mean should contain 4 elements not 3",
    ),
    (
        lambda: nn.BatchNorm2d(3)(R(2, 3)),
        ValueError,
        "expected 4D input (got 2D input)",
    ),
    (
        lambda: nn.BatchNorm1d(3)(R(1, 3)),
        ValueError,
        "Expected more than 1 value per channel when training",
    ),
    (
        lambda: nn.LSTM(4, 5)(R(3, 2, 6)),
        RuntimeError,
        "input.size(-1) must be equal to input_size. Expected 4, got 6",
    ),
    (
        lambda: nn.LSTM(4, 5)(R(3, 2, 4), (R(1, 3, 5), R(1, 3, 5))),
        RuntimeError,
        "Expected hidden[0] size (1, 2, 5), got [1, 3, 5]",
    ),
    (
        lambda: nn.MaxPool2d(4)(R(1, 1, 2, 2)),
        RuntimeError,
        "Output size is too small",
    ),
    (
        lambda: nn.Embedding(4, 2)(torch.tensor([5])),
        IndexError,
        "index out of range in self",
    ),
    (
        lambda: nn.functional.mse_loss(R(3, 5), R(4, 5)),
        RuntimeError,
        "The size of tensor a (3) must match the size of tensor b (4)",
    ),
    (
        lambda: R(3, dtyp=torch.float32),
        TypeError,
        "rand() got an unexpected keyword argument 'dtyp'. Did you mean 'dtype'?",
    ),
]


@pytest.mark.filterwarnings("ignore:Using a target size")
@pytest.mark.parametrize(("call", "kind", "words"), SAID)
def test_it_is_said_in_pytorchs_words(
    call: Callable[[], Any], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind) as caught:
        call()
    assert words in str(caught.value)
