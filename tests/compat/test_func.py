"""What `torch.func` makes stands in the gradient graph; custom gradients are kept."""

from typing import Any

import jax
import numpy as np
import pytest

import funcnet.compat as torch


def network() -> Any:
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Linear(1, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)
    )


def test_a_loss_of_derivatives_trains_the_network_it_closes_over() -> None:
    net, x = network(), torch.rand(5, 1)
    slope = torch.func.vmap(torch.func.grad(lambda t: net(t).sum()))(x)
    (slope**2).mean().backward()
    found = [p.grad.clone() for p in net.parameters() if p.grad is not None]
    net.zero_grad()
    x.requires_grad_()
    (again,) = torch.autograd.grad(net(x).sum(), x, create_graph=True)
    (again**2).mean().backward()
    wanted = [p.grad for p in net.parameters() if p.grad is not None]
    for one, other in zip(found[:3], wanted[:3], strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (lambda x: torch.func.grad(lambda t: (t**3).sum())(x), [12, 18]),
        (lambda x: torch.func.vmap(lambda t: t * t)(x), [4, 6]),
        (lambda x: torch.func.jacrev(lambda t: t * t)(x), [2, 2]),
        (lambda x: torch.func.jacfwd(lambda t: t * t)(x), [2, 2]),
        (lambda x: torch.func.hessian(lambda t: (t**3).sum())(x), [6, 6]),
        (lambda x: torch.func.vjp(lambda t: t * t, x)[1](torch.ones(2))[0], [2, 2]),
        (lambda x: torch.func.jvp(torch.square, (x,), (torch.ones(2),))[1], [2, 2]),
        (lambda x: torch.func.linearize(torch.square, x)[1](torch.ones(2)), [2, 2]),
        (lambda x: torch.func.vmap(lambda t: x.sum() * t)(torch.ones(3)), [3, 3]),
    ],
)
def test_gradients_flow_through_transformations(make: Any, wanted: Any) -> None:
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    made = make(x)
    assert made.requires_grad
    made.sum().backward()
    assert x.grad.tolist() == wanted
    with torch.no_grad():
        assert not make(x).requires_grad


def test_results_that_no_argument_enters_are_tensors() -> None:
    constant = torch.ones(2)
    value, slope = torch.func.jvp(lambda t: constant, (constant,), (constant,))
    assert value.tolist() == [1, 1]
    assert slope.tolist() == [0, 0]
    value, push = torch.func.linearize(lambda a, b: (a * b, constant), value, value)
    assert [x.tolist() for x in (*value, *push(constant, slope))] == [
        *([1, 1], [1, 1], [1, 1], [0, 0])
    ]


def test_gradients_of_such_gradients() -> None:
    w = torch.tensor([2.0, 3.0], requires_grad=True)
    rows = torch.func.jacrev(lambda t: t * w**3)(torch.ones(2))
    (first,) = torch.autograd.grad(rows.sum(), w, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), w)
    np.testing.assert_allclose(second.numpy(), [12, 18])


def test_an_ensemble_is_trained_as_one() -> None:
    nets = [torch.nn.Linear(2, 1) for _ in range(3)]
    params, buffers = torch.func.stack_module_state(nets)
    x = torch.ones(4, 2)

    def run(params: Any, buffers: Any, x: Any) -> Any:
        return torch.func.functional_call(nets[0], (params, buffers), (x,))

    y = torch.func.vmap(run, in_dims=(0, 0, None))(params, buffers, x)
    assert y.shape == (3, 4, 1)
    y.sum().backward()
    assert params["weight"].grad.tolist() == [[[4, 4]]] * 3
    assert nets[0].weight.grad is None


def test_what_was_written_to_since_is_refused() -> None:
    w = torch.ones(2, requires_grad=True) * 1
    made = torch.func.vmap(lambda t: t * w.sum())(torch.ones(2))
    w.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        made.sum().backward()


def test_a_function_is_differentiated_with_what_it_drew() -> None:
    w = torch.ones(64, requires_grad=True)
    torch.manual_seed(3)
    made = torch.func.vmap(torch.nn.functional.dropout, randomness="different")(w[None])
    after = torch.rand(1).item()
    made.sum().backward()
    np.testing.assert_allclose(w.grad.numpy(), made[0].detach().numpy())
    assert {*w.grad.tolist()} == {0.0, 2.0}
    torch.manual_seed(3)
    with torch.no_grad():
        torch.func.vmap(torch.nn.functional.dropout)(w[None])
    assert torch.rand(1).item() == after


class Rounded(torch.autograd.Function):
    """Rounds forward and lets the gradient through."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        return x.round()

    @staticmethod
    def backward(ctx: Any, gradient: Any) -> Any:
        return gradient


class Scaled(torch.autograd.Function):
    """`k x**2`, whose gradient is ten times too large."""

    @staticmethod
    def forward(x: Any, k: float) -> Any:
        return k * x * x

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        ctx.save_for_backward(inputs[0])
        ctx.k = inputs[1]

    @staticmethod
    def backward(ctx: Any, gradient: Any) -> Any:
        (x,) = ctx.saved_tensors
        return 20 * ctx.k * x * gradient, None


def test_custom_functions_keep_their_gradient_under_transformations() -> None:
    x = torch.tensor([1.2, 2.7])
    assert torch.func.grad(lambda t: Rounded.apply(t).sum())(x).tolist() == [1, 1]
    slope = torch.func.vmap(torch.func.grad(lambda t: Scaled.apply(t, 3)))(x)
    np.testing.assert_allclose(slope.numpy(), 60 * x.numpy(), rtol=1e-6)


def test_custom_functions_keep_their_gradient_as_pure_functions() -> None:
    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.scale = torch.nn.Parameter(torch.ones(2))

        def forward(self, x: Any) -> Any:
            return Rounded.apply(self.scale * x).sum()

    apply, params, state = torch.pure(Net())
    x = jax.numpy.array([0.3, 0.4])
    slope = jax.grad(lambda p: apply(p, state, x)[0])(params)
    np.testing.assert_allclose(slope["scale"], x)


def test_a_key_reaches_what_is_drawn_after_a_custom_function() -> None:
    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def forward(self, x: Any) -> Any:
            return torch.nn.functional.dropout(Rounded.apply(x), training=True).sum()

    apply, params, state = torch.pure(Net())
    x = jax.numpy.ones(64)
    slopes = [
        jax.grad(lambda x, k=k: apply(params, state, x, key=jax.random.key(k))[0])(x)
        for k in (0, 1, 0)
    ]
    assert (slopes[0] == slopes[2]).all()
    assert not (slopes[0] == slopes[1]).all()


def test_what_a_custom_function_writes_to_is_not_traced() -> None:
    class Doubled(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.mark_dirty(x)
            return x.mul_(2)

    with pytest.raises(RuntimeError, match="return a new tensor"):
        torch.func.vmap(Doubled.apply)(torch.ones(2))
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        Doubled.apply(torch.ones(2, requires_grad=True))
