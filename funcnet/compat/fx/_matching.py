"""Where a graph contains a pattern."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from funcnet.compat.fx.graph import Graph
from funcnet.compat.fx.graph_module import GraphModule
from funcnet.compat.fx.node import Node
from funcnet.compat.nn import Module


@dataclass
class InternalMatch:
    """Match of a pattern: its results, and the node of each of its nodes."""

    anchors: list[Node]
    nodes_map: dict[Node, Any]
    placeholder_nodes: list[Any]
    returning_nodes: list[Node]


def matches_of(
    gm: GraphModule, pattern: object, graph: Graph, ignore_literals: bool = False
) -> list[InternalMatch]:
    """Return the matches of a pattern that do not overlap, in the graph's order.

    Args:
        gm: the module whose graph is searched.
        pattern: whose modules are compared by their types, if it is a module.
        graph: the pattern's graph.
    """
    output = graph.output_node().args[0]
    results = list(output) if isinstance(output, list | tuple) else [output]
    if not results or not all(isinstance(x, Node) for x in results):
        raise NotImplementedError("replace_pattern: the results of a pattern are nodes")
    matcher = _Matcher(gm, pattern, ignore_literals)
    taken: set[Node] = set()
    found: list[InternalMatch] = []
    for nodes in matcher.search(results, {}):
        inner = {n for p, n in nodes.items() if p.op != "placeholder"}
        if inner & taken or not _is_alone(nodes, results):
            continue
        taken |= inner
        inputs = [nodes[p] for p in graph.nodes if p.op == "placeholder" and p in nodes]
        found.append(InternalMatch(results, nodes, inputs, [nodes[x] for x in results]))
    return found


class _Matcher:
    def __init__(self, gm: GraphModule, pattern: Any, ignore_literals: bool) -> None:
        self.nodes = list(gm.graph.nodes)
        self.modules = dict(gm.named_modules())
        is_module = isinstance(pattern, Module)
        self.patterns = dict(pattern.named_modules()) if is_module else {}
        self.ignore_literals = ignore_literals

    def search(
        self, results: list[Node], match: dict[Node, Any]
    ) -> Iterator[dict[Node, Any]]:
        """Yield the ways to match all results, the first of them in order."""
        if not results:
            yield match
            return
        first, *rest = results
        candidates = [match[first]] if first in match else self.nodes
        for node in candidates:
            extended = dict(match)
            if self.fits(first, node, extended):
                yield from self.search(rest, extended)

    def fits(self, pattern: Any, node: Any, match: dict[Node, Any]) -> bool:
        """Return whether a node matches one of the pattern; fills in the match."""
        if isinstance(pattern, Node):
            if pattern in match:
                return bool(match[pattern] is node)
            if pattern.op == "placeholder":
                match[pattern] = node
                return True
            return isinstance(node, Node) and self._same_call(pattern, node, match)
        if isinstance(pattern, list | tuple):
            same = isinstance(node, list | tuple) and len(node) == len(pattern)
            pairs = zip(pattern, node, strict=True) if same else ()
            return same and all(self.fits(x, y, match) for x, y in pairs)
        if isinstance(node, Node):
            return False
        return self.ignore_literals or bool(
            type(pattern) is type(node) and pattern == node
        )

    def _same_call(self, pattern: Node, node: Node, match: dict[Node, Any]) -> bool:
        if pattern.op != node.op or len(pattern.args) != len(node.args):
            return False
        if pattern.kwargs.keys() != node.kwargs.keys():
            return False
        if pattern.op == "call_module" and pattern.target in self.patterns:
            kind = type(self.patterns[pattern.target])
            if type(self.modules.get(node.target)) is not kind:
                return False
        elif pattern.op == "get_attr":
            pass
        elif pattern.target != node.target:
            return False
        match[pattern] = node
        named = [(value, node.kwargs[name]) for name, value in pattern.kwargs.items()]
        pairs = [*zip(pattern.args, node.args, strict=True), *named]
        return all(self.fits(x, y, match) for x, y in pairs)


def _is_alone(match: dict[Node, Any], results: list[Node]) -> bool:
    """Return whether no intermediate value is used outside the match."""
    inside = {node for node in match.values() if isinstance(node, Node)}
    return all(
        set(node.users) <= inside
        for one, node in match.items()
        if one.op != "placeholder" and one not in results
    )


__all__ = ["InternalMatch", "matches_of"]
