"""From a recording to a compiled program.

When numbers are needed, everything that is recorded and that something alive still
holds becomes one function of the arrays it starts from. The function is looked up by
its structure, so that a training step compiles once, and what nobody holds any more is
not computed at all.
"""

import sys
import weakref
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import jax
import numpy as np

from funcnet.compat._devices import device, jax_device
from funcnet.compat._graph import Node, PullbackCall, Value, pytorchs_promotion

# A recording longer than this runs, so that a loop that never looks at its numbers
# neither fills the memory nor makes a program that takes long to compile.
MOST_NODES: Final = 4000
MOST_PROGRAMS: Final = 512

# Arrays of numpy below this many bytes are cheaper handed to a program each time than
# made arrays of JAX first.
SMALL: Final = 1 << 14


@dataclass
class Counts:
    """How often programs were compiled and run, and how many nodes were recorded."""

    compiles: int = 0
    runs: int = 0


counts = Counts()

_programs: OrderedDict[Any, Callable[..., Any]] = OrderedDict()
_holders: list[weakref.ref[Any]] = []
_last_run = [0]


def hold(holder: weakref.ref[Any], node: Node | None) -> None:
    """Tell of something that holds values of a node; its `needs()` says which."""
    _holders.append(holder)
    if node is not None and node.number - _last_run[0] > MOST_NODES:
        flush()
        _last_run[0] = node.number


def flush() -> None:
    """Compute everything that is recorded and still held."""
    needed: list[Value] = []
    for holder in _holders:
        alive = holder()
        if alive is not None:
            needed += alive.needs()
    _holders.clear()
    compute(needed)


def compute(needed: Sequence[Value]) -> None:
    """Compute these values, each device's in one program."""
    pending = {id(v): v for v in needed if v.array is None}
    if not pending:
        return
    # In the order in which they were recorded: any other changes from step to step.
    ordered = sorted(pending.values(), key=lambda v: (v.node.number, v.index))  # type: ignore[union-attr]
    places: dict[device, list[Value]] = {}
    for value in ordered:
        places.setdefault(value.aval.device, []).append(value)
    for where, values in places.items():
        _run(where, values)
    _last_run[0] = max(_last_run[0], ordered[-1].node.number)  # type: ignore[union-attr]
    for value in ordered:
        value.node = None


@dataclass
class _Listing:
    """A recording as numbers: nodes refer to leaves and to nodes before them.

    A leaf is written as ~place among the leaves, an output of a node as the node's
    place and its own index.
    """

    places: dict[int, int]
    leaves: list[Value]
    arrays: list[Any]
    uses: list[int]
    steps: list[tuple[int, tuple[int, ...], int]]


def _listed(nodes: Sequence[Node]) -> _Listing:
    places = {id(node): place for place, node in enumerate(nodes)}
    listing = _Listing(places, [], [], [], [])
    leaves: dict[int, int] = {}
    for node in nodes:
        codes = []
        for source in node.sources:
            if source.array is None:
                codes.append(places[id(source.node)] << 16 | source.index)
                continue
            known = id(source)
            leaf = leaves.get(known)
            if leaf is None:
                leaf = leaves[known] = len(listing.leaves)
                listing.leaves.append(source)
                listing.arrays.append(_on_device(source))
                listing.uses.append(0)
            listing.uses[leaf] += not node.kept
            codes.append(~leaf)
        forward = -1 if node.forward is None else places.get(id(node.forward), -1)
        listing.steps.append((node.call.id, tuple(codes), forward))
    return listing


def _run(where: device, needed: list[Value]) -> None:
    nodes = _reachable(needed)
    listing = _listed(nodes)
    places, arrays, steps = listing.places, listing.arrays, listing.steps
    results = [places[id(v.node)] << 16 | v.index for v in needed]
    given = _given_up(listing, needed)
    listing.leaves.clear()
    key = (tuple(steps), tuple(results), given, where)
    program = _programs.get(key)
    if program is None:
        counts.compiles += 1
        program = _programs[key] = _compile(nodes, steps, results, given)
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
    with jax.enable_x64(True):
        computed = program(*arrays)
    for value, array in zip(needed, computed, strict=True):
        value.array = array


