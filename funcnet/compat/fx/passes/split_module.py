"""Graphs cut into submodules, as `torch.fx.passes.split_module`."""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from funcnet.compat.fx.graph import Graph
from funcnet.compat.fx.graph_module import GraphModule
from funcnet.compat.fx.node import Node, map_arg
from funcnet.compat.nn import Module


@dataclass
class Partition:
    """The nodes of one submodule, what they need from others, and what others need."""

    name: str
    nodes: list[Node] = field(default_factory=list)
    inputs: dict[Node, None] = field(default_factory=dict)
    outputs: dict[Node, None] = field(default_factory=dict)
    after: dict[str, None] = field(default_factory=dict)
    before: dict[str, None] = field(default_factory=dict)

    @property
    def submod_name(self) -> str:
        """The name of the submodule."""
        return f"submod_{self.name}"


def split_module(
    m: GraphModule,
    root_m: Module,
    split_callback: Callable[[Node], Any],
    qualname_map: dict[str, str] | None = None,
    keep_original_order: bool | None = False,
    keep_original_node_name: bool | None = False,
    **more: object,
) -> GraphModule:
    """Make a module that calls submodules, each a part of a graph.

    Equals `torch.fx.passes.split_module.split_module`.

    Args:
        m: the module whose graph is cut.
        root_m: has the modules and parameters that the graph names.
        split_callback: the number or name of a node's part.
        qualname_map: is filled with the old name of each submodule by the new one.
        keep_original_order: the parts are called in the order of their first nodes.
        keep_original_node_name: nodes of the parts are named as in the graph.

    Raises:
        RuntimeError: two parts need each other.
    """
    parts, part_of = _parts(m.graph, split_callback)
    order = list(parts) if keep_original_order else _in_order(parts)
    graph = Graph()
    values: dict[Node, Node] = {}
    members: dict[str, Any] = {}
    for node in m.graph.nodes:
        if node.op == "placeholder":
            default = node.args[0] if node.args else ...
            values[node] = graph.placeholder(node.target, node.type, default)
            values[node].meta = dict(node.meta)
    for node in m.graph.nodes:
        if node.op == "get_attr" and node not in part_of:
            values[node] = graph.get_attr(node.target)
            values[node].meta = dict(node.meta)
            members[node.target] = _member(root_m, node.target)
    for name in order:
        part = parts[name]
        inside, targets = _inside(part, bool(keep_original_node_name))
        for target in targets:
            if qualname_map is not None:
                qualname_map[f"{part.submod_name}.{target}"] = target
        found = {target: _member(root_m, target) for target in targets}
        members[part.submod_name] = GraphModule(found, inside)
        result = graph.call_module(
            part.submod_name, tuple(values[one] for one in part.inputs)
        )
        if len(part.outputs) == 1:
            values[next(iter(part.outputs))] = result
        else:
            for index, one in enumerate(part.outputs):
                given = (result, index)
                values[one] = graph.call_function(operator.getitem, given)
    output = m.graph.output_node()
    graph.output(map_arg(output.args[0], lambda n: values[n]))
    return GraphModule(members, graph)


def _parts(
    graph: Graph, split: Callable[[Node], Any]
) -> tuple[dict[str, Partition], dict[Node, str]]:
    """Return the parts by name, and the part of each node that computes."""
    parts: dict[str, Partition] = {}
    part_of: dict[Node, str] = {}
    for node in graph.nodes:
        if node.op not in ("placeholder", "get_attr", "output"):
            name = str(split(node))
            parts.setdefault(name, Partition(name)).nodes.append(node)
            part_of[node] = name
    for node in graph.nodes:
        to = part_of.get(node)
        if to is None and node.op != "output":
            continue
        for one in node.all_input_nodes:
            origin = part_of.get(one)
            if origin == to:
                continue
            if to is not None:
                parts[to].inputs[one] = None
            if origin is not None:
                parts[origin].outputs[one] = None
            if origin is not None and to is not None:
                parts[to].after[origin] = None
                parts[origin].before[to] = None
    return parts, part_of


def _in_order(parts: dict[str, Partition]) -> list[str]:
    """Return the names of the parts, each after those that it needs."""
    needs = {name: dict(part.after) for name, part in parts.items()}
    ready = [name for name, others in needs.items() if not others]
    result: list[str] = []
    while ready:
        result.append(ready.pop())
        for name in parts[result[-1]].before:
            del needs[name][result[-1]]
            if not needs[name]:
                ready.append(name)
    if len(result) != len(parts):
        raise RuntimeError("cycle exists between partitions!")
    return result


def _inside(part: Partition, keep_names: bool) -> tuple[Graph, list[str]]:
    """Return the graph of a part, and the modules that it calls."""
    graph = Graph()
    values: dict[Node, Node] = {}
    for one in part.inputs:
        values[one] = graph.placeholder(one.name, one.type)
        values[one].meta = dict(one.meta)
    targets: dict[str, None] = {}
    for node in part.nodes:
        args, kwargs = (
            map_arg(given, lambda n: values[n]) for given in (node.args, node.kwargs)
        )
        name = node.name if keep_names else None
        new = graph.create_node(node.op, node.target, args, kwargs, name, node.type)
        new.meta = dict(node.meta)
        values[node] = new
        if node.op == "call_module":
            targets[node.target] = None
    outputs = [values[one] for one in part.outputs]
    graph.output(outputs[0] if len(outputs) == 1 else tuple(outputs))
    return graph, list(targets)


def _member(root: Any, target: str) -> Any:
    for part in target.split("."):
        root = getattr(root, part)
    return root


__all__ = ["Partition", "split_module"]
