"""A trace run at once, call by call, with numpy instead of a compiled program.

Passes through here: a trace for which no program is compiled. Each call has a plan (see
`_interpreter`), made of its jaxpr when it is met first; a call whose gradient is in the
trace, too, has one that also gives what the gradient needs of it. So a new program of
known calls is neither traced nor compiled.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import jax
import numpy as np

from funcnet.compat._engine.op import OpCall, TensorSpec, pytorch_promotion
from funcnet.compat._engine.program import with_op_name
from funcnet.compat._engine.pullback import (
    Linearized,
    PullbackCall,
    differentiated,
    linearize_call,
    pull_back,
)
from funcnet.compat._engine.trace import Trace
from funcnet.compat._interpreter import Plan, make_plan
from funcnet.compat._interpreter.costs import Cost


class _LinearizedPlan(NamedTuple):
    """The plan of a call that is differentiated.

    Attributes:
        plan: gives the outputs, and then the residuals.
        residuals, structure: the types of the residuals, and the tree of them that the
            pullback is.
        wanted, given: see `Linearized`.
    """

    plan: Plan
    residuals: list[Any]
    structure: Any
    wanted: tuple[int, ...]
    given: tuple[int, ...]


_plans: Final[dict[int, Plan]] = {}
_linearized: Final[dict[Any, _LinearizedPlan]] = {}
_pullbacks: Final[dict[Any, Plan]] = {}


def _structs(specs: Sequence[TensorSpec]) -> list[Any]:
    return [spec.struct for spec in specs]


def _traced(function: Any, *types: Any) -> Any:
    with jax.enable_x64(True), pytorch_promotion():
        return jax.make_jaxpr(function)(*types)


def _jaxpr_of(call: OpCall) -> Any:
    if isinstance(call, PullbackCall):
        return _traced(call.outputs, *_structs(call.input_specs))
    return call.jaxpr


def _plan_of(call: OpCall) -> Plan:
    plan = _plans.get(call.id)
    if plan is None:
        plan = _plans[call.id] = make_plan(_jaxpr_of(call))
    return plan


def _linearized_plan(
    call: OpCall, wanted: tuple[int, ...], given: tuple[int, ...]
) -> _LinearizedPlan:
    key = (call.id, wanted, given)
    result = _linearized.get(key)
    if result is None:
        structure: Any = None

        def forward(*inputs: Any) -> Any:
            nonlocal structure
            outputs, linearized = linearize_call(call, inputs, wanted, given)
            leaves, structure = jax.tree.flatten(linearized.vjp)
            return [*outputs, *leaves]

        jaxpr = _traced(forward, *_structs(call.input_specs))
        count = len(call.output_specs)
        residuals = [
            jax.ShapeDtypeStruct(aval.shape, aval.dtype, weak_type=aval.weak_type)
            for aval in jaxpr.out_avals[count:]
        ]
        plan = make_plan(jaxpr)
        result = _LinearizedPlan(plan, residuals, structure, wanted, given)
        _linearized[key] = result
    return result


def _pullback_plan(call: PullbackCall, forward: _LinearizedPlan) -> Plan:
    key = (call.id, forward.wanted, forward.given)
    plan = _pullbacks.get(key)
    if plan is None:
        count = len(forward.residuals)

        def pullback(*arrays: Any) -> Any:
            vjp = jax.tree.unflatten(forward.structure, arrays[:count])
            linearized = Linearized(vjp, forward.wanted, forward.given)
            return pull_back(call, linearized, arrays[count:])

        cotangents = _structs(call.input_specs[len(call.forward.input_specs) :])
        jaxpr = _traced(pullback, *forward.residuals, *cotangents)
        plan = _pullbacks[key] = make_plan(jaxpr)
    return plan


def _gradients(trace: Trace) -> dict[int, list[PullbackCall]]:
    """The gradients of each step that has any in the trace."""
    gradients: dict[int, list[PullbackCall]] = {}
    for node, (_, forward, _) in zip(trace.nodes, trace.steps, strict=True):
        if forward >= 0:
            assert isinstance(node.call, PullbackCall)
            gradients.setdefault(forward, []).append(node.call)
    return gradients


def interpret(trace: Trace, results: Sequence[int]) -> list[Any]:
    """The values of these indices, arrays that share no memory with others."""
    gradients = _gradients(trace)
    inputs = [_on_host(leaf.array) for leaf in trace.leaves]
    values: list[Any] = []
    linearized: dict[int, tuple[_LinearizedPlan, list[Any]]] = {}
    steps = zip(trace.nodes, trace.steps, strict=True)
    with np.errstate(all="ignore"):
        for step, (node, (_, forward, sources)) in enumerate(steps):
            call = node.call
            arrays = [inputs[~i] if i < 0 else values[i] for i in sources]
            try:
                if step in gradients:
                    plan = _linearized_plan(call, *differentiated(gradients[step]))
                    outputs = plan.plan.run(arrays)
                    count = len(call.output_specs)
                    linearized[step] = plan, outputs[count:]
                    values += outputs[:count]
                elif forward >= 0:
                    assert isinstance(call, PullbackCall)
                    plan, residuals = linearized[forward]
                    cotangents = arrays[len(call.forward.input_specs) :]
                    values += _pullback_plan(call, plan).run([*residuals, *cotangents])
                else:
                    values += _plan_of(call).run(arrays)
            except Exception as error:
                raise with_op_name(call, error) from error
    return _own(inputs, [values[index] for index in results])


def _on_host(x: Any) -> Any:
    if isinstance(x, bool):
        return np.bool_(x)
    if isinstance(x, int):
        return np.int64(x)
    if isinstance(x, float):
        return np.float64(x)
    if isinstance(x, complex):
        return np.complex128(x)
    return np.asarray(x)


def _own(inputs: list[Any], results: list[Any]) -> list[Any]:
    """The results as contiguous arrays, copied where others have their memory."""
    others = set(map(id, inputs))
    owned = []
    for x in results:
        x = np.asarray(x)
        if x.base is not None or not x.flags.c_contiguous or id(x) in others:
            x = np.array(x, order="C")
        others.add(id(x))
        owned.append(x)
    return owned


def cost_of(trace: Trace) -> Cost:
    """The cost of interpreting a trace that was interpreted before."""
    gradients = _gradients(trace)
    cost = Cost()
    for step, (node, (_, forward, _)) in enumerate(
        zip(trace.nodes, trace.steps, strict=True)
    ):
        if step in gradients:
            plan = _linearized_plan(node.call, *differentiated(gradients[step])).plan
        elif forward >= 0:
            first = trace.nodes[forward].call
            linearized = _linearized_plan(first, *differentiated(gradients[forward]))
            plan = _pullback_plan(node.call, linearized)  # type: ignore[arg-type]
        else:
            plan = _plan_of(node.call)
        cost += plan.cost
    return cost
