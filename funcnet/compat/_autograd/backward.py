"""The backward pass: recorded, like everything else, and run with the forward pass.

The nodes of the gradient graph are run from the results to the leaves, latest first.
Each records the pullback of the operation that it stands for; a custom node runs the
user's own code, and `AccumulateGrad` adds to the `grad` of a leaf. With `create_graph`
what is recorded is differentiable in turn.
"""

import heapq
import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

import jax.numpy as jnp

from funcnet.compat._autograd.accumulate import (
    Gradient,
    accumulate,
    accumulate_at_leaf,
    accumulated_value,
    add_up,
)
from funcnet.compat._autograd.node import AccumulateGrad, Node, replaced_gradients
from funcnet.compat._autograd.pullback import Grads, pulled_values, run_node
from funcnet.compat._core.context import thread
from funcnet.compat._core.removable_handle import Hooks
from funcnet.compat._core.static_args import NO_KEYWORDS, PLACEHOLDER
from funcnet.compat._engine.graph import Value, record
from funcnet.compat._engine.op import Op
from funcnet.compat._tensor.grad_graph import gradient_edge
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tensor.tensor import Tensor, wrap
from funcnet.compat._tensor.views import detached

ONES_LIKE: Final = Op("ones_like", jnp.ones_like)


def backward(
    tensors: Sequence[Tensor],
    gradients: Sequence[Tensor | None],
    keep: bool = False,
    create_graph: bool = False,
    inputs: Sequence[Tensor] | None = None,
) -> None:
    """Add the gradients of the leaves, or of `inputs`, to their `grad`."""
    levels = thread.context.levels
    if levels and any(level.transforms for level in levels):
        raise RuntimeError(
            "backward() called inside a functorch transform. This is not supported, "
            "please use functorch.grad or functorch.vjp instead or call backward() "
            "outside of functorch transforms."
        )
    if inputs is None:
        _run(tensors, gradients, keep, create_graph)
        return
    targets = _nodes_of(inputs)
    for x in inputs:
        x._retain_grad()
    needed = _leading_to(_nodes_of(tensors), targets) | targets
    _run(tensors, gradients, keep, create_graph, needed=needed)


def gradients_of(
    tensors: Sequence[Tensor],
    inputs: Sequence[Tensor],
    gradients: Sequence[Tensor | None],
    keep: bool,
    create_graph: bool,
) -> Grads:
    """Gradients of the tensors with respect to the inputs; None where none flows."""
    needed = _leading_to(_nodes_of(tensors), _nodes_of(inputs))
    return _run(tensors, gradients, keep, create_graph, inputs, needed)


