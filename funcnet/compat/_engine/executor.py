"""From the pending nodes of a thread to a compiled program, and its results.

Passes through here: what `record` has put into `Context.pending`. When a value is
needed, `run_pending` makes a `Trace` of all of it and finds which results somebody
still holds and which inputs may be donated. `_run` looks the trace up among the
compiled programs, so that a training step compiles once; what nobody holds is not
computed at all. Afterwards each result's `Value` has its array and forgets its node.
"""

import contextlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import jax
import numpy as np

from funcnet.compat._core.context import thread
from funcnet.compat._core.counts import add, counts
from funcnet.compat._core.device import META, device, jax_device, on_device
from funcnet.compat._core.device_errors import OutOfMemoryError
from funcnet.compat._engine import buffer_reuse, deferred_errors
from funcnet.compat._engine.buffer_reuse import ALONE, references
from funcnet.compat._engine.compilation_cache import open_cache
from funcnet.compat._engine.graph import Recorded, Value
from funcnet.compat._engine.program import FixedNumbers, Program, compile_trace
from funcnet.compat._engine.trace import (
    Trace,
    dependencies,
    externally_referenced,
    linearize,
    live_nodes,
    with_foreign_inputs,
)

# More nodes than this are run, unless `hooks.may_grow` says that they may wait, so that
# a loop that never looks at its values neither fills the memory nor makes a program
# that takes long to compile.
MOST_NODES: Final = 4000
MOST_PROGRAMS: Final = 512

# Arrays of numpy below this many bytes are cheaper handed to a program each time than
# made arrays of JAX first.
SMALL: Final = 1 << 14


running = threading.RLock()
"""Held while a program is put together and started, one at a time.

What it needs may have been recorded by another thread, which may be about to run it,
too; and which memory is free is told by counting references.
"""


def run_pending() -> None:
    """Compute everything that this thread has recorded and somebody still holds."""
    context = thread.context
    if context.unread_checks:
        deferred_errors.raise_failed(wait=False)
        deferred_errors.close()
    if not context.pending:
        return
    if hooks.flushed is not None:
        hooks.flushed()
    with running:
        recorded = _taken(context.pending)
        while recorded:
            trace = linearize(recorded)
            if trace.foreign_inputs:
                recorded = with_foreign_inputs(recorded, trace.foreign_inputs)
                continue
            needed, some_unused = externally_referenced(trace)
            live = live_nodes(recorded, trace, needed) if some_unused else ()
            if all(live):
                _run_with_donation(trace, needed)
                return
            # Nobody looks at the others; without them references are counted anew.
            del trace
            pairs = zip(recorded, live, strict=True)
            recorded = [one for one, is_live in pairs if is_live]


def _taken(pending: list[Recorded]) -> list[Recorded]:
    """What is pending but for what is computed already, and what nobody refers to.

    What only such nodes refer to is left out, too, as far as counts of references tell
    without more ado.
    """
    taken: list[Recorded] = []
    while pending:
        recorded = pending.pop()
        values = recorded[1]
        if max(references(values)) > ALONE and (
            # Of several outputs some may be computed already.
            values[0].node is not None or any(one.node for one in values[1:])
        ):
            taken.append(recorded)
    taken.reverse()
    return taken


def evaluate(values: Iterable[Value]) -> None:
    """Compute these values and nothing else that is recorded."""
    with running:
        pending = [value for value in values if value.array is None]
        for on in sorted({value.spec.device for value in pending}, key=str):
            wanted = {id(v): v for v in pending if v.spec.device == on}
            trace = linearize(dependencies(wanted.values()))
            results = [i for i, v in enumerate(trace.values) if id(v) in wanted]
            hooks.keep_strides(wanted.values())
            with on_device(on):
                hooks.run(on, trace, results, False)


def materialize(value: Value) -> None:
    """Compute everything that this thread has recorded, and this value in any case."""
    if value.spec.device is META:
        raise NotImplementedError("Cannot copy out of meta tensor; no data!")
    run_pending()
    if value.array is None:  # of a program that could not run, or another thread's
        evaluate([value])


@contextlib.contextmanager
def isolated_trace() -> Iterator[None]:
    """Keep what is recorded inside from running together with what was before."""
    context = thread.context
    before, context.pending = context.pending, []
    try:
        yield
    finally:
        context.pending = before


