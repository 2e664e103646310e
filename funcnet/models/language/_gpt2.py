"""GPT-2, under the names of Hugging Face's transformers."""

from collections.abc import Sequence
from typing import Any

from funcnet import functional as F
from funcnet import nn
from funcnet._types import Array
from funcnet.models.language._transformer import GPTConfig, Transformer


class GPT2(Transformer):
    """GPT-2: tokens `(batch, length)` to logits `(batch, length, vocab_size)`.

    Params have the names of transformers' `GPT2Model`, which are those of the published
    files: `wte.weight`, `h.0.attn.c_attn.weight` as `(in, out)`, `ln_f.weight`. The
    head is the transposed embedding; with `tied=False` it is `lm_head`.

    Args:
        tied: give the head no weight of its own.
        config: fields of `GPTConfig`, such as `n_layer`.

    Raises:
        InputError: the settings do not fit, or a sequence is longer than `n_positions`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> model = GPT2(vocab_size=64, n_positions=32, n_embd=16, n_layer=2, n_head=2)
        >>> params, state = model.init(jax.random.key(0))
        >>> params["h"]["0"]["attn"]["c_attn"]["weight"].shape
        (16, 48)
        >>> model.apply(params, state, jnp.array([[1, 2, 3]]))[0].shape
        (1, 3, 64)

    Source: Radford et al., "Language Models are Unsupervised Multitask Learners" (2019)
    """

    def __init__(self, *, tied: bool = True, **config: Any) -> None:
        super().__init__(GPTConfig(**config))
        self.tied = tied
        if not tied:
            self.lm_head = nn.Linear(self.config.n_embd, self.config.vocab_size, False)

    def forward(self, tokens: Array) -> Array:
        return self.go_on(tokens, [None] * len(self.h), 0)[0]

    def go_on(
        self, tokens: Array, caches: Sequence[Any], start: Any
    ) -> tuple[Array, list[Any]]:
        """Compute logits of tokens that begin at `start`, and the new caches."""
        x, kept = self.read(tokens, caches, start)
        if self.tied:
            return F.linear(x, self.wte.weight), kept
        return self.lm_head(x), kept


def gpt2(**options: Any) -> GPT2:
    """GPT-2 small, 124 million parameters; see `GPT2` for the options."""
    return GPT2(**options)


def gpt2_medium(**options: Any) -> GPT2:
    """GPT-2 medium, 355 million parameters; see `GPT2` for the options."""
    return GPT2(**{"n_embd": 1024, "n_layer": 24, "n_head": 16} | options)


def gpt2_large(**options: Any) -> GPT2:
    """GPT-2 large, 774 million parameters; see `GPT2` for the options."""
    return GPT2(**{"n_embd": 1280, "n_layer": 36, "n_head": 20} | options)


def gpt2_xl(**options: Any) -> GPT2:
    """GPT-2 xl, 1,558 million parameters; see `GPT2` for the options."""
    return GPT2(**{"n_embd": 1600, "n_layer": 48, "n_head": 25} | options)
