"""Sparse tensors of coordinates: made, computed with, differentiated, optimized."""

from typing import Any

import pytest

import funcnet.compat as torch

PLACES, VALUES = [[0, 1, 1], [2, 0, 2]], [3.0, 4.0, 5.0]
DENSE = [[0.0, 0.0, 3.0], [4.0, 0.0, 5.0]]


def made(**settings: Any) -> Any:
    return torch.sparse_coo_tensor(PLACES, VALUES, (2, 3), **settings)


def test_a_sparse_tensor_lists_its_elements() -> None:
    x = made()
    assert (x.is_sparse, x.layout, x.shape, x._nnz()) == (
        *(True, torch.sparse_coo, (2, 3)),
        3,
    )
    assert torch.is_tensor(x)
    assert not torch.ones(2).is_sparse
    assert x.to_dense().tolist() == DENSE
    assert torch.tensor(DENSE).to_sparse().indices().tolist() == PLACES
    assert repr(x) == (
        "tensor(indices=tensor([[0, 1, 1],\n"
        "                       [2, 0, 2]]),\n"
        "       values=tensor([3., 4., 5.]),\n"
        "       size=(2, 3), nnz=3, layout=torch.sparse_coo)"
    )
    with pytest.raises(RuntimeError, match="Cannot get values on an uncoalesced"):
        x.values()


def test_places_that_are_listed_twice_are_added() -> None:
    x = torch.sparse_coo_tensor([[0, 0], [1, 1]], [1.0, 2.0], (2, 2)).coalesce()
    assert x.is_coalesced()
    assert x.indices().tolist() == [[0], [1]]
    assert x.values().tolist() == [3.0]


RESULTS = {
    "sum of two": (lambda x: (x + x).to_dense(), [[0, 0, 6], [8, 0, 10]]),
    "dense sum": (lambda x: torch.ones(2, 3) + x, [[1, 1, 4], [5, 1, 6]]),
    "scaled": (lambda x: (x * 2 / 4).to_dense(), [[0, 0, 1.5], [2, 0, 2.5]]),
    "product": (lambda x: x @ torch.ones(3, 2), [[3, 3], [9, 9]]),
    "vector": (lambda x: x.matmul(torch.ones(3)), [3, 9]),
    "from the left": (lambda x: torch.ones(2, 2) @ x, [[4, 0, 8], [4, 0, 8]]),
    "of two": (lambda x: (x @ x.t()).to_dense(), [[9, 15], [15, 41]]),
    "elementwise": (lambda x: (x * x).to_dense(), [[0, 0, 9], [16, 0, 25]]),
    "transpose": (lambda x: x.t().to_dense(), [[0, 4], [0, 0], [3, 5]]),
    "row": (lambda x: x[1].to_dense(), [4, 0, 5]),
    "joined": (lambda x: torch.cat([x, x])[3].to_dense(), [4, 0, 5]),
    "total": (lambda x: x.sum(), 12),
    "unary": (lambda x: torch.abs(-x).to_dense(), DENSE),
    "addmm": (
        lambda x: torch.addmm(torch.ones(2, 2), x, torch.ones(3, 2)),
        [[4, 4], [10, 10]],
    ),
}


@pytest.mark.parametrize("name", RESULTS)
def test_result(name: str) -> None:
    run, wanted = RESULTS[name]
    assert run(made()).tolist() == wanted  # type: ignore[no-untyped-call]


def test_gradients_reach_the_values_and_the_dense_factor() -> None:
    x, y = made(requires_grad=True), torch.ones(3, 2, requires_grad=True)
    torch.sparse.mm(x, y).sum().backward()
    assert x.grad.to_dense().tolist() == [[0, 0, 2], [2, 0, 2]]
    assert y.grad.tolist() == [[4, 4], [0, 0], [8, 8]]


ERRORS = [
    (lambda: made().exp(), NotImplementedError, r"'aten::exp' .* 'SparseCPU'"),
    (lambda: made() + torch.ones(2, 3), RuntimeError, r"add\(sparse, dense\)"),
    (lambda: made().numpy(), TypeError, r"Use Tensor.to_dense\(\) first"),
    (lambda: torch.ones(2).coalesce(), RuntimeError, "but got Strided"),
    (
        lambda: torch.sparse_coo_tensor(PLACES, VALUES, (1, 3)),
        *(RuntimeError, "for dim 0, size is 1 but found index 1"),
    ),
    (
        lambda: torch.sparse_coo_tensor(PLACES, VALUES[:2]),
        *(RuntimeError, "same nnz, but got nnz from indices: 3, nnz from values: 2"),
    ),
]


@pytest.mark.parametrize(("call", "kind", "words"), ERRORS)
def test_what_is_not_there_is_refused(call: Any, kind: Any, words: str) -> None:
    with pytest.raises(kind, match=words):
        call()


# A table of ones after two steps with a rate of 0.1, from PyTorch.
STEPPED = {
    "SGD": [1.0, 0.36, 0.48, 0.8],
    "Adagrad": [1.0, 0.8331035, 0.8125842, 0.9],
    "SparseAdam": [1.0, 0.8004123, 0.8024147, 0.9],
}


@pytest.mark.parametrize("name", STEPPED)
def test_a_table_is_trained_by_sparse_gradients(name: str) -> None:
    table = torch.nn.Embedding(4, 1, sparse=True, padding_idx=0)
    torch.nn.init.ones_(table.weight)
    optimizer = getattr(torch.optim, name)(table.parameters(), lr=0.1)
    for step in range(2):
        optimizer.zero_grad()
        (table(torch.tensor([0, 1, 1, 2, 3 - step])) ** 2).sum().backward()
        grad = table.weight.grad
        assert grad.is_sparse
        assert grad._nnz() == 4
        optimizer.step()
    assert table.weight[:, 0].tolist() == pytest.approx(STEPPED[name], 1e-5)
    optimizer.zero_grad(set_to_none=False)
    assert table.weight.grad._nnz() == 0


def test_other_optimizers_refuse_sparse_gradients() -> None:
    table = torch.nn.Embedding(4, 1, sparse=True)
    table(torch.tensor([1])).sum().backward()
    with pytest.raises(RuntimeError, match="please consider SparseAdam instead"):
        torch.optim.Adam(table.parameters()).step()
    table.weight.grad = torch.ones(4, 1)
    with pytest.raises(RuntimeError, match="does not support dense gradients"):
        torch.optim.SparseAdam(table.parameters()).step()


def test_spmm_multiplies_sparse_and_dense_matrices() -> None:
    x = torch.tensor([[0.0, 2.0], [1.0, 0.0]])
    y = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    expected = [[6.0, 8.0], [1.0, 2.0]]
    assert torch.spmm(x.to_sparse(), y).tolist() == expected
    assert torch.spmm(x, y).tolist() == expected
    assert not hasattr(torch.Tensor, "spmm")
