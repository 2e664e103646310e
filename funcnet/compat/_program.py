"""From a recording to a compiled program.

When numbers are needed, everything that is recorded and that something alive still
holds becomes one function of the arrays it starts from. The function is looked up by
its structure, so that a training step compiles once, and what nobody holds any more is
not computed at all.

CPython's counts of references say what is still held: a value that somebody refers to
besides the nodes of the recording is an output of the program. A count that is higher
than we know of costs time, and no more.
"""

import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import jax
import numpy as np

from funcnet.compat import _memory
from funcnet.compat._devices import device, jax_device
from funcnet.compat._graph import (
    Aval,
    Node,
    PullbackCall,
    Value,
    forward_and_pullback,
    pytorchs_promotion,
    recording,
)
from funcnet.compat._memory import ALONE, references

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


def flush() -> None:
    """Compute everything that is recorded and still held."""
    recorded = [outs for outs in recording if outs[0].node is not None]
    recording.clear()
    while recorded:
        listing = _listed(recorded)
        if listing.strays:
            recorded = _with_strays(recorded, listing.strays)
            continue
        held, some_unused = _held(listing)
        alive = _alive(recorded, listing, held) if some_unused else ()
        if all(alive):
            _run_held(listing, held)
            return
        # Nobody looks at the others; without them the references are counted anew.
        del listing
        recorded = [outs for outs, lives in zip(recorded, alive, strict=True) if lives]


def compute(values: Iterable[Value]) -> None:
    """Compute these values and nothing else that is recorded."""
    pending = [value for value in values if value.array is None]
    for where in sorted({value.aval.device for value in pending}, key=str):
        wanted = {id(v): v for v in pending if v.aval.device == where}
        listing = _listed(_leading_to(wanted.values()))
        places = [p for p, v in enumerate(listing.values) if id(v) in wanted]
        _run(where, listing, places)


@contextlib.contextmanager
def apart() -> Iterator[None]:
    """Keep what is recorded inside from running together with what was before."""
    before = recording.copy()
    recording.clear()
    try:
        yield
    finally:
        recording[:] = before


class _Listing:
    """A recording as numbers, in which it is compared with others.

    A source is written as its place among the values, or as ~place among the leaves.
    `uses` counts, for each, the nodes that will let go of it when they have run; a node
    that the gradient graph keeps does not. `strays` are sources that are neither known
    nor in the recording.
    """

    __slots__ = ("leaf_uses", "leaves", "nodes", "steps", "strays", "uses", "values")

    def __init__(self) -> None:
        self.values: list[Value] = []
        self.uses: list[int] = []
        self.leaves: list[Value] = []
        self.leaf_uses: list[int] = []
        self.nodes: list[Node] = []
        # Of each node: its call, the place of the node whose gradient it is, sources.
        self.steps: list[tuple[int, int, tuple[int, ...]]] = []
        self.strays: list[Value] = []


def _listed(recorded: Sequence[list[Value]]) -> _Listing:
    listing = _Listing()
    values, uses = listing.values, listing.uses
    leaves, leaf_uses = listing.leaves, listing.leaf_uses
    codes: dict[int, int] = {}
    places: dict[int, int] = {}
    for outs in recorded:
        node: Node = outs[0].node  # type: ignore[assignment]
        used = not node.kept
        sources = []
        for source in node.sources:
            code = codes.get(id(source))
            if code is None:
                if source.array is None:
                    listing.strays.append(source)
                code = codes[id(source)] = ~len(leaves)
                leaves.append(source)
                leaf_uses.append(0)
            if code < 0:
                leaf_uses[~code] += used
            else:
                uses[code] += used
            sources.append(code)
        for value in outs:
            codes[id(value)] = len(values)
            values.append(value)
            uses.append(0)
        forward = -1 if node.forward is None else places.get(id(node.forward), -1)
        places[id(node)] = len(places)
        listing.nodes.append(node)
        listing.steps.append((node.call.id, forward, tuple(sources)))
    return listing


def _held(listing: _Listing) -> tuple[list[int], bool]:
    """The places of the values that somebody refers to besides the recording.

    Also whether there are values of which neither somebody nor a node makes use.
    """
    known = ALONE + 1  # the listing and the recording
    held = []
    unused = False
    found = zip(references(listing.values), listing.uses, strict=True)
    for place, (n, used) in enumerate(found):
        if n - used > known:
            held.append(place)
        elif not used:
            unused = True
    return held, unused


def _alive(
    recorded: Sequence[list[Value]], listing: _Listing, held: Sequence[int]
) -> Sequence[bool]:
    """Tell of each node whether something that is held comes of it."""
    wanted = bytearray(len(listing.values))
    for place in held:
        wanted[place] = 1
    alive = [True] * len(recorded)
    end = len(wanted)
    for place in range(len(recorded) - 1, -1, -1):
        start = end - len(recorded[place])
        if 1 in wanted[start:end]:
            for code in listing.steps[place][2]:
                if code >= 0:
                    wanted[code] = 1
        else:
            alive[place] = False
        end = start
    return alive


