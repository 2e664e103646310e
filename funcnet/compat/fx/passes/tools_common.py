"""The order of nodes, as `torch.fx.passes.tools_common`."""

from collections.abc import Mapping

from funcnet.compat.fx.graph import Graph
from funcnet.compat.fx.graph_module import GraphModule
from funcnet.compat.fx.node import Node

CALLABLE_NODE_OPS = {"call_module", "call_function", "call_method"}


def get_node_target(submodules: Mapping[str, object], node: Node) -> str:
    """Return the type of the module, or the name of the function, that a node calls."""
    if node.op == "call_module":
        cls = type(submodules[node.target])
        return f"{cls.__module__}.{cls.__qualname__}"
    if isinstance(node.target, str):
        return node.target
    return f"{node.target.__module__}.{node.target.__name__}"


def stable_topological_sort(gm: GraphModule) -> GraphModule:
    """Put the nodes of a graph in an order in which each comes after its inputs.

    Raises:
        RuntimeError: there is none.
    """
    waiting, graph = list(gm.graph.nodes), Graph()
    done: dict[Node, Node] = {}
    while waiting:
        ready = next(
            (n for n in waiting if all(one in done for one in n.all_input_nodes)), None
        )
        if ready is None:
            raise RuntimeError("Input graph has cycles, unable to add them in order")
        waiting.remove(ready)
        done[ready] = graph.node_copy(ready, lambda n: done[n])
    graph.set_codegen(gm.graph._codegen)
    gm.graph = graph
    return gm


legalize_graph = stable_topological_sort

__all__ = [
    "CALLABLE_NODE_OPS",
    "get_node_target",
    "legalize_graph",
    "stable_topological_sort",
]
