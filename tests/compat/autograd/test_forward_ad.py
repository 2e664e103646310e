"""Dual tensors: tangents that follow values, whatever is done to them."""

from collections.abc import Callable
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._engine.executor import counts
from funcnet.compat.autograd import forward_ad as fwd
from funcnet.compat.nn import functional as F

DIRECTION = torch.tensor(
    [[0.3, -1.2, 0.5], [0.7, 0.2, -0.4], [1.0, -0.6, 0.1]]
).double()
POINT = torch.tensor([[1.0, 0.2, -0.5], [-0.3, 0.8, 0.6], [0.4, -0.9, 1.3]]).double()


def written(x: Any) -> Any:
    y = x.clone()
    y[0] = y[1] * 2
    y[:, 1].mul_(y[:, 2] * 3)
    return y.add_(x)


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "exp": torch.exp,
    "softmax": lambda x: torch.softmax(x, -1),
    "layer norm": lambda x: F.layer_norm(x, (3,)).relu(),
    "solve": lambda x: torch.linalg.solve(x @ x.T + torch.eye(3).double(), x),
    "views": lambda x: x.T[1:].reshape(-1)[::2] * x.diagonal(),
    "writing": written,
}


def difference(f: Callable[[Any], Any], by: float = 1e-5) -> Any:
    """The derivative at the point in the direction, from values on both sides."""
    ends = [f(POINT + step * DIRECTION).detach() for step in (by, -by)]
    return (ends[0] - ends[1]) / (2 * by)


def tangent(f: Callable[[Any], Any], x: Any = POINT) -> Any:
    with fwd.dual_level():
        return fwd.unpack_dual(f(fwd.make_dual(x, DIRECTION))).tangent


def slope(f: Callable[[Any], Any], x: Any) -> Any:
    if not x.requires_grad:
        x = x.detach().requires_grad_()
    return torch.autograd.grad((f(x) ** 2).sum(), x)[0]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_tangents_are_directional_derivatives(name: str) -> None:
    f = FUNCTIONS[name]
    torch.testing.assert_close(tangent(f), difference(f), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_tangents_of_gradients(name: str) -> None:
    f = FUNCTIONS[name]
    point = POINT.clone().requires_grad_()
    result = tangent(lambda x: slope(f, x), point)
    wanted = difference(lambda x: slope(f, x))
    torch.testing.assert_close(result, wanted, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradients_of_tangents(name: str) -> None:
    f = FUNCTIONS[name]
    x = POINT.clone().requires_grad_()
    (tangent(f, x) ** 2).sum().backward()

    def value(x: Any) -> Any:
        return (tangent(f, x) ** 2).sum()

    result = (x.grad * DIRECTION).sum()
    torch.testing.assert_close(result, difference(value), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("make", "shape"),
    [
        (lambda: nn.LSTM(3, 4, batch_first=True), (2, 3, 3)),
        (lambda: nn.TransformerEncoderLayer(4, 2, 8, 0.0), (2, 3, 4)),
        (lambda: nn.Sequential(nn.Conv1d(2, 3, 2), nn.BatchNorm1d(3)), (2, 2, 5)),
    ],
)
def test_whole_layers_have_the_tangent_that_jvp_gives(make: Any, shape: Any) -> None:
    torch.manual_seed(0)
    model = make().eval()
    x, v = torch.randn(shape), torch.randn(shape)

    def f(x: Any) -> Any:
        y = model(x)
        return y[0] if isinstance(y, tuple) else y

    _, wanted = torch.func.jvp(f, (x,), (v,))
    with fwd.dual_level():
        result = fwd.unpack_dual(f(fwd.make_dual(x, v))).tangent
    torch.testing.assert_close(result.detach(), wanted, rtol=1e-4, atol=1e-5)


def test_tangents_are_gone_when_the_level_is_left() -> None:
    with fwd.dual_level():
        dual = fwd.make_dual(POINT, DIRECTION)
    assert fwd.unpack_dual(dual).tangent is None
    with fwd.dual_level():
        assert fwd.unpack_dual(dual * 2).tangent is None
    with pytest.raises(RuntimeError, match="no level exists"):
        fwd.make_dual(POINT, DIRECTION)


def test_a_level_in_a_level_is_refused() -> None:
    with fwd.dual_level(), pytest.raises(RuntimeError, match="Nested forward mode"):
        fwd.enter_dual_level()


def test_detached_tensors_have_none_and_no_grad_keeps_them() -> None:
    with fwd.dual_level(), torch.no_grad():
        dual = fwd.make_dual(POINT, DIRECTION)
        assert fwd.unpack_dual(dual.detach()).tangent is None
        assert fwd.unpack_dual(fwd.unpack_dual(dual).primal).tangent is None
        assert fwd.unpack_dual(dual * 1).tangent is not None


def test_numbers_of_a_dual_tensor_are_not_shared() -> None:
    with fwd.dual_level():
        dual = fwd.make_dual(POINT, DIRECTION)
        array = dual.numpy()
        assert not array.flags.writeable
        assert torch.equal(fwd.unpack_dual(dual + 0).tangent, DIRECTION)


def test_a_function_of_the_users_needs_jvp() -> None:
    class Round(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x.round()

    class Straight(Round):
        @staticmethod
        def jvp(ctx: Any, tangent: Any) -> Any:
            return tangent

    with pytest.raises(NotImplementedError, match="must implement the jvp"):
        tangent(Round.apply)
    assert torch.equal(tangent(lambda x: Straight.apply(2 * x)), 2 * DIRECTION)


def test_the_same_step_compiles_once() -> None:
    model = nn.Linear(3, 1).double()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    before = 0
    for step in range(6):
        if step == 3:
            before = counts.compiles
        optimizer.zero_grad()
        (tangent(lambda x: model(x).tanh()) ** 2).mean().backward()
        optimizer.step()
    assert counts.compiles == before
