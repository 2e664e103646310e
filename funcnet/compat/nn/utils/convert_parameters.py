"""All parameters as one vector, as `torch.nn.utils.convert_parameters`."""

from collections.abc import Iterable
from typing import Any

from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.shape.joining import cat
from funcnet.compat._tensor.tensor import Tensor


def parameters_to_vector(parameters: Iterable[Any]) -> Any:
    """Concatenate parameters into one vector."""
    return cat([p.view(-1) for p in parameters])


@explains_keywords
def vector_to_parameters(vec: Tensor, parameters: Iterable[Any]) -> None:
    """Split a vector into the parameters, which share its memory from then on."""
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected torch.Tensor, but got: {type(vec).__name__}")
    start, values = 0, vec.detach()
    for p in parameters:
        count = p.numel()
        p.data = values[start : start + count].view_as(p)
        start += count


__all__ = [
    "parameters_to_vector",
    "vector_to_parameters",
]
