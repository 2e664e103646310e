"""A trace run at once, call by call, with numpy instead of a compiled program.

Passes through here: a trace for which no program is compiled. Each call has a plan (see
`_interpreter`), made of its jaxpr when it is met first; a call whose gradient is in the
trace, too, has one that also gives what the gradient needs of it. So a new program of
known calls is neither traced nor compiled.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from funcnet.compat._engine.op import OpCall
from funcnet.compat._engine.program import with_op_name
from funcnet.compat._engine.pullback import PullbackCall
from funcnet.compat._engine.trace import Trace
from funcnet.compat._interpreter import Computing, Plan
from funcnet.compat._interpreter.costs import Cost, total
from funcnet.compat._tiers.plans import LinearizedPlan, linearized_plan, plan_of


def gradients_of(trace: Trace) -> dict[int, list[PullbackCall]]:
    """The gradients that are taken from the residuals of each step.

    A gradient of which another is taken so is itself computed from its inputs.
    """
    gradients: dict[int, list[PullbackCall]] = {}
    for step in range(len(trace.nodes) - 1, -1, -1):
        forward = trace.steps[step][1]
        if forward >= 0 and step not in gradients:
            call = trace.nodes[step].call
            assert isinstance(call, PullbackCall)
            gradients.setdefault(forward, []).append(call)
    return gradients


class _Step(NamedTuple):
    """A call that is run.

    Attributes:
        call: which one.
        plan: computes the outputs, and then the residuals.
        sources: the indices of the inputs, as in a trace.
        forward: the step whose residuals come before the inputs, or -1.
        outputs: their number.
        unused: the indices of the values that this step is the last to read, and of
            those that no step reads.
        last: whether no later step has these residuals.
        keeps: whether it has residuals itself.
    """

    call: OpCall
    plan: Plan
    sources: tuple[int, ...]
    forward: int
    outputs: int
    unused: list[int]
    last: bool
    keeps: bool


class Planned(NamedTuple):
    """How the steps of a trace are computed.

    Attributes:
        plans: those of the steps.
        read: the sources of each step, without those that residuals stand for.
        forwards: the step whose residuals come before these, or -1.
    """

    plans: list[Plan]
    read: list[tuple[int, ...]]
    forwards: list[int]


def planned(trace: Trace) -> Planned:
    """The plans of a trace; those of calls that are new are made."""
    gradients = gradients_of(trace)
    linearized: dict[int, LinearizedPlan] = {}
    result = Planned([], [], [])
    for step, (node, (_, forward, sources)) in enumerate(
        zip(trace.nodes, trace.steps, strict=True)
    ):
        call = node.call
        try:
            if step in gradients:
                linearized[step] = linearized_plan(call, gradients[step])
                plan = linearized[step].plan
                forward = -1
            elif forward >= 0:
                assert isinstance(call, PullbackCall)
                plan = linearized[forward].pullback(call)
                sources = sources[len(call.forward.input_specs) :]
            else:
                plan = plan_of(call)
        except Exception as error:
            raise with_op_name(call, error) from error
        result.plans.append(plan)
        result.read.append(sources)
        result.forwards.append(forward)
    return result


def _with_lifetimes(
    trace: Trace, results: Sequence[int], planned: Planned
) -> list[_Step]:
    """The steps, with what each of them uses last."""
    plans, read, forwards = planned
    is_needed = bytearray(len(trace.values))
    for index in results:
        is_needed[index] = 1
    steps: list[_Step] = []
    pulled_back: set[int] = set()
    end = len(is_needed)
    for step in range(len(plans) - 1, -1, -1):
        call, forward = trace.nodes[step].call, forwards[step]
        count = len(call.output_specs)
        if steps:  # outputs that nothing reads
            steps[-1].unused.extend(
                [one for one in range(end - count, end) if not is_needed[one]]
            )
        end -= count
        unused = []
        for source in read[step]:
            if source >= 0 and not is_needed[source]:
                is_needed[source] = 1
                unused.append(source)
        last = forward not in pulled_back
        keeps = step in pulled_back
        pulled_back.add(forward)
        steps.append(
            _Step(call, plans[step], read[step], forward, count, unused, last, keeps)
        )
    return steps[::-1]


class Interpretation:
    """How a trace is interpreted: the plans of its calls, and when memory is freed."""

    def __init__(self, trace: Trace, results: Sequence[int], planned: Planned) -> None:
        self._results = tuple(results)
        self._steps = _with_lifetimes(trace, results, planned)

    @property
    def cost(self) -> Cost:
        """The cost of a run, estimated."""
        return total([step.plan.cost for step in self._steps])

    def run(self, leaves: Sequence[Any]) -> list[Any]:
        """The values of the results, arrays that share no memory with others."""
        inputs = [on_host(array) for array in leaves]
        values: list[Any] = []
        residuals: dict[int, list[Any]] = {}
        with Computing():
            for index, step in enumerate(self._steps):
                call, plan, sources, forward, count, unused, last, keeps = step
                arrays = [inputs[~i] if i < 0 else values[i] for i in sources]
                for one in unused:
                    values[one] = None
                if forward >= 0:
                    kept = residuals.pop(forward) if last else residuals[forward]
                    arrays = [*kept, *arrays]
                    del kept
                try:
                    outputs = plan.run(arrays)
                except Exception as error:
                    raise with_op_name(call, error) from error
                if keeps:
                    residuals[index] = outputs[count:]
                    del outputs[count:]
                values += outputs
        return own(inputs, [values[index] for index in self._results])


def on_host(x: Any) -> Any:
    """An array or number of numpy."""
    if isinstance(x, bool):
        return np.bool_(x)
    if isinstance(x, int):
        return np.int64(x)
    if isinstance(x, float):
        return np.float64(x)
    if isinstance(x, complex):
        return np.complex128(x)
    return np.asarray(x)


def own(inputs: list[Any], results: list[Any]) -> list[Any]:
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
