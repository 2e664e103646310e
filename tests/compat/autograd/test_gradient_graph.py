"""What writing in place, detaching and going backward again do to gradients."""

from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch


def leaf() -> Any:
    return torch.tensor([1.0, -2.0, 3.0], requires_grad=True)


def test_gradients_of_gradients_in_one_program() -> None:
    x = leaf()
    (first,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
    first.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 6 * x.detach().numpy())


def test_a_gradient_penalty_beside_the_loss() -> None:
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh())
    x = leaf()
    score = net(x).sum()
    (grad,) = torch.autograd.grad(score, x, create_graph=True)
    (score + (grad.norm() - 1) ** 2).backward()
    assert all(bool(p.grad.isfinite().all()) for p in net.parameters())


def test_gradients_go_past_what_is_written_without_recording() -> None:
    x = leaf()
    y = x * 2
    with torch.no_grad():
        y.clamp_(min=0)
    assert y.requires_grad
    assert y.tolist() == [2, 0, 6]
    y.sum().backward()
    assert x.grad.tolist() == [2, 2, 2]


def test_a_copy_over_a_result_ends_its_gradient_with_zeros() -> None:
    x = leaf()
    y = x * 2
    y.copy_(torch.ones(3))
    assert y.requires_grad
    y.sum().backward()
    assert x.grad.tolist() == [0, 0, 0]


def test_backward_goes_again_through_what_keeps_nothing() -> None:
    x = leaf()
    y = (x.view(3, 1) + 1).mean(0)
    y.sum().backward()
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), [2 / 3] * 3, rtol=1e-6)


@pytest.mark.parametrize(
    "function", [torch.exp, torch.square, torch.relu, torch.cumprod]
)
def test_backward_does_not_go_again_through_what_keeps_numbers(function: Any) -> None:
    y = function(leaf(), 0) if function is torch.cumprod else function(leaf())
    y.sum().backward()
    with pytest.raises(RuntimeError, match="a second time"):
        y.sum().backward()


def test_what_was_detached_in_place_gets_no_gradient() -> None:
    x = leaf()
    y = x.tanh()
    x.detach_()
    y.sum().backward()
    assert x.grad is None


@pytest.mark.parametrize("name", ["squeeze_", "t_", "unsqueeze_"])
def test_a_leaf_keeps_its_shape(name: str) -> None:
    x = torch.ones(1, 3, requires_grad=True)
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        getattr(x, name)(*[0] * (name == "unsqueeze_"))


def test_other_views_stay_when_a_base_changes_its_shape() -> None:
    x = leaf() * 1
    row = x[None]
    x.unsqueeze_(1)
    assert row.shape == (1, 3)
    assert x.shape == (3, 1)
    row.sum().backward()


def test_a_write_that_cannot_follow_a_changed_base_is_refused() -> None:
    x = torch.ones(2, 3, requires_grad=True) * 1
    row = x[0]
    x.t_()
    with pytest.raises(RuntimeError, match="Take the view again"):
        row.mul_(2)


def test_a_view_shows_the_memory_it_was_taken_of() -> None:
    x = torch.zeros(3)
    view = x[1:]
    x.data = torch.ones(3)
    x.add_(1)
    assert view.tolist() == [0, 0]
    view.fill_(5)
    assert x.tolist() == [2, 2, 2]


def test_views_see_what_is_written_through_numpy() -> None:
    x = torch.zeros(2, 3)
    row = x[None]
    assert row.tolist() == [[[0, 0, 0]] * 2]
    x.numpy()[...] = 7.0
    assert x.sum().item() == 42
    assert row.tolist() == [[[7, 7, 7]] * 2]


# --- elements that lie in one place --------------------------------------------------


@pytest.mark.parametrize(
    "write",
    [
        lambda x: x.zero_(),
        lambda x: x.fill_(0),
        lambda x: x.masked_fill_(x > 0, 0),
        lambda x: x.__setitem__((slice(None), 0), 0),
        lambda x: x.detach().numpy().fill(0),
    ],
)
def test_equal_numbers_go_into_an_expanded_tensor(write: Any) -> None:
    x = torch.ones(1)
    write(x.expand(3, 1))
    assert x.tolist() == [0]


@pytest.mark.parametrize(
    "write",
    [
        lambda x: x.add_(1),
        lambda x: x.copy_(torch.ones(3, 1)),
        lambda x: x.__setitem__(0, torch.ones(1)) or x.add_(torch.ones(3, 1)),
    ],
)
def test_others_do_not(write: Any) -> None:
    with pytest.raises(RuntimeError, match="refers to a single memory location"):
        write(torch.ones(1).expand(3, 1))


def test_an_expansion_that_repeats_nothing_is_written() -> None:
    x = torch.ones(2, 1)
    x.expand_as(x).add_(1)
    assert x.tolist() == [[2], [2]]


def test_a_part_of_an_expansion_in_which_nothing_repeats_is_written() -> None:
    x = torch.tensor([1.0, 2.0])
    x.expand(2, 2).diagonal().mul_(-3)
    assert x.tolist() == [-3, -6]


# --- shapes that do not go together --------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b"), [((2, 2), (4,)), ((2, 1, 2), (3, 4)), ((2,), (3,))]
)
@pytest.mark.parametrize("op", [torch.add, torch.maximum, torch.mul])
def test_shapes_that_do_not_fit_are_told_as_pytorch_does(
    a: tuple[int, ...], b: tuple[int, ...], op: Any
) -> None:
    message = (
        rf"size of tensor a \({a[-1]}\) must match the size of tensor b \({b[-1]}\)"
    )
    with pytest.raises(RuntimeError, match=message):
        op(torch.ones(a), torch.ones(b))


def test_anomaly_mode_shows_the_users_calls_alone() -> None:
    x = torch.zeros(1, requires_grad=True)
    with (
        torch.autograd.set_detect_anomaly(True),
        pytest.raises(RuntimeError, match="'SqrtBackward0' returned nan") as error,
    ):
        (x.sqrt() * 0).sum().backward()
    assert "test_gradient_graph.py" in str(error.value)
    assert "funcnet/compat" not in str(error.value)