def _on_device(leaf: Value) -> Any:
    """A leaf's array, moved to JAX once if it is of numpy and not small."""
    array = leaf.array
    if type(array) is np.ndarray and array.nbytes > SMALL:
        with jax.enable_x64(True):
            array = leaf.array = jax.device_put(array)
    return array


def _reachable(needed: Sequence[Value]) -> list[Node]:
    """The nodes to run, in the order in which they were recorded."""
    found: dict[int, Node] = {}
    waiting = [v.node for v in needed]
    while waiting:
        node = waiting.pop()
        assert node is not None, "a value with neither array nor node"
        if id(node) not in found:
            found[id(node)] = node
            waiting += [v.node for v in node.sources if v.array is None]
    return sorted(found.values(), key=lambda node: node.number)


def _given_up(listing: _Listing, needed: Sequence[Value]) -> tuple[int, ...]:
    """The leaves whose memory the program may write its results into.

    They are those that nobody refers to but the nodes that are about to run: a
    parameter's old value when the program gives its new one. CPython's counts of
    references tell; where they say more than we know of, the memory is left alone.
    """
    wanted: dict[int, int] = {}
    for value in needed:
        wanted[id(value.aval)] = wanted.get(id(value.aval), 0) + 1
    found = []
    for place in range(len(listing.leaves)):
        value = listing.leaves[place]
        room = wanted.get(id(value.aval), 0)
        # Besides the nodes: the list of leaves, the name, the argument of getrefcount.
        if not room or sys.getrefcount(value) - listing.uses[place] != 3:
            continue
        if type(value.array) is np.ndarray:
            with jax.enable_x64(True):
                listing.arrays[place] = jax.numpy.array(value.array)
        # Besides the value: the list of arrays and the argument of getrefcount.
        elif value.aval.number or sys.getrefcount(value.array) != 3:
            continue
        wanted[id(value.aval)] = room - 1
        found.append(place)
    return tuple(found)


def _compile(
    nodes: Sequence[Node],
    steps: Sequence[Any],
    results: Sequence[int],
    given: tuple[int, ...],
) -> Callable[..., Any]:
    """Make the function of the leaves that runs these nodes."""
    calls = [node.call for node in nodes]
    wanted: dict[int, tuple[int, ...]] = {}
    for call, (_, _, forward) in zip(calls, steps, strict=True):
        if forward >= 0:
            assert isinstance(call, PullbackCall)
            union = {*wanted.get(forward, ()), *call.wanted}
            wanted[forward] = tuple(sorted(union))
    recipes = [(codes, forward) for _, codes, forward in steps]

    def run(leaves: tuple[Any, ...]) -> list[Any]:
        outputs: list[tuple[Any, ...]] = []
        pullbacks: dict[int, Callable[..., Any]] = {}
        for place, (call, (codes, forward)) in enumerate(
            zip(calls, recipes, strict=True)
        ):
            arrays = [
                leaves[~code] if code < 0 else outputs[code >> 16][code & 0xFFFF]
                for code in codes
            ]
            if forward >= 0:
                # The forward call runs once; what its gradient needs was kept.
                assert isinstance(call, PullbackCall)
                inputs = len(call.forward.avals)
                grads = pullbacks[forward](call.cotangents(arrays[inputs:]))
                chosen = [wanted[forward].index(place) for place in call.wanted]
                outputs.append(tuple(grads[place] for place in chosen))
            elif place in wanted:
                helper = PullbackCall(call, wanted[place], ())
                found, pullbacks[place] = helper.forward_and_pullback(
                    arrays, wanted[place]
                )
                outputs.append(found)
            else:
                outputs.append(call.outputs(*arrays))
        return [outputs[code >> 16][code & 0xFFFF] for code in results]

    def program(*leaves: Any) -> list[Any]:
        with pytorchs_promotion():  # while it is traced
            return run(leaves)

    return jax.jit(program, donate_argnums=given)
