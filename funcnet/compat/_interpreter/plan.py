"""A jaxpr as a list of steps that numpy computes.

`make_plan` opens the jaxprs inside a jaxpr, finds what computes each equation, leaves
out what nothing depends on, computes once what depends on no input, and notes after
which step a value is needed no more.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from funcnet.compat._interpreter.costs import Cost, cost_of_equation
from funcnet.compat._interpreter.fallback import by_xla, whole_by_xla
from funcnet.compat._interpreter.rules import RULES, Compute, Equation

_CALLS: Final = {
    "closed_call": "call_jaxpr",
    "core_call": "call_jaxpr",
    "custom_jvp_call": "call_jaxpr",
    "custom_vjp_call": "call_jaxpr",
    "custom_vjp_call_jaxpr": "fun_jaxpr",
    "jit": "jaxpr",
    "pjit": "jaxpr",
    "remat": "jaxpr",
    "remat2": "jaxpr",
    "checkpoint": "jaxpr",
}
"""Primitives that run a jaxpr once, and the name under which they have it."""

_MOST_BYTES: Final = 1 << 16
"""A constant is kept where it takes no more memory than this."""


class Step(NamedTuple):
    """One computation: registers that it reads, registers that it writes.

    `unused` are the registers that no later step reads. One output comes alone, several
    in a sequence.
    """

    compute: Compute
    sources: tuple[int, ...]
    targets: tuple[int, ...]
    single: bool
    unused: tuple[int, ...]


class Plan:
    """The steps of a jaxpr.

    Attributes:
        registers: what the registers hold at the start, behind those of the inputs.
        inputs: the number of inputs.
        outputs: the registers of the outputs.
        constants: those of them whose value the plan keeps.
        cost: of a run, estimated.
    """

    __slots__ = ("constants", "cost", "inputs", "outputs", "registers", "steps")

    def __init__(
        self,
        steps: list[Step],
        inputs: int,
        registers: list[Any],
        outputs: list[int],
        cost: Cost,
    ) -> None:
        self.cost = cost
        self.steps = steps
        self.inputs = inputs
        self.registers = registers
        self.outputs = outputs
        written = {target for step in steps for target in step.targets}
        self.constants = {
            index for index in outputs if index >= inputs and index not in written
        }

    def run(self, arrays: Sequence[Any]) -> list[Any]:
        """The outputs; they may share memory with the inputs and with each other.

        They share none with the plan, which is run again.
        """
        registers = [*arrays, *self.registers]
        read = registers.__getitem__
        for compute, sources, targets, single, unused in self.steps:
            result = compute(*map(read, sources))
            if single:
                registers[targets[0]] = result
            else:
                for target, one in zip(targets, result, strict=True):
                    registers[target] = one
            for register in unused:
                registers[register] = None
        return [
            np.array(registers[index]) if index in self.constants else registers[index]
            for index in self.outputs
        ]


def make_plan(jaxpr: Any) -> Plan:
    """The plan of a jaxpr; where a value cannot be one of numpy's, XLA's program."""
    try:
        return _Builder(jaxpr).plan()
    except _KeysError:
        count = len(jaxpr.in_avals)
        targets = tuple(range(count, count + len(jaxpr.out_avals)))
        step = Step(whole_by_xla(jaxpr), tuple(range(count)), targets, False, ())
        cost = Cost(len(jaxpr.eqns), primitives=len(jaxpr.eqns))
        return Plan([step], count, [None] * len(targets), list(targets), cost)


_KEY_RULES: Final = frozenset(
    f"random_{name}" for name in ("bits", "fold_in", "seed", "split", "unwrap", "wrap")
)
"""Primitives that compute with keys, which numpy has no dtype for."""


class _KeysError(Exception):
    """A jaxpr does with random keys, for which numpy has no dtype, what has no rule."""


class _Builder:
    """Numbers the variables of a jaxpr, and of those inside, as registers."""

    def __init__(self, jaxpr: Any) -> None:
        self.inputs = len(jaxpr.in_avals)
        self.known: dict[int, Any] = {}  # registers whose value depends on no input
        self.count = self.inputs
        self.steps: list[tuple[Compute, tuple[int, ...], tuple[int, ...], bool]] = []
        self.costs: dict[int, Cost] = {}  # by the first output
        self.outputs = self._open(jaxpr, list(range(self.inputs)))

    def _open(self, closed: Any, arguments: Sequence[int]) -> list[int]:
        """Add the steps of a jaxpr, closed or without constants, on these registers."""
        jaxpr = getattr(closed, "jaxpr", closed)
        consts = getattr(closed, "consts", ())
        registers: dict[Any, int] = dict(zip(jaxpr.invars, arguments, strict=True))
        for var, value in zip(jaxpr.constvars, consts, strict=True):
            if not isinstance(getattr(value, "dtype", None), np.dtype):
                raise _KeysError
            registers[var] = self._constant(np.asarray(value))
        literals: dict[Any, int] = {}

        def register_of(atom: Any) -> int:
            if not hasattr(atom, "val"):
                return registers[atom]
            dtype = atom.aval.dtype
            key = (dtype, repr(atom.val), np.shape(atom.val))
            if np.ndim(atom.val) or key not in literals:
                value = np.asarray(atom.val, dtype)
                literals[key] = self._constant(value if value.ndim else value[()])
            return literals[key]

        for equation in jaxpr.eqns:
            name = equation.primitive.name
            sources = tuple(map(register_of, equation.invars))
            if name in _CALLS and _CALLS[name] in equation.params:
                results = self._open(equation.params[_CALLS[name]], sources)
            else:
                results = self._compute(equation, sources)
            registers.update(zip(equation.outvars, results, strict=True))
        return [register_of(atom) for atom in jaxpr.outvars]

    def _constant(self, value: Any) -> int:
        register = self.count
        self.count += 1
        self.known[register] = value
        return register

    def _compute(self, equation: Equation, sources: tuple[int, ...]) -> list[int]:
        """Add the step of an equation; the registers of its outputs."""
        name = equation.primitive.name
        if name not in _KEY_RULES and not all(
            isinstance(var.aval.dtype, np.dtype)
            for var in (*equation.invars, *equation.outvars)
        ):
            raise _KeysError
        rule = RULES.get(name)
        compute = None if rule is None else rule(equation)
        if compute is None:
            if name in _KEY_RULES:
                raise _KeysError
            compute = by_xla(equation)
        single = not equation.primitive.multiple_results
        targets = tuple(range(self.count, self.count + len(equation.outvars)))
        self.count += len(targets)
        if all(source in self.known for source in sources) and _is_small(equation):
            with np.errstate(all="ignore"):
                result = compute(*[self.known[source] for source in sources])
            values = [result] if single else result
            self.known.update(zip(targets, values, strict=True))
        else:
            self.steps.append((compute, sources, targets, single))
            self.costs[targets[0]] = getattr(compute, "cost", None) or (
                cost_of_equation(equation)
            )
        return list(targets)

    def plan(self) -> Plan:
        """The steps that the outputs depend on, their registers numbered anew."""
        needed = set(self.outputs)
        kept = []
        cost = Cost()
        for compute, sources, targets, single in reversed(self.steps):
            if needed.isdisjoint(targets):
                continue
            # Read for the last time here, or never.
            unused = {*sources, *targets} - needed
            cost += self.costs[targets[0]]
            needed.update(sources)
            kept.append((compute, sources, targets, single, unused))
        kept.reverse()
        constants = [register for register in self.known if register in needed]
        number = {register: register for register in range(self.inputs)}
        values: list[Any] = []
        for register in constants:
            number[register] = self.inputs + len(values)
            values.append(self.known[register])
        held = set(constants)
        steps = []
        for compute, sources, targets, single, unused in kept:
            for target in targets:
                number[target] = self.inputs + len(values)
                values.append(None)
            steps.append(
                Step(
                    compute,
                    tuple(number[source] for source in sources),
                    tuple(number[target] for target in targets),
                    single,
                    tuple(number[one] for one in unused if one not in held),
                )
            )
        outputs = [number[index] for index in self.outputs]
        return Plan(steps, self.inputs, values, outputs, cost)


def _is_small(equation: Equation) -> bool:
    size = sum(
        int(np.prod(var.aval.shape, dtype=np.int64)) * var.aval.dtype.itemsize
        for var in equation.outvars
    )
    return size <= _MOST_BYTES
