"""nanoGPT's optimizer in optax, for the peers that use it: only matrices decay."""

import jax
import optax


def nanogpt_optimizer() -> optax.GradientTransformation:
    return optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.adamw(
            1e-3,
            b2=0.99,
            weight_decay=0.1,
            mask=lambda params: jax.tree.map(lambda p: p.ndim > 1, params),
        ),
    )
