"""Jacobians, Hessians and their products, as `torch.autograd.functional`."""

from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat._autograd.grad import grad
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.create.creation import zeros_like
from funcnet.compat._ops.shape.joining import stack
from funcnet.compat._tensor.annotations import TensorOrTensors
from funcnet.compat._tensor.tensor import Tensor


@explains_keywords
def vjp(
    func: Callable[..., Any],
    inputs: TensorOrTensors,
    v: TensorOrTensors | None = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """Compute `func(*inputs)` and the product of `v` with its Jacobian."""
    leaves, single = _leaves(inputs, create_graph)
    outputs = func(*leaves)
    result = _grad(_tuple(outputs), leaves, _ones(outputs, v), create_graph, strict)
    return _detached(outputs, create_graph), _like(result, single, create_graph)


@explains_keywords
def jvp(
    func: Callable[..., Any],
    inputs: TensorOrTensors,
    v: TensorOrTensors | None = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """Compute `func(*inputs)` and the product of its Jacobian with `v`."""
    leaves, _ = _leaves(inputs, create_graph)
    outputs = func(*leaves)
    results = _tuple(outputs)
    # The product is the gradient of the other product with respect to its vector.
    weights = [zeros_like(y).requires_grad_() for y in results]
    pulled = _grad(results, leaves, weights, True, strict)
    vectors = _ones(inputs, v)
    pairs = [(g, w) for g, w in zip(pulled, vectors, strict=True) if g.requires_grad]
    result = _grad(
        [g for g, _ in pairs], weights, [w for _, w in pairs], create_graph, strict
    )
    single = isinstance(outputs, Tensor)
    return _detached(outputs, create_graph), _like(result, single, create_graph)


@explains_keywords
def jacobian(
    func: Callable[..., Any],
    inputs: TensorOrTensors,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """Compute the Jacobian: `(*output, *input)`, for tuples a tuple of tuples."""
    del vectorize, strategy
    leaves, single_input = _leaves(inputs, create_graph)
    outputs = func(*leaves)
    single_output = isinstance(outputs, Tensor)
    rows = []
    for y in _tuple(outputs):
        flat = y.reshape(-1)
        parts = [
            _grad([flat[i]], leaves, [None], create_graph, strict, keep=True)
            for i in range(flat.numel())
        ]
        columns = zip(*parts, strict=True)
        row = tuple(
            stack(list(column)).reshape((*y.shape, *x.shape))
            for column, x in zip(columns, leaves, strict=True)
        )
        row = row if create_graph else tuple(x.detach() for x in row)
        rows.append(row[0] if single_input else row)
    return rows[0] if single_output else tuple(rows)


@explains_keywords
def hessian(
    func: Callable[..., Any],
    inputs: TensorOrTensors,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """Compute the Hessian of a function of a scalar result: `(*input, *input)`."""
    del vectorize, outer_jacobian_strategy
    single = isinstance(inputs, Tensor)

    def gradient(*leaves: Tensor) -> Any:
        y = func(*leaves)
        result = _grad([y.reshape(())], leaves, [None], True, strict)
        return result[0] if single else tuple(result)

    return jacobian(gradient, inputs, create_graph, strict)


@explains_keywords
def vhp(
    func: Callable[..., Any],
    inputs: TensorOrTensors,
    v: TensorOrTensors | None = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """Compute `func(*inputs)` and the product of `v` with its Hessian."""
    leaves, single = _leaves(inputs, True)
    y = func(*leaves)
    grads = _grad([y], leaves, [None], True, strict)
    result = _grad(grads, leaves, _ones(inputs, v), create_graph, strict)
    return _detached(y, create_graph), _like(result, single, create_graph)


@explains_keywords
def hvp(
    func: Callable[..., Any],
    inputs: TensorOrTensors,
    v: TensorOrTensors | None = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """Compute `func(*inputs)` and the product of its Hessian with `v`."""
    return vhp(func, inputs, v, create_graph, strict)  # a Hessian is symmetric


def _tuple(x: Any) -> tuple[Any, ...]:
    return (x,) if isinstance(x, Tensor) else tuple(x)


def _leaves(
    inputs: TensorOrTensors, create_graph: bool
) -> tuple[tuple[Any, ...], bool]:
    """Return the inputs as leaves; with `create_graph` they stay in their graph."""
    single = isinstance(inputs, Tensor)
    if create_graph and all(x.requires_grad for x in _tuple(inputs)):
        return tuple(x.view_as(x) for x in _tuple(inputs)), single
    return tuple(x.detach().requires_grad_() for x in _tuple(inputs)), single


def _ones(outputs: Any, v: Any) -> list[Any]:
    if v is not None:
        return list(_tuple(v))
    if any(y.numel() != 1 for y in _tuple(outputs)):
        raise RuntimeError(
            "The vector v can only be None if the user-provided function returns a "
            "single Tensor with a single element."
        )
    return [None] * len(_tuple(outputs))


def _grad(
    outputs: Sequence[Tensor],
    leaves: Sequence[Tensor],
    vectors: Sequence[Tensor | None],
    create_graph: bool,
    strict: bool,
    keep: bool = False,
) -> list[Any]:
    used = [i for i, y in enumerate(outputs) if y.requires_grad]
    if strict and len(used) < len(outputs):
        raise RuntimeError("An output does not depend on the inputs (strict mode).")
    if not used:
        return [zeros_like(x) for x in leaves]
    return list(
        grad(
            [outputs[i] for i in used],
            leaves,
            [vectors[i] for i in used],
            retain_graph=keep or create_graph,
            create_graph=create_graph,
            allow_unused=True,
            materialize_grads=True,
        )
    )


def _like(grads: list[Any], single: bool, create_graph: bool) -> Any:
    """Give gradients the form of the inputs: one tensor or a tuple of them."""
    grads = grads if create_graph else [x.detach() for x in grads]
    return grads[0] if single else tuple(grads)


def _detached(outputs: Any, create_graph: bool) -> Any:
    if create_graph:
        return outputs
    if isinstance(outputs, Tensor):
        return outputs.detach()
    return tuple(y.detach() for y in outputs)


__all__ = [
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "vhp",
    "vjp",
]
