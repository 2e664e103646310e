"""Views share memory, know their strides, and raise PyTorch's errors."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat._engine.executor import counts


def matrix() -> Any:
    return torch.arange(6.0).view(2, 3)


# A view, its shape, its strides, where it begins.
VIEWS: list[tuple[Callable[[Any], Any], tuple[int, ...], tuple[int, ...], int]] = [
    (lambda x: x.view(3, 2), (3, 2), (2, 1), 0),
    (lambda x: x.view(-1), (6,), (1,), 0),
    (lambda x: x.t(), (3, 2), (1, 3), 0),
    (lambda x: x.mT, (3, 2), (1, 3), 0),
    (lambda x: x.permute(1, 0), (3, 2), (1, 3), 0),
    (lambda x: x[1], (3,), (1,), 3),
    (lambda x: x[:, 1:], (2, 2), (3, 1), 1),
    (lambda x: x[:, ::2], (2, 2), (3, 2), 0),
    (lambda x: x[None, 0], (1, 3), (3, 1), 0),
    (lambda x: x.narrow(1, 1, 2), (2, 2), (3, 1), 1),
    (lambda x: x.select(1, 2), (2,), (3,), 2),
    (lambda x: x.unsqueeze(1), (2, 1, 3), (3, 3, 1), 0),
    (lambda x: x.diagonal(), (2,), (4,), 0),
    (lambda x: x.unfold(1, 2, 1), (2, 2, 2), (3, 1, 1), 0),
    (lambda x: x.as_strided((2, 2), (1, 2), 1), (2, 2), (1, 2), 1),
    (lambda x: x.t()[1:], (2, 2), (1, 3), 1),
    (lambda x: x.split(2, dim=1)[1], (2, 1), (3, 1), 2),
    (lambda x: x.chunk(2)[1], (1, 3), (3, 1), 3),
    (lambda x: x.unbind()[1], (3,), (1,), 3),
    (lambda x: x.movedim(0, 1), (3, 2), (1, 3), 0),
    (lambda x: x.flatten(), (6,), (1,), 0),
    (lambda x: x.reshape(6), (6,), (1,), 0),
    (lambda x: x.unflatten(1, (3, 1)), (2, 3, 1), (3, 1, 1), 0),
    (lambda x: x.detach(), (2, 3), (3, 1), 0),
    (lambda x: x.data, (2, 3), (3, 1), 0),
]


@pytest.mark.parametrize(("look", "shape", "stride", "offset"), VIEWS)
@pytest.mark.parametrize("computed", [False, True])
def test_views_share_memory(
    look: Callable[[Any], Any], shape: Any, stride: Any, offset: int, computed: bool
) -> None:
    x = matrix() + 0 if computed else matrix()
    view = look(x)
    assert view.shape == shape
    assert view.storage_offset() == offset
    strides = zip(view.stride(), stride, shape, strict=True)
    assert all(result == wanted for result, wanted, n in strides if n > 1)
    assert view.data_ptr() - x.data_ptr() == 4 * offset
    view[(0,) * view.ndim] = 50.0
    assert x.view(-1)[offset] == 50
    x.fill_(7)
    assert (view == 7).all()


def test_views_of_data_run_no_program() -> None:
    x = matrix()
    before = counts.runs
    for look, shape, _, _ in VIEWS:
        assert np.asarray(look(x).tolist()).shape == shape
    assert counts.runs == before


COPIES = [
    lambda x: x.t().reshape(6),
    lambda x: x.t().contiguous(),
    lambda x: x.clone(),
    lambda x: x.t().flatten(),
    lambda x: x[[0, 1]],
    lambda x: torch.permute_copy(x, (1, 0)),
    lambda x: torch.t_copy(x),
]


@pytest.mark.parametrize("make", COPIES)
def test_copies_do_not_share_memory(make: Callable[[Any], Any]) -> None:
    x = matrix()
    make(x).fill_(9)
    assert x.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_contiguous_is_the_tensor_itself_where_it_is_that() -> None:
    x = matrix()
    assert x.contiguous() is x
    assert not x.t().is_contiguous()
    assert x.t().contiguous().stride() == (2, 1)
    assert x[:1].t().is_contiguous()


def test_a_write_through_a_view_of_a_view() -> None:
    x = torch.zeros(4, 4)
    x.view(2, 8)[1].view(2, 4).t()[0] = torch.tensor([1.0, 2.0])
    assert x[2, 0] == 1
    assert x[3, 0] == 2


def test_gradients_flow_through_views_that_are_written() -> None:
    x = torch.ones(2, 3, requires_grad=True)
    y = x * 2
    y.t()[0].mul_(3)
    y.sum().backward()
    assert x.grad.tolist() == [[6, 2, 2], [6, 2, 2]]


def test_views_in_place_change_the_tensor_itself() -> None:
    x = matrix()
    assert x.t_() is x
    assert x.tolist() == [[0, 3], [1, 4], [2, 5]]
    x.unsqueeze_(0)
    assert x.shape == (1, 3, 2)
    x.squeeze_().transpose_(0, 1)
    x[0, 1] = 9
    assert x.tolist() == [[0, 9, 2], [3, 4, 5]]


def test_complex_parts_share_memory() -> None:
    x = torch.tensor([1 + 2j, 3 - 1j])
    x.real[0] = 5
    x.imag = torch.tensor([7.0, 8.0])
    assert x.tolist() == [5 + 7j, 3 + 8j]
    torch.view_as_real(x)[1, 0] = 0
    assert x[1] == 8j
    pairs = torch.ones(2, 2)
    torch.view_as_complex(pairs)[0] = 3j
    assert pairs.tolist() == [[0, 3], [1, 1]]


def test_another_dtype_of_the_same_bytes() -> None:
    x = torch.tensor([1.0, -0.0])
    assert x.view(torch.int32).tolist() == [0x3F800000, -(1 << 31)]
    x.view(torch.int32)[0] = 0x40000000
    assert x.tolist() == [2, 0]
    assert x.view(torch.uint8).shape == (8,)


def test_a_diagonal_is_filled() -> None:
    x = torch.zeros(3, 3)
    x.fill_diagonal_(5)
    assert x.tolist() == torch.diag(torch.full((3,), 5.0)).tolist()


NAMES = [
    (lambda x: x.view(-1), "ViewBackward0"),
    (lambda x: x[0], "SelectBackward0"),
    (lambda x: x[:1], "SliceBackward0"),
    (lambda x: x[..., None], "UnsqueezeBackward0"),
    (lambda x: x.t(), "TBackward0"),
    (lambda x: x.transpose(0, 1), "TransposeBackward0"),
    (lambda x: x.permute(1, 0), "PermuteBackward0"),
    (lambda x: x.unsqueeze(0), "UnsqueezeBackward0"),
    (lambda x: x.squeeze(), "SqueezeBackward0"),
    (lambda x: x.expand(4, 2, 3), "ExpandBackward0"),
    (lambda x: x.split(1)[0], "SplitBackward0"),
    (lambda x: x.unbind()[0], "UnbindBackward0"),
    (lambda x: x.diagonal(), "DiagonalBackward0"),
    (lambda x: x.clone(), "CloneBackward0"),
    (lambda x: x.double(), "ToCopyBackward0"),
]


@pytest.mark.parametrize(("look", "name"), NAMES)
def test_gradients_are_named_as_pytorchs(look: Callable[[Any], Any], name: str) -> None:
    x = torch.ones(2, 3, requires_grad=True) * 1
    assert look(x).grad_fn.name() == name


ERRORS: list[tuple[Callable[[Any], Any], type[Exception], str]] = [
    (
        lambda x: x.view(4),
        RuntimeError,
        "shape '[4]' is invalid for input of size 6",
    ),
    (
        lambda x: x.t().view(6),
        RuntimeError,
        "view size is not compatible with input tensor's size and stride (at least one "
        "dimension spans across two contiguous subspaces). Use .reshape(...) instead.",
    ),
    (lambda x: x.view(-1, -1), RuntimeError, "only one dimension can be inferred"),
    (
        lambda x: x.view(torch.float64),
        RuntimeError,
        "self.size(-1) must be divisible by 2 to view Float as Double (different "
        "element sizes), but got 3",
    ),
    (
        lambda x: x.squeeze(5),
        IndexError,
        "Dimension out of range (expected to be in range of [-2, 1], but got 5)",
    ),
    (lambda x: x.permute(0, 0), RuntimeError, "permute(): duplicate dims"),
    (
        lambda x: x[None].t(),
        RuntimeError,
        "t() expects a tensor with <= 2 dimensions, but self is 3D",
    ),
    (
        lambda x: x.expand(3, 3),
        RuntimeError,
        "The expanded size of the tensor (3) must match the existing size (2) at "
        "non-singleton dimension 0.  Target sizes: [3, 3].  Tensor sizes: [2, 3]",
    ),
    (
        lambda x: x.expand(3),
        RuntimeError,
        "expand(torch.FloatTensor{[2, 3]}, size=[3]): the number of sizes provided (1)",
    ),
    (
        lambda x: x.narrow(0, 1, 3),
        RuntimeError,
        "start (1) + length (3) exceeds dimension size (2).",
    ),
    (
        lambda x: x.select(0, 5),
        IndexError,
        "select(): index 5 out of range for tensor of size [2, 3] at dimension 0",
    ),
    (lambda x: x.split(0), RuntimeError, "split_size can only be 0"),
    (lambda x: x.split([1, 2]), RuntimeError, "to sum exactly to 2"),
    (lambda x: x.chunk(0), RuntimeError, "chunk expects `chunks` to be greater"),
    (lambda x: x.as_strided((3, 3), (3, 1)), RuntimeError, "setStorage: sizes [3, 3]"),
    (lambda x: x.unflatten(1, (2, 2)), RuntimeError, "don't multiply up to the size"),
    (lambda x: x.flatten(1, 0), RuntimeError, "flatten() has invalid args"),
    (lambda x: x.diagonal(0, 0, 0), RuntimeError, "cannot be identical 0, 0"),
    (lambda x: x.hsplit(2), RuntimeError, "is not divisible by the split_size 2!"),
    (lambda x: x.imag, RuntimeError, "imag is not implemented"),
    (lambda x: x[0].mT, RuntimeError, "tensor.mT is only supported on matrices"),
    (lambda x: x.size(2), IndexError, "Dimension out of range"),
    (
        lambda x: x.expand(4, 2, 3).add_(1),
        RuntimeError,
        "unsupported operation: more than one element of the written-to tensor",
    ),
    (
        lambda x: x.copy_(torch.zeros(4)),
        RuntimeError,
        "The size of tensor a (3) must match the size of tensor b (4) at non-singleton "
        "dimension 1",
    ),
    (
        lambda x: x.fill_(torch.zeros(2)),
        RuntimeError,
        "fill_ only supports 0-dimension value tensor but got tensor with 1 dim",
    ),
]


@pytest.mark.parametrize(("look", "error", "says"), ERRORS)
def test_errors_are_pytorchs(
    look: Callable[[Any], Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error) as caught:
        look(matrix())
    assert says in str(caught.value)


LEAVES: list[tuple[Callable[[Any], Any], type[Exception], str]] = [
    (lambda x: x.numpy(), RuntimeError, "Can't call numpy() on Tensor that requires"),
    (lambda x: setattr(x, "grad", 3), TypeError, "got grad of type int"),
    (lambda x: setattr(x, "grad", x), RuntimeError, "can't assign Variable as its own"),
    (
        lambda x: setattr(x, "grad", torch.zeros(2)),
        RuntimeError,
        "attempting to assign a gradient of size '[2]' to a tensor of size '[2, 3]'",
    ),
    (
        lambda x: setattr(x * 2, "requires_grad", False),
        RuntimeError,
        "you can only change requires_grad flags of leaf variables.",
    ),
    (
        lambda x: setattr(x, "data", None),
        TypeError,
        "has to be a tensor, but got NoneType",
    ),
    (
        lambda x: setattr(x, "data", torch.tensor([1])),
        RuntimeError,
        "must be floating point or complex dtype",
    ),
    (lambda x: (x * 2)[0].detach_(), RuntimeError, "Can't detach views in-place."),
    (lambda x: x.zero_(), RuntimeError, "a leaf Variable that requires grad is being"),
    (lambda x: x[0].zero_(), RuntimeError, "a view of a leaf Variable that requires"),
]


@pytest.mark.parametrize(("use", "error", "says"), LEAVES)
def test_errors_of_leaves(
    use: Callable[[Any], Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error) as caught:
        use(torch.ones(2, 3, requires_grad=True))
    assert says in str(caught.value)


def test_a_leaf_may_be_a_view_of_data() -> None:
    x = matrix().requires_grad_()
    with pytest.raises(RuntimeError, match="a view of a leaf Variable that requires"):
        x[0].zero_()
    with torch.no_grad():
        x[0].zero_()
    (x[1] * x[0]).sum().backward()
    assert x.grad.tolist() == [[3, 4, 5], [0, 0, 0]]


def test_the_gradient_of_what_is_no_leaf_warns() -> None:
    y = torch.ones(1, requires_grad=True) * 2
    with pytest.warns(UserWarning, match="not a leaf Tensor is being accessed"):
        assert y.grad is None


def test_data_is_set_with_another_shape() -> None:
    x = torch.ones(2, requires_grad=True)
    x.data = torch.zeros(3)
    assert x.shape == (3,)
    assert x.is_leaf
    assert x.requires_grad
    (x * 2).sum().backward()
    assert x.grad.tolist() == [2, 2, 2]


def test_conversions_give_the_tensor_itself_where_nothing_changes() -> None:
    x = torch.ones(2)
    same = (x.float(), x.to("cpu"), x.to(torch.float32), x.cpu(), x.type_as(x))
    assert all(y is x for y in same)
    assert x.to(x, copy=True) is not x
    assert x.to(torch.device("cpu"), torch.int64).dtype is torch.int64
    assert x.to(float).dtype is torch.float64
    assert torch.tensor([1.9, -1.9]).long().tolist() == [1, -1]
    assert math.isinf(torch.tensor(1e30).half().item())


def test_resize_keeps_what_there_is() -> None:
    x = torch.arange(3)
    x.resize_(2, 2)
    assert x.shape == (2, 2)
    assert x.view(-1)[:3].tolist() == [0, 1, 2]
    assert x.resize_as_(torch.zeros(1)).tolist() == [0]