def _run(
    tensors: Sequence[Tensor],
    gradients: Sequence[Tensor | None],
    keep: bool,
    create_graph: bool,
    captured: Sequence[Tensor] = (),
    needed: set[Node] | None = None,
) -> Grads:
    """Run the nodes that are needed, or all, and return the gradients of `captured`.

    What PyTorch does at a node, in this order: hooks of the tensors that it computed,
    the gradients that are kept or captured, hooks before, the node, hooks after. A
    gradient that nobody can look at is a recorded value, without a tensor around it.
    """
    result: Grads = [None] * len(captured)
    captures: dict[Any, list[tuple[int, int]]] = {}
    for position, x in enumerate(captured):
        node, index = gradient_edge(x)
        captures.setdefault(node, []).append((index, position))
    arrived: dict[Node, list[Gradient | None]] = {}
    waiting: list[tuple[float, int, Node]] = []
    arrivals = itertools.count()

    def send(node: Any, index: int, grad: Gradient) -> None:
        grads = arrived.get(node)
        if grads is None:
            if needed is not None and node not in needed and node not in captures:
                return
            grads = arrived[node] = [None] * node.outputs
            heapq.heappush(waiting, (-node.number, next(arrivals), node))
        so_far = grads[index]
        grads[index] = grad if so_far is None else add_up(so_far, grad)

    context = thread.context
    plain = needed is None and not (
        create_graph
        or context.inspects_nodes
        or context.levels
        or context.autocast is not None
    )
    before, context.grad = context.grad, create_graph
    try:
        for x, gradient in zip(tensors, gradients, strict=True):
            start = _starting(x, plain) if gradient is None else gradient
            send(*gradient_edge(x), start)
        while waiting:
            _, _, node = heapq.heappop(waiting)
            sent = arrived.pop(node)
            if type(node) is AccumulateGrad:
                if plain and accumulated_value(node, sent[0]):
                    continue
                hooks = node.variable._backward_hooks
            else:
                values = pulled_values(node, sent, keep) if plain else None
                if values is not None:
                    last = node.number - 0.5
                    for (target, index), value in zip(node.edges, values, strict=True):
                        if target is None:
                            continue
                        # Its leaves that no earlier node used are next, one by one.
                        if (
                            type(target) is AccumulateGrad
                            and target.number == last
                            and target not in arrived
                            and node.edges.count((target, index)) == 1
                            and accumulated_value(target, value)
                        ):
                            continue
                        send(target, index, value)
                    continue
                hooks = node.tensor_hooks
            grads: Grads = [wrap(x) if isinstance(x, Value) else x for x in sent]
            if hooks:
                _run_tensor_hooks(hooks, grads)
            if node.retained:
                _retain(node, grads)
            if captured:
                for index, position in captures.get(node, ()):
                    result[position] = grads[index]
            if needed is not None and node not in needed:
                continue
            if node.prehooks:
                grads = _run_prehooks(node, grads)
            if type(node) is AccumulateGrad:
                accumulate_at_leaf(node, grads, create_graph)
                continue
            results = run_node(node, grads, keep or create_graph)
            for (target, index), grad in zip(node.edges, results, strict=True):
                if grad is not None and target is not None:
                    send(target, index, grad)
    finally:
        context.grad = before
    return result


def _nodes_of(tensors: Iterable[Tensor]) -> set[Node]:
    """The nodes where the gradients of tensors arrive."""
    return {gradient_edge(x)[0] for x in tensors}  # type: ignore[misc]


def _leading_to(roots: Iterable[Node], targets: set[Node]) -> set[Node]:
    """The nodes that have to run so that the targets get their gradient."""
    seen: set[Node] = set()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += [target for target, _ in node.edges if target is not None]
    leading: set[Node] = set()
    for node in sorted(seen, key=lambda node: node.number):
        if any(target in targets or target in leading for target, _ in node.edges):
            leading.add(node)
    return leading


def _starting(x: Tensor, plain: bool) -> Gradient:
    """The gradient to start from at a result for which none is given: 1."""
    spec = x._spec
    if spec.shape and math.prod(spec.shape) != 1:
        raise RuntimeError("grad can be implicitly created only for scalar outputs")
    if spec.dtype.is_complex:
        raise RuntimeError(
            "grad can be implicitly created only for real scalar outputs but got "
            f"{spec.dtype}"
        )
    if plain:
        _, (value,) = record(ONES_LIKE, (x._value(),), _ONE_TENSOR)
        return value
    ones: Tensor = record_op(ONES_LIKE, (detached(x),))
    return ones


_ONE_TENSOR: Final = ((PLACEHOLDER,), NO_KEYWORDS)


def _run_tensor_hooks(hooks: Hooks, grads: Grads) -> None:
    """Run the hooks of tensors on their gradients; each may replace one."""
    entries: list[Any] = list(hooks.values())
    for index, hook in entries:
        if grads[index] is not None:
            result = hook(grads[index])
            if result is not None:
                grads[index] = result


def _retain(node: Node, grads: Grads) -> None:
    """Keep gradients in the `grad` of tensors that asked for it."""
    for index, reference in node.retained:
        grad, tensor = grads[index], reference()
        if grad is not None and tensor is not None:
            accumulate(tensor, grad, grad.requires_grad)


def _run_prehooks(node: Node, grads: Grads) -> Grads:
    """Run the hooks of a node; each may replace all gradients that arrived."""
    assert node.prehooks is not None, "asked where there are hooks"
    for hook in list(node.prehooks.values()):
        result = hook(tuple(grads))
        if result is not None:
            grads = replaced_gradients(result)
    return grads
