"""All parameters as one vector, as `torch.nn.utils.convert_parameters`."""

from collections.abc import Iterable
from typing import Any

from funcnet.compat._ops import FUNCTIONS


def parameters_to_vector(parameters: Iterable[Any]) -> Any:
    """Put all parameters into one vector, one behind the other."""
    return FUNCTIONS["cat"]([p.view(-1) for p in parameters])


def vector_to_parameters(vec: Any, parameters: Iterable[Any]) -> None:
    """Cut a vector into the parameters, which it then is the memory of."""
    start = 0
    for p in parameters:
        count = p.numel()
        p.data = vec[start : start + count].view_as(p).data
        start += count
