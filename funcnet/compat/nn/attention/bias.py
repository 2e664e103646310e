"""Causal masks for keys of another length, as `torch.nn.attention.bias`."""

from typing import Any

import numpy as np

from funcnet.compat._tensor.tensor import Tensor, from_array


def causal_upper_left(*size: int) -> Tensor:
    """True where query `i` sees the keys `0 .. i`: a mask for attention."""
    return from_array(np.tril(np.ones(size, bool)))


def causal_lower_right(*size: int) -> Tensor:
    """The same with the last query beside the last key."""
    queries, keys = size
    return from_array(np.tril(np.ones(size, bool), keys - queries))


__all__: list[Any] = ["causal_lower_right", "causal_upper_left"]
