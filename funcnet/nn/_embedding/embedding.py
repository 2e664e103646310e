"""Tables of rows, looked up by index."""

from dataclasses import dataclass

import jax

from funcnet import functional as F
from funcnet._check import check_choice
from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike, Key, Params, State
from funcnet.nn._base import ParametricLayer

__all__ = ["Embedding", "EmbeddingBag"]


@dataclass(frozen=True, repr=False)
class Embedding(ParametricLayer):
    """Embedding: look up rows of a table; equals `torch.nn.Embedding`.

    Params: `weight` `(num_embeddings, embedding_dim)`, drawn from N(0, 1); the row
    `padding_idx` is zeros and gets no gradient.

    Input: integers of any shape `(*)`, output `(*, embedding_dim)`.

    With `max_norm` rows of a greater norm are looked up shrunk; unlike PyTorch's, the
    table itself stays as it is (see `functional.embedding`).

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.Embedding(10, 3, padding_idx=0)
        >>> params, state = layer.init(jax.random.key(0))
        >>> y, _ = layer.apply(params, state, jnp.array([[0, 7]]))
        >>> y.shape, y[0, 0].tolist()
        ((1, 2, 3), [0.0, 0.0, 0.0])
    """

    num_embeddings: int
    embedding_dim: int
    padding_idx: int | None = None
    max_norm: float | None = None
    norm_type: float = 2.0
    scale_grad_by_freq: bool = False
    sparse: bool = False

    def __post_init__(self) -> None:
        _check_padding("Embedding", self.padding_idx, self.num_embeddings)

    def init(self, key: Key) -> tuple[Params, State]:
        return {"weight": _draw(self, key)}, {}

    def compute(self, params: Params, x: ArrayLike) -> Array:
        return F.embedding(
            x,
            params["weight"],
            self.padding_idx,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
            self.sparse,
        )


@dataclass(frozen=True, repr=False)
class EmbeddingBag(ParametricLayer):
    """Embedding of bags of indices, each reduced; equals `torch.nn.EmbeddingBag`.

    Params: `weight` `(num_embeddings, embedding_dim)`, drawn from N(0, 1); the row
    `padding_idx` is zeros and is left out of the bags.

    Inputs: indices `(bags, length)`, or `(n,)` with `offsets` `(bags,)`; optionally
    `per_sample_weights` of the indices' shape. Output `(bags, embedding_dim)`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.EmbeddingBag(10, 3, mode="sum")
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.array([[1, 2], [3, 4]]))[0].shape
        (2, 3)
    """

    num_embeddings: int
    embedding_dim: int
    max_norm: float | None = None
    norm_type: float = 2.0
    scale_grad_by_freq: bool = False
    mode: str = "mean"
    sparse: bool = False
    include_last_offset: bool = False
    padding_idx: int | None = None

    def __post_init__(self) -> None:
        check_choice("EmbeddingBag", "mode", self.mode, ("sum", "mean", "max"))
        _check_padding("EmbeddingBag", self.padding_idx, self.num_embeddings)

    def init(self, key: Key) -> tuple[Params, State]:
        return {"weight": _draw(self, key)}, {}

    def compute(
        self,
        params: Params,
        x: ArrayLike,
        offsets: ArrayLike | None = None,
        per_sample_weights: Array | None = None,
    ) -> Array:
        return F.embedding_bag(
            x,
            params["weight"],
            offsets,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
            self.mode,
            self.sparse,
            per_sample_weights,
            self.include_last_offset,
            self.padding_idx,
        )


def _draw(layer: Embedding | EmbeddingBag, key: Key) -> Array:
    """Draw the table; the padding row is zeros."""
    shape = (layer.num_embeddings, layer.embedding_dim)
    weight = jax.random.normal(key, shape, layer.dtype)
    padding = layer.padding_idx
    return weight if padding is None else weight.at[padding].set(0)


def _check_padding(name: str, padding_idx: int | None, rows: int) -> None:
    if padding_idx is not None and not -rows <= padding_idx < rows:
        facts = {"padding_idx": padding_idx, "rows": rows}
        raise InputError("embedding.padding_idx", name=name, last=rows - 1, **facts)
