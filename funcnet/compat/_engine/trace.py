"""A recording as numbers, and what of it is still wanted.

CPython's counts of references say what is still held: a value that somebody refers to
besides the nodes of the recording is an output of the program. A count that is higher
than we know of costs time, and no more.
"""

from collections.abc import Iterable, Sequence

from funcnet.compat._engine.buffer_reuse import ALONE, references
from funcnet.compat._engine.graph import Node, Recorded, Value


class Listing:
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


def listed(recorded: Sequence[Recorded]) -> Listing:
    """Number the values, the leaves and the nodes of a recording."""
    listing = Listing()
    values, uses = listing.values, listing.uses
    leaves, leaf_uses = listing.leaves, listing.leaf_uses
    codes: dict[int, int] = {}
    places: dict[int, int] = {}
    for node, outs in recorded:
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


def held(listing: Listing) -> tuple[list[int], bool]:
    """The places of the values that somebody refers to besides the recording.

    Also whether there are values of which neither somebody nor a node makes use.
    """
    known = ALONE + 1  # the listing and the recording
    places = []
    unused = False
    found = zip(references(listing.values), listing.uses, strict=True)
    for place, (n, used) in enumerate(found):
        if n - used > known:
            places.append(place)
        elif not used:
            unused = True
    return places, unused


def alive(
    recorded: Sequence[Recorded], listing: Listing, needed: Sequence[int]
) -> Sequence[bool]:
    """Tell of each node whether something that is needed comes of it."""
    wanted = bytearray(len(listing.values))
    for place in needed:
        wanted[place] = 1
    found = [True] * len(recorded)
    end = len(wanted)
    for place in range(len(recorded) - 1, -1, -1):
        start = end - len(recorded[place][1])
        if 1 in wanted[start:end]:
            for code in listing.steps[place][2]:
                if code >= 0:
                    wanted[code] = 1
        else:
            found[place] = False
        end = start
    return found


def with_strays(
    recorded: Sequence[Recorded], strays: Sequence[Value]
) -> list[Recorded]:
    """A recording together with what values come of that are not in it.

    There are such when a program could not run, or another thread recorded meanwhile.
    """
    known = {id(node) for node, _ in recorded}
    found = [one for one in leading_to(strays) if id(one[0]) not in known]
    return sorted([*recorded, *found], key=_number)


def leading_to(values: Iterable[Value]) -> list[Recorded]:
    """The recording of all that pending values come of."""
    found: dict[int, Recorded] = {}
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        node = value.node
        assert node is not None, "a value with neither array nor node"
        recorded = found.get(id(node))
        if recorded is None:
            specs = node.call.output_specs
            outs = [Value(kind, None, node, i) for i, kind in enumerate(specs)]
            recorded = found[id(node)] = node, outs
            waiting += [source for source in node.sources if source.array is None]
        recorded[1][value.index] = value
    return sorted(found.values(), key=_number)


def _number(recorded: Recorded) -> int:
    return recorded[0].number
