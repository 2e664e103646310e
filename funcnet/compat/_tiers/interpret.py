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

from funcnet.compat._engine.executor import SMALL
from funcnet.compat._engine.graph import Value
from funcnet.compat._engine.op import OpCall
from funcnet.compat._engine.program import with_op_name
from funcnet.compat._engine.pullback import PullbackCall
from funcnet.compat._engine.trace import Trace
from funcnet.compat._interpreter import Computing, Plan
from funcnet.compat._interpreter.costs import Cost
from funcnet.compat._interpreter.steps import cost_of_plans
from funcnet.compat._tiers.one_plan import one_plan
from funcnet.compat._tiers.plans import (
    LinearizedPlan,
    linearized_plan,
    plan_of,
    pullback_plan,
)


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
    plans: list[Plan] = []
    read: list[tuple[int, ...]] = []
    forwards: list[int] = []
    for node, (_, forward, sources) in zip(trace.nodes, trace.steps, strict=True):
        call = node.call
        step = len(plans)
        try:
            if step in gradients:
                one = linearized[step] = linearized_plan(call, gradients[step])
                plan, forward = one.plan, -1
            elif forward >= 0:
                assert isinstance(call, PullbackCall)
                plan = pullback_plan(call, linearized[forward])
                sources = sources[len(call.forward.input_specs) :]
            else:
                plan = call.plans.get(None) or plan_of(call)
        except Exception as error:
            raise with_op_name(call, error) from error
        plans.append(plan)
        read.append(sources)
        forwards.append(forward)
    return Planned(plans, read, forwards)


def _last_uses(
    calls: Sequence[OpCall], results: Sequence[int], read: Sequence[Sequence[int]]
) -> list[list[int]]:
    """The values that are needed no more when a step has its inputs."""
    reader: dict[int, int] = {}  # the step that reads a value, or a leaf, last
    count = 0
    for step, (call, sources) in enumerate(zip(calls, read, strict=True)):
        outputs = len(call.output_specs)
        if outputs > 1 and step + 1 < len(calls):  # some may not be read at all
            reader.update(dict.fromkeys(range(count, count + outputs), step + 1))
        count += outputs
        for source in sources:
            reader[source] = step
    for index in results:
        reader.pop(index, None)
    unused: list[list[int]] = [_NONE] * len(read)
    for index, step in reader.items():
        if index >= 0:
            if unused[step]:
                unused[step].append(index)
            else:
                unused[step] = [index]
    return unused


_NONE: Final[list[int]] = []
WRITTEN: Final = 8
"""At this use a program that is always interpreted becomes one function."""
LONG: Final = 512
"""More steps than this are not written as one function, which takes 30 µs for each."""


class Interpretation:
    """How a trace is interpreted: the plans of its calls, and when memory is freed.

    Lists of integers and of what is there anyway, not an object for each step: where
    each program is new, those would be much work for the collector of garbage.
    """

    def __init__(self, trace: Trace, results: Sequence[int], planned: Planned) -> None:
        self._leaves = len(trace.leaves)
        self._results = tuple(results)
        self._calls = [node.call for node in trace.nodes]
        self._planned = planned
        self._plan: Plan | None = None
        self._unused = _last_uses(self._calls, results, planned.read)
        # The gradient that is the last to start from the residuals of a step.
        self._last = {
            forward: step
            for step, forward in enumerate(planned.forwards)
            if forward >= 0
        }

    @property
    def cost(self) -> Cost:
        """The cost of a run, estimated."""
        arrays = Cost(inputs=self._leaves, outputs=len(self._results))
        return cost_of_plans(self._planned.plans) + arrays

    def run(self, leaves: Sequence[Value]) -> list[Any]:
        """The values of the results, arrays that share no memory with others."""
        inputs = [
            array if type(array := leaf.array) is np.ndarray else leaf_on_host(leaf)
            for leaf in leaves
        ]
        plan = self._plan
        with Computing():
            if plan is None:
                return own(inputs, self._call_by_call(inputs))
            try:
                results = plan.run(inputs[:])
            except Exception:  # so that the error names the call
                results = self._call_by_call(inputs)
        return own(inputs, results)

    def write(self) -> None:
        """Make one function of it all, if that is not long: it will run often."""
        plans, read, forwards = self._planned
        if self._plan is None and sum([len(plan.steps) for plan in plans]) <= LONG:
            outputs = [len(call.output_specs) for call in self._calls]
            self._plan = one_plan(
                plans, read, forwards, outputs, self._leaves, self._results
            )

    def _call_by_call(self, inputs: Sequence[Any]) -> list[Any]:
        values: list[Any] = []
        residuals: dict[int, list[Any]] = {}
        steps = zip(self._calls, *self._planned, self._unused, strict=True)
        last = self._last
        for index, (call, plan, sources, forward, unused) in enumerate(steps):
            arrays = [inputs[~i] if i < 0 else values[i] for i in sources]
            for one in unused:
                values[one] = None
            if forward >= 0:
                is_last = last[forward] == index
                kept = residuals.pop(forward) if is_last else residuals[forward]
                arrays = [*kept, *arrays]
                del kept
            try:
                outputs = plan.run(arrays)
            except Exception as error:
                raise with_op_name(call, error) from error
            if index in last:
                count = len(call.output_specs)
                residuals[index] = outputs[count:]
                del outputs[count:]
            values += outputs
        return [values[index] for index in self._results]


def leaf_on_host(leaf: Value) -> Any:
    """A leaf's array or number as one of numpy.

    A small array of JAX is numpy's from then on: each use would take as long as this.
    """
    array = leaf.array
    number = _NUMBERS.get(type(array))
    if number is not None:
        return number(array)
    result = on_host(array)
    if result.nbytes <= SMALL and isinstance(array, jax.Array):
        leaf.array = result
    return result


def on_host(x: Any) -> Any:
    """An array or number of numpy."""
    if type(x) is np.ndarray:
        return x
    number = _NUMBERS.get(type(x))
    if number is not None:
        return number(x)
    return np.asarray(x)


_NUMBERS: Final[dict[type, Any]] = {
    bool: np.bool_,
    int: np.int64,
    float: np.float64,
    complex: np.complex128,
}


def own(inputs: list[Any], results: list[Any]) -> list[Any]:
    """The results as contiguous arrays, copied where others have their memory."""
    others = {
        id(x if type(x) is not np.ndarray or x.base is None else _memory_of(x))
        for x in inputs
    }
    owned = []
    of_numpy = np.ndarray
    for x in results:
        if type(x) is not of_numpy:
            x = np.asarray(x)
        memory = x if x.base is None else _memory_of(x)
        if (
            id(memory) in others
            or not x.flags.c_contiguous
            or (memory is not x and not _is_whole(x, memory))
        ):
            memory = x = np.array(x, order="C")
        others.add(id(memory))
        owned.append(x)
    return owned


def _memory_of(x: Any) -> Any:
    """What has the memory of an array: it itself, or what it is a view of."""
    while type(x) is np.ndarray and x.base is not None:
        x = x.base
    return x


def _is_whole(x: np.ndarray, memory: Any) -> bool:
    """Whether a view shows all that is in the memory."""
    return type(memory) is np.ndarray and memory.nbytes == x.nbytes
