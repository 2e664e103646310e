"""A tensor of one number is taken where PyTorch takes the number."""

from collections.abc import Callable
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat.nn import functional as F

CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "kthvalue": lambda x, k: x.kthvalue(k).values,
    "topk": lambda x, k: x.topk(k).values,
    "sum": lambda x, k: x.sum(k - 1),
    "std": lambda x, k: x.std(dim=k - 1),
    "sort": lambda x, k: x.sort(k - 1).values,
    "chunk": lambda x, k: torch.chunk(x, k)[0],
    "split": lambda x, k: x.split(k, 1)[1],
    "cat": lambda x, k: torch.cat([x, x], k - 1),
    "stack": lambda x, k: torch.stack([x, x], k),
    "gather": lambda x, k: x.gather(k - 1, torch.zeros(2, 1, dtype=torch.long)),
    "softmax": lambda x, k: F.softmax(x, k - 1),
    "one_hot": lambda x, k: F.one_hot(x.long()[0] % 2, k),
    "pad": lambda x, k: F.pad(x, (k, k)),
    "avg_pool1d": lambda x, k: F.avg_pool1d(x, k),
    "interpolate": lambda x, k: F.interpolate(x[None], size=k),
    "layer_norm": lambda x, k: F.layer_norm(x, (k + 1,)),
    "matrix_power": lambda x, k: torch.linalg.matrix_power(x[:, :2], k),
    "fft": lambda x, k: torch.fft.fft(x, k),
    "hann_window": lambda x, k: torch.hann_window(k),
    "rot90": lambda x, k: x.rot90(k),
    "randperm": lambda x, k: torch.randperm(k).sort().values,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_tensor_of_an_integer_is_that_integer(call: Callable[..., Any]) -> None:
    x = torch.arange(6.0).reshape(2, 3)
    assert torch.equal(call(x, torch.tensor(2)), call(x, 2))


@pytest.mark.parametrize("k", [torch.tensor([2]), torch.tensor(1.5)])
def test_other_tensors_are_no_integers(k: Any) -> None:
    with pytest.raises((TypeError, RuntimeError, ValueError)):
        torch.ones(2, 3).topk(k)
