"""The gradient of one node: checked, recorded, and connected for gradients of it."""

import re
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import jax.numpy as jnp

from funcnet.compat._autograd import saved_tensor_hooks as _saved_hooks
from funcnet.compat._autograd.node import (
    AccumulateGrad,
    CustomNode,
    Node,
    OpNode,
    replaced_gradients,
)
from funcnet.compat._core.context import thread
from funcnet.compat._engine.graph import Node as RecordedNode
from funcnet.compat._engine.graph import Number, Value, record_pullback
from funcnet.compat._engine.op import Op, TensorSpec
from funcnet.compat._engine.pullback import (
    PULLBACK,
    PullbackCall,
    needed_inputs,
)
from funcnet.compat._gradient_rules.node_names import grad_name_of
from funcnet.compat._tensor.grad_graph import make_grad_node
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tensor.tensor import Tensor, stand_in, wrap

Grads: TypeAlias = list[Tensor | None]

ZEROS: Final = Op("zeros", lambda shape, dtype: jnp.zeros(shape, dtype.numpy))

FREED: Final = (
    "Trying to backward through the graph a second time (or directly access saved "
    "tensors after they have already been freed). Saved intermediate values of the "
    "graph are freed when you call .backward() or autograd.grad(). Specify "
    "retain_graph=True if you need to backward through the graph a second time or if "
    "you need to access saved tensors after calling backward."
)


def run_node(fn: Node, grads: Grads, keep: bool) -> Grads:
    if fn.packed is None:
        for counts, version, index in fn.saved:
            if counts.version != version:
                raise _modified(fn, counts.version, version, index)
    results = fn.pull(grads) if isinstance(fn, CustomNode) else _pullback(fn, grads)  # type: ignore[arg-type]
    context = thread.context
    if context.anomaly and context.check_nan:
        _check_numbers(fn, results)
    if fn.hooks:
        for hook in list(fn.hooks.values()):
            replaced = hook(tuple(results), tuple(grads))
            if replaced is not None:
                results = replaced_gradients(replaced)
    if not keep:
        fn.free()
    return results


def pulled_values(
    fn: Node, grads: Sequence[Tensor | Value | None], keep: bool
) -> Sequence[Value] | None:
    """What `run_node` records, as values, of a node at which nobody looks.

    None where there are hooks, or more is to be known: `run_node` is then called.
    """
    node = fn.node
    if (
        node is None
        or fn.packed is not None
        or fn.hooks
        or fn.prehooks
        or fn.tensor_hooks
        or fn.retained
        or node.call.op.undefined
    ):
        return None
    for counts, version, _ in fn.saved:
        if counts.version != version:
            return None
    if len(grads) == 1:
        given: tuple[int, ...] = (0,)
        chosen = grads
    else:
        given = tuple([index for index, grad in enumerate(grads) if grad is not None])
        chosen = [grad for grad in grads if grad is not None]
    cotangents = []
    for grad in chosen:
        if type(grad) is Value:
            cotangents.append(grad)
        elif type(grad) is Tensor:
            cotangents.append(grad._value())
        else:
            return None
    _, values = record_pullback(node, fn.wanted, given, tuple(cotangents))
    if not keep:
        fn.free()
    return values


def _modified(fn: Node, version: int, wanted: int, index: int) -> RuntimeError:
    """The same for what is kept of an operation: an input, or ~index of an output."""
    call, (maker, output) = fn.call, _maker(fn, index)
    assert call is not None, "a function of the user's looks after what it keeps"
    spec = call.input_specs[index] if index >= 0 else call.output_specs[~index]
    return modified(spec, maker, output, version, wanted, _traceback_hint(fn))


def modified(
    spec: TensorSpec,
    maker: Any,
    output: int,
    version: int,
    wanted: int,
    location: str = "",
) -> RuntimeError:
    """The error that something kept for a gradient was written to in place."""
    type_name, shape = spec.dtype.type_name, list(spec.shape)
    name = "" if maker is None else re.sub(r"Backward\d*$", "", maker.name())
    result = f", which is output {output} of {name}," if name else ""
    hint = (
        "the backtrace further above shows the operation that failed to compute its "
        "gradient. The variable in question was changed in there or anywhere later. "
        "Good luck!"
        if location
        else "enable anomaly detection to find the operation that failed to compute "
        "its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False)."
    )
    return RuntimeError(
        "one of the variables needed for gradient computation has been modified by an "
        f"inplace operation: [torch.{type_name}Tensor {shape}]{result} is at version "
        f"{version}; expected version {wanted} instead. Hint: {hint}{location}"
    )


