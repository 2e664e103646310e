"""`torch.func`: what functions see and leave; what is made, in the gradient graph."""

from typing import Any

import jax
import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat._engine import executor
from funcnet.compat._engine.executor import counts


def network() -> Any:
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Linear(1, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)
    )


def test_a_loss_of_derivatives_trains_the_network_it_closes_over() -> None:
    net, x = network(), torch.rand(5, 1)
    slope = torch.func.vmap(torch.func.grad(lambda t: net(t).sum()))(x)
    (slope**2).mean().backward()
    result = [p.grad.clone() for p in net.parameters() if p.grad is not None]
    net.zero_grad()
    x.requires_grad_()
    (again,) = torch.autograd.grad(net(x).sum(), x, create_graph=True)
    (again**2).mean().backward()
    wanted = [p.grad for p in net.parameters() if p.grad is not None]
    for one, other in zip(result[:3], wanted[:3], strict=True):
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
    result = make(x)
    assert result.requires_grad
    result.sum().backward()
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
    result = torch.func.vmap(lambda t: t * (w * w).sum())(torch.ones(2))
    w.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        result.sum().backward()


def test_a_function_is_differentiated_with_what_it_drew() -> None:
    w = torch.ones(64, requires_grad=True)
    torch.manual_seed(3)
    result = torch.func.vmap(torch.nn.functional.dropout, randomness="different")(
        w[None]
    )
    after = torch.rand(1).item()
    result.sum().backward()
    np.testing.assert_allclose(w.grad.numpy(), result[0].detach().numpy())
    assert {*w.grad.tolist()} == {0.0, 2.0}
    torch.manual_seed(3)
    with torch.no_grad():
        torch.func.vmap(torch.nn.functional.dropout, randomness="different")(w[None])
    assert torch.rand(1).item() == after


class Rounded(torch.autograd.Function):
    """Rounds forward and lets the gradient through."""

    @staticmethod
    def forward(x: Any) -> Any:
        return x.round()

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        pass

    @staticmethod
    def backward(ctx: Any, gradient: Any) -> Any:
        return gradient


class Scaled(torch.autograd.Function):
    """`k x**2`, whose gradient is ten times too large."""

    generate_vmap_rule = True

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

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def forward(self, x: Any) -> Any:
            return Doubled.apply(x)

    apply, params, state = torch.pure(Net())
    with pytest.raises(RuntimeError, match="return a new tensor"):
        apply(params, state, jax.numpy.ones(2))
    with pytest.raises(RuntimeError, match="must override the setup_context"):
        torch.func.vmap(Doubled.apply)(torch.ones(2))
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        Doubled.apply(torch.ones(2, requires_grad=True))


# --- what the function sees and leaves ------------------------------------------------

X = [1.0, -2.0, 0.5]
func = torch.func


def x() -> Any:
    return torch.tensor(X)


def test_dictionaries_keep_their_order() -> None:
    seen = []

    def run(p: Any) -> Any:
        seen.append(list(p))
        return (p["w"] * 2 + p["b"] * p["a"]).sum()

    p = {"w": x(), "b": x(), "a": x()}
    order = ["w", "b", "a"]
    for result in (
        func.grad(run)(p),
        func.grad_and_value(run)(p)[0],
        func.vjp(run, p)[1](torch.tensor(1.0))[0],
        func.jvp(lambda p: p, (p,), (p,))[1],
        func.jacrev(run)(p),
        func.jacfwd(run)(p),
        func.hessian(run)(p)["b"],
        func.vmap(lambda p: p)(p),
        func.linearize(lambda p: p, p)[1](p),
    ):
        assert list(result) == order
    assert all(one == order for one in seen)


@pytest.mark.parametrize(
    ("run", "wanted"),
    [
        (lambda t: t.sum() * t[0].item(), [1, 1, 1]),
        (lambda t: t.sum() * len(str(t * 2)) / len(str(t * 2)), [1, 1, 1]),
        (lambda t: t.sum() if t[0] > 0 else -t.sum(), [1, 1, 1]),
        (lambda t: t[t > 0].sum(), [1, 0, 1]),
        (lambda t: t.detach().sum(), [0, 0, 0]),
        (lambda t: (t * t.detach()).sum(), X),
        (lambda t: (t * torch.no_grad()(lambda: t * 2)()).sum(), [2, -4, 1]),
        (lambda t: torch.tensor(1.0), [0, 0, 0]),
        (lambda t: t.argmax(), [0, 0, 0]),
        (lambda t: t.clone().mul_(2).add_(t).sum(), [3, 3, 3]),
        (lambda t: func.grad(lambda u: (t * u * u).sum())(t).sum(), [4, -8, 2]),
        (lambda t: func.grad(lambda u: (u * t.detach()).sum())(t).sum(), [0, 0, 0]),
        (
            lambda t: func.jvp(lambda u: u**3, (t,), (t.detach(),))[1].sum(),
            [6, 24, 1.5],
        ),
        (lambda t: func.vmap(lambda u: u * u)(t).sum(), [2, -4, 1]),
    ],
)
def test_functions_run_as_they_do_outside(run: Any, wanted: Any) -> None:
    assert func.grad(run)(x()).tolist() == wanted


