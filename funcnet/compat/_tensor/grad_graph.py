"""Places in the gradient graph: where a gradient goes, and a node for what is recorded.

`make_grad_node` decides whether a recorded operation has a gradient at all, and keeps
with its node what PyTorch keeps: the versions of the inputs that the gradient needs.
"""

import traceback
from collections.abc import Callable, Sequence
from typing import Any, Final

from funcnet.compat._autograd.node import Function, Saved, named_function
from funcnet.compat._core.context import modes
from funcnet.compat._engine.graph import Node, following
from funcnet.compat._engine.op import Call, needed_inputs
from funcnet.compat._gradient_rules.node_names import grad_name_of
from funcnet.compat._tensor.base import TensorBase
from funcnet.compat._tensor.storage import ever_inferred


def gradient_edge(tensor: TensorBase) -> tuple[Any, int]:
    """Where the gradient of a tensor goes: to what computed it, or to itself."""
    fn = tensor._fn
    return (tensor, 0) if fn is None else (fn, tensor._output)


def make_grad_node(
    node: Node, inputs: list[Any], of_level: bool = False
) -> Function | None:
    """The node of the gradient graph for a recorded one, if it needs any.

    The innermost level decides, unless it is that which asks: `of_level`.
    """
    if following and not of_level:
        return following[-1].make_grad_node(node, inputs)  # type: ignore[no-any-return]
    if not modes.grad or modes.inference:
        return None
    wanted = []
    edges = []
    call = node.call
    for place in call.smooth:
        x = inputs[place]
        if isinstance(x, TensorBase):
            if x._origin is not None:
                x._check_origin()
            if x._wants_grad:
                wanted.append(place)
                edges.append(gradient_edge(x))
    if not wanted:
        return None
    chosen = tuple(wanted)
    if ever_inferred and _is_inferred(call, chosen, inputs):
        return None
    kept = call.kept.get(chosen)
    if kept is None:
        kept = call.kept[chosen] = call.op.kept(call, chosen)
    if call.node_class is None:
        call.node_class = named_function(Function, grad_name_of(call))
    saved = saved_of(inputs, kept) if kept else ()
    fn: Function = call.node_class(node, chosen, tuple(edges), saved)
    if modes.looks:
        _note_modes(fn, inputs)
    return fn


packing_result: Final[list[Callable[[Function, Any], None]]] = []
packing: Final[list[Callable[[Function, list[Any]], None]]] = []
"""Who packs what a function keeps, while `saved_tensors_hooks` are set."""


def _note_modes(fn: Function, inputs: list[Any]) -> None:
    """Do with a new node what anomaly mode and hooks on saved tensors want."""
    if modes.anomaly:
        fn.made_at = traceback.extract_stack()
    if modes.mutation:  # values never change: what was overwritten is still there
        fn.packed = {}
    if modes.saved_hooks:
        packing[0](fn, inputs)


NOT_SAVED: Final = (
    "Inference tensors cannot be saved for backward. Please do not use Tensors created "
    "in inference mode in computation tracked by autograd. To work around this, you "
    "can make a clone to get a normal tensor and use it in autograd, or use "
    "`torch.no_grad()` instead of `torch.inference_mode()`."
)


def _is_inferred(call: Call, wanted: tuple[int, ...], inputs: list[Any]) -> bool:
    """Whether all was made in `inference_mode`, so that no gradient is wanted.

    Raises:
        RuntimeError: not all was, and the gradient needs what was.
    """
    made_there = [
        place
        for place, x in enumerate(inputs)
        if isinstance(x, TensorBase) and x._taken is None and x._storage.is_inference
    ]
    if not made_there:
        return False
    if len(made_there) == len(inputs):
        return True
    if not needed_inputs(call, wanted).isdisjoint(made_there):
        raise RuntimeError(NOT_SAVED)
    return False


def saved_of(inputs: Sequence[Any], places: Sequence[int]) -> tuple[Saved, ...]:
    """What counts the writes to these inputs, and how many there were."""
    saved = []
    for place in places:
        if place >= 0:
            x = inputs[place]
            if isinstance(x, TensorBase):
                counts = x._counter or x._storage
                saved.append((counts, counts.version, place))
    return tuple(saved)
