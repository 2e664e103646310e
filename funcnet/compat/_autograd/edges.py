"""Places in the gradient graph that stand for tensors which nobody may hold."""

from typing import Any, NamedTuple

from funcnet.compat._autograd.node import AccumulateGrad, accumulation
from funcnet.compat._engine.graph import Value
from funcnet.compat._ops.registry import FUNCTIONS
from funcnet.compat._tensor.grad_graph import gradient_edge
from funcnet.compat._tensor.storage import Storage
from funcnet.compat._tensor.tensor import Tensor


class GradientEdge(NamedTuple):
    """Where a gradient goes: to a function, as which of its outputs."""

    node: Any
    output_nr: int


def get_gradient_edge(tensor: Tensor) -> GradientEdge:
    """Where the gradient of a tensor goes."""
    if not tensor.requires_grad:
        raise RuntimeError(
            "It is not possible to get the gradient gradient_edge for a Tensor that does not "
            "require gradients"
        )
    target, place = gradient_edge(tensor)
    return GradientEdge(
        accumulation(target) if isinstance(target, Tensor) else target, place
    )


def standing_for(x: Any) -> Any:
    """A tensor that has the place of an gradient_edge in the gradient graph; tensors as are."""
    if not isinstance(x, GradientEdge):
        return x
    if isinstance(x.node, AccumulateGrad):
        return x.node.variable
    made = object.__new__(Tensor)
    kind = x.node.call and x.node.call.outs[x.output_nr]
    made._storage = Storage(Value(kind))
    made._fn, made._output = x.node, x.output_nr
    return made


def start_of(x: Any, gradient: Any) -> Any:
    """The gradient to start from; that of an gradient_edge is made here, if none is given."""
    if gradient is not None or not isinstance(x, GradientEdge):
        return gradient
    kind = standing_for(x)._aval
    if kind is None or kind.shape not in ((), (1,)):
        raise RuntimeError("grad can be implicitly created only for scalar outputs")
    return FUNCTIONS["ones"](kind.shape, dtype=kind.dtype, device=kind.device)
