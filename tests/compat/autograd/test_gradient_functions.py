"""The functions of the gradient graph, custom ones, and the arguments of `grad`."""

import importlib
from typing import Any

import pytest

import funcnet.compat as torch
import funcnet.compat.nn.functional as F
from funcnet.compat.autograd import graph


def leaf() -> Any:
    return torch.ones(2, requires_grad=True)


class Cube(torch.autograd.Function):
    """Keeps its input as an attribute."""

    @staticmethod
    def forward(ctx: Any, a: Any) -> Any:
        ctx.a = a
        return a**3

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return g * 3 * ctx.a**2


def test_functions_have_classes_with_pytorchs_names() -> None:
    x = leaf()
    fn = (x * 2 + 1).sum().grad_fn
    names = []
    while fn is not None:
        names.append(type(fn).__name__)
        assert isinstance(fn, graph.Node)
        fn = fn.next_functions[0][0] if fn.next_functions else None
    assert names == ["SumBackward0", "AddBackward0", "MulBackward0", "AccumulateGrad"]


def test_a_leaf_has_one_function() -> None:
    x = leaf()
    first = (x * 2).grad_fn.next_functions[0][0]
    assert first is x.view_as(x).grad_fn.next_functions[0][0]
    assert first.variable is x
    seen = []
    first.register_hook(lambda inputs, outputs: seen.append((inputs, outputs)))
    first.register_prehook(lambda grads: (grads[0] * 2,))
    (x * 3).sum().backward()
    assert x.grad.tolist() == [6, 6]
    assert seen[0][0] == ()
    assert seen[0][1][0].tolist() == [6, 6]


def test_the_function_of_a_custom_one_is_its_context() -> None:
    x = leaf()
    fn = Cube.apply(x).grad_fn
    assert type(fn).__name__ == fn.name() == "CubeBackward"
    assert fn.a is x
    with pytest.raises(AttributeError, match="'CubeBackward' object has no attribute"):
        fn.other  # noqa: B018
    fn.metadata["mine"] = 1
    assert fn.metadata == {"mine": 1}
    with pytest.raises(AttributeError, match="keeps no tensors by name"):
        (x * x).grad_fn._saved_self  # noqa: B018


def test_second_derivatives_through_what_the_context_keeps() -> None:
    x = leaf()
    (g,) = torch.autograd.grad(Cube.apply(x).sum(), x, create_graph=True)
    assert torch.autograd.grad(g.sum(), x)[0].tolist() == [6, 6]


@pytest.mark.parametrize("how", ["attribute", "saved"])
def test_a_gradient_that_does_not_depend_on_the_input_says_so(how: str) -> None:
    class Exp(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, a: Any) -> Any:
            ctx.e = a.exp()
            ctx.save_for_backward(ctx.e)
            return ctx.e.clone()

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * (ctx.e if how == "attribute" else ctx.saved_tensors[0])

    x = leaf()
    (g,) = torch.autograd.grad(Exp.apply(x).sum(), x, create_graph=True)
    assert not g.requires_grad
    with pytest.raises(RuntimeError, match="element 0 of tensors does not require"):
        torch.autograd.grad(g.sum(), x)


def test_gradients_of_linear_functions_are_constants() -> None:
    x = leaf()
    (g,) = torch.autograd.grad((x * 3).sum(), x, create_graph=True)
    assert not g.requires_grad