def test_what_is_kept_by_a_function_is_usable_afterwards() -> None:
    w, kept = torch.ones(3, requires_grad=True), []
    func.grad(lambda t: (kept.append(t * w), kept.append(t * 2), t.sum())[2])(x())
    func.grad(lambda s: func.grad(lambda t: (kept.append(s * t), s * t * t)[1])(s * 1))(
        torch.tensor(3.0)
    )
    connected, alone, inner = kept
    assert (alone + 1).numpy().tolist() == [3, -3, 2]
    assert not (inner * 2).requires_grad
    assert inner.item() == 9
    (connected * 2).sum().backward()
    assert w.grad.tolist() == [2, -4, 1]


def test_functions_run_once() -> None:
    calls = []

    def run(t: Any) -> Any:
        calls.append(None)
        return (t**3).sum()

    func.grad(run)(x())
    func.jacrev(run)(x())
    func.hessian(run)(x())
    func.vmap(func.grad(run))(x()[None])
    _, push = func.linearize(run, x())
    assert push(x()).item() == push(x()).item() == 3 * (1 - 8 + 0.125)
    assert len(calls) == 5


def test_buffers_are_written_under_grad() -> None:
    norm = torch.nn.BatchNorm1d(2)
    data = torch.tensor([[1.0, 2.0], [3.0, 6.0]])
    func.grad(lambda t: norm(t).sum())(data)
    assert norm.num_batches_tracked.item() == 1
    assert norm.running_mean.tolist() == pytest.approx([0.2, 0.4])
    assert not norm.running_mean.requires_grad
    total = torch.zeros(3)
    func.grad(lambda t: (total.add_(t), t.sum())[1])(x())
    assert (total + 1).tolist() == [2, -1, 1.5]


def test_arguments_are_written_and_leaves_are_not() -> None:
    other = x()
    assert func.grad(lambda t, u: (t * u.add_(1)).sum())(x(), other).tolist() == [
        *(2, -1, 1.5)
    ]
    assert other.tolist() == [2, -1, 1.5]
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        func.grad(lambda t: t.add_(1).sum())(x())


def test_an_error_leaves_no_level_open() -> None:
    def wrong(t: Any) -> Any:
        raise KeyError("no")

    for run in (func.grad, func.vmap, func.jacrev, func.jacfwd):
        with pytest.raises(KeyError):
            run(wrong)(x())
    assert func.grad(torch.sum)(x()).tolist() == [1, 1, 1]
    assert (x() * torch.ones(3, requires_grad=True)).requires_grad


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (lambda: func.grad(lambda t: t * 2)(x()), "scalar Tensor, got tensor with 1"),
        (lambda: func.grad(lambda t: 1.0)(x()), "to return a Tensor, got <class 'flo"),
        (lambda: func.grad(torch.sum)(torch.tensor([1])), "of floating point dtype"),
        (lambda: func.grad(torch.sum, 2)(x()), "argnum=2, but only 1"),
        (lambda: func.grad(torch.sum, has_aux=True)(x()), r"\(output, aux\)"),
        (lambda: func.vjp(torch.sin, x())[1](x()[:2]), "Mismatch in shape"),
        (lambda: func.vjp(lambda t: (t, t), x())[1](x()), "structure of cotangents"),
        (lambda: func.jvp(torch.sin, x(), x()), "primals to be a tuple"),
        (lambda: func.jvp(torch.sin, (x(),), (x()[:2],)), "a different size than"),
        (lambda: func.jacrev(torch.argmax)(x()), "must be floating-point or complex"),
        (lambda: func.grad(lambda t: t.sum().backward())(x()), "inside a functorch"),
        (lambda: func.grad(lambda t: t.requires_grad_())(x()), "functorch transform"),
    ],
)
def test_errors_in_pytorchs_words(run: Any, words: str) -> None:
    with pytest.raises(RuntimeError, match=words):
        run()


def test_gradients_outside_go_through_all_levels() -> None:
    w = torch.tensor([0.5, 1.5, -1.0], requires_grad=True)
    m = torch.tensor([[0.3, -1.0, 2.0], [1.5, 0.7, -0.2]])

    def run(t: Any) -> Any:
        return torch.tanh(t * w).sum()

    hessians = func.vmap(func.hessian(run))(m)
    (result,) = torch.autograd.grad(hessians.sum(), w)
    rows = [torch.autograd.functional.hessian(run, row, create_graph=True) for row in m]
    (wanted,) = torch.autograd.grad(torch.stack(rows).sum(), w)
    torch.testing.assert_close(result, wanted)
    with torch.no_grad():
        assert not func.grad(run)(m[0]).requires_grad


