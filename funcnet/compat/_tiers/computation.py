"""What one step of a trace computes, so that steps can be run apart from each other.

A gradient needs what `jax.vjp` keeps of its forward call, the residuals. Here what is
kept of them (`residuals.py`) are outputs of the forward step and inputs of the
gradient's, which may then run in another program.
"""

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import jax

from funcnet.compat._engine.op import OpCall
from funcnet.compat._engine.program import with_op_name
from funcnet.compat._engine.pullback import PullbackCall, differentiated
from funcnet.compat._engine.trace import Trace
from funcnet.compat._interpreter import Plan, make_plan
from funcnet.compat._tiers.interpret import gradients_of
from funcnet.compat._tiers.plans import (
    Residuals,
    jaxpr_of,
    linearized,
    plan_of,
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
        id: tells it from all others.
        call: whose computation it is.
        jaxpr: computes the outputs, and then what is kept.
        plan: the same.
        outputs: the number of outputs.
        kept: how much is kept for the gradient.
        reads: which of a forward step's inputs, outputs and kept arrays, counted in
            this order, a gradient reads before its own inputs; None: it is no gradient
            of a step.
    """

    __slots__ = ("call", "id", "jaxpr", "kept", "outputs", "plan", "reads")

    def __init__(
        self, number: int, call: OpCall, jaxpr: "ClosedJaxpr", plan: Plan | None = None
    ) -> None:
        self.id = number
        self.call = call
        self.jaxpr = jaxpr
        self.plan = make_plan(jaxpr) if plan is None else plan
        self.outputs = len(call.output_specs)
        self.kept = len(jaxpr.out_avals) - self.outputs
        self.reads: tuple[int, ...] | None = None


class _Forward(NamedTuple):
    """A call of which gradients are taken, traced for its own sizes."""

    call: OpCall
    jaxpr: Any
    residuals: Residuals
    kept: Kept


_numbers: Final = itertools.count()


def computations(trace: Trace) -> list[Computation]:
    """The computation of each step; those of calls that are new are traced.

    Raises:
        NotSeparableError: see there.
    """
    gradients = gradients_of(trace)
    forwards: dict[int, Any] = {}
    result = []
    for step, (node, (_, forward, _)) in enumerate(
        zip(trace.nodes, trace.steps, strict=True)
    ):
        call = node.call
        start = None
        if step in gradients:
            start = forwards[step] = (call, *differentiated(gradients[step]))
        elif forward >= 0:
            start = forwards[forward]
        key = ("computation", start and (start[0].id, *start[1:]))
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


def _computation(call: OpCall, start: Any) -> Computation:
    number = next(_numbers)
    if start is None:
        return Computation(number, call, jaxpr_of(call), plan_of(call))
    forward = _forward_of(*start)
    if forward.call is not call:
        assert isinstance(call, PullbackCall)
        return _gradient(number, call, forward)
    jaxpr = forward.jaxpr.jaxpr
    with_kept = jaxpr.replace(
        outvars=[*jaxpr.outvars[: len(call.output_specs)], *forward.kept.kept],
        debug_info=jaxpr.debug_info.with_unknown_names(),
    )
    return Computation(number, call, forward.jaxpr.replace(jaxpr=with_kept))


def _gradient(number: int, call: PullbackCall, forward: _Forward) -> Computation:
    pullback = pulled_back(call, forward.residuals)
    residuals = len(forward.residuals.types)
    reads, kept = forward.kept.only(used_inputs(pullback.jaxpr)[:residuals])
    if not are_arrays(kept.available):
        raise NotSeparableError
    count = len(reads)

    def gradient(*arrays: jax.Array) -> list[Any]:
        return _run(pullback, [*kept.recompute(arrays[:count]), *arrays[count:]])

    types = [var.aval for var in kept.available] + pullback.in_avals[residuals:]
    result = Computation(number, call, traced(gradient, *_types(types)))
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
