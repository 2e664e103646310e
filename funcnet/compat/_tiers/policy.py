"""When a program that is interpreted is compiled.

An interpreted use costs more than a compiled one, and compiling costs what many uses
do. A program begins to be compiled, in the background, when by the number of its uses
so far it is expected to pay, and takes over some uses later (`estimates.schedule`).
Costs are estimated from the operations alone, never measured: the use at which the
compiled program takes over is the same in every run of a script.
"""

import contextlib
import os
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, TypeAlias

import jax
import numpy as np

from funcnet.compat._core.context import thread
from funcnet.compat._core.counts import add, counts
from funcnet.compat._core.device import device
from funcnet.compat._engine import executor, graph
from funcnet.compat._engine.op import Op, OpCall, TensorSpec
from funcnet.compat._engine.program import FixedNumbers, Program
from funcnet.compat._engine.trace import Trace
from funcnet.compat._tiers import families, segmented
from funcnet.compat._tiers.background import Compilation, compile_later
from funcnet.compat._tiers.compiled_calls import compiled_call, is_compiled_at_once
from funcnet.compat._tiers.estimates import (
    AT_ONCE,
    NEVER_COMPILED,
    compiling,
    compiling_calls,
    gain,
    schedule,
)
from funcnet.compat._tiers.fixed_numbers import fixed_numbers
from funcnet.compat._tiers.interpret import WRITTEN, Interpretation, planned
from funcnet.compat._tiers.joined import joined_call
from funcnet.compat._tiers.sizes import family_of, note_new_program

Tier: TypeAlias = Literal["auto", "compile", "interpret"]

_TIERS: Final = ("auto", "compile", "interpret")
_MOST_PROGRAMS: Final = 1024
_MUCH: Final = 30.0
"""Seconds of compiling that a script is warned of."""
_MOST_DIFFERENTIATED: Final = 100_000
_RECENT: Final = 32


class _Use:
    """How often a program was used, and what was compiled for it.

    Attributes:
        uses: how often.
        interpretation: how it is interpreted.
        schedule: the uses at which it is compiled.
        numbers: the constants of the compiled program.
        programs: the compiled ones, by the leaves that they write into.
        compilation: the one that the thread beside works on.
    """

    __slots__ = (
        "compilation",
        "interpretation",
        "numbers",
        "programs",
        "schedule",
        "uses",
    )

    def __init__(self) -> None:
        self.uses = 0
        self.interpretation: Interpretation | None = None
        self.schedule = NEVER_COMPILED
        self.numbers: FixedNumbers = ()
        self.programs: dict[tuple[int, ...] | None, Program] = {}
        self.compilation: Compilation | None = None


def _tier_of_environment() -> Tier:
    tier = os.environ.get("FUNCNET_TIER", "auto")
    if tier not in _TIERS:
        raise ValueError(
            f"FUNCNET_TIER is {tier!r}; it must be one of {', '.join(_TIERS)}."
        )
    return tier  # type: ignore[return-value]


_DEFAULT: Final = _tier_of_environment()


@contextlib.contextmanager
def tier(name: Tier) -> Iterator[None]:
    """Interpret all programs of this thread inside, compile all, or choose ("auto").

    Raises:
        ValueError: for another name.
    """
    if name not in _TIERS:
        raise ValueError(f"{name!r} is no tier; it must be one of {', '.join(_TIERS)}.")
    context = thread.context
    before, context.tier = context.tier, name
    try:
        yield
    finally:
        context.tier = before


class _Used(threading.local):
    """How the calling thread used each program, and how many sizes a family has.

    Each thread counts by itself, because the order in which threads run is another in
    each run of a script.
    """

    def __init__(self) -> None:
        self.programs: OrderedDict[Any, _Use] = OrderedDict()
        self.sizes: Counter[int] = Counter()


_used: Final = _Used()


