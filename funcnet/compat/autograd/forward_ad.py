"""Forward-mode differentiation is `torch.func.jvp` here."""

from typing import Any


def dual_level() -> Any:
    """Refuse: `torch.func.jvp` computes the same."""
    raise NotImplementedError(
        "funcnet.compat has no dual tensors. torch.func.jvp(f, inputs, tangents) "
        "computes forward-mode derivatives."
    )
