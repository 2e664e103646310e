"""Shapes and dtypes of the values of a graph, as `torch.fx.passes.shape_prop`."""

from typing import Any, NamedTuple

from funcnet.compat._core.annotations import DType
from funcnet.compat._core.memory_format import (
    channels_last,
    channels_last_3d,
    contiguous_format,
    memory_format,
)
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.fx.interpreter import Interpreter
from funcnet.compat.fx.node import Node, map_aggregate
from funcnet.compat.nn import Module


class TensorMetadata(NamedTuple):
    """What is known of a tensor without its values."""

    shape: Size
    dtype: DType
    requires_grad: bool
    stride: tuple[int, ...]
    memory_format: memory_format | None
    is_quantized: bool
    qparams: dict[str, Any]


def _extract_tensor_metadata(result: Any) -> TensorMetadata:
    """Return what is known of a tensor."""
    formats = (contiguous_format, channels_last, channels_last_3d)
    ranks = {channels_last: 4, channels_last_3d: 5}
    fitting = (
        one
        for one in formats
        if ranks.get(one, result.dim()) == result.dim()
        and result.is_contiguous(memory_format=one)
    )
    return TensorMetadata(
        *(result.shape, result.dtype, result.requires_grad, result.stride()),
        *(next(fitting, None), False, {}),
    )


class ShapeProp(Interpreter):
    """Interpreter that notes the shape and dtype of each value in its node.

    Equals `torch.fx.passes.shape_prop.ShapeProp`; the notes are
    `node.meta["tensor_meta"]` and `node.meta["type"]`.

    Args:
        gm: the module of the graph.

    Example:
        >>> import funcnet.compat as torch
        >>> from funcnet.compat.fx.passes.shape_prop import ShapeProp
        >>> traced = torch.fx.symbolic_trace(lambda x: x.sum(0))
        >>> result = ShapeProp(traced).propagate(torch.ones(2, 3))
        >>> traced.graph.output_node().meta["tensor_meta"].shape
        torch.Size([3])
    """

    def __init__(
        self, gm: Module, fake_module: object = None, fake_mode: object = None
    ) -> None:
        super().__init__(gm)

    def run_node(self, n: Node) -> Any:
        """Run a node; note what is known of its value."""
        result = super().run_node(n)
        seen = False

        def note(x: object) -> Any:
            nonlocal seen
            if isinstance(x, Tensor):
                seen = True
                return _extract_tensor_metadata(x)
            return x

        meta = map_aggregate(result, note)
        if seen:
            n.meta["tensor_meta"] = meta
        n.meta["type"] = type(result)
        return result

    def propagate(self, *args: object) -> Any:
        """Run the graph on arguments; return its output."""
        return super().run(*args)


__all__ = ["ShapeProp", "TensorMetadata"]
