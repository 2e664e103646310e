"""Many samples are put together at once where all their numbers are known."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from funcnet import compat as torch
from funcnet.compat._core.context import thread

Tensors = list[torch.Tensor]


def samples(count: int = 20) -> Tensors:
    return [torch.tensor([[float(i), -1.0]]) for i in range(count)]


def shared() -> Tensors:
    return [torch.from_numpy(np.full((1, 2), i, np.float32)) for i in range(20)]


CASES: dict[str, tuple[Callable[[], Tensors], bool]] = {
    "numbers": (samples, True),
    "shared with numpy": (shared, True),
    "views": (lambda: list(torch.rand(20, 1, 2)), True),
    "few": (lambda: samples(3), False),
    "computed": (lambda: [x + 1 for x in samples()], False),
    "with a gradient": (lambda: [x.requires_grad_() for x in samples()], False),
    "of two types": (lambda: [*samples(19), torch.ones(1, 2).double()], False),
}


@pytest.mark.parametrize("join", ["cat", "stack"])
@pytest.mark.parametrize("name", CASES)
def test_what_is_known_is_not_recorded(join: str, name: str) -> None:
    make, is_done = CASES[name]
    tensors = make()
    thread.context.pending.clear()
    result: Any = getattr(torch, join)(tensors, 1)
    assert (thread.context.pending == []) == is_done
    arrays = [x.detach().numpy() for x in tensors]
    expected = {"cat": np.concatenate, "stack": np.stack}[join](arrays, 1)
    np.testing.assert_array_equal(result.detach().numpy(), expected)
    assert result.requires_grad == (name == "with a gradient")
    assert str(result.dtype) == f"torch.{expected.dtype}"


def test_the_result_has_memory_of_its_own() -> None:
    tensors = shared()
    result = torch.cat(tensors)
    result[0] = 7
    assert tensors[0].tolist() == [[0, 0]]
    tensors[1][:] = 5
    assert result[1].tolist() == [1, 1]


def test_empty_vectors_count_for_their_type_only() -> None:
    tensors = [torch.zeros(0) for _ in range(9)]
    assert torch.cat(tensors).shape == (0,)
    assert torch.cat([*tensors, torch.ones(2, 3)], 1).shape == (2, 3)
