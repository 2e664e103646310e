"""Angles and distances between vectors."""

from dataclasses import dataclass

from funcnet import functional as F
from funcnet.nn._function import FunctionLayer

__all__ = ["CosineSimilarity", "PairwiseDistance"]


@dataclass(frozen=True, repr=False)
class CosineSimilarity(FunctionLayer, function=F.cosine_similarity):
    """Cosine similarity of vectors along `dim`.

    Equals `torch.nn.CosineSimilarity`. Two inputs, whose shapes broadcast; the output
    has that shape without `dim`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> x, y = jnp.array([[1.0, 0.0]]), jnp.array([[0.0, 1.0]])
        >>> nn.CosineSimilarity().apply({}, {}, x, y)[0].tolist()
        [0.0]
    """

    dim: int = 1
    eps: float = 1e-8


@dataclass(frozen=True, repr=False)
class PairwiseDistance(FunctionLayer, function=F.pairwise_distance):
    """Pairwise distance: the p-norm of `x1 - x2 + eps` along the last dimension.

    Equals `torch.nn.PairwiseDistance`. Two inputs `(*, features)`, whose shapes
    broadcast; output `(*)`, or `(*, 1)` with `keepdim`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> x, y = jnp.array([[0.0, 0.0]]), jnp.array([[3.0, 4.0]])
        >>> nn.PairwiseDistance().apply({}, {}, x, y)[0].round().tolist()
        [5.0]
    """

    p: float = 2.0
    eps: float = 1e-6
    keepdim: bool = False
