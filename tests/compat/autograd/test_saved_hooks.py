"""`saved_tensors_hooks`: what a gradient keeps goes through the user's functions."""

from collections.abc import Callable
from typing import Any

import pytest

import funcnet.compat as torch
import funcnet.compat.nn.functional as F
from funcnet.compat.autograd import graph

# What is packed: numbers of each tensor, as PyTorch packs them, in any order.
PACKED: dict[str, tuple[Callable[..., Any], list[list[float]]]] = {
    "product": (lambda x, w: x * w, [[1, 2], [3, 4]]),
    "by a number": (lambda x, w: x * 2, []),
    "by a constant": (lambda x, w: x * w.detach(), [[3, 4]]),
    "sum": (lambda x, w: x + w, []),
    "power": (lambda x, w: x**2, [[1, 2]]),
    "result": (lambda x, w: x.sqrt(), [[1, 1.414]]),
    "sigmoid": (lambda x, w: x.sigmoid(), [[0.731, 0.881]]),
    "matrix": (lambda x, w: x[None] @ w, [[1, 2], [3, 4]]),
    "slice": (lambda x, w: x[:1], []),
    "condition": (lambda x, w: torch.where(x > 1, x, w), [[0, 1]]),
    "joined": (lambda x, w: torch.cat([x, w]), []),
    "error": (lambda x, w: F.mse_loss(x, w), [[1, 2], [3, 4]]),
}


def leaves() -> tuple[Any, Any]:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    return x, torch.tensor([3.0, 4.0], requires_grad=True)


@pytest.mark.parametrize("case", PACKED)
def test_what_is_packed(case: str) -> None:
    run, wanted = PACKED[case]
    seen: list[list[float]] = []
    unpacked = []

    def pack(t: Any) -> Any:
        seen.append([round(float(v), 3) for v in t.detach().reshape(-1).tolist()])
        return t.detach()

    def unpack(t: Any) -> Any:
        unpacked.append(t)
        return t

    x, w = leaves()
    with graph.saved_tensors_hooks(pack, unpack):
        y = run(x, w)
    assert sorted(seen) == sorted(wanted)
    assert not unpacked
    result = torch.autograd.grad(y.sum(), [x, w], allow_unused=True)
    assert len(unpacked) == len(seen)
    x, w = leaves()
    usual = torch.autograd.grad(run(x, w).sum(), [x, w], allow_unused=True)
    for one, other in zip(result, usual, strict=True):
        assert one is other or torch.allclose(one, other)


def test_the_gradient_is_that_of_what_is_unpacked() -> None:
    x, w = leaves()
    twice, thrice = (
        graph.saved_tensors_hooks(lambda t: t, lambda t, n=n: n * t) for n in (2, 3)
    )
    with twice, thrice:  # the innermost is called
        y = (x * w).sum()
    assert torch.autograd.grad(y, x)[0].tolist() == [9, 12]
    with twice:
        y = x.exp().sum()
    assert torch.allclose(torch.autograd.grad(y, x)[0], 2 * x.detach().exp())


def test_custom_functions_save_through_the_hooks() -> None:
    class Product(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, a: Any, b: Any) -> Any:
            ctx.save_for_backward(a, None, b)
            return a * b

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            a, _, b = ctx.saved_tensors
            return g * b, g * a

    x, w = leaves()
    saved = []
    with graph.saved_tensors_hooks(lambda t: saved.append(t) or t, lambda t: 2 * t):
        y = Product.apply(x, w).sum()
        with torch.no_grad():
            Product.apply(x, w)
    assert len(saved) == 2
    assert torch.autograd.grad(y, x)[0].tolist() == [6, 8]


def test_hooks_that_do_wrong_are_told() -> None:
    x, w = leaves()
    with graph.saved_tensors_hooks(lambda t: t, lambda t: 3):
        y = (x * w).sum()
    with pytest.raises(TypeError, match="expected to be a Tensor but got result of"):
        y.backward()
    with (
        graph.saved_tensors_hooks(lambda t: t.add_(1), lambda t: t),
        pytest.raises(RuntimeError, match="pack hook is modifying its input"),
    ):
        x * w
    with (
        graph.disable_saved_tensors_hooks("not here"),
        pytest.raises(RuntimeError, match="not here"),
        graph.saved_tensors_hooks(lambda t: t, lambda t: t),
    ):
        pass


def test_mutation_is_allowed_where_asked_for() -> None:
    x = torch.ones(2, requires_grad=True)
    with graph.allow_mutation_on_saved_tensors():
        y = x.clone()
        z = (y**2).sum()
        y.zero_()
        z.backward()
    assert x.grad.tolist() == [2, 2]
