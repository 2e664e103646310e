"""Scripts of forward-mode derivatives, and of gradients on top of them."""

from typing import Any

import torch.autograd.forward_ad  # noqa: F401 - PyTorch imports it when asked

from tests.parity.scripts.common import numbers, refused, script

FUNCTIONS = {
    "exp": lambda lib, x: x.exp(),
    "matmul": lambda lib, x: x @ x.T,
    "softmax": lambda lib, x: lib.softmax(x, -1),
    "views": lambda lib, x: x.T[1:, ::2].reshape(-1) * x.flatten()[:6],
    "reductions": lambda lib, x: x.std(0) + x.amax(0) * x.mean(),
    "writing": lambda lib, x: _written(lib, x),
    "branches": lambda lib, x: lib.where(x > 0, x.sin(), x**2) + x.clamp(-0.5, 0.5),
    "complex": lambda lib, x: lib.fft.fft(x).abs() ** 2,
    "sorting": lambda lib, x: x.sort(-1).values.cumsum(0),
    "solving": lambda lib, x: lib.linalg.solve(x @ x.T + lib.eye(3), x),
    "functions": lambda lib, x: lib.nn.functional.layer_norm(x, (4,)).relu(),
    "without dependence": lambda lib, x: lib.ones(2),
    "gathering": lambda lib, x: x[lib.tensor([2, 0, 0])] + x[x > 0].sum(),
}


def _written(lib: Any, x: Any) -> Any:
    y = x.clone()
    y[0] = y[1] * 2
    y[:, 1].mul_(3 * y[:, 2])
    y.add_(x)
    z = lib.zeros(3, 4)
    z[1:].copy_(y[1:])
    return y * z


@script("autograd.forward_ad", *FUNCTIONS)
def along_a_direction(lib: Any, name: str) -> Any:
    fwd, f = lib.autograd.forward_ad, FUNCTIONS[name]
    x, v = numbers(lib, 3, 4), numbers(lib, 3, 4, shift=1.0)
    with fwd.dual_level():
        y, tangent = fwd.unpack_dual(f(lib, fwd.make_dual(x, v)))
        with lib.no_grad():
            again = fwd.unpack_dual(f(lib, fwd.make_dual(x, v))).tangent
    return [y, tangent, again, type(y)]


# Where PyTorch's own is wrong, or an error, as differences tell: tests/compat has them.
WRONG = {"softmax", "solving", "functions"}
SMOOTH = [name for name in FUNCTIONS if name not in WRONG | {"without dependence"}]


@script("autograd.forward_ad", *SMOOTH)
def gradient_of_the_tangent(lib: Any, name: str) -> Any:
    fwd, f = lib.autograd.forward_ad, FUNCTIONS[name]
    x = numbers(lib, 3, 4).requires_grad_()
    v = numbers(lib, 3, 4, shift=1.0).requires_grad_()
    with fwd.dual_level():
        y, tangent = fwd.unpack_dual(f(lib, fwd.make_dual(x, v)))
        (y.sum() + (tangent**2).sum()).backward()
    return [y, tangent, x.grad, v.grad]


@script("autograd.forward_ad", *SMOOTH)
def tangent_of_the_gradient(lib: Any, name: str) -> Any:
    fwd, f = lib.autograd.forward_ad, FUNCTIONS[name]
    x = numbers(lib, 3, 4).requires_grad_()
    with fwd.dual_level():
        dual = fwd.make_dual(x, numbers(lib, 3, 4, shift=1.0))
        (slope,) = lib.autograd.grad((f(lib, dual) ** 2).sum(), dual)
        return list(fwd.unpack_dual(slope))


@script("autograd.forward_ad", "MLP", "Conv")
def of_parameters(lib: Any, kind: str) -> Any:
    nn, fwd = lib.nn, lib.autograd.forward_ad
    result = {
        "MLP": lambda: nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 2)),
        "Conv": lambda: nn.Sequential(
            nn.Conv1d(3, 4, 2), nn.BatchNorm1d(4), nn.ReLU(), nn.MaxPool1d(2)
        ),
    }
    model = result[kind]()
    x = numbers(lib, 2, 3, 4)
    params = {name: p.detach() for name, p in model.named_parameters()}
    with fwd.dual_level():
        duals = {
            name: fwd.make_dual(p, numbers(lib, *p.shape, shift=place))
            for place, (name, p) in enumerate(params.items())
        }
        y = lib.func.functional_call(model, duals, (x,))
        return list(fwd.unpack_dual(y))


