"""The plans of calls: of a call alone, of one that is differentiated, of its gradient.

A call keeps its plans. They are made of its jaxprs; for a call of a family that has a
prototype (see `families.py`) they are the prototype's, with other sizes.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax

from funcnet._types import Array
from funcnet.compat._engine.op import OpCall, TensorSpec, pytorch_promotion
from funcnet.compat._engine.pullback import (
    Linearized,
    PullbackCall,
    differentiated,
    linearize_call,
    pull_back,
)
from funcnet.compat._interpreter import Plan, make_plan
from funcnet.compat._interpreter.sized import NotSized, PlanOfSizes
from funcnet.compat._tiers.families import Member, Prototype
from funcnet.compat._tiers.joined import JoinedCall, joined, parted


class LinearizedPlan(NamedTuple):
    """The plan of a call that is differentiated.

    Attributes:
        plan: gives the outputs, and then the residuals: what `jax.vjp` keeps.
        pullback: gives the plan of a gradient, which starts from the residuals.
        residuals: how many there are.
    """

    plan: Plan
    pullback: Callable[[PullbackCall], Plan]
    residuals: int


def plan_of(call: OpCall) -> Plan:
    """The plan of a call alone."""
    plan: Plan | None = call.plans.get(None)
    if plan is None:
        symbolic = _symbolic(call)
        if isinstance(call, JoinedCall):
            plan = joined(call)
        elif isinstance(call, PullbackCall) and _is_parting(call):
            plan = parted(call)
        elif symbolic is not None:
            plan = _at(
                symbolic, ("alone", *_key(call)), lambda: jaxpr_of(symbolic.call)
            )
        if plan is None:
            plan = make_plan(jaxpr_of(call))
        call.plans[None] = plan
    return plan


def linearized_plan(call: OpCall, gradients: Sequence[PullbackCall]) -> LinearizedPlan:
    """The plan of a call whose gradients are these."""
    plan: LinearizedPlan | None
    single = gradients[0].id if len(gradients) == 1 else -1
    plan = call.plans.get(single)
    if plan is not None:
        return plan
    wanted, given = differentiated(gradients)
    key = (wanted, given, *[_key(gradient) for gradient in gradients])
    plan = call.plans.get(key)
    if plan is None:
        if isinstance(call, JoinedCall) and all(map(_is_parting, gradients)):
            plan = LinearizedPlan(joined(call), parted, 0)
        else:
            plan = _sized(call, wanted, given, gradients)
        if plan is None:
            plan = _concrete(call, wanted, given)
        call.plans[key] = plan
    if single >= 0:  # found without looking at the gradient next time
        call.plans[single] = plan
    return plan


def _is_parting(gradient: PullbackCall) -> bool:
    return isinstance(gradient.forward, JoinedCall) and gradient.axes is None


def pullback_plan(call: PullbackCall, linearized: LinearizedPlan) -> Plan:
    """The plan of a gradient from the residuals that another plan gives."""
    plan: Plan | None = call.plans.get(linearized)
    if plan is None:
        plan = call.plans[linearized] = linearized.pullback(call)
    return plan


def _key(call: OpCall) -> Any:
    """What tells the gradients of a call from one another."""
    if not isinstance(call, PullbackCall):
        return ()
    return call.wanted, call.given, call.axes, call.size


# --- traced for their own sizes -------------------------------------------------------


class Residuals(NamedTuple):
    """What a plan of a linearized call gives besides the outputs."""

    types: list[Any]
    structure: Any
    wanted: tuple[int, ...]
    given: tuple[int, ...]


def _structs(specs: Sequence[TensorSpec]) -> list[Any]:
    return [spec.struct for spec in specs]


def traced(function: Callable[..., Any], *types: object) -> Any:
    """The jaxpr of a function on inputs of these types."""
    with jax.enable_x64(True), pytorch_promotion():
        return jax.make_jaxpr(function)(*types)


def jaxpr_of(call: OpCall) -> Any:
    """The jaxpr of a call alone."""
    if isinstance(call, PullbackCall):
        return traced(call.outputs, *_structs(call.input_specs))
    return call.jaxpr


def linearized(
    call: OpCall, wanted: tuple[int, ...], given: tuple[int, ...]
) -> tuple[Any, Residuals]:
    """The jaxpr of the outputs and the residuals."""
    structure: Any = None

    def forward(*inputs: Array) -> Any:
        nonlocal structure
        outputs, linearized = linearize_call(call, inputs, wanted, given)
        leaves, structure = jax.tree.flatten(linearized.vjp)
        return [*outputs, *leaves]

    jaxpr = traced(forward, *_structs(call.input_specs))
    types = [
        jax.ShapeDtypeStruct(aval.shape, aval.dtype, weak_type=aval.weak_type)
        for aval in jaxpr.out_avals[len(call.output_specs) :]
    ]
    return jaxpr, Residuals(types, structure, wanted, given)


def pulled_back(call: PullbackCall, residuals: Residuals) -> Any:
    """The jaxpr of a gradient from the residuals."""
    count = len(residuals.types)

    def pullback(*arrays: Array) -> Any:
        vjp = jax.tree.unflatten(residuals.structure, arrays[:count])
        linearized = Linearized(vjp, residuals.wanted, residuals.given)
        return pull_back(call, linearized, arrays[count:])

    cotangents = _structs(call.input_specs[len(call.forward.input_specs) :])
    return traced(pullback, *residuals.types, *cotangents)


def _concrete(
    call: OpCall, wanted: tuple[int, ...], given: tuple[int, ...]
) -> LinearizedPlan:
    jaxpr, residuals = linearized(call, wanted, given)
    plans: dict[Any, Plan] = {}

    def pullback(gradient: PullbackCall) -> Plan:
        plan = plans.get(key := _key(gradient))
        if plan is None:
            plan = plans[key] = make_plan(pulled_back(gradient, residuals))
        return plan

    return LinearizedPlan(make_plan(jaxpr), pullback, len(residuals.types))


# --- of a prototype -------------------------------------------------------------------


class _Symbolic(NamedTuple):
    """A call as one of its prototype's: with symbols, and with what they are in it."""

    call: OpCall
    prototype: Prototype
    values: tuple[int, ...]


