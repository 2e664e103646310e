"""`backward` and `grad`, as `torch.autograd` has them."""

from collections.abc import Sequence
from typing import Any

from funcnet.compat._autograd import backward as _backward
from funcnet.compat._autograd import gradients_of
from funcnet.compat._ops import FUNCTIONS
from funcnet.compat._tensor import Tensor


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
    roots = _tuple(tensors)
    given = grad_variables if grad_tensors is None else grad_tensors
    starts = _tuple(given) if given is not None else (None,) * len(roots)
    check_roots(roots)
    keep = create_graph if retain_graph is None else retain_graph
    chosen = None if inputs is None else _tuple(inputs)
    if chosen is not None and not chosen:
        raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    _backward(roots, starts, keep, create_graph, chosen)


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """Compute the gradients of the outputs with respect to the inputs.

    Equals `torch.autograd.grad`; nothing is added to any `grad`.

    Raises:
        RuntimeError: an input does not require grad, or is not used and
            `allow_unused` does not say that this is meant.
    """
    roots, leaves = _tuple(outputs), _tuple(inputs)
    if is_grads_batched:
        rows = [_tuple(grad_outputs)[0][i] for i in range(len(_tuple(grad_outputs)[0]))]
        parts = [
            grad(outputs, inputs, row, True, create_graph, allow_unused) for row in rows
        ]
        return tuple(_stacked(column) for column in zip(*parts, strict=True))
    starts = (None,) * len(roots) if grad_outputs is None else _tuple(grad_outputs)
    check_roots(roots)
    for place, leaf in enumerate(leaves):
        if not leaf.requires_grad:
            raise RuntimeError(
                "One of the differentiated Tensors does not require grad "
                f"(the one at place {place} of the inputs)."
            )
    keep = create_graph if retain_graph is None else retain_graph
    found = gradients_of(roots, leaves, starts, keep, create_graph)
    results: list[Any] = []
    for leaf, one in zip(leaves, found, strict=True):
        if one is None and materialize_grads:
            one = leaf.new_zeros(leaf.shape)
        if one is None and not allow_unused:
            raise RuntimeError(
                "One of the differentiated Tensors appears to not have been used in "
                "the graph. Set allow_unused=True if this is the desired behavior."
            )
        results.append(one)
    return tuple(results)


def _stacked(column: Sequence[Any]) -> Any:
    return None if column[0] is None else FUNCTIONS["stack"](list(column))


def check_roots(roots: Sequence[Tensor]) -> None:
    """Raise unless all tensors have a gradient graph."""
    for place, root in enumerate(roots):
        if not root.requires_grad:
            raise RuntimeError(
                f"element {place} of tensors does not require grad and does not have a "
                "grad_fn"
            )


def _tuple(tensors: Any) -> tuple[Any, ...]:
    return (tensors,) if isinstance(tensors, Tensor) else tuple(tensors)
