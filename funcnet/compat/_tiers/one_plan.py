"""The plans of a program's calls as one plan, for a program that is interpreted often.

Call by call, each costs a list of its inputs and one of its outputs, a fifth of the
time of a small step. In one plan they are local variables of one Python function.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from funcnet.compat._interpreter import Plan
from funcnet.compat._interpreter.costs import Cost
from funcnet.compat._interpreter.steps import Step

_MOST_BYTES: Final = 1 << 12
"""A constant is kept where it takes no more memory than this."""


def one_plan(
    plans: Sequence[Plan],
    sources: Sequence[Sequence[int]],
    forwards: Sequence[int],
    outputs: Sequence[int],
    leaves: int,
    results: Sequence[int],
) -> Plan:
    """The plan that computes the results of a program from its leaves.

    Args:
        plans: those of the calls.
        sources: of each call the indices of the values, or ~index of a leaf, that its
            plan gets, after the residuals where it starts from some.
        forwards: the call whose residuals come first, or -1.
        outputs: how many of what a plan gives are values; the others are residuals.
        leaves: how many there are.
        results: the indices of the values that are asked for.
    """
    steps: list[Step] = []
    constants: dict[int, Any] = {}
    values: list[int] = []  # the register of each value
    residuals: list[list[int]] = []
    count = leaves

    def new(number: int) -> range:
        nonlocal count
        count += number
        return range(count - number, count)

    for plan, read, forward, number in zip(
        plans, sources, forwards, outputs, strict=True
    ):
        given = residuals[forward][:] if forward >= 0 else []
        given += [~i if i < 0 else values[i] for i in read]
        if plan.steps or plan.outputs:
            made = _added(plan, given, steps, constants, new)
        else:  # a function that is not written as steps
            made = list(new(number))
            steps.append(Step(_called(plan), tuple(given), tuple(made), False, ()))
        values += made[:number]
        residuals.append(made[number:])
    chosen = [values[index] for index in results]
    with_last_uses = _with_last_uses(steps, {*chosen, *constants})
    return Plan(with_last_uses, leaves, constants, chosen, Cost())


def _added(
    plan: Plan,
    given: Sequence[int],
    steps: list[Step],
    constants: dict[int, Any],
    new: Callable[[int], range],
) -> list[int]:
    """The registers of a plan's outputs; its steps and constants are added."""
    number = dict(enumerate(given))
    for register, value in plan.constants.items():
        (number[register],) = new(1)
        constants[number[register]] = value
    for step in plan.steps:
        number.update(zip(step.targets, new(len(step.targets)), strict=True))
        sources = [number[one] for one in step.sources]
        if step.single and sources and all(one in constants for one in sources):
            # What starts from a call that gives a constant, as the gradient 1.
            with np.errstate(all="ignore"):
                value = step.compute(*[constants[one] for one in sources])
            if value.nbytes <= _MOST_BYTES:
                constants[number[step.targets[0]]] = value
                continue
        steps.append(
            step._replace(
                sources=tuple(sources),
                targets=tuple([number[one] for one in step.targets]),
                unused=(),
                into=_into(number.get(step.into, -1), constants),
            )
        )
    return [number[register] for register in plan.outputs]


def _into(register: int, constants: Mapping[int, Any]) -> int:
    """Where a step writes its result: not into a constant."""
    return -1 if register in constants else register


def _called(plan: Plan) -> Callable[..., Any]:
    return lambda *arrays: plan.run(list(arrays))


def _with_last_uses(steps: Sequence[Step], needed: set[int]) -> list[Step]:
    """The steps, each with the registers that no later one reads."""
    kept = []
    for step in reversed(steps):
        touched = {*step.sources, *step.targets}
        kept.append(step._replace(unused=tuple(sorted(touched - needed))))
        needed |= touched
    return kept[::-1]
