"""What optimizers say of settings they cannot take, in PyTorch's words."""

import math
from typing import Any

from funcnet.compat._tensor.tensor import Tensor


def check(holds: bool, message: str) -> None:
    """Raise ValueError unless a condition holds."""
    if not holds:
        raise ValueError(message)


def check_lr(lr: Any, words: str = "Invalid learning rate: {}") -> None:
    """Raise unless this can be a learning rate: a number, or a tensor of one."""
    if isinstance(lr, Tensor):
        check(math.prod(lr.shape) == 1, "Tensor lr must be 1-element")
    else:
        check(lr >= 0, words.format(lr))


def check_betas(betas: Any) -> None:
    """Raise unless both are in [0, 1)."""
    for place, beta in enumerate(betas):
        if not isinstance(beta, Tensor):
            message = f"Invalid beta parameter at index {place}: {beta}"
            check(0 <= beta < 1, message)


def check_at_least_zero(**settings: Any) -> None:
    """Raise if one of the settings is negative."""
    for name, value in settings.items():
        if not isinstance(value, Tensor):
            word = "epsilon" if name == "eps" else name
            check(value >= 0, f"Invalid {word} value: {value}")


def check_flags(
    differentiable: bool = False, fused: Any = None, foreach: Any = None
) -> None:
    """Raise for what is not possible, or not together."""
    if differentiable:
        raise NotImplementedError(
            "differentiable=True: an optimizer's step is not recorded for gradients. "
            "Write the update with tensor operations, or use funcnet.optim with "
            "jax.grad."
        )
    if fused and foreach:
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")