def _with_strays(
    recorded: Sequence[list[Value]], strays: Sequence[Value]
) -> list[list[Value]]:
    """A recording together with what values come of that are not in it.

    There are such when a program could not run, or another thread recorded meanwhile.
    """
    known = {id(outs[0].node) for outs in recorded}
    found = [outs for outs in _leading_to(strays) if id(outs[0].node) not in known]
    return sorted([*recorded, *found], key=_number)


def _leading_to(values: Iterable[Value]) -> list[list[Value]]:
    """The recording of all that pending values come of."""
    found: dict[int, list[Value]] = {}
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        node = value.node
        assert node is not None, "a value with neither array nor node"
        outs = found.get(id(node))
        if outs is None:
            avals = node.call.outs
            outs = [Value(kind, None, node, i) for i, kind in enumerate(avals)]
            found[id(node)] = outs
            waiting += [source for source in node.sources if source.array is None]
        outs[value.index] = value
    return sorted(found.values(), key=_number)


def _number(outs: list[Value]) -> int:
    assert outs[0].node is not None, "asked of a node that has run"
    return outs[0].node.number


def _run_held(listing: _Listing, held: Sequence[int]) -> None:
    places = {listing.values[place].aval.device for place in held}
    if len(places) > 1:
        compute([listing.values[place] for place in held])
        return
    outs = [listing.values[place].aval for place in held]
    given = _memory.given_up(listing.leaves, listing.leaf_uses, outs)
    _run(places.pop(), listing, held, given)


class _Program(NamedTuple):
    """A compiled program.

    It writes into the memory of `spare` arrays; `gradients` are the places of those of
    its results that may become such.
    """

    run: Callable[..., list[Any]]
    spare: tuple[Aval, ...] = ()
    gradients: tuple[int, ...] = ()


_programs: OrderedDict[Any, _Program] = OrderedDict()


def _run(
    where: device,
    listing: _Listing,
    results: Sequence[int],
    given: tuple[int, ...] | None = None,
) -> None:
    """Run the program of a recording; without `given`, no memory is used again."""
    arrays = [_on_device(leaf) for leaf in listing.leaves]
    values = [listing.values[place] for place in results]
    key = (tuple(listing.steps), tuple(results), given, where)
    program = _programs.get(key)
    if program is None:
        counts.compiles += 1
        program = _programs[key] = _compiled(listing, results, values, given)
        if len(_programs) > MOST_PROGRAMS:
            _programs.popitem(last=False)
    else:
        _programs.move_to_end(key)
    counts.runs += 1
    if where.type != "cpu":
        target = jax_device(where)
        arrays = [
            x
            if isinstance(x, bool | int | float | complex)
            else jax.device_put(x, target)
            for x in arrays
        ]
    spare = _memory.spare(program.spare) if program.spare else ()
    with jax.enable_x64(True):
        computed = program.run(*spare, *arrays)
    for value, array in zip(values, computed, strict=True):
        value.array = array
        value.node = None
    for place in program.gradients:
        _memory.keep(values[place].aval, computed[place])


def _on_device(leaf: Value) -> Any:
    """A leaf's array, moved to JAX once if it is of numpy and not small."""
    array = leaf.array
    if type(array) is np.ndarray and array.nbytes > SMALL:
        with jax.enable_x64(True):
            array = leaf.array = jax.device_put(array)
    return array


def _compiled(
    listing: _Listing,
    results: Sequence[int],
    values: Sequence[Value],
    given: tuple[int, ...] | None,
) -> _Program:
    function = _function(listing, results)
    if given is None:
        return _Program(jax.jit(function))
    outs = [value.aval for value in values]
    gradients = _memory.large_gradients(values)
    spare = _memory.without_memory(
        [outs[place] for place in gradients],
        outs,
        [listing.leaves[place].aval for place in given],
    )
    many = len(spare)

    def program(*arrays: Any) -> list[Any]:
        return function(*arrays[many:])

    donated = (*range(many), *[many + place for place in given])
    run = jax.jit(program, donate_argnums=donated, keep_unused=bool(spare))
    return _Program(run, spare, gradients)


def _function(listing: _Listing, results: Sequence[int]) -> Callable[..., list[Any]]:
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
            if forward >= 0:
                # The forward call runs once; what its gradients need was kept.
                assert isinstance(call, PullbackCall)
                inputs = len(call.forward.avals)
                values += pullbacks[forward](call, arrays[inputs:])
            elif place in gradients:
                found, pullbacks[place] = forward_and_pullback(
                    call, arrays, gradients[place]
                )
                values += found
            else:
                values += call.outputs(*arrays)
        return [values[place] for place in chosen]

    def function(*leaves: Any) -> list[Any]:
        with pytorchs_promotion():  # while it is traced
            return run(leaves)

    return function
