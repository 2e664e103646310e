"""Making tensors: dtypes, sharing, settings, PyTorch's errors; nothing is compiled."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat._engine.executor import counts

# What makes a tensor, its dtype, its numbers.
MADE: list[tuple[Callable[[], Any], Any, Any]] = [
    (lambda: torch.tensor([1, 2]), torch.int64, [1, 2]),
    (lambda: torch.tensor([1, 2.5]), torch.float32, [1, 2.5]),
    (lambda: torch.tensor([True, False]), torch.bool, [True, False]),
    (lambda: torch.tensor(1j), torch.complex64, 1j),
    (lambda: torch.tensor([]), torch.float32, []),
    (lambda: torch.tensor([[], []]), torch.float32, [[], []]),
    (lambda: torch.tensor(np.ones(2)), torch.float64, [1, 1]),
    (lambda: torch.tensor([np.float64(2)]), torch.float64, [2]),
    (lambda: torch.tensor([np.array([1, 2])]), torch.int64, [[1, 2]]),
    (lambda: torch.tensor([torch.tensor(1.5), 2]), torch.float32, [1.5, 2]),
    (lambda: torch.tensor(range(3)), torch.int64, [0, 1, 2]),
    (lambda: torch.tensor([-1], dtype=torch.uint8), torch.uint8, [255]),
    (lambda: torch.tensor([1.7], dtype=int), torch.int64, [1]),
    (lambda: torch.tensor([1.5], dtype=torch.bfloat16), torch.bfloat16, [1.5]),
    (lambda: torch.Tensor([[2, 3], [4, 5]]), torch.float32, [[2, 3], [4, 5]]),
    (lambda: torch.Tensor((2, 3)), torch.float32, [2, 3]),
    (lambda: torch.Tensor(), torch.float32, []),
    (lambda: torch.LongTensor([1.5, 2]), torch.int64, [1, 2]),
    (lambda: torch.FloatTensor(np.array([1, 2])), torch.float32, [1, 2]),
    (lambda: torch.tensor([1]).new([2, 3]), torch.int64, [2, 3]),
    (lambda: torch.zeros(2, dtype=torch.int32), torch.int32, [0, 0]),
    (lambda: torch.full((2,), 7), torch.int64, [7, 7]),
    (lambda: torch.full([], torch.tensor(1.5)), torch.float32, 1.5),
    (lambda: torch.ones_like(torch.tensor([3])), torch.int64, [1]),
    (lambda: torch.full_like(torch.tensor([3.0]), 2), torch.float32, [2]),
    (lambda: torch.tensor([True]).new_zeros(2), torch.bool, [False, False]),
    (lambda: torch.arange(3), torch.int64, [0, 1, 2]),
    (lambda: torch.arange(1, 2, 0.5), torch.float32, [1, 1.5]),
    (lambda: torch.arange(3, 0, -1), torch.int64, [3, 2, 1]),
    (lambda: torch.linspace(0, 1, 3), torch.float32, [0, 0.5, 1]),
    (lambda: torch.logspace(0, 2, 3), torch.float32, [1, 10, 100]),
    (lambda: torch.eye(2), torch.float32, [[1, 0], [0, 1]]),
    (lambda: torch.tril_indices(2, 2), torch.int64, [[0, 1, 1], [0, 0, 1]]),
    (lambda: torch.scalar_tensor(3), torch.float32, 3),
    (lambda: torch.frombuffer(b"\1\0\2\0", dtype=torch.int16), torch.int16, [1, 2]),
]


@pytest.mark.parametrize(("make", "kind", "numbers"), MADE)
def test_what_is_made(make: Callable[[], Any], kind: Any, numbers: Any) -> None:
    before = counts.compiles
    result = make()
    assert result.dtype is kind
    assert result.tolist() == numbers
    assert counts.compiles == before


SHAPES = [
    (lambda: torch.Tensor(5, 3), (5, 3)),
    (lambda: torch.LongTensor(2), (2,)),
    (lambda: torch.Tensor(torch.Size([2, 3])), (2, 3)),
    (lambda: torch.zeros(2, 3), (2, 3)),
    (lambda: torch.zeros((3, 2)), (3, 2)),
    (lambda: torch.ones(size=[4]), (4,)),
    (lambda: torch.empty(()), ()),
    (lambda: torch.zeros(np.int64(2), torch.tensor(1)), (2, 1)),
    (lambda: torch.empty_strided((2, 3), (1, 2)), (2, 3)),
]


@pytest.mark.parametrize(("make", "shape"), SHAPES)
def test_sizes_one_by_one_or_together(make: Callable[[], Any], shape: Any) -> None:
    assert make().shape == shape


def test_layouts_of_what_is_made_strided() -> None:
    assert torch.empty_strided((2, 3), (1, 2)).stride() == (1, 2)
    assert torch.empty_permuted((2, 3), (1, 0)).stride() == (1, 2)
    assert not torch.empty_strided((2, 3), (1, 2))._is_view()


ERRORS: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (
        lambda: torch.tensor([[1, 2], [3]]),
        ValueError,
        "expected sequence of length 2 at dim 1 (got 1)",
    ),
    (lambda: torch.tensor([[1, 2], 3]), TypeError, "not a sequence"),
    (
        lambda: torch.tensor([1, [2]]),
        TypeError,
        "'list' object cannot be interpreted as an integer",
    ),
    (lambda: torch.tensor("a"), TypeError, "new(): invalid data type 'str'"),
    (lambda: torch.tensor(["a"]), ValueError, "too many dimensions 'str'"),
    (lambda: torch.tensor(None), RuntimeError, "Could not infer dtype of NoneType"),
    (lambda: torch.tensor(2**63), ValueError, "Overflow when unpacking long long"),
    (
        lambda: torch.tensor([300], dtype=torch.uint8),
        RuntimeError,
        "value cannot be converted to type uint8 without overflow",
    ),
    (
        lambda: torch.tensor([1], requires_grad=True),
        RuntimeError,
        "Only Tensors of floating point and complex dtype can require gradients",
    ),
    (
        lambda: torch.zeros(3, requries_grad=True),
        TypeError,
        "unexpected keyword argument 'requries_grad'. Did you mean 'requires_grad'?",
    ),
    (
        lambda: torch.tensor([1.0], requries_grad=True),
        TypeError,
        "Did you mean 'requires_grad'?",
    ),
    (lambda: torch.zeros(2.5), TypeError, "must be tuple of ints, not float"),
    (lambda: torch.zeros(-1), RuntimeError, "negative dimension -1"),
    (lambda: torch.full((2,), [1]), TypeError, "must be Number, not list"),
    (
        lambda: torch.arange(3, 0),
        RuntimeError,
        "upper bound and lower bound inconsistent with step sign",
    ),
    (lambda: torch.arange(0, 3, 0), RuntimeError, "step must be nonzero"),
    (
        lambda: torch.linspace(0, 1, -1),
        RuntimeError,
        "number of steps must be non-negative",
    ),
    (lambda: torch.eye(-1), RuntimeError, "n must be greater or equal to 0, got -1"),
    (
        lambda: torch.Tensor(3.5),
        TypeError,
        "new(): data must be a sequence (got float)",
    ),
    (lambda: torch.Tensor(2, 3.5), TypeError, "failed to unpack the object at pos 2"),
    (
        lambda: torch.FloatTensor(torch.tensor([1])),
        TypeError,
        "expected torch.FloatTensor (got torch.LongTensor)",
    ),
    (lambda: torch.from_numpy([1]), TypeError, "expected np.ndarray (got list)"),
    (
        lambda: torch.from_numpy(np.arange(3)[::-1]),
        ValueError,
        "negative strides are not currently supported",
    ),
    (
        lambda: torch.from_numpy(np.zeros(2, ">f4")),
        ValueError,
        "byte order different from the native byte order",
    ),
    (
        lambda: torch.from_numpy(np.array(["a"])),
        TypeError,
        "can't convert np.ndarray of type numpy.",
    ),
    (
        lambda: torch.complex(torch.ones(1), torch.ones(1, dtype=torch.float64)),
        RuntimeError,
        "Expected object of scalar type Float but got scalar type Double",
    ),
]


@pytest.mark.parametrize(("make", "error", "says"), ERRORS)
def test_errors_are_pytorchs(
    make: Callable[[], Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error) as caught:
        make()
    assert says in str(caught.value)


def test_tensors_have_types_by_dtype() -> None:
    x = torch.ones(2)
    assert isinstance(x, torch.FloatTensor)
    assert not isinstance(x, torch.LongTensor)
    assert x.type() == "torch.FloatTensor"
    assert x.type(torch.LongTensor).dtype is torch.int64
    assert x.type("torch.DoubleTensor").dtype is torch.float64
    with pytest.raises(ValueError, match="invalid type: 'foo'"):
        x.type("foo")


def test_a_subclass_of_the_tensor_is_made_as_one() -> None:
    class Mine(torch.Tensor):
        pass

    assert type(Mine([1.0])) is Mine
    assert Mine(2, 3).shape == (2, 3)


def test_a_tensor_of_a_tensor_warns_and_copies() -> None:
    x = torch.ones(2, dtype=torch.float64)
    with pytest.warns(UserWarning, match="To copy construct from a tensor"):
        y = torch.tensor(x)
    y[0] = 5
    assert x.tolist() == [1, 1]
    assert y.dtype is torch.float64


def test_range_is_deprecated_and_includes_its_end() -> None:
    with pytest.warns(UserWarning, match=r"torch\.range is deprecated"):
        result = torch.range(1, 3)
    assert result.tolist() == [1, 2, 3]
    assert result.dtype is torch.float32


def test_as_tensor_shares_what_it_can() -> None:
    array, x = np.zeros(3, "float32"), torch.zeros(3)
    assert torch.as_tensor(x) is x
    torch.as_tensor(array)[0] = 1
    assert array.tolist() == [1, 0, 0]
    assert torch.as_tensor(array, dtype=torch.float64).dtype is torch.float64
    copied = torch.asarray(array, copy=True)
    copied[1] = 9
    assert array.tolist() == [1, 0, 0]


def test_data_are_copied_by_tensor() -> None:
    array = np.zeros(2)
    x = torch.tensor(array)
    array[0] = 1
    assert x.tolist() == [0, 0]


def test_makers_write_to_out() -> None:
    out = torch.ones(3, dtype=torch.float64)
    assert torch.zeros(3, out=out) is out
    assert out.tolist() == [0, 0, 0]
    with pytest.warns(UserWarning, match="one or more elements was resized"):
        torch.arange(2, 4, out=out)
    assert out.tolist() == [2, 3]


def test_requires_grad_and_the_default_dtype_are_heeded() -> None:
    assert torch.zeros(2, requires_grad=True).requires_grad
    torch.set_default_dtype(torch.float64)
    try:
        assert torch.tensor(1.0).dtype is torch.float64
        assert torch.zeros(1).dtype is torch.float64
    finally:
        torch.set_default_dtype(torch.float32)


def test_evenly_spaced_numbers_are_those_of_pytorch_to_the_bit() -> None:
    numbers = torch.linspace(0.1, 0.7, 8)[1:5].tolist()
    fractions = ["1.7c57c4p-3", "1.15f15ep-2", "1.6db6dap-2", "1.c57c58p-2"]
    assert numbers == [float.fromhex(f"0x{digits}") for digits in fractions]
