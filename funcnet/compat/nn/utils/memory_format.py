"""Memory formats of weights: JAX chooses the layout, so there is nothing to convert."""

from typing import Any


def convert_conv2d_weight_memory_format(module: Any, memory_format: Any) -> Any:
    """Return the module: where its weights lie in memory is for XLA to choose."""
    del memory_format
    return module


convert_conv3d_weight_memory_format = convert_conv2d_weight_memory_format
