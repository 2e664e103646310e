"""A jaxpr as a list of steps that numpy computes.

`make_plan` opens the jaxprs inside a jaxpr, finds what computes each equation, leaves
out what nothing depends on, computes once what depends on no input, and notes after
which step a value is needed no more.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

import jax
import numpy as np

from funcnet.compat._interpreter.costs import Cost, cost_of_equation
from funcnet.compat._interpreter.fallback import by_xla, whole_by_xla
from funcnet.compat._interpreter.memory import Memory
from funcnet.compat._interpreter.rules.elementwise import BROADCASTING
from funcnet.compat._interpreter.rules.shape import expanded_shape
from funcnet.compat._interpreter.rules.table import RULES, Compute, Equation
from funcnet.compat._interpreter.steps import Plan, Step
from funcnet.compat._interpreter.substitution import Aval, Sized, Var

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


def make_plan(jaxpr: Any) -> Plan:
    """The plan of a jaxpr; where a value cannot be one of numpy's, XLA's program."""
    plan = _plans.get(jaxpr)
    if plan is None:
        plan = _new_plan(jaxpr)
    return plan


_plans: Final[WeakKeyDictionary[Any, Plan]] = WeakKeyDictionary()
"""The plans of jaxprs that are still there, as the bodies of loops are."""


def _new_plan(jaxpr: Any) -> Plan:
    try:
        plan = _plans[jaxpr] = Builder(jaxpr).plan()
        return plan
    except KeysError:
        count = len(jaxpr.in_avals)
        targets = tuple(range(count, count + len(jaxpr.out_avals)))
        step = Step(whole_by_xla(jaxpr), tuple(range(count)), targets, False, ())
        cost = Cost(len(jaxpr.eqns), primitives=len(jaxpr.eqns))
        return Plan([step], count, {}, targets, cost)


_KEY_RULES: Final = frozenset(
    f"random_{name}" for name in ("bits", "fold_in", "seed", "split", "unwrap", "wrap")
)
"""Primitives that compute with keys, which numpy has no dtype for."""


class KeysError(Exception):
    """A jaxpr does with random keys, for which numpy has no dtype, what has no rule."""


class Builder:
    """Numbers the variables of a jaxpr, and of those inside, as registers."""

    def __init__(self, jaxpr: Any) -> None:
        self.inputs = len(jaxpr.in_avals)
        self.known: dict[int, Any] = {}  # registers whose value depends on no input
        self.count = self.inputs
        self.steps: list[tuple[Compute, tuple[int, ...], tuple[int, ...], bool]] = []
        self.equations: dict[int, tuple[Equation, Compute]] = {}  # by the first output
        self.memory = Memory()
        self.expanded: dict[int, tuple[int, Equation]] = {}  # by the output
        self.reshaped: dict[int, int] = {}
        self.transposed: dict[int, tuple[int, tuple[int, ...]]] = {}  # by the output
        self.computed: dict[Any, list[int]] = {}  # outputs of equations, to share
        self.outputs = self._open(jaxpr, list(range(self.inputs)))

    def _open(self, closed: Any, arguments: Sequence[int]) -> list[int]:
        """Add the steps of a jaxpr, closed or without constants, on these registers."""
        jaxpr = getattr(closed, "jaxpr", closed)
        consts = getattr(closed, "consts", ())
        registers: dict[Any, int] = dict(zip(jaxpr.invars, arguments, strict=True))
        for var, value in zip(jaxpr.constvars, consts, strict=True):
            if not isinstance(getattr(value, "dtype", None), np.dtype):
                raise KeysError
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
            elif _changes_nothing(equation):
                results = list(sources)
            elif self._transposes_back(equation, sources):
                results = [self.transposed[sources[0]][0]]
            else:
                if name in BROADCASTING:
                    sources = self._without_repetition(equation, sources)
                results = self.compute(equation, sources)
            registers.update(zip(equation.outvars, results, strict=True))
        return [register_of(atom) for atom in jaxpr.outvars]

    def _constant(self, value: Any) -> int:
        register = self.count
        self.count += 1
        self.known[register] = value
        return register

    def compute(self, equation: Equation, sources: tuple[int, ...]) -> list[int]:
        """Add the step of an equation; the registers of its outputs."""
        name = equation.primitive.name
        if name not in _KEY_RULES and not all(
            isinstance(var.aval.dtype, np.dtype)
            for var in (*equation.invars, *equation.outvars)
        ):
            raise KeysError
        compute, is_fixed = self.function_of(equation)
        key = _key_of(equation, sources)
        if key in self.computed:
            return self.computed[key][:]
        single = not equation.primitive.multiple_results
        targets = tuple(range(self.count, self.count + len(equation.outvars)))
        self.count += len(targets)
        known = is_fixed and all(source in self.known for source in sources)
        if known and _is_small(equation):
            with np.errstate(all="ignore"):
                result = compute(*[self.known[source] for source in sources])
            values = [result] if single else result
            self.known.update(zip(targets, values, strict=True))
        else:
            self.steps.append((compute, sources, targets, single))
            self.memory.note(equation, compute, sources, targets)
            if name == "transpose":
                order = tuple(equation.params["permutation"])
                self.transposed[targets[0]] = sources[0], order
            if name == "broadcast_in_dim":
                self.expanded[targets[0]] = sources[0], equation
            self.equations[targets[0]] = equation, compute
        if key is not None:
            self.computed[key] = list(targets)
        return list(targets)

    def _transposes_back(self, equation: Equation, sources: tuple[int, ...]) -> bool:
        """Whether it undoes a transposition, as in the gradient of `x @ weight.T`."""
        if equation.primitive.name != "transpose" or sources[0] not in self.transposed:
            return False
        _, first = self.transposed[sources[0]]
        then = equation.params["permutation"]
        return all(first[d] == index for index, d in enumerate(then))

    def _without_repetition(
        self, equation: Equation, sources: tuple[int, ...]
    ) -> tuple[int, ...]:
        """The sources before `broadcast_in_dim` repeated elements; numpy does it, too.

        Not where nothing else would have the shape of the result.
        """
        if not any(
            source not in self.expanded and var.aval.shape
            for source, var in zip(sources, equation.invars, strict=True)
        ):
            return sources
        return tuple(map(self._before_repetition, sources))

    def _before_repetition(self, register: int) -> int:
        if register not in self.expanded:
            return register
        source, equation = self.expanded[register]
        rank = len(equation.outvars[0].aval.shape)
        dimensions = equation.params["broadcast_dimensions"]
        if tuple(dimensions) == tuple(range(rank - len(dimensions), rank)):
            return source
        if register not in self.reshaped:
            shape, dtype = expanded_shape(equation), equation.outvars[0].aval.dtype
            outs = [Var(Aval(shape, dtype))]
            reshape = Sized(jax.lax.reshape_p, {}, equation.invars, outs)
            (self.reshaped[register],) = self.compute(reshape, (source,))
        return self.reshaped[register]

    def _add_into_sums(self) -> None:
        """Scatter into what the result is added to, instead of into zeros.

        So is the gradient of what is looked up made: the sum takes as long as the rest.
        """
        uses = Counter(one for step in self.steps for one in step[1])
        uses.update(self.outputs)
        scatters = {}  # by the output
        for index, (_, sources, targets, _) in enumerate(self.steps):
            name = self.equations[targets[0]][0].primitive.name
            if name == "scatter-add" and self._is_zero(sources[0]):
                scatters[targets[0]] = index
            elif name in ("add", "add_any"):
                added = [x for x in sources if x in scatters and uses[x] == 1]
                others = [x for x in sources if x not in added]
                if len(added) == len(others) == 1 and self._has_type_of(
                    *others, *added
                ):
                    step = self.steps[scatters[added[0]]]
                    self._replace(index, added[0], (step[0], (*others, *step[1][1:])))

    def _is_zero(self, register: int) -> bool:
        source = self.expanded.get(register, (register,))[0]
        return source in self.known and not np.any(self.known[source])

    def _has_type_of(self, register: int, other: int) -> bool:
        if register not in self.equations:
            return False
        avals = [self.equations[one][0].outvars[0].aval for one in (register, other)]
        return bool(
            avals[0].shape == avals[1].shape and avals[0].dtype == avals[1].dtype
        )

    def _replace(
        self, index: int, register: int, step: tuple[Compute, tuple[int, ...]]
    ) -> None:
        """Compute what a step does as another register is computed, of these inputs."""
        _, _, targets, single = self.steps[index]
        self.steps[index] = (*step, targets, single)
        self.equations[targets[0]] = self.equations[register]

    def function_of(self, equation: Equation) -> tuple[Compute, bool]:
        """What computes an equation, and whether it may be run at once."""
        rule = RULES.get(equation.primitive.name)
        compute = None if rule is None else rule(equation)
        if compute is None:
            if equation.primitive.name in _KEY_RULES:
                raise KeysError
            compute = by_xla(equation)
        return compute, True

    def cost_of(self, steps: Sequence[tuple[Equation, Compute]]) -> Cost:
        """The cost of computing these equations."""
        cost = Cost()
        for equation, compute in steps:
            cost += cost_of_step(equation, compute)
        return cost

    def plan(self) -> Plan:
        """The steps that the outputs depend on, their registers numbered anew."""
        self._add_into_sums()
        needed = set(self.outputs)
        kept = []
        for compute, sources, targets, single in reversed(self.steps):
            if needed.isdisjoint(targets):
                continue
            # Read for the last time here, or never.
            unused = sorted({*sources, *targets} - needed - self.known.keys())
            into = self.memory.into(compute, sources, targets, unused, needed)
            needed.update(sources)
            kept.append((compute, sources, targets, single, unused, into))
        kept.reverse()
        number = {register: register for register in range(self.inputs)}

        def numbers(registers: Iterable[int]) -> tuple[int, ...]:
            # Plans of the same form have the same text.
            return tuple([number.setdefault(one, len(number)) for one in registers])

        steps = [
            Step(
                compute,
                numbers(sources),
                numbers(targets),
                single,
                numbers(unused),
                -1 if into < 0 else number[into],
            )
            for compute, sources, targets, single, unused, into in kept
        ]
        outputs = numbers(self.outputs)
        constants = {
            number[register]: value
            for register, value in self.known.items()
            if register in number
        }
        self.kept = [targets[0] for _, _, targets, *_ in kept]
        cost = self.cost_of([self.equations[first] for first in self.kept])
        return Plan(steps, self.inputs, constants, outputs, cost)


def _key_of(equation: Equation, sources: tuple[int, ...]) -> Any:
    """What equal equations have in common: an optimizer has some for each parameter.

    None where settings are not hashable.
    """
    settings = tuple(sorted(equation.params.items()))
    types = tuple([(var.aval.shape, var.aval.dtype) for var in equation.outvars])
    try:
        hash(settings)
    except TypeError:
        return None
    return equation.primitive.name, sources, settings, types


_IDENTITIES: Final = frozenset(["copy", "copy_p", "name", "pvary", "stop_gradient"])


def _changes_nothing(equation: Equation) -> bool:
    name = equation.primitive.name
    if name in ("convert_element_type", "reshape", "squeeze"):
        before, after = equation.invars[0].aval, equation.outvars[0].aval
        return bool(
            len(equation.invars) == 1
            and equation.params.get("dimensions") in (None, ())
            and (before.shape, before.dtype) == (after.shape, after.dtype)
        )
    return name in _IDENTITIES


def cost_of_step(equation: Equation, compute: Compute) -> Cost:
    """The cost of computing an equation by this function."""
    return getattr(compute, "cost", None) or cost_of_equation(equation)


def _is_small(equation: Equation) -> bool:
    size = sum(
        int(np.prod(var.aval.shape, dtype=np.int64)) * var.aval.dtype.itemsize
        for var in equation.outvars
    )
    return size <= _MOST_BYTES