def test_gradients_are_taken_for_a_batch_of_starts() -> None:
    w = torch.tensor(X, requires_grad=True)
    starts = (torch.eye(3), 2 * torch.eye(3))
    (result,) = torch.autograd.grad((w**2, w**3), w, starts, is_grads_batched=True)
    wanted = torch.diag(2 * w + 6 * w**2)
    torch.testing.assert_close(result, wanted.detach())


class Doubled(torch.autograd.Function):
    """`2 x y`, with a rule of its own for batches."""

    seen: list[Any] = []  # noqa: RUF012

    @staticmethod
    def forward(a: Any, b: Any) -> Any:
        return 2 * a * b

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx: Any, gradient: Any) -> Any:
        a, b = ctx.saved_tensors
        return 2 * b * gradient, 2 * a * gradient

    @staticmethod
    def vmap(info: Any, in_dims: Any, a: Any, b: Any) -> Any:
        Doubled.seen.append((info.batch_size, info.randomness, in_dims))
        return Doubled.apply(a, b), 0


def test_custom_functions_have_rules_for_batches() -> None:
    rows = torch.stack([x(), x() * 2])
    result = func.vmap(Doubled.apply, in_dims=(0, None))(rows, x())
    assert result.tolist() == [[2, 8, 0.5], [4, 16, 1]]
    assert Doubled.seen == [(2, "error", (0, None))]
    slope = func.grad(lambda v: func.vmap(lambda t: Scaled.apply(v, 1) * t)(rows).sum())
    assert slope(x()).tolist() == [60, 240, 15]
    assert func.vmap(func.vmap(lambda t: Scaled.apply(t, 1)))(rows)[1, 1].item() == 16


def test_transforms_in_a_loop_compile_once() -> None:
    net, data = network(), torch.rand(4, 2, 1)
    params = {name: p.detach() for name, p in net.named_parameters()}

    def loss(p: Any, t: Any) -> Any:
        return func.functional_call(net, p, (t,)).pow(2).mean()

    def adapted(p: Any, t: Any) -> Any:
        slopes = func.grad(loss)(p, t)
        return loss({name: v - 0.1 * slopes[name] for name, v in p.items()}, t)

    def step(p: Any) -> Any:
        over_tasks = lambda p: func.vmap(adapted, (None, 0))(p, data).mean()  # noqa: E731
        slopes, value = func.grad_and_value(over_tasks)(p)
        value.item()
        return {name: (v - 0.1 * slopes[name]).detach() for name, v in p.items()}

    def each(p: Any) -> Any:
        result = func.vmap(func.grad(loss), (None, 0))(p, data)
        result["0.weight"].sum().item()
        return p

    for run in (step, each):
        compiled = []
        for _ in range(6):
            start = counts.compiles
            params = run(params)
            compiled.append(counts.compiles - start)
        assert compiled[3:] == [0, 0, 0], compiled


def test_a_program_gives_back_what_is_held_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    net, given = network().requires_grad_(False), []

    def noting(where: Any, listing: Any, results: Any, *rest: Any) -> None:
        given.append(len(results))
        run(where, listing, results, *rest)

    run = executor.run_trace
    monkeypatch.setattr(executor.hooks, "run", noting)
    t = torch.rand(1)
    for result in (
        lambda: func.jvp(lambda t: net(t).sum(), (t,), (t,))[1],
        lambda: func.grad(lambda t: net(t).sum())(t),
        lambda: func.vmap(func.grad(lambda t: net(t).sum()))(t[None]),
    ):
        given.clear()
        result().sum().item()
        assert given == [1]


def test_what_a_differentiated_function_makes_is_written() -> None:
    def function(t: Any) -> Any:
        result = [torch.zeros(3), torch.rand(3), torch.empty(3).normal_(), t * 2]
        result += [torch.ones(3, 3).detach()[0], torch.ones(3).data]
        assert torch.nn.Linear(3, 1).weight.requires_grad
        return sum(one.zero_().add_(t).sum() for one in result)

    x = torch.ones(3)
    assert torch.func.grad(function)(x).tolist() == [6, 6, 6]
    assert torch.func.jvp(function, (x,), (x,))[1].item() == 18


def test_a_gradient_that_depends_on_nothing_requires_none() -> None:
    w = torch.ones(2, 3, requires_grad=True)
    both = torch.func.grad(lambda p: (p["w"].sum(0) * 2 + p["c"]).sum())
    result = both({"w": w, "c": torch.ones(3, requires_grad=True)})
    assert list(result) == ["w", "c"]
    assert not any(g.requires_grad for g in result.values())
    assert torch.func.grad(lambda t: (t * t).sum())(w).requires_grad
    x = torch.ones(2, 3, requires_grad=True)
    linear = torch.func.grad(
        lambda p: torch.nn.functional.linear(x, p["w"], p["c"]).sum()
    )
    result = linear({"w": w, "c": torch.zeros(2, requires_grad=True)})
    assert [g.requires_grad for g in result.values()] == [True, False]
