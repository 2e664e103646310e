"""Compressed sparse tensors: made, converted, computed with, differentiated."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import funcnet.compat as torch

STARTS, COLUMNS, VALUES = [0, 2, 3, 5], [1, 3, 0, 2, 3], [2.0, 3.0, 1.0, 4.0, 5.0]
DENSE = [[0.0, 2.0, 0.0, 3.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 4.0, 5.0]]
LAYOUTS = ("csr", "csc", "bsr", "bsc")
TEXT = """\
tensor(crow_indices=tensor([0, 2, 3, 5]),
       col_indices=tensor([1, 3, 0, 2, 3]),
       values=tensor([2., 3., 1., 4., 5.]), size=(3, 4), nnz=5,
       layout=torch.sparse_csr)"""
BLOCKS = """\
tensor(crow_indices=tensor([0, 1, 2]),
       col_indices=tensor([0, 1]),
       values=tensor([[[1., 2.],
                       [0., 3.]],

                      [[4., 0.],
                       [0., 5.]]]), size=(4, 4), nnz=2,
       layout=torch.sparse_bsr)"""


def made(**settings: Any) -> Any:
    return torch.sparse_csr_tensor(STARTS, COLUMNS, VALUES, (3, 4), **settings)


def in_layout(dense: Any, name: str) -> Any:
    block = {"blocksize": (1, 2)} if name.startswith("bs") else {}
    layout = getattr(torch, f"sparse_{name}")
    return dense.to_sparse(layout=layout, **block)


def test_a_csr_tensor_lists_its_elements_by_rows() -> None:
    x = made()
    facts = (x.layout, x.is_sparse, x.is_sparse_csr, x._nnz(), x.sparse_dim(), len(x))
    assert facts == (torch.sparse_csr, False, True, 5, 2, 3)
    assert x.crow_indices().tolist() == STARTS
    assert x.col_indices().tolist() == COLUMNS
    assert x.values().tolist() == VALUES
    assert x.to_dense().tolist() == DENSE
    assert torch.is_tensor(x)
    assert x.double().dtype is torch.float64
    assert made(dtype=torch.float64).values().dtype is torch.float64


def test_printed_as_pytorch_prints_it() -> None:
    blocks = torch.tensor([[1.0, 2, 0, 0], [0, 3, 0, 0], [0, 0, 4, 0], [0, 0, 0, 5]])
    assert repr(made()) == TEXT
    assert repr(blocks.to_sparse_bsr((2, 2))) == BLOCKS


def test_sizes_follow_from_the_indices() -> None:
    assert torch.sparse_csr_tensor([0, 2, 3], [1, 3, 0], [2.0, 3, 1]).shape == (2, 4)
    assert torch.sparse_csc_tensor([0, 1], [2], [2.0]).shape == (3, 1)
    blocks = torch.sparse_bsr_tensor([0, 1], [1], [[[1.0, 2.0]]])
    assert blocks.shape == (1, 4)


@given(
    numbers=st.lists(st.integers(0, 2), min_size=24, max_size=24),
    first=st.sampled_from(LAYOUTS),
    second=st.sampled_from(LAYOUTS),
)
@settings(max_examples=40, deadline=None)
def test_conversions_keep_the_elements(
    numbers: list[int], first: str, second: str
) -> None:
    dense = torch.tensor(np.reshape(numbers, (4, 6)).astype("float32"))
    x = in_layout(dense, first)
    assert x.to_dense().tolist() == dense.tolist()
    assert x.to_sparse().coalesce().to_dense().tolist() == dense.tolist()
    assert in_layout(x, second).to_dense().tolist() == dense.tolist()
    assert x.t().to_dense().tolist() == dense.t().tolist()
    right = torch.arange(12.0).reshape(6, 2)
    assert (x @ right).tolist() == (dense @ right).tolist()


def test_batches_list_as_many_elements_each() -> None:
    dense = torch.stack([torch.eye(2), torch.eye(2).flip(0)])
    x = dense.to_sparse_csr()
    assert x.crow_indices().tolist() == [[0, 1, 2], [0, 1, 2]]
    assert x.col_indices().tolist() == [[0, 1], [1, 0]]
    assert x.to_dense().tolist() == dense.tolist()
    with pytest.raises(RuntimeError, match="same number of specified elements per"):
        torch.tensor([[[1.0, 1.0]], [[1.0, 0.0]]]).to_sparse_csr()


def test_elements_may_be_vectors() -> None:
    x = torch.ones(2, 2, 3).to_sparse_csr(dense_dim=1)
    assert (x.dense_dim(), x.values().shape) == (1, (4, 3))
    assert x.to_dense().tolist() == torch.ones(2, 2, 3).tolist()


RIGHT = torch.arange(8.0).reshape(4, 2)
RESULTS: dict[str, Callable[[Any], tuple[Any, Any]]] = {
    "matrix": lambda x: (x @ RIGHT, x.to_dense() @ RIGHT),
    "vector": lambda x: (x.mv(torch.arange(4.0)), [11, 0, 23]),
    "from the left": lambda x: (torch.ones(2, 3) @ x, torch.ones(2, 3) @ x.to_dense()),
    "of two": lambda x: ((x @ x.t()).to_dense(), x.to_dense() @ x.to_dense().t()),
    "addmm": lambda x: (
        torch.addmm(torch.ones(3, 2), x, RIGHT, beta=2, alpha=3),
        2 + 3 * (x.to_dense() @ RIGHT),
    ),
    "sparse.addmm": lambda x: (
        torch.sparse.addmm(torch.ones(3, 2), x, RIGHT),
        1 + x.to_dense() @ RIGHT,
    ),
    "scaled": lambda x: ((2 * x).values(), [4, 6, 2, 8, 10]),
    "sum of two": lambda x: ((x + x).values(), [4, 6, 2, 8, 10]),
    "with a dense one": lambda x: (torch.ones(3, 4) + x, x.to_dense() + 1),
    "product of elements": lambda x: ((x * x).values(), [4, 9, 1, 16, 25]),
    "unary": lambda x: (torch.square(-x).values(), [4, 9, 1, 16, 25]),
    "row": lambda x: (x[0].to_dense(), DENSE[0]),
    "column": lambda x: (x[:, 3].to_dense(), [3, 0, 5]),
    "total": lambda x: (x.sum().reshape(1), [15]),
    "sums of rows": lambda x: (x.sum(1, keepdim=True).to_dense(), [[5], [1], [9]]),
    "mean of products": lambda x: (
        torch.sparse.mm(x, RIGHT, "mean"),
        [[11, 13.5], [0, 1], [23, 27.5]],
    ),
    "largest product": lambda x: (
        torch.sparse.mm(x, RIGHT, "amax"),
        [[18, 21], [0, 1], [30, 35]],
    ),
    "sampled": lambda x: (
        torch.sparse.sampled_addmm(
            x, torch.ones(3, 2), torch.ones(2, 4), beta=0.5, alpha=2
        ).values(),
        [5, 5.5, 4.5, 6, 6.5],
    ),
    "linear": lambda x: (
        torch.nn.functional.linear(torch.ones(2, 4), x),
        [[5, 1, 9], [5, 1, 9]],
    ),
    "masked": lambda x: (torch.ones(3, 4).sparse_mask(x).values(), [1] * 5),
    "smm": lambda x: (torch.smm(x.to_sparse(), RIGHT).to_dense(), x @ RIGHT),
    "hspmm": lambda x: (torch.hspmm(x.to_sparse(), RIGHT).to_dense(), x @ RIGHT),
    "zeros": lambda x: (torch.zeros_like(x).to_dense(), [[0] * 4] * 3),
    "ones": lambda x: (torch.ones_like(x).values(), [1] * 5),
}


@pytest.mark.parametrize("name", RESULTS)
def test_result(name: str) -> None:
    result, wanted = RESULTS[name](made())
    assert result.tolist() == (wanted if isinstance(wanted, list) else wanted.tolist())


def test_gradients_reach_the_values_and_the_dense_factor() -> None:
    values = torch.tensor(VALUES, requires_grad=True)
    x = torch.sparse_csr_tensor(STARTS, COLUMNS, values, (3, 4))
    right = RIGHT.clone().requires_grad_()
    (x @ right).sum().backward()
    assert values.grad.tolist() == [5, 13, 1, 9, 13]
    assert right.grad.tolist() == [[1, 1], [2, 2], [4, 4], [8, 8]]
    leaf = made(requires_grad=True)
    torch.sparse.mm(leaf, RIGHT).sum().backward()
    assert leaf.grad.layout is torch.sparse_csr
    assert leaf.grad.values().tolist() == [5, 13, 1, 9, 13]


def test_a_dense_source_has_a_gradient_for_all_its_elements() -> None:
    for convert in (lambda x: x.to_sparse_csr(), lambda x: x.to_sparse()):
        dense = torch.tensor(DENSE, requires_grad=True)
        (convert(dense) @ RIGHT).sum().backward()
        assert dense.grad.tolist() == [[1, 5, 9, 13]] * 3


CHECKS = [
    ((STARTS, COLUMNS, VALUES, (3, 3)), "`0 <= col_indices < ncols`"),
    (([0, 2, 4], [1, 3, 0], [2.0, 3, 1], (2, 4)), r"crow_indices\[..., -1\] == nnz"),
    (([1, 2, 3], [1, 3, 0], [2.0, 3, 1], (2, 4)), r"crow_indices\[..., 0\] == 0"),
    (([0, 2, 3], [1, 2], [2.0, 3, 1], (2, 4)), "must be equal to nnz"),
    (([0.0, 2, 3], [1, 2, 0], [2.0, 3, 1], (2, 4)), "got Float and Long"),
    (([0, 2, 3], [1, 2, 0], [2.0, 3, 1], (3, 4)), "equal to the number of rows"),
    (([0, 2, 3], [1, 2, 0], [2.0, 3, 1], (4,)), "tensor dimensionality must be"),
]


@pytest.mark.parametrize(("parts", "words"), CHECKS)
def test_parts_that_do_not_fit_are_refused(parts: Any, words: str) -> None:
    with pytest.raises(RuntimeError, match=words):
        torch.sparse_csr_tensor(*parts)


ERRORS: list[tuple[Callable[[], Any], str]] = [
    (lambda: made().indices(), "got SparseCsr"),
    (lambda: made().ccol_indices(), "column compressed tensor layout but got Sparse"),
    (lambda: torch.ones(2, 2).crow_indices(), "layout but got Strided"),
    (lambda: torch.ones(2, 2).to_sparse().crow_indices(), "layout but got Sparse"),
    (lambda: made().sum(0), "keepdim=False is unsupported"),
    (lambda: torch.ones(3, 4).to_sparse_bsr((2, 2)), "must be divisible by"),
    (lambda: torch.ones(2, 2).to_sparse_csr(dense_dim=1), r"in \[0,0\] range"),
    (lambda: made().to_sparse(1), "sparse_dim argument !=2"),
    (lambda: torch.sparse_compressed_tensor([0], [0], [1.0]), "but got none"),
]


@pytest.mark.parametrize(("run", "words"), ERRORS)
def test_error(run: Callable[[], Any], words: str) -> None:
    with pytest.raises(RuntimeError, match=words):
        run()


def test_what_is_not_supported_refuses() -> None:
    with pytest.raises(NotImplementedError, match=r"'SparseCsrCPU' .*to_dense"):
        torch.exp(made())
    with pytest.raises(NotImplementedError, match="to_dense"):
        torch.save(made(), "unused")


def test_compared_by_assert_close() -> None:
    torch.testing.assert_close(made(), torch.tensor(DENSE).to_sparse_csr())
    with pytest.raises(AssertionError, match="layout"):
        torch.testing.assert_close(made(), torch.tensor(DENSE))


def test_diagonals() -> None:
    lines, offsets = torch.arange(9.0).reshape(3, 3), torch.tensor([0, -1, 2])
    x = torch.sparse.spdiags(lines, offsets, (3, 3), layout=torch.sparse_csr)
    assert x.to_dense().tolist() == [[0, 0, 8], [3, 1, 0], [0, 4, 2]]
