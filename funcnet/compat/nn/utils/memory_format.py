"""Memory formats of weights: JAX chooses the layout, so there is nothing to convert."""

from typing import Any

from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat.nn.modules.module import Module


@explains_keywords
def convert_conv2d_weight_memory_format(module: Module, memory_format: Any) -> Any:
    """Return the module: where its weights lie in memory is for XLA to choose."""
    del memory_format
    return module


convert_conv3d_weight_memory_format = convert_conv2d_weight_memory_format


__all__ = [
    "convert_conv2d_weight_memory_format",
    "convert_conv3d_weight_memory_format",
]