@script("autograd.forward_ad")
def input_of_a_model(lib: Any) -> Any:
    """The penalty of a directional derivative, as score matching has it."""
    fwd, nn = lib.autograd.forward_ad, lib.nn
    model = nn.Sequential(nn.Linear(4, 5), nn.Softplus(), nn.Linear(5, 1))
    with fwd.dual_level():
        dual = fwd.make_dual(numbers(lib, 3, 4), numbers(lib, 3, 4, shift=1.0))
        y, tangent = fwd.unpack_dual(model(dual))
        (y.mean() + (tangent**2).mean()).backward()
    return [y, tangent, [p.grad for p in model.parameters()]]


@script("autograd.forward_ad")
def what_has_a_tangent(lib: Any) -> Any:
    fwd = lib.autograd.forward_ad
    x, v = numbers(lib, 3), numbers(lib, 3, shift=1.0)
    with fwd.dual_level():
        dual = fwd.make_dual(x, v)
        shown = [dual.numpy(), dual.tolist(), (dual * 2).numpy().tolist()]
        result = [
            fwd.unpack_dual(one).tangent
            for one in (
                *(dual, x, dual.detach(), dual.data, dual.clone(), dual + 1, dual > 0),
                *(dual[1:], dual.double(), fwd.unpack_dual(dual).primal * 2, x * 2),
            )
        ]
    after = fwd.unpack_dual(dual)
    return [shown[1:], result, after, isinstance(after, fwd.UnpackedDualTensor)]


@script("autograd.forward_ad", True, False)
def custom_function(lib: Any, kept: bool) -> Any:
    class Cube(lib.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any, factor: float) -> Any:
            ctx.factor = factor
            if kept:
                ctx.save_for_backward(x)
                ctx.save_for_forward(x)
            else:
                ctx.x = x
            return x.clone() ** 3 * factor

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            return 3 * ctx.saved_tensors[0] ** 2 * grad * ctx.factor, None

        @staticmethod
        def jvp(ctx: Any, tangent: Any, _: Any) -> Any:
            x = ctx.saved_tensors[0] if kept else ctx.x
            return 30 * x**2 * tangent * ctx.factor

    fwd = lib.autograd.forward_ad
    x, v = numbers(lib, 3), numbers(lib, 3, shift=1.0)
    with fwd.dual_level():
        return list(fwd.unpack_dual(Cube.apply(fwd.make_dual(x, v), 2.0) * 2))


@script("autograd.forward_ad")
def custom_function_without_jvp(lib: Any) -> Any:
    class Double(lib.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * 2

    fwd = lib.autograd.forward_ad
    x = numbers(lib, 3)
    with fwd.dual_level():
        said = refused(lambda: Double.apply(fwd.make_dual(x, x)), 60)
        return [said, Double.apply(x)]


@script("autograd.forward_ad")
def errors(lib: Any) -> Any:
    fwd, x = lib.autograd.forward_ad, numbers(lib, 3)
    seen = [refused(lambda: fwd.make_dual(x, x), 60), fwd.unpack_dual(x).tangent]
    seen.append(refused(lambda: fwd.exit_dual_level()))
    with fwd.dual_level() as level:
        seen += [
            level,
            refused(lambda: fwd.make_dual(x.int(), x), 90),
            refused(lambda: fwd.make_dual(x, x.int()), 90),
            refused(lambda: fwd.make_dual(x, x[1:])),
            refused(lambda: fwd.enter_dual_level(), 53),
            refused(lambda: fwd.exit_dual_level(level=1), 60),
        ]

    @fwd.dual_level()
    def decorated() -> Any:
        return fwd.unpack_dual(fwd.make_dual(x, x) * 2).tangent

    seen.append(fwd.enter_dual_level())
    fwd.exit_dual_level(level=0)
    return [*seen, decorated()]
