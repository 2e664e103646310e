"""Values of a graph on the meta device, as `torch.fx.passes.fake_tensor_prop`."""

from typing import Any

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.fx.interpreter import Interpreter
from funcnet.compat.fx.node import Node, map_aggregate
from funcnet.compat.nn import Module


class FakeTensorProp(Interpreter):
    """Interpreter that notes each value, without its elements, in its node.

    The notes are `node.meta["val"]`, which are tensors on the device "meta".
    """

    def __init__(self, module: Module, mode: object = None) -> None:
        super().__init__(module)

    def run_node(self, n: Node) -> Any:
        """Run a node; note its value without elements."""
        result = super().run_node(n)
        n.meta["val"] = map_aggregate(
            result, lambda x: x.to("meta") if isinstance(x, Tensor) else x
        )
        return result

    def propagate(self, *args: object) -> Any:
        """Run the graph on arguments; return its output."""
        return super().run(*args)


__all__ = ["FakeTensorProp"]