def _maker(fn: Node, input_index: int) -> tuple[Any, int]:
    """The function that computed what another keeps, and as which of its outputs."""
    if input_index < 0:
        return fn, ~input_index
    if input_index not in fn.wanted:
        return None, 0
    target, output = fn.edges[fn.wanted.index(input_index)]
    return (None, 0) if isinstance(target, AccumulateGrad) else (target, output)


def _check_numbers(fn: Node, results: Grads) -> None:
    for index, grad in enumerate(results):
        if grad is not None and bool(jnp.isnan(grad._array()).any()):
            raise RuntimeError(
                f"Function '{fn.name()}' returned nan values in its {index}th output."
                + _traceback_hint(fn)
            )


def _traceback_hint(fn: Node) -> str:
    if fn.made_at is None:
        return ""
    return f"\nThe forward call that is meant:\n{fn.made_at}"


def _pullback(fn: OpNode, grads: Grads) -> Grads:
    """Record the pullback of the node that a function stands for."""
    node = fn.node or _of_zeros(fn)
    undefined = node.call.op.undefined
    if undefined and 0 in fn.wanted:
        raise NotImplementedError(
            f"the derivative for '{undefined}' is not implemented."
        )
    given = tuple([index for index, grad in enumerate(grads) if grad is not None])
    chosen = [grad for grad in grads if grad is not None]
    cotangents: tuple[Value, ...] = tuple([grad._value() for grad in chosen])
    recorded = None
    if fn.packed:
        recorded = _saved_hooks.recorded_pullback(fn, given, cotangents)
        node = node if recorded else _saved_hooks.unpacked_node(fn, node)
    pulled, values = recorded or record_pullback(node, fn.wanted, given, cotangents)
    results: Grads = [wrap(value) for value in values]
    context = thread.context
    if context.grad or context.levels:  # with `create_graph`
        sources = _sources_of(pulled, fn, node) + chosen
        further = make_grad_node(pulled, sources)
        if further is not None:
            alone = independent_outputs(pulled, sources)
            for index, result in enumerate(results):
                if result is not None and index not in alone:
                    result._set_grad_fn(further, index)
    return results


# PyTorch computes all gradients of these in one function, which has them depend alike.
_TOGETHER: Final = frozenset(
    {
        "ConvolutionBackward0",
        "NativeBatchNormBackward0",
        "NativeLayerNormBackward0",
        "NativeGroupNormBackward0",
        "PreluKernelBackward0",
        "WeightNormInterfaceBackward0",
    }
)


def independent_outputs(node: RecordedNode, inputs: Sequence[Any]) -> set[int]:
    """The gradients that a node gives which depend on nothing that wants gradients."""
    call = node.call
    if not isinstance(call, PullbackCall) or len(call.wanted) == 1:
        return set()
    wanting = {
        index
        for index, x in enumerate(inputs)
        if isinstance(x, Tensor) and x._wants_grad
    }
    count = len(call.forward.input_specs)
    if any(index >= count for index in wanting):
        return set()
    if grad_name_of(call.forward) in _TOGETHER:
        return set()
    return {
        index
        for index, output in enumerate(call.wanted)
        if wanting.isdisjoint(needed_inputs(call.forward, (output,)))
    }


def _sources_of(pulled: RecordedNode, fn: OpNode, node: RecordedNode) -> list[Any]:
    """What a pullback was computed from besides gradients, as `make_grad_node` asks."""
    if pulled.call.op is PULLBACK:
        return _differentiable_inputs(fn, node)
    return [stand_in(pulled.sources[0], fn, 0)]  # from its result, as PyTorch does


def _of_zeros(fn: OpNode) -> RecordedNode:
    """A node in place of a freed one, whose gradient needs no tensor among its inputs.

    PyTorch keeps nothing for sums, views and the like, and so lets `backward` go
    through them again.

    Raises:
        RuntimeError: the gradient needs them.
    """
    call = fn.call
    if call is None:
        raise RuntimeError(FREED)
    known = dict(zip(call.number_inputs, fn.numbers, strict=True))
    for index in needed_inputs(call, fn.wanted):
        if type(known.get(index)) is not Number:  # others PyTorch keeps as tensors
            raise RuntimeError(FREED)
    sources = [
        known.get(index) or record_op(ZEROS, (spec.shape, spec.dtype))._value()
        for index, spec in enumerate(call.input_specs)
    ]
    return RecordedNode(call, tuple(sources))


def _differentiable_inputs(fn: OpNode, node: RecordedNode) -> list[Any]:
    """The inputs of a node as stand-ins that know where their gradient goes."""
    inputs: list[Any] = [None] * len(node.sources)
    needed = needed_inputs(node.call, fn.wanted)
    for index, (target, output) in zip(fn.wanted, fn.edges, strict=True):
        if index in needed:
            inputs[index] = stand_in(node.sources[index], target, output)
    return inputs