def run(on: device, trace: Trace, results: Sequence[int], may_donate: bool) -> None:
    """Run a trace in the tier that its use calls for."""
    tier = thread.context.tier or _DEFAULT
    if tier == "compile" or on.type != "cpu" or is_traced(trace):
        _compile_and_run(on, trace, results, may_donate)
        return
    plans = None
    if tier == "auto" and len(trace.steps) >= segmented.LEAST_STEPS:
        cut, plans = segmented.cut_of(trace, results)
        if cut is not None:
            segmented.run(cut, on, trace, results, is_compiled_at_once(trace))
            return
    key = (trace.key, tuple(results), may_donate)
    used = _used.programs
    use = used.get(key)
    is_new = use is None
    if use is None:
        use = used[key] = _Use()
        counts.programs += 1
        if len(used) > _MOST_PROGRAMS:
            used.popitem(last=False)
    elif len(used) > _MOST_PROGRAMS // 2:
        used.move_to_end(key)
    numbers = fixed_numbers(trace, results)
    if numbers != use.numbers:  # what was a constant has changed: as a new program
        use.uses, use.numbers, use.compilation = 0, numbers, None
        use.programs.clear()
    use.uses += 1
    if (
        compiled_call.ever
        and use.uses <= use.schedule.interpreted
        and tier == "auto"
        and is_compiled_at_once(trace)
    ):
        use.schedule = AT_ONCE
    if use.uses > use.schedule.interpreted and tier == "auto":
        use.interpretation = None
        _run_compiled(use, on, trace, results, may_donate)
        return
    interpretation = use.interpretation
    if interpretation is None:
        interpretation = Interpretation(trace, results, plans or planned(trace))
        if is_new:  # it may never be run again, so only its costs are kept
            cost = interpretation.cost
            family = family_of(trace)
            _used.sizes[family] += 1
            use.schedule = schedule(cost, _used.sizes[family])
            note_new_program(family, trace, gain(cost), least=2 * compiling(cost))
        else:
            use.interpretation = interpretation
    elif use.uses == WRITTEN and (
        use.schedule is NEVER_COMPILED or tier == "interpret"
    ):
        interpretation.write()
    start = time.perf_counter()  # `with spent(...)` takes 2 µs
    try:
        computed = interpretation.run(trace.leaves)
    finally:
        add("interpreting", start)
    counts.runs += 1
    counts.interpreted += 1
    if use.uses == use.schedule.begins and tier == "auto":
        donated = executor.donated_leaves(trace, results, may_donate)
        program = executor.program_of(on, trace, results, donated, use.numbers)
        use.programs[donated] = program
        types = [spec.struct for spec in program.buffers]
        types += [leaf.spec.struct for leaf in program.inputs(trace.leaves)]
        use.compilation = compile_later(on, program, types)
    executor.set_results(trace, results, computed)


def _may_grow() -> bool:
    """Whether what is pending may wait: for the gradients of what it computes.

    If forward and backward ran apart, the forward steps would be computed twice. What
    is not differentiated had better run at once.
    """
    context = thread.context
    pending = context.pending
    return (
        (context.tier or _DEFAULT) != "compile"
        and len(pending) < _MOST_DIFFERENTIATED
        and any(
            node.keeps_sources or node.forward is not None
            for node, _ in pending[-_RECENT:]
        )
    )


def _compile_and_run(
    on: device, trace: Trace, results: Sequence[int], may_donate: bool
) -> None:
    compiles = counts.compiles
    numbers = fixed_numbers(trace, results)
    executor.run_trace(on, trace, results, may_donate, numbers)
    if counts.compiles > compiles:
        lost = compiling_calls(len(trace.nodes))
        note_new_program(family_of(trace), trace, lost, least=_MUCH)


def is_traced(trace: Trace) -> bool:
    """Whether JAX traces the script's function of tensors, as `pure` lets it do."""
    for leaf in trace.leaves:
        array = leaf.array
        if type(array) is not np.ndarray and isinstance(array, jax.core.Tracer):
            return True
    return False


def _run_compiled(
    use: _Use, on: device, trace: Trace, results: Sequence[int], may_donate: bool
) -> None:
    if use.compilation is not None:
        use.compilation.wait()
        use.compilation = None
    donated = executor.donated_leaves(trace, results, may_donate)
    program = use.programs.get(donated)
    if program is None:
        program = executor.program_of(on, trace, results, donated, use.numbers)
        use.programs[donated] = program
    executor.run_program(program, on, trace, results, donated)


def new_call(op: Op, template: object, specs: tuple[TensorSpec, ...]) -> OpCall:
    """The call of an operation, of its family where it may be interpreted.

    XLA's program is traced for its own sizes in any case.
    """
    if (thread.context.tier or _DEFAULT) == "compile":
        return OpCall(op, template, specs)
    if op.makes_axis is not None:
        call = joined_call(op, template, specs)
        if call is not None:
            return call
    return families.new_call(op, template, specs)


executor.hooks.run = run
executor.hooks.may_grow = _may_grow
graph.hooks.new_call = new_call
