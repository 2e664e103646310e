"""The steps of a plan, and the Python function that runs them.

A loop over the steps that looks up what each reads would take longer than numpy does
for small arrays. So the steps are written as a function, a line for each, with the
arrays as its local variables; functions of the same text are compiled by Python once.
"""

import functools
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any, Final, NamedTuple

import numpy as np

from funcnet.compat._interpreter.costs import Cost
from funcnet.compat._interpreter.rules.table import Compute

_MOST_TEXTS: Final = 4096
_numbers: Final = itertools.count()


class Step(NamedTuple):
    """One computation: registers that it reads, registers that it writes.

    One output comes alone, several in a sequence. `unused` are the registers that no
    later step reads. The output is written into the memory of the register `into` where
    there is one (-1: none).
    """

    compute: Compute
    sources: tuple[int, ...]
    targets: tuple[int, ...]
    single: bool
    unused: tuple[int, ...]
    into: int = -1


class Plan:
    """The steps of a jaxpr.

    Attributes:
        number: tells it from all others; later plans have higher ones.
        steps: what is computed, in order.
        inputs: the number of inputs, which are the first registers.
        constants: the registers that the plan keeps, with their values.
        outputs: the registers of the outputs.
        run: a function from a list of the inputs to one of the outputs. It empties the
            list of the inputs, so that memory is freed after the last use. Outputs may
            share memory with the inputs and with each other. They share none with the
            plan, which is run again.
    """

    __slots__ = ("_cost", "constants", "inputs", "number", "outputs", "run", "steps")

    def __init__(
        self,
        steps: Sequence[Step],
        inputs: int,
        constants: Mapping[int, Any],
        outputs: Sequence[int],
        cost: Cost | Callable[[], Cost],
    ) -> None:
        self.number = next(_numbers)
        self._cost = cost
        self.steps = steps
        self.inputs = inputs
        self.constants = constants
        self.outputs = outputs
        self.run: Callable[[list[Any]], list[Any]] = self._run_first

    def _run_first(self, arrays: list[Any]) -> list[Any]:
        return self._made()(arrays)

    def _made(self) -> Any:
        """The function of the steps, which is written when it is needed first."""
        if not isinstance(self.run, FunctionType):
            self.run = self._function()
        return self.run

    @property
    def cost(self) -> Cost:
        """The cost of a run, estimated."""
        if not isinstance(self._cost, Cost):
            self._cost = self._cost()
        return self._cost

    def with_functions(
        self, functions: Mapping[int, Compute], cost: Callable[[], Cost]
    ) -> "Plan":
        """The same plan where some of the steps are computed by other functions."""
        steps = list(self.steps)
        for index, compute in functions.items():
            steps[index] = steps[index]._replace(compute=compute)
        result = Plan(steps, self.inputs, self.constants, self.outputs, cost)
        run = self._made()
        others = {f"f{index}": compute for index, compute in functions.items()}
        result.run = FunctionType(run.__code__, {**run.__globals__, **others})
        return result

    def _function(self) -> Callable[[list[Any]], list[Any]]:
        names = {register: f"c{i}" for i, register in enumerate(self.constants)}
        scope: dict[str, Any] = {
            names[register]: value for register, value in self.constants.items()
        }
        scope["copy"] = np.array

        def name(register: int) -> str:
            return names.get(register) or f"x{register}"

        def listed(registers: Sequence[int]) -> str:
            return ", ".join(map(name, registers))

        lines = ["def run(inputs):"]
        if self.inputs:
            lines.append(f" [{listed(range(self.inputs))}] = inputs")
            if any(one < self.inputs for step in self.steps for one in step.unused):
                lines.append(" inputs.clear()")
        for index, step in enumerate(self.steps):
            scope[f"f{index}"] = step.compute
            sources, targets = listed(step.sources), listed(step.targets)
            if step.into >= 0:
                sources += f", out={name(step.into)}"
            if not step.single:
                targets = f"[{targets}]"
            lines.append(f" {targets} = f{index}({sources})")
            if step.unused:
                lines.append(f" del {listed(step.unused)}")
        outputs = [
            f"copy({name(one)})" if one in self.constants else name(one)
            for one in self.outputs
        ]
        lines.append(f" return [{', '.join(outputs)}]")
        exec(_compiled("\n".join(lines)), scope)
        return scope["run"]  # type: ignore[no-any-return]


def plan_of_function(run: Callable[[list[Any]], list[Any]], cost: Cost) -> Plan:
    """A plan of one function from a list of the inputs to one of the outputs."""
    plan = Plan((), 0, {}, (), cost)
    plan.run = run
    return plan


def cost_of_plans(plans: Iterable[Plan]) -> Cost:
    """The cost of running these, most of which are there many times."""
    amounts = [0.0] * len(Cost._fields)
    for plan, count in Counter(plans).items():
        for index, amount in enumerate(plan.cost):
            amounts[index] += count * amount
    return Cost(*amounts)


@functools.lru_cache(_MOST_TEXTS)
def _compiled(text: str) -> CodeType:
    return compile(text, "<plan>", "exec")
