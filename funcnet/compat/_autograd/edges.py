"""`GradientEdge`: an edge of the gradient graph instead of a tensor that has it."""

from typing import Any, NamedTuple

from funcnet.compat._autograd.node import AccumulateGrad, Node
from funcnet.compat._engine.graph import Value
from funcnet.compat._ops.registry import FUNCTIONS
from funcnet.compat._tensor.grad_graph import gradient_edge
from funcnet.compat._tensor.tensor import Tensor, wrap


class GradientEdge(NamedTuple):
    """Where a gradient goes: to a node, as which of its outputs."""

    node: Node
    output_nr: int
    ownership_token: Node | None = None


def get_gradient_edge(tensor: Tensor) -> GradientEdge:
    """Return where the gradient of a tensor goes: `(node, output_nr)`.

    Equals `torch.autograd.graph.get_gradient_edge`. The edge may be given to
    `torch.autograd.grad` and `backward` instead of the tensor.

    Raises:
        RuntimeError: the tensor does not require grad.

    Example:
        >>> import funcnet.compat as torch
        >>> from funcnet.compat.autograd.graph import get_gradient_edge
        >>> x = torch.ones(2, requires_grad=True)
        >>> edge = get_gradient_edge(x)
        >>> edge.node.variable is x, edge.output_nr
        (True, 0)
    """
    if not tensor.requires_grad:
        raise RuntimeError(
            "It is not possible to get the gradient edge for a Tensor that does not "
            "require gradients"
        )
    node, index = gradient_edge(tensor)
    assert node is not None, "an edge of a tensor that requires grad"
    return GradientEdge(node, index)


def standing_for(x: object) -> Any:
    """Return a tensor with this edge in the gradient graph; a tensor as it is."""
    if not isinstance(x, GradientEdge):
        return x
    if isinstance(x.node, AccumulateGrad):
        return x.node.variable
    spec = x.node.call and x.node.call.output_specs[x.output_nr]
    return wrap(Value(spec), x.node, x.output_nr)  # type: ignore[arg-type]


def start_of(x: object, gradient: Any) -> Any:
    """The gradient to start from; that of an edge is made here, if none is given."""
    if gradient is not None or not isinstance(x, GradientEdge):
        return gradient
    spec = standing_for(x)._spec
    if spec is None or spec.shape not in ((), (1,)):
        raise RuntimeError("grad can be implicitly created only for scalar outputs")
    return FUNCTIONS["ones"](spec.shape, dtype=spec.dtype, device=spec.device)
