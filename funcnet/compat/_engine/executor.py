"""From a recording to a compiled program.

When numbers are needed, everything that is recorded and that something alive still
holds becomes one function of the arrays it starts from. The function is looked up by
its structure, so that a training step compiles once, and what nobody holds any more is
not computed at all.
"""

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import jax
import numpy as np

from funcnet.compat._core.context import thread
from funcnet.compat._core.device import META, computing, device, jax_device
from funcnet.compat._core.device_errors import OutOfMemoryError
from funcnet.compat._engine import buffer_reuse as _memory
from funcnet.compat._engine import deferred_errors as _late
from funcnet.compat._engine.compilation_cache import open_cache
from funcnet.compat._engine.graph import Value
from funcnet.compat._engine.op import (
    OpCall,
    PullbackCall,
    TensorSpec,
    forward_and_pullback,
    pytorch_promotion,
)
from funcnet.compat._engine.trace import (
    Listing,
    alive,
    held,
    leading_to,
    listed,
    with_strays,
)

# A recording longer than this runs, so that a loop that never looks at its numbers
# neither fills the memory nor makes a program that takes long to compile.
MOST_NODES: Final = 4000
MOST_PROGRAMS: Final = 512

# Arrays of numpy below this many bytes are cheaper handed to a program each time than
# made arrays of JAX first.
SMALL: Final = 1 << 14


@dataclass
class Counts:
    """How often programs were compiled and run."""

    compiles: int = 0
    runs: int = 0


counts = Counts()

running = threading.RLock()
"""Held while a program is put together and started, one at a time.

What it needs may have been recorded by another thread, which may be about to run it,
too; and which memory is free is told by counting references.
"""


class Hooks:
    """What the rooms above have done while programs run.

    `keep_strides` gets the values that are about to forget what computed them, from
    which the strides follow that they would have in PyTorch.
    """

    keep_strides: Callable[[Iterable[Value]], None] = staticmethod(lambda values: None)


hooks = Hooks()


def flush() -> None:
    """Compute everything that this thread has recorded and that is still held."""
    context = thread.context
    if context.unread_checks:
        _late.look(wait=False)
        _late.close()
    if not context.pending:
        return
    with running:
        recorded = [
            (node, values)
            for node, values in context.pending
            # Of several outputs some may be computed already.
            if values[0].node is not None or any(one.node for one in values[1:])
        ]
        context.pending.clear()
        while recorded:
            listing = listed(recorded)
            if listing.strays:
                recorded = with_strays(recorded, listing.strays)
                continue
            needed, some_unused = held(listing)
            living = alive(recorded, listing, needed) if some_unused else ()
            if all(living):
                _run_held(listing, needed)
                return
            # Nobody looks at the others; without them references are counted anew.
            del listing
            pairs = zip(recorded, living, strict=True)
            recorded = [one for one, lives in pairs if lives]


def compute(values: Iterable[Value]) -> None:
    """Compute these values and nothing else that is recorded."""
    with running:
        pending = [value for value in values if value.array is None]
        for where in sorted({value.spec.device for value in pending}, key=str):
            wanted = {id(v): v for v in pending if v.spec.device == where}
            listing = listed(leading_to(wanted.values()))
            places = [p for p, v in enumerate(listing.values) if id(v) in wanted]
            hooks.keep_strides(wanted.values())
            with computing(where):
                _run(where, listing, places)


def computed(value: Value) -> None:
    """Compute everything that is recorded, and this value in any case."""
    if value.spec.device is META:
        raise NotImplementedError("Cannot copy out of meta tensor; no data!")
    flush()
    if value.array is None:  # of a recording that could not run as a whole
        compute([value])


@contextlib.contextmanager
def apart() -> Iterator[None]:
    """Keep what is recorded inside from running together with what was before."""
    context = thread.context
    before, context.pending = context.pending, []
    try:
        yield
    finally:
        context.pending = before


def _run_held(listing: Listing, needed: Sequence[int]) -> None:
    hooks.keep_strides([listing.values[place] for place in needed])
    outs = [listing.values[place].spec for place in needed]
    devices = {out.device for out in outs}
    if len(devices) > 1:
        compute([listing.values[place] for place in needed])
        return
    where = devices.pop()
    with computing(where):
        given = _memory.given_up(listing.leaves, listing.leaf_uses, outs)
        _run(where, listing, needed, given)


class _Program(NamedTuple):
    """A compiled program.

    It writes into the memory of `spare` arrays; `gradients` are the places of those of
    its results that may become such.
    """

    run: Callable[..., list[Any]]
    spare: tuple[TensorSpec, ...] = ()
    gradients: tuple[int, ...] = ()


_programs: OrderedDict[Any, _Program] = OrderedDict()


