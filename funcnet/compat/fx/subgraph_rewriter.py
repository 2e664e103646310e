"""Replacement of patterns in graphs, as `torch.fx.subgraph_rewriter`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from funcnet.compat.fx._tracer import symbolic_trace
from funcnet.compat.fx.graph import Graph
from funcnet.compat.fx.node import Node, map_arg
from funcnet.compat.nn import Module


class Match(NamedTuple):
    """Match of a pattern: its anchor, and the node of each node of the pattern."""

    anchor: Node
    nodes_map: dict[Node, Node]


@dataclass
class ReplacedPatterns:
    """Match, and its replacement."""

    anchor: Node
    nodes_map: dict[Node, Node]
    replacements: list[Node]


def replace_pattern(
    gm: Any,
    pattern: Callable[..., Any] | Module,
    replacement: Callable[..., Any] | Module,
) -> list[Match]:
    """Replace all matches of a pattern in a graph.

    Equals `torch.fx.replace_pattern`, of patterns with one result.

    Args:
        gm: the module whose graph is changed.
        pattern, replacement: functions of the same arguments, or modules.
    """
    old, new = _graph_of(pattern), _graph_of(replacement)
    result: list[Match] = []
    taken: set[Node] = set()
    last = old.output_node().args[0]
    if not isinstance(last, Node):
        raise NotImplementedError("replace_pattern: a pattern has one result")
    for node in list(gm.graph.nodes):
        match: dict[Node, Node] = {}
        if node._erased or not _fits(last, node, match) or not _is_alone(match, last):
            continue
        inner = {n for p, n in match.items() if p.op != "placeholder"}
        if inner & taken:
            continue
        _exchange(gm, old, new, last, node, match)
        taken |= inner
        result.append(Match(node, match))
    gm.recompile()
    return result


def _graph_of(function: Module | Callable[..., Any]) -> Graph:
    result = getattr(function, "graph", None)
    return result if isinstance(result, Graph) else symbolic_trace(function).graph


def _fits(pattern: Any, node: Any, match: dict[Node, Node]) -> bool:
    """Return whether a node matches one of a pattern; fills in the match."""
    if not isinstance(pattern, Node):
        if isinstance(pattern, list | tuple):
            same = isinstance(node, type(pattern)) and len(node) == len(pattern)
            parts = zip(pattern, node, strict=True) if same else ()
            return same and all(_fits(x, y, match) for x, y in parts)
        return bool(type(pattern) is type(node) and pattern == node)
    if not isinstance(node, Node):
        return False
    if pattern in match:
        return match[pattern] is node
    if pattern.op == "placeholder":
        match[pattern] = node
        return True
    if pattern.op != node.op or pattern.target != node.target:
        return False
    if pattern.kwargs.keys() != node.kwargs.keys():
        return False
    if len(pattern.args) != len(node.args):
        return False
    match[pattern] = node
    named = [(value, node.kwargs[name]) for name, value in pattern.kwargs.items()]
    pairs = [*zip(pattern.args, node.args, strict=True), *named]
    return all(_fits(x, y, match) for x, y in pairs)


def _is_alone(match: dict[Node, Node], last: Node) -> bool:
    """Return whether no intermediate value is used outside the match."""
    inside = set(match.values())
    return all(
        set(node.users) <= inside
        for one, node in match.items()
        if one.op != "placeholder" and one is not last
    )


def _exchange(
    gm: Any, old: Graph, new: Graph, last: Node, node: Node, match: dict[Node, Node]
) -> None:
    inputs = [n for n in old.nodes if n.op == "placeholder"]
    values = {
        mine: match[theirs]
        for mine, theirs in zip(
            [n for n in new.nodes if n.op == "placeholder"], inputs, strict=True
        )
        if theirs in match
    }
    with gm.graph.inserting_before(node):
        result = gm.graph.graph_copy(new, values)
    output = map_arg(result, lambda n: n)
    node.replace_all_uses_with(output)
    for one in sorted(
        (n for p, n in match.items() if p.op != "placeholder"), reverse=True
    ):
        gm.graph.erase_node(one)


__all__ = ["Match", "ReplacedPatterns", "replace_pattern"]
