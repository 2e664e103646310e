"""The transformer of GPT-2, of which its forms differ in names and layouts."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

import jax
import jax.numpy as jnp

from funcnet import functional as F
from funcnet import init, nn
from funcnet._check import check_choice
from funcnet._errors import InputError
from funcnet._types import Array, Key, Params, State
from funcnet.nn._base import ParametricLayer

_ACTIVATIONS: Final[dict[str, Callable[[Array], Array]]] = {
    "gelu": F.gelu,
    "gelu_new": partial(F.gelu, approximate="tanh"),
    "relu": F.relu,
}


@dataclass(frozen=True)
class GPTConfig:
    """The sizes of a GPT-2 and what its layers are, under Hugging Face's names.

    Args:
        n_positions: the longest sequence.
        n_embd: the width; `n_head` has to divide it.
        n_inner: the width inside the perceptrons, `4 * n_embd` by default.
        activation_function: "gelu_new" (by tanh), "gelu" or "relu".
        bias: of linear layers and norms.
        transposed: keep the weights of linear layers as (in, out), as GPT-2's files do.

    Raises:
        InputError: `n_head` does not divide `n_embd`, or the activation is unknown.
    """

    vocab_size: int = 50257
    n_positions: int = 1024
    n_embd: int = 768
    n_layer: int = 12
    n_head: int = 12
    n_inner: int | None = None
    activation_function: str = "gelu_new"
    resid_pdrop: float = 0.1
    embd_pdrop: float = 0.1
    attn_pdrop: float = 0.1
    layer_norm_epsilon: float = 1e-5
    bias: bool = True
    transposed: bool = True

    def __post_init__(self) -> None:
        if self.n_head < 1 or self.n_embd % self.n_head:
            raise InputError(
                f"GPTConfig: {self.n_head} heads do not divide a width of "
                f"{self.n_embd}. Choose n_head among the divisors of n_embd."
            )
        known = tuple(_ACTIVATIONS)
        check_choice(
            "GPTConfig", "activation_function", self.activation_function, known
        )

    def linear(self, n_in: int, n_out: int) -> nn.Layer:
        """A linear layer in the layout that is asked for."""
        made = Conv1D if self.transposed else nn.Linear
        return made(n_in, n_out, bias=self.bias)

    def norm(self) -> nn.LayerNorm:
        """A layer norm over the width."""
        return nn.LayerNorm(self.n_embd, eps=self.layer_norm_epsilon, bias=self.bias)


@dataclass(frozen=True, repr=False)
class Conv1D(ParametricLayer):
    """Linear layer whose weight is `(in, out)`; transformers' `Conv1D`.

    Params: `weight` `(in_features, out_features)`, from N(0, 0.02²), and `bias`
    `(out_features,)`, zeros.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> layer = Conv1D(3, 4)
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.ones((2, 3)))[0].shape
        (2, 4)
    """

    in_features: int
    out_features: int
    bias: bool = True

    def init(self, key: Key) -> tuple[Params, State]:
        shape = (self.in_features, self.out_features)
        params = {"weight": init.normal(key, shape, std=0.02, dtype=self.dtype)}
        if self.bias:
            params["bias"] = jnp.zeros(self.out_features, self.dtype)
        return params, {}

    def compute(self, params: Params, x: Array) -> Array:
        return F.linear(x, params["weight"].T, params.get("bias"))


class Cache(NamedTuple):
    """Keys and values of what was read: `(batch, heads, positions, features)`."""

    keys: Array
    values: Array


class Attention(nn.Model):
    """Causal self-attention."""

    def __init__(self, config: GPTConfig) -> None:
        width = config.n_embd
        self.n_head, self.attn_pdrop = config.n_head, config.attn_pdrop
        self.c_attn = config.linear(width, 3 * width)
        self.c_proj = config.linear(width, width)
        self.resid_dropout = nn.Dropout(config.resid_pdrop)

    def forward(
        self, x: Array, cache: Cache | None = None, start: Any = 0
    ) -> tuple[Array, Cache | None]:
        batch, length, width = x.shape
        qkv = self.c_attn(x).reshape(batch, length, 3, self.n_head, -1)
        q, k, v = jnp.transpose(
            qkv, (2, 0, 3, 1, 4)
        )  # (batch, heads, length, features)
        attend = F.scaled_dot_product_attention
        if cache is not None:
            cache = Cache(
                _written(cache.keys, k, start), _written(cache.values, v, start)
            )
            y = attend(q, *cache, attn_mask=_readable(length, cache.keys, start))
        elif self.training and self.attn_pdrop:
            key, p = self.next_key(), self.attn_pdrop
            y = attend(q, k, v, dropout_p=p, is_causal=True, dropout_key=key)
        else:
            y = attend(q, k, v, is_causal=True)
        y = y.swapaxes(1, 2).reshape(batch, length, width)
        return self.resid_dropout(self.c_proj(y)), cache


def _written(old: Array, new: Array, start: Any) -> Array:
    return jax.lax.dynamic_update_slice_in_dim(old, new.astype(old.dtype), start, 2)


def _readable(length: int, keys: Array, start: Any) -> Array:
    """Where queries from `start` on may look: at themselves and before."""
    queries = start + jnp.arange(length)
    return jnp.arange(keys.shape[2])[None] <= queries[:, None]


class MLP(nn.Model):
    """The perceptron of a layer."""

    def __init__(self, config: GPTConfig) -> None:
        inner = config.n_inner or 4 * config.n_embd
        self.activation_function = config.activation_function
        self.c_fc = config.linear(config.n_embd, inner)
        self.c_proj = config.linear(inner, config.n_embd)
        self.dropout = nn.Dropout(config.resid_pdrop)

    def forward(self, x: Array) -> Array:
        activation = _ACTIVATIONS[self.activation_function]
        return self.dropout(self.c_proj(activation(self.c_fc(x))))


class Block(nn.Model):
    """A layer: attention and a perceptron, each behind a norm."""

    def __init__(self, config: GPTConfig) -> None:
        self.ln_1 = config.norm()
        self.attn = Attention(config)
        self.ln_2 = config.norm()
        self.mlp = MLP(config)

    def forward(
        self, x: Array, cache: Cache | None = None, start: Any = 0
    ) -> tuple[Array, Cache | None]:
        y, cache = self.attn(self.ln_1(x), cache, start)
        x = x + y
        return x + self.mlp(self.ln_2(x)), cache


class Transformer(nn.Model):
    """Embeddings, layers and the last norm: tokens to features.

    `read` goes on from the tokens that are in a cache.
    """

    wte: Any
    wpe: Any

    def __init__(self, config: GPTConfig) -> None:
        self.config = config
        self.wte = nn.Embedding(config.vocab_size, config.n_embd)
        self.wpe = nn.Embedding(config.n_positions, config.n_embd)
        self.drop = nn.Dropout(config.embd_pdrop)
        self.h = [Block(config) for _ in range(config.n_layer)]
        self.ln_f = config.norm()

    def _reset_parameters(self) -> None:
        # What is added to the sum of all layers begins smaller, the more there are.
        narrow = 0.02 / math.sqrt(2 * self.config.n_layer)
        shown: Any = self  # the model while it is initialised
        for path, m in shown.named_modules():
            weight: Any = getattr(m, "weight", None)
            bias: Any = getattr(m, "bias", None)
            if isinstance(m, nn.Linear | Conv1D):
                std = narrow if path.endswith("c_proj") else 0.02
                weight.draw(init.normal, std=std)
                if bias is not None:
                    bias.draw(init.zeros)
            elif isinstance(m, nn.Embedding):
                weight.draw(init.normal, std=0.02)

    def read(
        self, tokens: Array, caches: Sequence[Any], start: Any
    ) -> tuple[Array, list[Any]]:
        """Compute the features of tokens that begin at `start`, and the new caches.

        Args:
            caches: one for each layer, or None where nothing is kept.
        """
        length = tokens.shape[-1]
        if length > self.config.n_positions:
            raise InputError(
                f"GPT: a sequence of {length} tokens, the positions are "
                f"{self.config.n_positions}. Cut the sequence, or build the model with "
                "more positions."
            )
        x = self.wte(tokens) + self.wpe(start + jnp.arange(length))[None]
        x, kept = self.drop(x), []
        for block, cache in zip(self.h, caches, strict=True):
            x, cache = block(x, cache, start)
            kept.append(cache)
        return self.ln_f(x), kept

    def forward(self, tokens: Array) -> Array:
        return self.read(tokens, [None] * len(self.h), 0)[0]