def _run(
    where: device,
    listing: Listing,
    results: Sequence[int],
    given: tuple[int, ...] | None = None,
) -> None:
    """Run the program of a recording; without `given`, no memory is used again."""
    arrays = [_on_device(leaf) for leaf in listing.leaves]
    values = [listing.values[place] for place in results]
    key = (tuple(listing.steps), tuple(results), given, where)
    program = _programs.get(key)
    if program is None:
        open_cache()
        counts.compiles += 1
        program = _programs[key] = _compiled(listing, results, values, given)
        if len(_programs) > MOST_PROGRAMS:
            _programs.popitem(last=False)
    else:
        _programs.move_to_end(key)
    counts.runs += 1
    if where.type != "cpu":
        target = jax_device(where)
        with jax.enable_x64(True):
            arrays = [
                x
                if isinstance(x, bool | int | float | complex)
                else jax.device_put(x, target)
                for x in arrays
            ]
    spare = _memory.spare(program.spare) if program.spare else ()
    try:
        with jax.enable_x64(True):
            computed = program.run(*spare, *arrays)
    except jax.errors.JaxRuntimeError as error:
        # XLA's status code, which stands before the colon and nowhere else.
        if str(error).partition(":")[0] == "RESOURCE_EXHAUSTED":
            raise OutOfMemoryError(str(error)) from None
        raise
    for value, array in zip(values, computed, strict=True):
        value.array = array
        value.node = None
    for place in program.gradients:
        _memory.keep(values[place].spec, computed[place])


def _on_device(leaf: Value) -> Any:
    """A leaf's array, moved to JAX once if it is of numpy and not small."""
    array = leaf.array
    if type(array) is np.ndarray and array.nbytes > SMALL:
        if not array.flags.c_contiguous:
            leaf.stride = tuple([step // array.itemsize for step in array.strides])
        with computing(leaf.spec.device), jax.enable_x64(True):
            array = leaf.array = jax.device_put(array)
    return array


def _compiled(
    listing: Listing,
    results: Sequence[int],
    values: Sequence[Value],
    given: tuple[int, ...] | None,
) -> _Program:
    function = _function(listing, results)
    if given is None:
        return _Program(jax.jit(function))
    outs = [value.spec for value in values]
    gradients = _memory.large_gradients(values)
    spare = _memory.without_memory(
        [outs[place] for place in gradients],
        outs,
        [listing.leaves[place].spec for place in given],
    )
    many = len(spare)

    def program(*arrays: Any) -> list[Any]:
        return function(*arrays[many:])

    donated = (*range(many), *[many + place for place in given])
    run = jax.jit(program, donate_argnums=donated, keep_unused=bool(spare))
    return _Program(run, spare, gradients if spare else ())


def _function(listing: Listing, results: Sequence[int]) -> Callable[..., list[Any]]:
    """Make the function of the leaves that runs these nodes."""
    calls = [node.call for node in listing.nodes]
    steps = [
        (call, forward, sources)
        for call, (_, forward, sources) in zip(calls, listing.steps, strict=True)
    ]
    gradients: dict[int, list[PullbackCall]] = {}
    for call, forward, _ in steps:
        if forward >= 0:
            gradients.setdefault(forward, []).append(call)  # type: ignore[arg-type]
    chosen = tuple(results)

    def run(leaves: tuple[Any, ...]) -> list[Any]:
        values: list[Any] = []
        pullbacks: dict[int, Callable[..., Any]] = {}
        for place, (call, forward, sources) in enumerate(steps):
            arrays = [leaves[~code] if code < 0 else values[code] for code in sources]
            try:
                if place in gradients:  # also of a gradient, which is then taken anew
                    found, pullbacks[place] = forward_and_pullback(
                        call, arrays, gradients[place]
                    )
                    values += found
                elif forward >= 0:
                    # The forward call runs once; what its gradients need was kept.
                    assert isinstance(call, PullbackCall)
                    inputs = len(call.forward.input_specs)
                    values += pullbacks[forward](call, arrays[inputs:])
                else:
                    values += call.outputs(*arrays)
            except Exception as error:
                raise _naming(call, error) from error
        return [values[place] for place in chosen]

    def function(*leaves: Any) -> list[Any]:
        with pytorch_promotion():  # while it is traced
            return run(leaves)

    return function


def _naming(call: OpCall, error: Exception) -> Exception:
    """The error of an operation that JAX cannot trace, under the operation's name."""
    what = ""
    while isinstance(call, PullbackCall):
        what, call = what + "the gradient of ", call.forward
    missing = isinstance(error, NotImplementedError)
    kind = NotImplementedError if missing else RuntimeError
    return kind(f"{what}{call.op.name} cannot be computed: {error}")