WRONG: dict[str, tuple[Any, str]] = {
    "shape": (lambda g: (g, None, torch.ones(3)), "invalid gradient at index 1 - got"),
    "type": (lambda g: (3, None, g), r"expected Variable or None \(got int\)"),
    "count": (lambda g: g, r"incorrect number of gradients \(expected 3, got 1\)"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_gradients_of_custom_functions(case: str) -> None:
    gives, said = WRONG[case]

    class Product(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, a: Any, n: int, b: Any) -> Any:
            return a * b

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return gives(g)

    with pytest.raises(RuntimeError, match=said):
        Product.apply(leaf(), 3, leaf()).sum().backward()


def test_vjp_is_another_name_of_backward() -> None:
    class Twice(torch.autograd.Function):
        @staticmethod
        def forward(x: Any) -> Any:
            return 2 * x

        @staticmethod
        def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
            ctx.save_for_backward(*inputs)

        @staticmethod
        def vjp(ctx: Any, g: Any) -> Any:
            return 2 * g

    x = leaf()
    y = Twice.apply(x)
    y.sum().backward()
    assert x.grad.tolist() == [2, 2]
    with pytest.raises(RuntimeError, match="after they have already been freed"):
        y.grad_fn.saved_tensors  # noqa: B018


def test_only_tensors_are_saved() -> None:
    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(3)
            return x

    with pytest.raises(TypeError, match="can only save variables, but argument 0 is"):
        Wrong.apply(leaf())


def test_all_arguments_of_grad() -> None:
    x, z = leaf(), leaf()
    grad = torch.autograd.grad
    assert grad((x * 2).sum(), x, only_inputs=True)[0].tolist() == [2, 2]
    assert grad((x * 2).sum(), {"x": x})["x"].tolist() == [2, 2]
    result = grad((x * 2).sum(), [x, z], None, True, False, True, None, False, True)
    assert [one.tolist() for one in result] == [[2, 2], [0, 0]]
    rows = grad(x * 2, x, torch.eye(2), is_grads_batched=True)
    assert rows[0].tolist() == [[2, 0], [0, 2]]


def test_edges_are_inputs_and_roots() -> None:
    x = leaf()
    y = x * 3
    w = (y * 2).sum()
    inner = graph.get_gradient_edge(y)
    assert torch.autograd.grad(w, [inner], retain_graph=True)[0].tolist() == [2, 2]
    torch.autograd.backward([graph.get_gradient_edge(w)])
    assert x.grad.tolist() == [6, 6]


REFUSED: dict[str, tuple[Any, type[Exception], str]] = {
    "materialized": (
        lambda x, z: {"inputs": x, "allow_unused": False, "materialize_grads": True},
        ValueError,
        "Expected allow_unused to be True or not passed when materialize_grads=True",
    ),
    "unused": (
        lambda x, z: {"inputs": [x, z]},
        RuntimeError,
        "The differentiated Tensor at index 1 appears to not have been used",
    ),
    "constant": (
        lambda x, z: {"inputs": z.detach()},
        RuntimeError,
        "One of the differentiated Tensors does not require grad",
    ),
    "none": (lambda x, z: {"inputs": []}, RuntimeError, "cannot be empty"),
    "no tensor": (lambda x, z: {"inputs": [3]}, RuntimeError, "but got int"),
    "shape": (
        lambda x, z: {"inputs": x, "grad_outputs": torch.ones(3)},
        RuntimeError,
        r"grad_output\[0\] has a shape of torch.Size\(\[3\]\)",
    ),
    "number": (
        lambda x, z: {"inputs": x, "grad_outputs": [3.0]},
        TypeError,
        "gradients can be either Tensors or None, but got float",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_arguments_of_grad(case: str) -> None:
    given, kind, said = REFUSED[case]
    x, z = leaf(), leaf()
    with pytest.raises(kind, match=said):
        torch.autograd.grad((x * 2).sum(), **given(x, z))


def test_a_gradient_of_another_dtype_is_cast() -> None:
    x = leaf()
    (x * 2).backward(torch.ones(2, dtype=torch.int64))
    assert x.grad.dtype is torch.float32
    with pytest.raises(RuntimeError, match="`inputs` argument to `backward"):
        (x * 2).sum().backward(inputs=[])


def test_modules_and_functions_of_one_name() -> None:
    module = importlib.import_module("funcnet.compat.autograd.gradcheck")
    assert module.gradcheck is torch.autograd.gradcheck
    names = importlib.import_module("funcnet.compat.autograd.function")
    assert names.Function is torch.autograd.Function
    assert names.once_differentiable is torch.autograd.function.once_differentiable


NAMES: dict[str, tuple[Any, str]] = {
    "sum": (lambda x: x.sum(), "SumBackward0"),
    "sum of a dim": (lambda x: x.sum(0), "SumBackward1"),
    "mean of a dim": (lambda x: x.mean(0), "MeanBackward1"),
    "power": (lambda x: x**2, "PowBackward0"),
    "power of a tensor": (lambda x: x**x, "PowBackward1"),
    "reflected": (lambda x: 1 - x, "RsubBackward1"),
    "reciprocal": (lambda x: 2 / x, "MulBackward0"),
    "digits": (lambda x: x.log1p(), "Log1PBackward0"),
    "vector": (lambda x: x @ x[0], "MvBackward0"),
    "dot": (lambda x: x[0] @ x[0], "DotBackward0"),
    "stack of matrices": (lambda x: x[None] @ x, "UnsafeViewBackward0"),
    "linear": (lambda x: torch.nn.Linear(2, 2)(x), "AddmmBackward0"),
    "linear without bias": (lambda x: F.linear(x, x), "MmBackward0"),
    "linear of sequences": (lambda x: torch.nn.Linear(2, 2)(x[None]), "ViewBackward0"),
    "squeezed": (lambda x: x[None].squeeze(0), "SqueezeBackward1"),
    "filled": (lambda x: x.masked_fill(x > 0, x[0, 0]), "MaskedFillBackward1"),
    "absolute error": (lambda x: F.l1_loss(x, 2 * x), "MeanBackward0"),
    "padded": (lambda x: F.pad(x, (1, 1), mode="reflect"), "ReflectionPad1DBackward0"),
    "layer": (lambda x: torch.nn.LeakyReLU()(x), "LeakyReluBackward0"),
}


@pytest.mark.parametrize("case", NAMES)
def test_names_tell_overloads_apart(case: str) -> None:
    run, name = NAMES[case]
    x = torch.full((2, 2), 0.5, requires_grad=True)
    assert type(run(x).grad_fn).__name__ == name


class Doubled(torch.autograd.Function):
    """Its methods are of the class, not static, as some packages write them."""

    factor = 2

    @classmethod
    def forward(cls, ctx, x):
        return x * cls.factor

    @classmethod
    def backward(cls, ctx, g):
        return g * cls.factor


def test_a_function_may_have_class_methods():
    x = torch.ones(2, requires_grad=True)
    y = Doubled.apply(x)
    y.sum().backward()
    assert y.tolist() == x.grad.tolist() == [2, 2]
