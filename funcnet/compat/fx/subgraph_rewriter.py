"""Replacement of patterns in graphs, as `torch.fx.subgraph_rewriter`."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from funcnet.compat.fx._matching import InternalMatch, matches_of
from funcnet.compat.fx._symbolic_trace import symbolic_trace
from funcnet.compat.fx.graph import Graph
from funcnet.compat.fx.graph_module import GraphModule
from funcnet.compat.fx.node import Node
from funcnet.compat.nn import Module

Pattern: TypeAlias = Callable[..., Any] | Module
Filter: TypeAlias = Callable[[Any, Graph, Graph], bool]


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
    gm: GraphModule, pattern: Pattern, replacement: Pattern
) -> list[Match]:
    """Replace all matches of a pattern in a graph, as `torch.fx.replace_pattern`.

    Args:
        gm: the module whose graph is changed.
        pattern, replacement: functions of the same arguments, or modules.

    Example:
        >>> import funcnet.compat as torch
        >>> traced = torch.fx.symbolic_trace(lambda x: torch.relu(x) + 1)
        >>> len(torch.fx.replace_pattern(traced, torch.relu, torch.tanh))
        1
        >>> traced(torch.tensor(0.0))
        tensor(1.)
    """
    made = replace_pattern_with_filters(gm, pattern, replacement)
    return [Match(anchor=one.anchor, nodes_map=one.nodes_map) for one in made]


def replace_pattern_with_filters(
    gm: GraphModule,
    pattern: Pattern | Any,
    replacement: Pattern | Any = None,
    match_filters: Sequence[Filter] | None = None,
    ignore_literals: bool = False,
    replacement_callback: Callable[[Any, Graph, Graph], Graph] | None = None,
    node_name_match: str = "",
) -> list[ReplacedPatterns]:
    """Replace the matches of a pattern that all filters accept.

    Args:
        match_filters: functions of a match, the graph and the pattern's graph.
        ignore_literals: numbers and strings may differ from those of the pattern.
        replacement_callback: makes the graph of a match's replacement.
    """
    old = _graph_of(pattern)
    fixed = None if replacement is None else _graph_of(replacement)
    if fixed is None and replacement_callback is None:
        raise AssertionError("Must provide either replacement or replacement_callback")
    result: list[ReplacedPatterns] = []
    matches = [
        match
        for match in matches_of(gm, pattern, old, ignore_literals)
        if all(accepts(match, gm.graph, old) for accepts in match_filters or ())
    ]
    moved: dict[Node, Node] = {}
    for match in matches:
        if replacement_callback is not None and fixed is None:
            new = replacement_callback(match, gm.graph, old)
        elif fixed is not None:
            new = fixed
        for one, node in match.nodes_map.items():
            match.nodes_map[one] = moved.get(node, node)
        result.append(_exchange(gm, old, new, match, moved))
    gm.recompile()
    if isinstance(replacement, Module):
        _take_members(gm, replacement)
    return result


def _graph_of(function: Any) -> Graph:
    if isinstance(function, Graph):
        return function
    result = getattr(function, "graph", None)
    return result if isinstance(result, Graph) else symbolic_trace(function).graph


def _exchange(
    gm: GraphModule,
    old: Graph,
    new: Graph,
    match: InternalMatch,
    moved: dict[Node, Node],
) -> ReplacedPatterns:
    """Put a copy of the replacement where the match is; erase the match."""
    theirs, mine = (
        [n for n in graph.nodes if n.op == "placeholder"] for graph in (old, new)
    )
    if len(theirs) != len(mine):
        raise AssertionError(
            f"the pattern has {len(theirs)} arguments, its replacement {len(mine)}"
        )
    nodes = match.nodes_map
    values = {b: nodes[a] for a, b in zip(theirs, mine, strict=True) if a in nodes}
    before = set(gm.graph.nodes)
    with _where_it_is_used(gm.graph, match.returning_nodes):
        output = gm.graph.graph_copy(new, values)
    made = [node for node in gm.graph.nodes if node not in before]
    outputs = list(output) if isinstance(output, list | tuple) else [output]
    if len(outputs) != len(match.returning_nodes):
        raise AssertionError("a pattern and its replacement have as many results")
    for node, other in zip(match.returning_nodes, outputs, strict=True):
        node.replace_all_uses_with(other)
        moved[node] = other
    inner = {n for p, n in nodes.items() if p.op != "placeholder"}
    for node in reversed(gm.graph.nodes):
        if node in inner:
            gm.graph.erase_node(node)
    return ReplacedPatterns(match.anchors[0], nodes, made)


def _where_it_is_used(graph: Graph, results: Sequence[Node]) -> Any:
    users = [user for node in results for user in node.users]
    if users:
        return graph.inserting_before(min(users))
    return graph.inserting_after(max(results))


def _take_members(gm: GraphModule, replacement: Module) -> None:
    """Copy what the graph reads from the replacement; drop what it does not read."""
    gm.delete_all_unused_submodules()
    for node in gm.graph.nodes:
        if node.op in ("call_module", "get_attr") and not _has(gm, node.target):
            member: Any = replacement
            for part in node.target.split("."):
                member = getattr(member, part)
            gm._set(node.target, copy.deepcopy(member))
    gm.graph.lint()


def _has(module: Any, target: str) -> bool:
    for part in target.split("."):
        if not hasattr(module, part):
            return False
        module = getattr(module, part)
    return True


__all__ = [
    "Match",
    "ReplacedPatterns",
    "replace_pattern",
    "replace_pattern_with_filters",
]