def _symbolic(call: OpCall) -> _Symbolic | None:
    if isinstance(call, Member):
        return _Symbolic(call.prototype.call, call.prototype, call.values)
    if not isinstance(call, PullbackCall) or call.axes is not None:
        return None
    forward = _symbolic(call.forward)
    if forward is None:
        return None
    _, prototype, values = forward
    key = ("pullback", forward.call.id, call.wanted, call.given)
    pullback = prototype.plans.get(key)
    if pullback is None:
        pullback = PullbackCall(forward.call, call.wanted, call.given)
        prototype.plans[key] = pullback
    return _Symbolic(pullback, prototype, values)


class _OfSizes(NamedTuple):
    """A plan of a prototype, the condition on sizes, and what else was traced."""

    plan: PlanOfSizes
    holds: Callable[..., bool]
    residuals: Residuals | None


def _made(
    symbolic: _Symbolic, key: object, trace: Callable[[], Any]
) -> _OfSizes | None:
    """The plan of a prototype under a key; None where it has none for these sizes."""
    prototype = symbolic.prototype
    key = symbolic.call.id, key
    if key not in prototype.plans:
        symbols = prototype.symbols
        try:
            with symbols.noted():
                traced = trace()
            jaxpr, residuals = traced if isinstance(traced, tuple) else (traced, None)
            plan = PlanOfSizes(jaxpr, symbols)
            prototype.plans[key] = _OfSizes(plan, symbols.holds(), residuals)
        except Exception:
            prototype.plans[key] = None
    made: _OfSizes | None = prototype.plans[key]
    return None if made is None or not made.holds(*symbolic.values) else made


def _at(symbolic: _Symbolic, key: object, trace: Callable[[], Any]) -> Plan | None:
    made = _made(symbolic, key, trace)
    try:
        return None if made is None else made.plan.at(symbolic.values)
    except NotSized:
        return None


def _sized(
    call: OpCall,
    wanted: tuple[int, ...],
    given: tuple[int, ...],
    gradients: Sequence[PullbackCall],
) -> LinearizedPlan | None:
    """The plans of a call and its gradients; None where the prototype lacks one."""
    symbolic = _symbolic(call)
    if symbolic is None:
        return None
    key = wanted, given
    first = _made(
        symbolic,
        ("linearized", *key),
        lambda: linearized(symbolic.call, wanted, given),
    )
    if first is None or first.residuals is None:
        return None
    residuals = first.residuals
    plans: dict[Any, Plan] = {}
    for gradient in gradients:
        pullback = _symbolic(gradient)
        if pullback is None:
            return None
        traced = _trace_pullback(pullback, residuals)
        # A gradient may be linearized itself: that is another plan of its call.
        plan = _at(pullback, ("pulled back", *key), traced)
        if plan is None:
            return None
        plans[_key(gradient)] = plan
    try:
        forward = first.plan.at(symbolic.values)
    except NotSized:
        return None
    return LinearizedPlan(
        forward, lambda gradient: plans[_key(gradient)], len(residuals.types)
    )


def _trace_pullback(pullback: _Symbolic, residuals: Residuals) -> Callable[[], Any]:
    call = pullback.call
    assert isinstance(call, PullbackCall)
    return lambda: pulled_back(call, residuals)
