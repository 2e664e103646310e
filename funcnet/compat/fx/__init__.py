"""Graphs of modules and functions, as `torch.fx`."""

from funcnet.compat._core.lazy_modules import parts_of, show_as
from funcnet.compat.fx import (
    graph,
    graph_module,
    immutable_collections,
    interpreter,
    node,
    proxy,
    subgraph_rewriter,
)
from funcnet.compat.fx._code import tree_flatten_spec
from funcnet.compat.fx._symbolic_trace import PH, Tracer, symbolic_trace, wrap
from funcnet.compat.fx.graph import CodeGen, Graph
from funcnet.compat.fx.graph_module import GraphModule
from funcnet.compat.fx.interpreter import Interpreter, Transformer
from funcnet.compat.fx.node import Node, has_side_effect, map_arg
from funcnet.compat.fx.proxy import Proxy
from funcnet.compat.fx.subgraph_rewriter import replace_pattern

show_as(f"{__name__}._pytree", {"tree_flatten_spec": tree_flatten_spec})
__getattr__ = parts_of(__name__, ("experimental", "passes"), globals())

__all__ = [
    "PH",
    "CodeGen",
    "Graph",
    "GraphModule",
    "Interpreter",
    "Node",
    "Proxy",
    "Tracer",
    "Transformer",
    "graph",
    "graph_module",
    "has_side_effect",
    "immutable_collections",
    "interpreter",
    "map_arg",
    "node",
    "proxy",
    "replace_pattern",
    "subgraph_rewriter",
    "symbolic_trace",
    "wrap",
]
