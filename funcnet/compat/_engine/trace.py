"""Recorded nodes as a trace: a list of steps on numbered values.

Passes through here: nodes with their outputs, in the order in which they were recorded.
`linearize` numbers the values and the leaves, so that one trace can be compared with
another; counts of references then say what of it is needed. A value that somebody
refers to besides the nodes is an output of the program. A count that is higher than we
know of costs time, and no more.
"""

from collections.abc import Iterable, Sequence

from funcnet.compat._engine.buffer_reuse import ALONE, references
from funcnet.compat._engine.graph import Node, Recorded, Value


class Trace:
    """Recorded nodes, with their values numbered in the order of computation.

    Attributes:
        values, uses: the outputs of all nodes, and for each the number of nodes that
            will let go of it when they have run; a node that the gradient graph keeps
            does not.
        leaves, leaf_uses: the same of the values that the nodes start from.
        nodes: the nodes.
        steps: of each node its call, the step whose gradient it is or -1, and its
            sources: the index of a value, or ~index of a leaf.
        foreign_inputs: leaves that are not computed yet: of a program that could not
            run, or recorded by another thread.
    """

    __slots__ = (
        "_key",
        "foreign_inputs",
        "leaf_uses",
        "leaves",
        "nodes",
        "steps",
        "uses",
        "values",
    )

    def __init__(self) -> None:
        self.values: list[Value] = []
        self.uses: list[int] = []
        self.leaves: list[Value] = []
        self.leaf_uses: list[int] = []
        self.nodes: list[Node] = []
        self.steps: list[tuple[int, int, tuple[int, ...]]] = []
        self.foreign_inputs: list[Value] = []
        self._key: StepsKey | None = None

    @property
    def key(self) -> "StepsKey":
        """The steps, by which traces are told from one another."""
        if self._key is None:
            self._key = StepsKey(self.steps)
        return self._key


class StepsKey:
    """The steps of a trace as a key of dictionaries: they are hashed once."""

    __slots__ = ("_hash", "_steps")

    def __init__(self, steps: Sequence[tuple[int, int, tuple[int, ...]]]) -> None:
        self._steps = tuple(steps)
        self._hash = hash(self._steps)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, StepsKey)
            and self._hash == other._hash
            and self._steps == other._steps
        )


def linearize(recorded: Sequence[Recorded]) -> Trace:
    """The trace of recorded nodes."""
    trace = Trace()
    values, uses = trace.values, trace.uses
    leaves, leaf_uses = trace.leaves, trace.leaf_uses
    nodes, steps = trace.nodes, trace.steps
    index_of: dict[Value, int] = {}  # of values and leaves
    step_of: dict[Node | None, int] = {None: -1}
    for node, outputs in recorded:
        used = not node.keeps_sources
        sources = []
        for source in node.sources:
            index = index_of.get(source)
            if index is None:
                if source.array is None:
                    trace.foreign_inputs.append(source)
                index = index_of[source] = ~len(leaves)
                leaves.append(source)
                leaf_uses.append(used)
            elif index < 0:
                leaf_uses[~index] += used
            else:
                uses[index] += used
            sources.append(index)
        for value in outputs:
            index_of[value] = len(values)
            values.append(value)
            uses.append(0)
        step_of[node] = len(nodes)
        nodes.append(node)
        steps.append((node.call.id, step_of.get(node.forward, -1), tuple(sources)))
    return trace


def externally_referenced(trace: Trace) -> tuple[list[int], bool]:
    """The indices of the values that somebody refers to besides the recorded nodes.

    Also whether there are values of which neither somebody nor a node makes use.
    """
    known = ALONE + 1  # the trace and what was recorded
    indices = []
    unused = False
    counted = zip(references(trace.values), trace.uses, strict=True)
    for index, (count, used) in enumerate(counted):
        if count - used > known:
            indices.append(index)
        elif not used:
            unused = True
    return indices, unused


def live_nodes(
    recorded: Sequence[Recorded], trace: Trace, needed: Sequence[int]
) -> Sequence[bool]:
    """Of each node whether a value that is needed depends on it."""
    is_needed = bytearray(len(trace.values))
    for index in needed:
        is_needed[index] = 1
    live = [True] * len(recorded)
    end = len(is_needed)
    for step in range(len(recorded) - 1, -1, -1):
        start = end - len(recorded[step][1])
        if 1 in is_needed[start:end]:
            for source in trace.steps[step][2]:
                if source >= 0:
                    is_needed[source] = 1
        else:
            live[step] = False
        end = start
    return live


def with_foreign_inputs(
    recorded: Sequence[Recorded], foreign_inputs: Sequence[Value]
) -> list[Recorded]:
    """Recorded nodes together with those that their foreign inputs depend on."""
    known = {id(node) for node, _ in recorded}
    more = [one for one in dependencies(foreign_inputs) if id(one[0]) not in known]
    return sorted([*recorded, *more], key=_number)


def dependencies(values: Iterable[Value]) -> list[Recorded]:
    """The nodes that are to run for values which are not computed, in order."""
    recorded: dict[int, Recorded] = {}
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        node = value.node
        assert node is not None, "a value with neither array nor node"
        if id(node) not in recorded:
            specs = node.call.output_specs
            outputs = [Value(spec, None, node, i) for i, spec in enumerate(specs)]
            recorded[id(node)] = node, outputs
            waiting += [source for source in node.sources if source.array is None]
        recorded[id(node)][1][value.index] = value
    return sorted(recorded.values(), key=_number)


def _number(recorded: Recorded) -> int:
    return recorded[0].number
