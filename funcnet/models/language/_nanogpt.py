"""GPT-2 in the form of Karpathy's nanoGPT."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from funcnet import functional as F
from funcnet import nn, optim, tree
from funcnet._types import Array, Params
from funcnet.models.language._transformer import GPTConfig, Transformer

if TYPE_CHECKING:
    import optax


class NanoGPT(nn.Model):
    """nanoGPT's `GPT`: tokens `(batch, length)` to logits at all positions.

    Params are `transformer.wte.weight`, `transformer.h.0.attn.c_attn.weight` as
    `(out, in)` and so on; the head is the transposed embedding. `language.save` writes
    that array under `lm_head.weight` too, as nanoGPT's own files have it.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> model = NanoGPT(32, 65, n_layer=2, n_head=2, n_embd=16, bias=False)
        >>> params, state = model.init(jax.random.key(0))
        >>> model.apply(params, state, jnp.array([[1, 2, 3]]))[0].shape
        (1, 3, 65)

    Source: https://github.com/karpathy/nanoGPT
    """

    def __init__(
        self,
        block_size: int = 1024,
        vocab_size: int = 50304,
        n_layer: int = 12,
        n_head: int = 12,
        n_embd: int = 768,
        dropout: float = 0.0,
        bias: bool = True,
    ) -> None:
        self.config = GPTConfig(
            *(vocab_size, block_size, n_embd, n_layer, n_head),
            activation_function="gelu",
            resid_pdrop=dropout,
            embd_pdrop=dropout,
            attn_pdrop=dropout,
            bias=bias,
            transposed=False,
        )
        self.transformer = Transformer(self.config)

    def forward(self, tokens: Array) -> Array:
        return F.linear(self.transformer(tokens), self.transformer.wte.weight)

    def go_on(
        self, tokens: Array, caches: Sequence[Any], start: Any
    ) -> tuple[Array, list[Any]]:
        """Compute logits of tokens that begin at `start`, and the new caches."""
        x, kept = self.transformer.read(tokens, caches, start)
        return F.linear(x, self.transformer.wte.weight), kept


def configure_optimizers(
    params: Params,
    weight_decay: float,
    learning_rate: Any,
    betas: tuple[float, float] = (0.9, 0.95),
) -> "optax.GradientTransformation":
    """AdamW that decays matrices and embeddings, and neither biases nor norms.

    Args:
        params: of the model, or their shapes.
        learning_rate: a number, or a schedule of the step.

    Example:
        >>> import jax
        >>> model = NanoGPT(32, 65, n_layer=1, n_head=2, n_embd=16)
        >>> params, _ = model.init(jax.random.key(0))
        >>> optimizer = configure_optimizers(params, 0.1, 6e-4)
        >>> opt_state = optimizer.init(params)
    """
    ranks = {name: array.ndim for name, array in tree.flatten(params).items()}

    def decays(name: str) -> bool:
        return ranks[name] >= 2

    rule = {"lr": learning_rate, "betas": betas}
    decayed = optim.adamw(**rule, weight_decay=weight_decay)
    return optim.groups({decays: decayed, "*": optim.adamw(**rule, weight_decay=0.0)})
