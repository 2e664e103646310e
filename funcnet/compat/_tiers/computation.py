"""What one step of a trace computes, so that steps can be run apart from each other.

A gradient needs what `jax.vjp` keeps of its forward call, the residuals. Here what is
kept of them (`residuals.py`) are outputs of the forward step and inputs of the
gradient's, which may then run in another program.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import jax
import jax.numpy as jnp

from funcnet.compat._engine.op import OpCall
from funcnet.compat._engine.program import with_op_name
from funcnet.compat._engine.pullback import PullbackCall, differentiated
from funcnet.compat._engine.trace import Trace
from funcnet.compat._interpreter import Plan, make_plan
from funcnet.compat._tiers.interpret import gradients_of
from funcnet.compat._tiers.plans import (
    LinearizedPlan,
    Residuals,
    jaxpr_of,
    linearized,
    linearized_plan,
    plan_of,
    pullback_plan,
    pulled_back,
    traced,
)
from funcnet.compat._tiers.residuals import (
    Kept,
    are_arrays,
    kept_residuals,
    used_inputs,
)

if TYPE_CHECKING:  # it takes long to import
    from jax.extend.core import ClosedJaxpr


class NotSeparableError(Exception):
    """A gradient needs of its call what cannot pass from one program to another."""


class Computation:
    """A call; or one that gives what its gradient needs besides; or such a gradient.

    Attributes:
        call: whose computation it is.
        plan: computes the outputs, and then what is kept.
        outputs: the number of outputs.
        kept: how much is kept for the gradient.
        reads: which of a forward step's inputs, outputs and kept arrays, counted in
            this order, a gradient reads before its own inputs; None: it is no gradient
            of a step.
    """

    __slots__ = ("_jaxpr", "call", "kept", "outputs", "plan", "reads")

    def __init__(
        self,
        call: OpCall,
        jaxpr: "ClosedJaxpr | Callable[[], ClosedJaxpr]",
        plan: Plan,
        kept: int = 0,
    ) -> None:
        self.call = call
        self._jaxpr = jaxpr
        self.plan = plan
        self.outputs = len(call.output_specs)
        self.kept = kept
        self.reads: tuple[int, ...] | None = None

    @property
    def jaxpr(self) -> "ClosedJaxpr":
        """The same as `plan`; it may be traced when it is first asked for."""
        if callable(self._jaxpr):
            self._jaxpr = self._jaxpr()
        return self._jaxpr


class _Forward(NamedTuple):
    """A call of which gradients are taken, traced for its own sizes."""

    call: OpCall
    jaxpr: Any
    residuals: Residuals
    kept: Kept


def computations(trace: Trace) -> list[Computation]:
    """The computation of each step; those of calls that are new are traced.

    Raises:
        NotSeparableError: see there.
    """
    gradients = gradients_of(trace)
    forwards: dict[int, _Start] = {}
    result = []
    for step, (node, (_, forward, _)) in enumerate(
        zip(trace.nodes, trace.steps, strict=True)
    ):
        call = node.call
        start = None
        if step in gradients:
            start = forwards[step] = _start(call, gradients[step])
        elif forward >= 0:
            start = forwards[forward]
        if start is None:
            key: Any = _ALONE
        else:
            key = "computation", start.call.id, start.wanted, start.given
        one = call.plans.get(key)
        if one is None:
            try:
                one = _computation(call, start)
            except NotSeparableError:
                raise
            except Exception as error:
                raise with_op_name(call, error) from error
            call.plans[key] = one
        result.append(one)
    return result


_ALONE: Final = "computation"
"""The key of a call of which no gradient is taken, and which is none of a step."""


class _Start(NamedTuple):
    """A call of which gradients are taken, and of which inputs and outputs."""

    call: OpCall
    wanted: tuple[int, ...]
    given: tuple[int, ...]
    plan: LinearizedPlan


def _start(call: OpCall, gradients: Sequence[PullbackCall]) -> _Start:
    key = ("start", *[one.id for one in gradients])
    start: _Start | None = call.plans.get(key)
    if start is None:
        wanted, given = differentiated(gradients)
        start = _Start(call, wanted, given, linearized_plan(call, gradients))
        call.plans[key] = start
    return start


def _computation(call: OpCall, start: _Start | None) -> Computation:
    if start is None:
        return Computation(call, lambda: jaxpr_of(call), plan_of(call))
    if not start.plan.residuals:
        return _without_residuals(call, start)
    forward = _forward_of(start.call, start.wanted, start.given)
    if forward.call is not call:
        assert isinstance(call, PullbackCall)
        return _gradient(call, forward)
    jaxpr = forward.jaxpr.jaxpr
    kept = forward.kept.kept
    with_kept = jaxpr.replace(
        outvars=[*jaxpr.outvars[: len(call.output_specs)], *kept],
        debug_info=jaxpr.debug_info.with_unknown_names(),
    )
    closed = forward.jaxpr.replace(jaxpr=with_kept)
    return Computation(call, closed, make_plan(closed), len(kept))


def _without_residuals(call: OpCall, start: _Start) -> Computation:
    """A call whose gradient needs nothing of it, or this gradient.

    It is not traced: a sum or a stack of another length each time is not compiled.
    """
    if call is start.call:
        return Computation(call, lambda: jaxpr_of(call), start.plan.plan)
    assert isinstance(call, PullbackCall)
    inputs = [spec.struct for spec in call.forward.input_specs]

    def gradient(*arrays: jax.Array) -> Any:
        return call.outputs(*[jnp.zeros(x.shape, x.dtype) for x in inputs], *arrays)

    cotangents = [spec.struct for spec in call.input_specs[len(inputs) :]]
    plan = pullback_plan(call, start.plan)
    result = Computation(call, lambda: traced(gradient, *cotangents), plan)
    result.reads = ()
    return result


def _gradient(call: PullbackCall, forward: _Forward) -> Computation:
    pullback = pulled_back(call, forward.residuals)
    residuals = len(forward.residuals.types)
    reads, kept = forward.kept.only(used_inputs(pullback.jaxpr)[:residuals])
    if not are_arrays(kept.available):
        raise NotSeparableError
    count = len(reads)

    def gradient(*arrays: jax.Array) -> list[Any]:
        return _run(pullback, [*kept.recompute(arrays[:count]), *arrays[count:]])

    types = [var.aval for var in kept.available] + pullback.in_avals[residuals:]
    jaxpr = traced(gradient, *_types(types))
    result = Computation(call, jaxpr, make_plan(jaxpr))
    result.reads = reads
    return result


def _forward_of(
    call: OpCall, wanted: tuple[int, ...], given: tuple[int, ...]
) -> _Forward:
    key = ("forward", wanted, given)
    forward: _Forward | None = call.plans.get(key)
    if forward is None:
        jaxpr, residuals = linearized(call, wanted, given)
        kept = kept_residuals(jaxpr, len(call.output_specs))
        forward = call.plans[key] = _Forward(call, jaxpr, residuals, kept)
    return forward


def _run(closed: "ClosedJaxpr", arrays: Sequence[Any]) -> list[Any]:
    return jax.core.eval_jaxpr(closed.jaxpr, closed.consts, *arrays)


def _types(avals: Sequence[Any]) -> list[Any]:
    return [
        jax.ShapeDtypeStruct(one.shape, one.dtype, weak_type=one.weak_type)
        for one in avals
    ]
