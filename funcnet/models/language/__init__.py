"""Language models: GPT-2 under Hugging Face's names, and in nanoGPT's form.

They are there natively only. `load` and `save` read and write the files of both, and
`generate` goes on with a text in one compiled loop.

Example:
    >>> import jax, jax.numpy as jnp
    >>> from funcnet.models import language
    >>> model = language.gpt2(n_embd=16, n_layer=2, n_head=2, vocab_size=64)
    >>> params, _ = model.init(jax.random.key(0))
    >>> language.generate(model, params, jnp.array([[1, 2, 3]]), 5).shape
    (1, 8)
"""

from funcnet.models.language._files import (
    from_pretrained,
    load,
    save,
    to_gpt2,
    to_nanogpt,
)
from funcnet.models.language._generate import generate
from funcnet.models.language._gpt2 import (
    GPT2,
    gpt2,
    gpt2_large,
    gpt2_medium,
    gpt2_xl,
)
from funcnet.models.language._nanogpt import NanoGPT, configure_optimizers
from funcnet.models.language._transformer import Conv1D, GPTConfig

__all__ = [
    "GPT2",
    "Conv1D",
    "GPTConfig",
    "NanoGPT",
    "configure_optimizers",
    "from_pretrained",
    "generate",
    "gpt2",
    "gpt2_large",
    "gpt2_medium",
    "gpt2_xl",
    "load",
    "save",
    "to_gpt2",
    "to_nanogpt",
]
