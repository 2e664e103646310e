"""Drawings of graphs by pydot, as `torch.fx.passes.graph_drawer`."""

from typing import Any, Final

from funcnet.compat.fx.graph_module import GraphModule
from funcnet.compat.fx.node import qualified_name

_COLORS: Final = {
    "placeholder": "AliceBlue",
    "get_attr": "PapayaWhip",
    "call_module": "LemonChiffon",
    "call_function": "LightGoldenrod",
    "call_method": "PeachPuff",
    "output": "PowderBlue",
}


class FxGraphDrawer:
    """Draws a graph as boxes, `get_dot_graph().write_svg("graph.svg")`.

    Raises:
        RuntimeError: the package pydot is not installed.
    """

    def __init__(
        self, graph_module: GraphModule, name: str, **settings: object
    ) -> None:
        self.graph_module, self._name = graph_module, name

    def get_dot_graph(self, submod_name: str | None = None) -> Any:
        """Return the drawing, of pydot's type."""
        try:
            import pydot
        except ImportError as error:
            raise RuntimeError(
                "FXGraphDrawer requires the pydot package to be installed. Please "
                "install pydot through your favorite Python package manager."
            ) from error
        dot = pydot.Dot(self._name, rankdir="TB")
        for node in self.graph_module.graph.nodes:
            target = node.target
            shown = target if isinstance(target, str) else qualified_name(target)
            parts = [f"name=%{node.name}", f"op_code={node.op}", f"target={shown}"]
            parts += [f"num_users={len(node.users)}"]
            meta: Any = node.meta.get("tensor_meta")
            if hasattr(meta, "shape"):
                parts += [f"dtype={meta.dtype}", f"shape={tuple(meta.shape)}"]
            text = "{" + "|".join(parts) + "}"
            style = {"shape": "record", "style": "filled", "fontcolor": "#000000"}
            color = _COLORS.get(node.op, "White")
            dot.add_node(pydot.Node(node.name, label=text, fillcolor=color, **style))
        for node in self.graph_module.graph.nodes:
            for user in node.users:
                dot.add_edge(pydot.Edge(node.name, user.name))
        return dot

    def get_main_dot_graph(self) -> Any:
        """Return the drawing, of pydot's type."""
        return self.get_dot_graph()


__all__ = ["FxGraphDrawer"]
