"""Graphs made faster for inference, as `torch.fx.experimental.optimization`."""

import copy
from collections.abc import Iterable, Sequence
from typing import Any, Final

from funcnet.compat import nn
from funcnet.compat._messages.refused import refused
from funcnet.compat.fx._symbolic_trace import Tracer, symbolic_trace
from funcnet.compat.fx.graph import Graph
from funcnet.compat.fx.graph_module import GraphModule
from funcnet.compat.fx.interpreter import Transformer
from funcnet.compat.fx.node import Node
from funcnet.compat.nn.utils.fusion import fuse_conv_bn_eval

_FUSED: Final = (
    (nn.Conv1d, nn.BatchNorm1d),
    (nn.Conv2d, nn.BatchNorm2d),
    (nn.Conv3d, nn.BatchNorm3d),
)


def matches_module_pattern(
    pattern: Iterable[type], node: Node, modules: dict[str, Any]
) -> bool:
    """Return whether a node and its input are calls of modules of two types."""
    if not node.args or not isinstance(node.args[0], Node):
        return False
    for kind, one in zip(pattern, (node.args[0], node), strict=True):
        if one.op != "call_module" or type(modules.get(one.target)) is not kind:
            return False
    return True


def replace_node_module(
    node: Node, modules: dict[str, Any], new_module: nn.Module
) -> None:
    """Replace the module that a node calls."""
    parent, _, name = node.target.rpartition(".")
    modules[node.target] = new_module
    setattr(modules[parent], name, new_module)


def fuse(model: nn.Module, inplace: bool = False, no_trace: bool = False) -> Any:
    """Fold batch normalizations into the convolutions before them, for inference.

    Args:
        inplace: of the module's own layers, not of a copy's.
        no_trace: the module is a `GraphModule` already.
    """
    model = model if inplace else copy.deepcopy(model)
    fx_model: Any = model if no_trace else symbolic_trace(model)
    modules = dict(fx_model.named_modules())
    new_graph = copy.deepcopy(fx_model.graph)
    for pattern in _FUSED:
        for node in new_graph.nodes:
            if not matches_module_pattern(pattern, node, modules):
                continue
            conv, bn = modules[node.args[0].target], modules[node.target]
            if len(node.args[0].users) > 1 or not bn.track_running_stats:
                continue
            replace_node_module(node.args[0], modules, fuse_conv_bn_eval(conv, bn))
            node.replace_all_uses_with(node.args[0])
            new_graph.erase_node(node)
    return GraphModule(fx_model, new_graph)


def remove_dropout(model: nn.Module) -> Any:
    """Trace a module without its dropout layers."""

    class DropoutRemover(Transformer):
        def call_module(
            self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]
        ) -> Any:
            if isinstance(self.submodules[target], nn.Dropout):
                return args[0]
            return super().call_module(target, args, kwargs)

    return DropoutRemover(symbolic_trace(model)).transform()


def extract_subgraph(
    orig_module: nn.Module,
    nodes: Sequence[Node],
    inputs: Sequence[Node],
    outputs: Sequence[Node],
) -> GraphModule:
    """Make a module of some nodes of a graph."""
    graph = Graph()
    values = {node: graph.placeholder(node.name) for node in inputs}
    for node in nodes:
        values[node] = graph.node_copy(node, lambda n: values[n])
    graph.output([values[node] for node in outputs])
    graph.lint()
    return GraphModule(orig_module, graph)


globals().update(
    refused(
        "fx.experimental.optimization",
        "XLA compiles the whole of a graph: call fuse(model) and run it",
        "optimize_for_inference gen_mkl_autotuner reset_modules modules_to_mkldnn "
        "use_mkl_length UnionFind MklSubgraph",
    )
)

__all__ = [
    "Tracer",
    "extract_subgraph",
    "fuse",
    "matches_module_pattern",
    "remove_dropout",
    "replace_node_module",
]
