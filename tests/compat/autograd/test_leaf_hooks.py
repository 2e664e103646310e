"""Hooks of leaves see the whole gradient, once, however often the leaf is used."""

from typing import Any

import pytest

import funcnet.compat as torch


def test_a_hook_sees_the_sum() -> None:
    x = torch.tensor([1.0, 3.0], requires_grad=True)
    seen: list[Any] = []
    x.register_hook(lambda grad: seen.append(grad.tolist()) or grad.clamp(max=5.0))
    (x * x + 2 * x).sum().backward()
    assert seen == [[4, 8]]
    assert x.grad.tolist() == [4, 5]


def test_after_accumulation_is_called_once_and_not_by_grad() -> None:
    x = torch.ones(2, requires_grad=True)
    seen: list[Any] = []
    x.register_post_accumulate_grad_hook(lambda t: seen.append(t.grad.tolist()))
    torch.autograd.grad((x * x).sum(), x)
    (x * x + x).sum().backward()
    (x * x + x).sum().backward()
    assert seen == [[3, 3], [6, 6]]


def test_after_accumulation_nothing_is_returned() -> None:
    for given, error, message in (
        (torch.ones(2), RuntimeError, "grad hooks should return None"),
        (3, TypeError, "expected Variable, but hook returned 'int'"),
    ):
        x = torch.ones(2, requires_grad=True)
        x.register_post_accumulate_grad_hook(lambda t, given=given: given)
        with pytest.raises(error, match=message):
            x.sum().backward()


def test_a_part_of_the_graph_that_gets_no_gradient_is_not_waited_for() -> None:
    class Nothing(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * 2

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            return None

    x = torch.ones(1, requires_grad=True)
    seen: list[Any] = []
    x.register_hook(lambda grad: seen.append(grad.item()))
    (Nothing.apply(x) + 3 * x).backward()
    assert seen == [3]
