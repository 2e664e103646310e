"""Attention layers."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp

from funcnet import functional as F
from funcnet import init
from funcnet._check import check_in_range
from funcnet._errors import InputError
from funcnet._types import Array, Key, Params, State
from funcnet.nn._base import ParametricLayer

__all__ = ["MultiheadAttention"]


@dataclass(frozen=True, repr=False)
class MultiheadAttention(ParametricLayer):
    """Multi-head attention; equals `torch.nn.MultiheadAttention`.

    The mathematics is that of `funcnet.functional.multi_head_attention_forward`.

    Params: `in_proj_weight` `(3 * embed_dim, embed_dim)` or, with another `kdim` or
    `vdim`, `q_proj_weight`, `k_proj_weight`, `v_proj_weight`, from Xavier's uniform
    distribution; `in_proj_bias` `(3 * embed_dim,)`, zeros; with `add_bias_kv` `bias_k`
    and `bias_v` `(1, 1, embed_dim)`, from Xavier's normal one; `out_proj`, the `weight`
    and `bias` of a `Linear`, the bias zeros.

    Inputs query, keys and values `(length, batch, features)`, with `batch_first`
    `(batch, length, features)`, for one sample `(length, features)`. Masks are True
    where **not** to look, or numbers that are added to the scores: `key_padding_mask`
    `(batch, keys)`, `attn_mask` `(queries, keys)` or `(batch * num_heads, queries,
    keys)`. (`key` is the random key here, as in every layer.)

    Output `(output, weights)`; weights are `(batch, queries, keys)`, the mean over the
    heads, with `average_attn_weights=False` `(batch, num_heads, queries, keys)`, and
    with `need_weights=False` None, which is faster.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.MultiheadAttention(8, 2, batch_first=True)
        >>> params, state = layer.init(jax.random.key(0))
        >>> x = jnp.ones((3, 5, 8))
        >>> (output, weights), _ = layer.apply(params, state, x, x, x)
        >>> output.shape, weights.shape
        ((3, 5, 8), (3, 5, 5))

    Source: Vaswani et al., "Attention Is All You Need" (2017),
    https://arxiv.org/abs/1706.03762
    """

    embed_dim: int
    num_heads: int
    dropout: float = 0.0
    bias: bool = True
    add_bias_kv: bool = False
    add_zero_attn: bool = False
    kdim: int | None = None
    vdim: int | None = None
    batch_first: bool = False

    def __post_init__(self) -> None:
        if min(self.embed_dim, self.num_heads) < 1:
            facts = {"embed_dim": self.embed_dim, "num_heads": self.num_heads}
            raise InputError("multi_head.sizes", name="MultiheadAttention", **facts)
        check_in_range("MultiheadAttention", "dropout", self.dropout, 0, 1)
        if self.embed_dim % self.num_heads:
            facts = {"embed_dim": self.embed_dim, "num_heads": self.num_heads}
            raise InputError("multi_head.heads", name="MultiheadAttention", **facts)

    def draws(self, train: bool) -> bool:
        return train and 0 < self.dropout < 1

    def init(self, key: Key) -> tuple[Params, State]:
        width, dtype = self.embed_dim, self.dtype
        keys = iter(jax.random.split(key, 6))
        params: dict[str, Array | dict[str, Array]] = {}
        for name, matrix in self._projections().items():
            params[name] = init.xavier_uniform(next(keys), matrix, dtype=dtype)
        bound = width**-0.5
        out = init.uniform(next(keys), (width, width), -bound, bound, dtype=dtype)
        out_proj = {"weight": out}
        if self.bias:
            params["in_proj_bias"] = jnp.zeros(3 * width, dtype)
            out_proj["bias"] = jnp.zeros(width, dtype)
        if self.add_bias_kv:
            shape = (1, 1, width)
            for name in ("bias_k", "bias_v"):
                params[name] = init.xavier_normal(next(keys), shape, dtype=dtype)
        return params | {"out_proj": out_proj}, {}

    def _projections(self) -> dict[str, tuple[int, int]]:
        """The shapes of the weights that make queries, keys and values."""
        width, kdim, vdim = self.embed_dim, self.kdim, self.vdim
        if kdim in (None, width) and vdim in (None, width):
            return {"in_proj_weight": (3 * width, width)}
        return {
            "q_proj_weight": (width, width),
            "k_proj_weight": (width, width if kdim is None else kdim),
            "v_proj_weight": (width, width if vdim is None else vdim),
        }

    def apply(
        self,
        params: Params,
        state: State,
        query: Array,
        keys: Array,
        values: Array,
        key_padding_mask: Array | None = None,
        need_weights: bool = True,
        attn_mask: Array | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
        *,
        key: Key | None = None,
        train: bool = False,
    ) -> tuple[tuple[Array, Array | None], State]:
        weights = {name: params[name] for name in self._projections()}
        in_proj_weight = weights.pop("in_proj_weight", None)
        attended = F.multi_head_attention_forward(
            query,
            keys,
            values,
            self.embed_dim,
            self.num_heads,
            in_proj_weight,
            params.get("in_proj_bias"),
            params.get("bias_k"),
            params.get("bias_v"),
            self.add_zero_attn,
            self.dropout,
            params["out_proj"]["weight"],
            params["out_proj"].get("bias"),
            training=train,
            key_padding_mask=key_padding_mask,
            need_weights=need_weights,
            attn_mask=attn_mask,
            use_separate_proj_weight=in_proj_weight is None,
            **weights,
            average_attn_weights=average_attn_weights,
            is_causal=is_causal,
            batch_first=self.batch_first,
            dropout_key=key,
        )
        return attended, state
