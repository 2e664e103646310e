"""Sparse tensors where scripts keep them: saved, in modules, in functions' contexts."""

import copy
import io
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat import nn

PLACES, VALUES = [[0, 1, 1], [2, 0, 2]], [3.0, 4.0, 5.0]
DENSE = [[0.0, 0.0, 3.0], [4.0, 0.0, 5.0]]


def made(**settings: Any) -> Any:
    return torch.sparse_coo_tensor(PLACES, VALUES, (2, 3), **settings)


def saved_and_loaded(value: Any, **settings: Any) -> Any:
    file = io.BytesIO()
    torch.save(value, file)
    file.seek(0)
    return torch.load(file, **settings)


@pytest.mark.parametrize("weights_only", [True, False])
@pytest.mark.filterwarnings("ignore:torch.load with weights_only=False")
def test_it_is_saved_and_loaded(weights_only: bool) -> None:
    both = {"a": made(), "b": made().coalesce(), "c": torch.ones(2)}
    result = saved_and_loaded(both, weights_only=weights_only)
    for name, unique in (("a", False), ("b", True)):
        assert result[name].is_coalesced() is unique
        assert result[name].to_dense().tolist() == DENSE


class Propagation(nn.Module):
    def __init__(self, adjacency: Any) -> None:
        super().__init__()
        self.register_buffer("adjacency", adjacency)

    def forward(self, x: Any) -> Any:
        return torch.sparse.mm(self.adjacency, x)


def test_a_buffer_is_in_the_state_and_loaded_from_it() -> None:
    module, other = Propagation(made()), Propagation(made() * 2)
    state = module.state_dict()
    assert state["adjacency"].is_sparse
    other.load_state_dict(saved_and_loaded(state))
    assert other.adjacency.to_dense().tolist() == DENSE
    assert copy.deepcopy(module)(torch.ones(3, 1)).tolist() == [[3], [9]]
    assert other.double()(torch.ones(3, 1).double()).tolist() == [[3], [9]]


class Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: Any, dense: Any) -> Any:
        matrix = torch.sparse_coo_tensor(PLACES, values, (2, 3))
        ctx.save_for_backward(matrix, dense)
        return torch.matmul(matrix, dense)

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        matrix, dense = ctx.saved_tensors
        rows, columns = matrix._indices()
        return (grad @ dense.t())[rows, columns], matrix.t().matmul(grad)


def test_a_function_saves_it_for_its_backward_pass() -> None:
    values = torch.tensor(VALUES, requires_grad=True)
    dense = torch.ones(3, 2, requires_grad=True)
    Product.apply(values, dense).sum().backward()
    assert values.grad.tolist() == [2, 2, 2]
    assert dense.grad.tolist() == [[4, 4], [0, 0], [8, 8]]


def test_requiring_its_gradient_leaves_the_values_it_was_made_of_alone() -> None:
    values = torch.tensor(VALUES)
    x = torch.sparse_coo_tensor(PLACES, values, (2, 3)).requires_grad_()
    torch.sparse.mm(x, torch.ones(3, 1)).sum().backward()
    assert not values.requires_grad
    assert x.grad.to_dense().tolist() == [[0, 0, 1], [1, 0, 1]]


STACKED = [DENSE, DENSE]
RESULTS = {
    "without elements": (
        lambda x: torch.sparse_coo_tensor(size=(2, 1)),
        [[0], [0]],
    ),
    "stacked": (lambda x: torch.stack([x, x]), STACKED),
    "unsqueezed": (lambda x: x.unsqueeze(0), [DENSE]),
    "permuted": (lambda x: x.permute(1, 0), [[0, 4], [0, 0], [3, 5]]),
    "rows chosen": (lambda x: x.index_select(0, torch.tensor([1, 1, 0])), None),
    "columns chosen": (lambda x: x.index_select(1, torch.tensor([2])), [[3], [5]]),
    "absolute": (lambda x: abs(-x), DENSE),
    "half": (lambda x: x.half().float(), DENSE),
    "truth": (lambda x: x.bool().to(torch.float32), [[0, 0, 1], [1, 0, 1]]),
    "zeros": (lambda x: torch.zeros_like(x), [[0] * 3] * 2),
    "scaled in place": (lambda x: x.mul_(2).div_(4), [[0, 0, 1.5], [2, 0, 2.5]]),
    "added in place": (lambda x: x.add_(x), [[0, 0, 6], [8, 0, 10]]),
    "copied in place": (lambda x: torch.zeros_like(x).copy_(x), DENSE),
}


@pytest.mark.parametrize("name", RESULTS)
def test_result(name: str) -> None:
    run, wanted = RESULTS[name]
    result = run(made())  # type: ignore[no-untyped-call]
    assert result.is_sparse
    expected = wanted or [DENSE[1], DENSE[1], DENSE[0]]
    assert result.to_dense().tolist() == expected


def test_its_rows_are_walked_through() -> None:
    assert len(made()) == 2
    assert [row.to_dense().tolist() for row in made()] == DENSE
    assert not made().is_pinned()
