"""Graphs of modules and functions, as `torch.fx`."""

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.unsupported import missing
from funcnet.compat.fx import (
    graph,
    graph_module,
    interpreter,
    node,
    proxy,
    subgraph_rewriter,
)
from funcnet.compat.fx._tracer import Tracer, symbolic_trace, wrap
from funcnet.compat.fx.graph import CodeGen, Graph
from funcnet.compat.fx.graph_module import GraphModule
from funcnet.compat.fx.interpreter import Interpreter, Transformer
from funcnet.compat.fx.node import Node, has_side_effect, map_arg
from funcnet.compat.fx.proxy import Proxy
from funcnet.compat.fx.subgraph_rewriter import replace_pattern


def _get_proxy_mode() -> None:
    """Return None: there is no mode that traces below function calls."""
    return


_symbolic_trace = show_as(
    f"{__name__}._symbolic_trace",
    {"Tracer": Tracer, "symbolic_trace": symbolic_trace, "wrap": wrap},
)
experimental = show_as(f"{__name__}.experimental", {})
experimental.__path__ = []
show_as(f"{experimental.__name__}.proxy_tensor", {"get_proxy_mode": _get_proxy_mode})


def __getattr__(name: str) -> object:
    return missing(name, globals(), "fx")


__all__ = [
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
    "interpreter",
    "map_arg",
    "node",
    "proxy",
    "replace_pattern",
    "subgraph_rewriter",
    "symbolic_trace",
    "wrap",
]
