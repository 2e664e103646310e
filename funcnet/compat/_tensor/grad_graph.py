"""Places in the gradient graph: where a gradient goes, and a node for what is recorded.

`make_grad_node` decides whether a recorded operation has a gradient at all, and keeps
with its node what PyTorch keeps: the versions of the inputs that the gradient needs.
"""

from collections.abc import Sequence
from typing import Any, Final
from weakref import ref

from funcnet.compat._autograd.node import (
    AccumulateGrad,
    Edge,
    OpNode,
    Saved,
    node_class,
)
from funcnet.compat._core.context import thread
from funcnet.compat._engine.graph import Node as RecordedNode
from funcnet.compat._engine.graph import next_number
from funcnet.compat._engine.op import OpCall
from funcnet.compat._engine.pullback import needed_inputs
from funcnet.compat._gradient_rules.node_names import grad_name_of
from funcnet.compat._messages.suggestions import users_frames
from funcnet.compat._tensor.base import TensorBase
from funcnet.compat._tensor.storage import InferenceStorage


def gradient_edge(tensor: TensorBase, user: float | None = None) -> Edge:
    """Where the gradient of a tensor goes: a node, and as which of its outputs.

    The `AccumulateGrad` of a leaf is made here when it is first asked for. Its number
    lies below that of its first `user` among the nodes, and so below those of all, so
    that in backward it runs as soon as all of the gradient has arrived.
    """
    node = tensor._grad_fn
    if node is not None:
        return node, tensor._output_nr
    reference = tensor._accumulator
    accumulator = None if reference is None else reference()
    if accumulator is None:
        number = next_number() if user is None else user - 0.5
        accumulator = AccumulateGrad(tensor, number)
        tensor._accumulator = ref(accumulator)
    return accumulator, 0


def make_grad_node(
    node: RecordedNode, inputs: list[Any], of_level: bool = False
) -> OpNode | None:
    """The node of the gradient graph for a recorded one, if it needs any.

    The innermost level decides, unless it is that which asks: `of_level`.
    """
    context = thread.context
    if context.levels and not of_level:
        return context.levels[-1].make_grad_node(node, inputs)
    if not context.grad or context.inference:
        return None
    wanted: list[int] = []
    edges: list[Edge] = []
    call = node.call
    for index in call.differentiable_inputs:
        x = inputs[index]
        if not isinstance(x, TensorBase):
            continue
        if x._origin is not None:
            x._check_origin()
        if x._steps:  # the edge of an outdated view is outdated, too
            x._refresh_if_outdated()
        # As `gradient_edge`, without a call for each input of each operation.
        if x._grad_fn is not None:
            edges.append((x._grad_fn, x._output_nr))
        elif x._requires_grad:
            if x._accumulator is None or (leaf := x._accumulator()) is None:
                leaf = AccumulateGrad(x, node.number - 0.5)
                x._accumulator = ref(leaf)
            edges.append((leaf, 0))
        else:
            continue
        wanted.append(index)
    if not wanted:
        return None
    chosen = tuple(wanted)
    if InferenceStorage.any_made and _is_inferred(call, chosen, inputs):
        return None
    saved_indices = call.kept.get(chosen)
    if saved_indices is None:
        saved_indices = call.kept[chosen] = call.op.kept(call, chosen)
    if call.node_class is None:
        call.node_class = node_class(OpNode, grad_name_of(call))
    saved = saved_of(inputs, saved_indices) if saved_indices else ()
    fn: OpNode = call.node_class(node, chosen, tuple(edges), saved)
    if context.inspects_nodes:
        _note_modes(fn, inputs)
    return fn


def _note_modes(fn: OpNode, inputs: list[Any]) -> None:
    """Do with a new node what anomaly mode and hooks on saved tensors want."""
    context = thread.context
    if context.anomaly:
        fn.made_at = users_frames()
    if context.allows_mutation:  # values never change: what was overwritten is there
        fn.packed = {}
    if context.saved_hooks:
        context.saved_hooks[-1].pack(fn, inputs)


NOT_SAVED: Final = (
    "Inference tensors cannot be saved for backward. Please do not use Tensors created "
    "in inference mode in computation tracked by autograd. To work around this, you "
    "can make a clone to get a normal tensor and use it in autograd, or use "
    "`torch.no_grad()` instead of `torch.inference_mode()`."
)


def _is_inferred(call: OpCall, wanted: tuple[int, ...], inputs: list[Any]) -> bool:
    """Return whether all was made in `inference_mode`, so that no gradient is wanted.

    Raises:
        RuntimeError: not all was, and the gradient needs what was.
    """
    made_there = [
        index
        for index, x in enumerate(inputs)
        if isinstance(x, TensorBase) and x._cached is None and x._storage.is_inference
    ]
    if not made_there:
        return False
    if len(made_there) == len(inputs):
        return True
    if not needed_inputs(call, wanted).isdisjoint(made_there):
        raise RuntimeError(NOT_SAVED)
    return False


def saved_of(inputs: Sequence[Any], indices: Sequence[int]) -> tuple[Saved, ...]:
    """What counts the writes to these inputs, and how many there were."""
    saved = []
    for index in indices:
        if index >= 0:
            x = inputs[index]
            if isinstance(x, TensorBase):
                counts = x._counter or x._storage
                saved.append((counts, counts.version, index))
    return tuple(saved)
