"""Distances and similarities of vectors."""

from typing import Any

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._ops.checks import check_broadcast
from funcnet.compat._ops.nn.inplace import native_operation
from funcnet.compat._ops.promote import promoted_floating
from funcnet.compat._ops.registry import operation

native_operation("pdist", "pdist")


@operation(
    "nn.functional.cosine_similarity",
    "cosine_similarity",
    method=False,
)
def cosine_similarity(x1: Array, x2: Array, dim: int = 1, eps: float = 1e-8) -> Any:
    """Compute the cosine of the angle, as `torch.nn.functional.cosine_similarity`."""
    check_broadcast(x1, x2)
    x1, x2 = promoted_floating(x1, x2)
    return F.cosine_similarity(x1, x2, dim, eps)


@operation(
    "nn.functional.pairwise_distance",
    "pairwise_distance",
    method=False,
)
def pairwise_distance(
    x1: Array, x2: Array, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False
) -> Any:
    """Compute the norm of `x1 - x2`, as `torch.nn.functional.pairwise_distance`."""
    check_broadcast(x1, x2)
    x1, x2 = promoted_floating(x1, x2)
    return F.pairwise_distance(x1, x2, p, eps, keepdim)
