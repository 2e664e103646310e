"""Views that cannot follow a write in the gradient graph refuse it, as in PyTorch."""

import pytest

import funcnet.compat as torch

SEVERAL = (
    "is a view and is being modified inplace. This view is the output of a function"
)
BASE = (
    "is a view and its base or another view of its base has been modified inplace. Th"
)
NO_GRAD = (
    "A view was created in no_grad mode and is being modified inplace with grad mode"
)
NO_GRAD_BASE = (
    "A view was created in no_grad mode and its base or another view of its ba"
)

MAKERS = {
    "Output 0 of Split": lambda x: x.split(2)[0],
    "Output 1 of Split": lambda x: x.chunk(2)[1],
    "Output 1 of SplitWithSizes": lambda x: x.split([1, 3])[1],
    "Output 2 of Unbind": lambda x: x.unbind(0)[2],
    "Output 0 of Unbind": lambda x: next(iter(x)),
    "Output 0 of Slice": lambda x: x.split(2)[0][:1],
}
FREE = {
    "slice": lambda x: x[:2],
    "tensor_split": lambda x: x.tensor_split(2)[0],
    "hsplit": lambda x: x.hsplit(2)[0],
    "unsafe_split": lambda x: x.unsafe_split(2)[0],
    "detached": lambda x: x.split(2)[0].detach(),
}
WRITES = {
    "mul_": lambda v: v.mul_(2),
    "zero_": lambda v: v.zero_(),
    "setitem": lambda v: v.__setitem__(..., 7.0),
    "relu_": torch.nn.functional.relu_,
    "of a gradient": lambda v: v.add_(torch.ones((), requires_grad=True)),
}


def base():
    return torch.arange(4.0, requires_grad=True) * 1


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("name", MAKERS)
def test_one_of_several_views_is_not_written_to(name, write):
    with pytest.raises(RuntimeError, match=f"{name} {SEVERAL}"):
        WRITES[write](MAKERS[name](base()))


@pytest.mark.parametrize("name", FREE)
def test_other_views_are_written_to(name):
    x = base()
    FREE[name](x).mul_(3)
    assert x.tolist() == [0, 3, 2, 3]


@pytest.mark.parametrize("name", MAKERS)
def test_several_views_without_gradient_are_written_to(name):
    x = torch.arange(4.0)
    view = MAKERS[name](x)
    view.fill_(9)
    assert 9 in x.tolist()
    with pytest.raises(
        RuntimeError, match=NO_GRAD + " enabled. This view is the output"
    ):
        view.add_(torch.ones((), requires_grad=True))


@pytest.mark.parametrize("name", MAKERS)
def test_one_of_several_views_loses_its_place_when_the_base_is_written(name):
    x = base()
    view = MAKERS[name](x)
    with torch.no_grad():
        x.mul_(2)
        assert (view * 1).tolist() == (MAKERS[name](x) * 1).tolist()
    view.tolist()
    assert repr(view)
    with pytest.raises(RuntimeError, match=f"{name} {BASE}"):
        view * 1
    x.data.mul_(2)  # which nobody counts
    MAKERS[name](x) * 1


def test_view_made_in_no_grad_is_not_written_to_outside():
    x = base()
    with torch.no_grad():
        view = x[:2]
        view.mul_(2)
    with pytest.raises(RuntimeError, match=NO_GRAD):
        view.mul_(2)
    with pytest.raises(RuntimeError, match=NO_GRAD_BASE):
        view * 1
    plain = torch.zeros(4)
    with torch.no_grad():
        view = plain[:2]
    view.add_(1)
    with pytest.raises(RuntimeError, match=NO_GRAD):
        view.add_(torch.ones(2, requires_grad=True))


def test_view_given_by_a_custom_function_is_not_written_to():
    class Flat(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.view(-1)

        @staticmethod
        def backward(ctx, grad):
            return grad

    words = (
        "Output 0 of Flat is a view and is being modified inplace. This view was cre"
    )
    with pytest.raises(RuntimeError, match=words):
        Flat.apply(base()).mul_(2)
    assert Flat.apply(torch.ones(2)).mul_(2).tolist() == [2, 2]
