"""`backward` and `grad`, as `torch.autograd` has them."""

from collections.abc import Sequence
from typing import Any

from funcnet.compat._autograd.backward import backward as _backward
from funcnet.compat._autograd.backward import gradients_of
from funcnet.compat._autograd.edges import GradientEdge, standing_for, start_of
from funcnet.compat._func.vmap import vmap
from funcnet.compat._tensor.recording import CAST, record_op
from funcnet.compat._tensor.tensor import Tensor


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    grad_variables: Any = None,
    inputs: Any = None,
) -> None:
    """Add the gradients of the tensors to the `grad` of the leaves.

    Equals `torch.autograd.backward`. Where a tensor has more than one element,
    `grad_tensors` holds the gradient with respect to it.

    Raises:
        RuntimeError: a tensor has no gradient graph, or it was freed before.
    """
    if grad_variables is not None:
        if grad_tensors is not None:
            raise RuntimeError(
                "`grad_tensors` and `grad_variables` (deprecated) arguments both "
                "passed to `backward()`. Please only use `grad_tensors`."
            )
        grad_tensors = grad_variables
    given = _tuple(tensors)
    roots = tuple([standing_for(x) for x in given])
    starts = _starts(given, grad_tensors)
    check_roots(roots)
    keep = create_graph if retain_graph is None else retain_graph
    _backward(roots, starts, keep, create_graph, chosen_inputs(inputs))


def chosen_inputs(inputs: Any) -> tuple[Any, ...] | None:
    """The tensors that get a gradient; None for all leaves."""
    if inputs is None:
        return None
    chosen = _tuple(inputs.values() if isinstance(inputs, dict) else inputs)
    if not chosen:
        raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    result = tuple([standing_for(x) for x in chosen])
    _check_inputs(result)
    if not all(x.requires_grad for x in result):
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    return result


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Tensor, ...]:
    """Compute the gradients of the outputs with respect to the inputs.

    Equals `torch.autograd.grad`; nothing is added to any `grad`. It gives a tuple, or a
    dictionary if the inputs are one. `only_inputs` says nothing since PyTorch 1.0.

    Raises:
        RuntimeError: an input does not require grad, or is not used and
            `allow_unused` does not say that this is meant.
    """
    del only_inputs
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when "
            f"materialize_grads=True, but got: {allow_unused=}."
        )
    if isinstance(inputs, dict):
        settings = (retain_graph, create_graph, True, allow_unused)
        result = grad(
            *(outputs, tuple(inputs.values()), grad_outputs, *settings),
            *(is_grads_batched, materialize_grads),
        )
        named: Any = dict(zip(inputs, result, strict=True))
        return named
    given = _tuple(outputs)
    roots = tuple([standing_for(x) for x in given])
    leaves = tuple([standing_for(x) for x in _tuple(inputs)])
    allow_unused = materialize_grads or bool(allow_unused)
    if is_grads_batched:
        return _batched(roots, leaves, grad_outputs, create_graph, allow_unused)
    starts = _starts(given, grad_outputs)
    check_roots(roots)
    if not leaves:
        raise RuntimeError("`inputs` argument to `grad()` cannot be empty.")
    _check_inputs(leaves)
    if not all(x.requires_grad for x in leaves):
        raise RuntimeError("One of the differentiated Tensors does not require grad")
    keep = create_graph if retain_graph is None else retain_graph
    results: list[Any] = []
    gradients = gradients_of(roots, leaves, starts, keep, create_graph)
    for index, (leaf, gradient) in enumerate(zip(leaves, gradients, strict=True)):
        if gradient is None and materialize_grads:
            gradient = leaf.new_zeros(leaf.shape)
        if gradient is None and not allow_unused:
            raise RuntimeError(
                f"The differentiated Tensor at index {index} appears to not have been "
                "used in the graph. Set allow_unused=True if this is the desired "
                "behavior."
            )
        results.append(gradient)
    return tuple(results)


def _batched(
    roots: Sequence[Any],
    leaves: Sequence[Any],
    rows: Any,
    create_graph: bool,
    allow_unused: bool,
) -> tuple[Any, ...]:
    """The gradients for each row of what is given for the outputs, stacked."""

    def pulled(*starts: Any) -> dict[int, Any]:
        result = grad(roots, leaves, starts, True, create_graph, True, allow_unused)
        return {index: x for index, x in enumerate(result) if x is not None}

    stacked = vmap(pulled)(*_tuple(rows))
    return tuple([stacked.get(index) for index in range(len(leaves))])


def _starts(roots: Sequence[Any], given: Any) -> tuple[Any, ...]:
    """The gradients with respect to the roots; None where it is one."""
    if given is None:
        starts: tuple[Any, ...] = (None,) * len(roots)
    else:
        starts = _tuple(given)[: len(roots)]
        if len(starts) < len(roots):
            raise RuntimeError(f"got {len(roots)} tensors and {len(starts)} gradients")
    result = []
    for index, (x, gradient) in enumerate(zip(roots, starts, strict=True)):
        start = start_of(x, gradient)
        if start is not None and isinstance(x, Tensor):
            start = checked_start(x, start, index)
        result.append(start)
    return tuple(result)


def checked_start(x: Tensor, gradient: object, index: int) -> Tensor:
    """The gradient with respect to a root, in its dtype."""
    if not isinstance(gradient, Tensor):
        raise TypeError(
            "gradients can be either Tensors or None, but got "
            f"{type(gradient).__name__}"
        )
    mine, theirs = x._spec, gradient._spec
    if theirs.shape != mine.shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[{index}] has a shape of {gradient.shape} "
            f"and output[{index}] has a shape of {x.shape}."
        )
    if theirs.device is not mine.device:
        raise RuntimeError(
            f"invalid gradient at index {index} - expected device {mine.device} but "
            f"got {theirs.device}"
        )
    if theirs.dtype is mine.dtype:
        return gradient
    if theirs.dtype.is_complex or mine.dtype.is_complex:
        raise RuntimeError(
            "For complex Tensors, both grad_output and output are required to have the "
            f"same dtype. Mismatch in dtype: grad_output[{index}] has a dtype of "
            f"{theirs.dtype} and output[{index}] has a dtype of {mine.dtype}."
        )
    cast: Tensor = record_op(CAST, (gradient, mine.dtype))
    return cast


def _check_inputs(inputs: Sequence[Any]) -> None:
    for x in inputs:
        if not isinstance(x, Tensor):
            raise RuntimeError(
                "all inputs have to be Tensors or GradientEdges, but got "
                f"{type(x).__name__}"
            )


def check_roots(roots: Sequence[Tensor]) -> None:
    """Raise unless all tensors have a gradient graph."""
    for index, root in enumerate(roots):
        if not root.requires_grad:
            raise RuntimeError(
                f"element {index} of tensors does not require grad and does not have a "
                "grad_fn"
            )


def _tuple(tensors: Any) -> tuple[Any, ...]:
    alone = isinstance(tensors, Tensor | GradientEdge)
    return (tensors,) if alone else tuple(tensors)