def _run_with_donation(trace: Trace, results: Sequence[int]) -> None:
    """Run a trace that has all that is pending: what only it reads may be donated."""
    values = [trace.values[index] for index in results]
    hooks.keep_strides(values)
    devices = {value.spec.device for value in values}
    if len(devices) > 1:
        evaluate(values)
        return
    del values
    on = devices.pop()
    with on_device(on):
        hooks.run(on, trace, results, True)


_programs: OrderedDict[Any, Program] = OrderedDict()


def program_of(
    on: device,
    trace: Trace,
    results: Sequence[int],
    donated: tuple[int, ...] | None,
    numbers: FixedNumbers,
) -> Program:
    """The program of a trace with these constants, a new one where there is none."""
    key = (trace.key, tuple(results), donated, on, numbers)
    program = _programs.get(key)
    if program is None:
        open_cache()
        counts.compiles += 1
        values = [trace.values[index] for index in results]
        program = _programs[key] = compile_trace(
            trace, results, values, donated, numbers
        )
        if len(_programs) > MOST_PROGRAMS:
            _programs.popitem(last=False)
    else:
        _programs.move_to_end(key)
    return program


def donated_leaves(
    trace: Trace, results: Sequence[int], may_donate: bool
) -> tuple[int, ...] | None:
    """The leaves that the program of a trace may write into; None: use none again."""
    if not may_donate:
        return None
    specs = [trace.values[index].spec for index in results]
    return buffer_reuse.donatable_inputs(trace.leaves, trace.leaf_uses, specs)


def run_trace(
    on: device,
    trace: Trace,
    results: Sequence[int],
    may_donate: bool,
    numbers: FixedNumbers = (),
) -> None:
    """Run the program of a trace; it may use memory again that only the trace reads."""
    donated = donated_leaves(trace, results, may_donate)
    compiles = counts.compiles
    program = program_of(on, trace, results, donated, numbers)
    counts.programs += counts.compiles - compiles
    run_program(program, on, trace, results, donated)


def run_program(
    program: Program,
    on: device,
    trace: Trace,
    results: Sequence[int],
    donated: tuple[int, ...] | None,
) -> None:
    """Run a program and give its results to the values of a trace."""
    leaves = program.inputs(trace.leaves) if program.fixed else trace.leaves
    arrays = [array_of(leaf) for leaf in leaves]
    counts.runs += 1
    if on.type != "cpu":
        target = jax_device(on)
        with jax.enable_x64(True):
            arrays = [
                x
                if isinstance(x, bool | int | float | complex)
                else jax.device_put(x, target)
                for x in arrays
            ]
    buffers = buffer_reuse.take_buffers(program.buffers) if program.buffers else ()
    start = time.perf_counter()
    try:
        with jax.enable_x64(True):
            computed = program.run(*buffers, *arrays)
    except jax.errors.JaxRuntimeError as error:
        # XLA's status code, which stands before the colon and nowhere else.
        if str(error).partition(":")[0] == "RESOURCE_EXHAUSTED":
            raise OutOfMemoryError(str(error)) from None
        raise
    finally:
        add("running", start)
    set_results(trace, results, computed)
    for index in program.gradients:
        spec = trace.values[results[index]].spec
        buffer_reuse.offer_buffer(spec, computed[index])


def set_results(trace: Trace, results: Sequence[int], computed: Sequence[Any]) -> None:
    """Give the values of a trace that are results their arrays."""
    for index, array in zip(results, computed, strict=True):
        value = trace.values[index]
        value.array = array
        value.node = None


def array_of(leaf: Value) -> Any:
    """A leaf's array, made one of JAX once if it is of numpy and not small."""
    array = leaf.array
    if type(array) is np.ndarray and array.nbytes > SMALL:
        if not array.flags.c_contiguous:
            leaf.stride = tuple([step // array.itemsize for step in array.strides])
        with on_device(leaf.spec.device), jax.enable_x64(True):
            array = leaf.array = jax.device_put(array)
    return array


class Hooks:
    """What the rooms above have done while programs run.

    Attributes:
        keep_strides: gets the values that are about to forget what computed them, from
            which the strides follow that they would have in PyTorch.
        run: runs a trace; the profiler's takes the time.
        flushed: is told that what was recorded is about to run, while somebody counts.
        may_grow: whether more than `MOST_NODES` nodes may be pending.
    """

    def __init__(self) -> None:
        self.keep_strides: Callable[[Iterable[Value]], None] = lambda values: None
        self.run: Callable[[device, Trace, Sequence[int], bool], None] = run_trace
        self.flushed: Callable[[], None] | None = None
        self.may_grow: Callable[[], bool] = lambda: False


hooks: Final = Hooks()
