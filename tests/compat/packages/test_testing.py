"""`torch.testing`: what is close, what is said, what is drawn."""

from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat.testing import assert_close, make_tensor

DIFFERENT = """\
Tensor-likes are not close!

Mismatched elements: 1 / 3 (33.3%)
Greatest absolute difference: 0.5 at index (1,) (up to 1e-05 allowed)
Greatest relative difference: 0.25 at index (1,) (up to 1.3e-06 allowed)

The failure occurred for item ['weights'][0]"""


def said(*args: Any, **kwargs: Any) -> str:
    with pytest.raises(AssertionError) as error:
        assert_close(*args, **kwargs)
    return str(error.value)


def test_it_says_what_pytorch_says() -> None:
    x, y = torch.tensor([1.0, 2.5, 3.0]), torch.tensor([1.0, 2.0, 3.0])
    assert said({"weights": [x]}, {"weights": [y]}) == DIFFERENT
    assert said(1, 2) == (
        "Scalars are not equal!\n\nExpected 2 but got 1.\n"
        "Absolute difference: 1\nRelative difference: 0.5"
    )
    assert said(x, y, msg="mine") == "mine"
    assert said(x, y, msg=lambda text: text[:7]) == "Tensor-"


@pytest.mark.parametrize(
    ("kind", "close", "far"),
    [
        ("float16", 0.9e-3, 2e-3),
        ("bfloat16", 1.5e-2, 3e-2),
        ("float32", 1.1e-6, 2e-6),
        ("float64", 0.9e-7, 1.1e-7),
    ],
)
def test_tolerances_are_those_of_the_dtype(kind: str, close: float, far: float) -> None:
    x = torch.tensor([1000.0]).to(getattr(torch, kind))
    assert_close((x.double() * (1 + close)).to(x.dtype), x)
    assert "not close" in said((x.double() * (1 + far)).to(x.dtype), x)


@pytest.mark.parametrize(
    ("actual", "expected", "words"),
    [
        (torch.ones(2), torch.ones(3), "'shape' do not match: torch.Size([2])"),
        (torch.ones(2), torch.ones(2).double(), "'dtype' do not match"),
        (torch.ones(1, 2), torch.ones(2, 1).T, ""),
        ([1.0], [1.0, 2.0], "length of the sequences mismatch: 1 != 2"),
        ({"a": 1}, {"b": 1}, "Missing keys in the actual mapping: ['b']"),
        (True, False, "Booleans mismatch"),
        (None, 1, "None mismatch"),
        (1, 1.0, "(d)types do not match"),
        (float("nan"), float("nan"), "Scalars are not close"),
    ],
)
def test_mismatches(actual: Any, expected: Any, words: str) -> None:
    if words:
        assert words in said(actual, expected)
    else:
        assert_close(actual, expected)


def test_what_cannot_be_compared_is_no_assertion() -> None:
    with pytest.raises(TypeError, match="No comparison pair"):
        assert_close(torch.ones(2), np.ones(2))
    with pytest.raises(ValueError, match="but got no atol"):
        assert_close(1.0, 1.0, rtol=0.1)


def test_arrays_and_nans_on_request() -> None:
    assert_close(np.array([1.0, np.nan]), np.array([1.0, np.nan]), equal_nan=True)
    x = torch.ones(3, requires_grad=True)
    assert_close(x * 2, torch.full((3,), 2.0))


def test_assert_allclose_is_an_old_spelling() -> None:
    with pytest.warns(DeprecationWarning, match=r"testing\.assert_close"):
        torch.testing.assert_allclose([1.0], [1.00005])


def test_tensors_are_drawn_as_pytorch_draws_them() -> None:
    torch.manual_seed(0)
    result = [
        make_tensor(3, dtype=torch.float32, device="cpu"),
        make_tensor((2,), dtype=torch.int64, device="cpu"),
        make_tensor(2, dtype=torch.bool, device="cpu"),
    ]
    wanted = [[-0.06738, 4.82799, -7.40741], [-9, 2], [True, True]]
    for x, numbers in zip(result, wanted, strict=True):
        assert x.tolist() == pytest.approx(numbers, abs=1e-5)
    x = make_tensor(2, 3, dtype=torch.float32, device="cpu", noncontiguous=True)
    assert x.shape == (2, 3)
    assert not x.is_contiguous()
    with pytest.raises(ValueError, match="`low` must be less"):
        make_tensor(2, dtype=torch.float32, device="cpu", low=2, high=1)
