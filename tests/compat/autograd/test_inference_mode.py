"""`inference_mode`: what is made in it has no part in gradients."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

import funcnet.compat as torch
import funcnet.compat.nn.functional as F
from funcnet.compat import nn


def inferred(*shape: int) -> Any:
    with torch.inference_mode():
        return torch.ones(*shape)


def test_what_is_an_inference_tensor() -> None:
    normal = torch.ones(2)
    with torch.inference_mode():
        assert torch.is_inference_mode_enabled()
        assert not torch.is_grad_enabled()
        inside = (normal * 2, normal.clone(), torch.tensor([1.0]), torch.arange(2))
        assert all(x.is_inference() for x in inside)
        assert not normal[:1].is_inference()
        assert not normal.detach().is_inference()
        with torch.inference_mode(False):
            assert torch.is_grad_enabled()
            assert not torch.ones(1).is_inference()
    x = inferred(2)
    assert x[0].is_inference()
    assert x.detach().is_inference()
    assert torch.is_inference(x.data)
    for result in (x + 1, x.clone(), x.double(), copy.deepcopy(x)):
        assert not result.is_inference()


def test_it_is_a_decorator() -> None:
    @torch.inference_mode()
    def make() -> Any:
        return torch.ones(1)

    assert make().is_inference()


def test_normal_tensors_are_written_inside() -> None:
    leaf = torch.ones(2, requires_grad=True)
    x = inferred(2)
    with torch.inference_mode():
        leaf.add_(1)
        x.add_(1)
    assert leaf.tolist() == x.tolist() == [2, 2]


WRITING: dict[str, Callable[[Any], Any]] = {
    "method": lambda x: x.add_(1),
    "element": lambda x: x.__setitem__(0, 1),
    "view": lambda x: x[:1].mul_(2),
    "number": lambda x: x.fill_(1),
    "zeros": lambda x: x.zero_(),
    "copy": lambda x: x.copy_(torch.ones(2)),
    "drawn": lambda x: x.uniform_(),
    "out": lambda x: torch.add(torch.ones(2), 1, out=x),
    "without gradient": lambda x: torch.no_grad()(x.add_)(1),
}


@pytest.mark.parametrize("case", WRITING)
def test_they_are_not_written_outside(case: str) -> None:
    with pytest.raises(
        RuntimeError, match="Inplace update to inference tensor outside"
    ):
        WRITING[case](inferred(2))


class Sum(torch.autograd.Function):
    """Saves its second input."""

    @staticmethod
    def forward(ctx: Any, a: Any, b: Any) -> Any:
        ctx.save_for_backward(b)
        return a + b

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return g, None


SAVING: dict[str, Callable[[Any, Any], Any]] = {
    "product": lambda g, x: g * x,
    "first": lambda g, x: x * g,
    "layer": lambda g, x: nn.Linear(2, 2)(x),
    "loss": lambda g, x: F.mse_loss(g, x),
    "matrices": lambda g, x: g[None] @ x,
    "custom": Sum.apply,
}


@pytest.mark.parametrize("case", SAVING)
def test_they_are_not_saved_for_gradients(case: str) -> None:
    leaf = torch.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="Inference tensors cannot be saved for"):
        SAVING[case](leaf, inferred(2))
    SAVING[case](leaf, inferred(2).clone()).sum().backward()


def test_where_nothing_is_saved_they_are_used() -> None:
    leaf = torch.ones(2, requires_grad=True)
    (leaf + inferred(2)).exp().sum().backward()
    torch.cat([leaf, inferred(2)]).sum().backward()


def test_a_model_made_inside_has_no_gradient() -> None:
    with torch.inference_mode():
        net = nn.Linear(2, 2)
    assert not net(inferred(2)).requires_grad


def test_they_have_no_gradient_and_no_version() -> None:
    x = inferred(2)
    for ask in (x.requires_grad_, lambda: nn.Parameter(x)):
        with pytest.raises(
            RuntimeError, match="Setting requires_grad=True on inference"
        ):
            ask()
    assert not nn.Parameter(x, requires_grad=False).requires_grad
    with pytest.raises(RuntimeError, match="do not track version counter"):
        x._version  # noqa: B018


def test_gradients_can_be_switched_on_inside_without_effect() -> None:
    leaf = torch.ones(2, requires_grad=True)
    with torch.inference_mode():
        assert not torch.is_grad_enabled()
        assert leaf[:1].requires_grad
        assert not (leaf * 2).requires_grad
        with torch.enable_grad():
            assert torch.is_grad_enabled()
            assert torch.is_inference_mode_enabled()
            assert not (leaf * 2).requires_grad
            assert (leaf * 2).is_inference()
        assert not torch.is_grad_enabled()
