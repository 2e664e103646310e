"""Gradient modes, as `torch.autograd.grad_mode`."""

from contextlib import ContextDecorator

from funcnet.compat._core.context import (
    enable_grad,
    inference_mode,
    no_grad,
    set_grad_enabled,
)
from funcnet.compat._messages.keyword_errors import explains_keywords


@explains_keywords
class set_multithreading_enabled:  # noqa: N801 - PyTorch's name
    """Do nothing, also in a `with` block: a backward pass is one program."""

    def __init__(self, mode: bool) -> None:
        self.mode = mode

    def __enter__(self) -> None:
        return

    def __exit__(self, *error: object) -> None:
        return


class enforce_grad_layout_policy(ContextDecorator):  # noqa: N801 - PyTorch's name
    """Accepted for a `with` block: gradients have the layout of their tensors."""

    def __init__(self, enable: bool = True) -> None:
        self.enable = enable

    def __enter__(self) -> None:
        return

    def __exit__(self, *error: object) -> None:
        return


__all__ = [
    "enable_grad",
    "enforce_grad_layout_policy",
    "inference_mode",
    "no_grad",
    "set_grad_enabled",
    "set_multithreading_enabled",
]
