"""Symbolic tracing, as `torch.fx._symbolic_trace`."""

from collections.abc import Callable
from typing import Any

from funcnet.compat.fx._specialized import PH, PHBase, _assert_is_none
from funcnet.compat.fx._tracer import Tracer, wrap
from funcnet.compat.fx.graph_module import GraphModule
from funcnet.compat.nn.modules.module import Module


def symbolic_trace(
    root: Module | Callable[..., Any], concrete_args: dict[str, Any] | None = None
) -> Any:
    """Trace a module or function, as `torch.fx.symbolic_trace`.

    It is called with proxies: branches and loops on values cannot be traced.

    Args:
        concrete_args: values of arguments that are not traced; in a list or dict,
            `torch.fx.PH` stands for what is.

    Example:
        >>> import funcnet.compat as torch
        >>> traced = torch.fx.symbolic_trace(lambda x: torch.relu(x) + 1)
        >>> [node.op for node in traced.graph.nodes]
        ['placeholder', 'call_function', 'call_function', 'output']
        >>> print(traced.code.strip())
        def forward(self, x):
            relu = torch.relu(x);  x = None
            add = relu + 1;  relu = None
            return add
    """
    tracer = Tracer()
    graph = tracer.trace(root, concrete_args)
    is_module = isinstance(root, Module)
    name = type(root).__name__ if is_module else root.__name__
    return GraphModule(tracer.root, graph, name)


__all__ = ["PH", "PHBase", "Tracer", "_assert_is_none", "symbolic_trace", "wrap"]
