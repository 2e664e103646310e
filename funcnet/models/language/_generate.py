"""Generation: one compiled loop over a cache of keys and values."""

from typing import Any

import jax
import jax.numpy as jnp

from funcnet import nn
from funcnet._errors import InputError
from funcnet._jit import jit
from funcnet._types import Array, Key, Params
from funcnet.models.language._gpt2 import GPT2
from funcnet.models.language._nanogpt import NanoGPT
from funcnet.models.language._transformer import Cache, GPTConfig

_STEP = 64
"""Lengths are rounded up to multiples of this, so that few programs are compiled."""


def generate(
    model: GPT2 | NanoGPT,
    params: Params,
    tokens: Any,
    max_new_tokens: int,
    *,
    key: Key | None = None,
    temperature: float = 1.0,
    top_k: int | None = None,
    stop: int | None = None,
) -> Array:
    """Go on with a sequence of tokens.

    All of it runs as one program: the prompt is read at once, then a loop computes a
    token at a time from the cached keys and values. Prompts and results of other
    lengths, up to the next multiple of 64, run the same program.

    Args:
        tokens: `(batch, length)`, or `(length,)`.
        max_new_tokens: how many are added; with the prompt at most the model's
            positions.
        key: a random key to draw tokens with; without one the likeliest is taken.
        temperature: what the logits are divided by before a draw.
        top_k: draw among this many of the likeliest tokens.
        stop: a token that ends a sequence; what follows it is that token again.

    Returns:
        `(batch, length + max_new_tokens)`: the tokens and what follows them.

    Raises:
        InputError: there is no prompt, the positions do not suffice, or a setting is
            out of range.

    Example:
        >>> import jax
        >>> model = GPT2(vocab_size=64, n_positions=32, n_embd=16, n_layer=2, n_head=2)
        >>> params, _ = model.init(jax.random.key(0))
        >>> key = jax.random.key(1)
        >>> generate(model, params, [[1, 2]], 4, key=key, top_k=10).shape
        (1, 6)
    """
    given = jnp.asarray(tokens)
    prompt = jnp.atleast_2d(given)
    batch, length = prompt.shape
    total, most = length + max_new_tokens, model.config.n_positions
    _check(length, max_new_tokens, most, temperature, top_k)
    size = min(-(-total // _STEP) * _STEP, most)
    read = min(-(-length // _STEP) * _STEP, size)
    filled = jnp.zeros((batch, size), prompt.dtype).at[:, :length].set(prompt)
    result = _run(
        model,
        params,
        filled,
        length,
        total,
        jax.random.key(0) if key is None else key,
        temperature,
        read=read,
        top_k=None if top_k is None else min(top_k, model.config.vocab_size),
        stop=stop,
        draws=key is not None,
    )
    return result[:, :total].reshape(*given.shape[:-1], total)


def _check(
    length: int, count: int, most: int, temperature: float, top_k: int | None
) -> None:
    if length < 1 or count < 0:
        raise InputError(
            f"generate: {length} tokens to begin with and {count} to add. Give at "
            "least one token, such as the one that begins a text."
        )
    if length + count > most:
        raise InputError(
            f"generate: {length} tokens and {count} new ones, the model has {most} "
            f"positions. Give the last {max(most - count, 0)} tokens, or ask for fewer."
        )
    if temperature <= 0 or (top_k is not None and top_k < 1):
        raise InputError(
            f"generate: temperature={temperature} and top_k={top_k} have to be "
            "positive. Without key= the likeliest token is taken."
        )


class _Decoder(nn.Model):
    """A language model with its caches as inputs and outputs."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def forward(self, tokens: Array, caches: Any, start: Any) -> Any:
        return self.model.go_on(tokens, caches, start)


def _empty(config: GPTConfig, batch: int, size: int, dtype: Any) -> list[Cache]:
    features = config.n_embd // config.n_head
    zeros = jnp.zeros((batch, config.n_head, size, features), dtype)
    return [Cache(zeros, zeros)] * config.n_layer


def _generate(
    model: Any,
    params: Params,
    tokens: Array,
    length: Array,
    total: Array,
    key: Key,
    temperature: Array,
    *,
    read: int,
    top_k: int | None,
    stop: int | None,
    draws: bool,
) -> Array:
    decoder = _Decoder(model)
    batch, size = tokens.shape

    def logits(part: Array, caches: Any, start: Any, last: Any) -> tuple[Array, Any]:
        """What follows the token at `last` of a part, and the caches."""
        inputs = part, caches, start
        (y, caches), _ = decoder.apply({"model": params}, {}, *inputs)
        return jax.lax.dynamic_index_in_dim(y, last, 1, keepdims=False), caches

    def chosen(scores: Array, index: Array) -> Array:
        if not draws:
            return scores.argmax(-1).astype(tokens.dtype)
        scores = scores.astype(jnp.float32) / temperature
        if top_k is not None:
            least = jax.lax.top_k(scores, top_k)[0][:, -1:]
            scores = jnp.where(scores < least, -jnp.inf, scores)
        drawn = jax.random.categorical(jax.random.fold_in(key, index), scores)
        return drawn.astype(tokens.dtype)

    def add(tokens: Array, scores: Array, index: Array, ended: Array) -> Any:
        new = chosen(scores, index)
        if stop is not None:
            new = jnp.where(ended, stop, new)
            ended = new == stop
        return tokens.at[:, index].set(new), ended

    def unfinished(carry: Any) -> Array:
        index, _, _, _, ended = carry
        return (index < total) & ~ended.all()

    def step(carry: Any) -> Any:
        index, tokens, scores, caches, ended = carry
        tokens, ended = add(tokens, scores, index, ended)
        token = jax.lax.dynamic_slice_in_dim(tokens, index, 1, 1)
        scores, caches = logits(token, caches, index, 0)
        return index + 1, tokens, scores, caches, ended

    dtype = jax.tree.leaves(params)[0].dtype
    caches = _empty(model.config, batch, size, dtype)
    # What is read behind the prompt is written over before anything looks at it.
    scores, caches = logits(tokens[:, :read], caches, 0, length - 1)
    carry = (length, tokens, scores, caches, jnp.zeros(batch, bool))
    index, tokens, *_ = jax.lax.while_loop(unfinished, step, carry)
    if stop is not None:
        tokens = jnp.where((jnp.arange(size) < index)[None], tokens, stop)
    return tokens


_run = jit(
    _generate, static_argnums=0, static_argnames=("read", "top_k", "stop", "draws")
)
