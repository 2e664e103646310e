"""The settings of optimizers: checked with PyTorch's messages, in PyTorch's order."""

import functools
import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ParamSpec

from funcnet.compat._messages.suggestions import explain_keyword
from funcnet.compat._tensor.tensor import Tensor
from funcnet.optim._settings import Check, violation

P = ParamSpec("P")


def check_settings(checks: Iterable[Check], settings: Mapping[str, Any]) -> None:
    """Raise for a setting out of its range, or flags that are not supported."""
    lr = settings["lr"]
    if isinstance(lr, Tensor) and math.prod(lr.shape) != 1:
        raise ValueError("Tensor lr must be 1-element")
    if wrong := violation(checks, settings):
        raise ValueError(wrong.message)
    if settings.get("differentiable"):
        raise NotImplementedError(
            "differentiable=True: an optimizer's step is not recorded for gradients. "
            "Write the update with tensor operations, or use funcnet.optim with "
            "jax.grad."
        )
    if settings.get("fused") and settings.get("foreach"):
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")


def takes_settings(
    order: str = "",
) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Make the `__init__` of an optimizer of its signature alone.

    The settings, with those that are `fixed` in the class, go to its `_start` in the
    order in which PyTorch lists them in `defaults`.

    Args:
        order: settings whose order in `defaults` differs from the signature: they
            exchange their positions.
    """

    def decorate(signature_alone: Callable[P, None]) -> Callable[P, None]:
        signature = inspect.signature(signature_alone)
        moved = iter(order.split())
        names = [
            next(moved) if name in order.split() else name
            for name in list(signature.parameters)[2:]
        ]

        @functools.wraps(signature_alone)
        def start(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                signature_alone(*args, **kwargs)
            except TypeError as error:
                explain_keyword(error, signature.parameters)
                raise
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            given = bound.arguments
            optimizer = given["self"]
            settings = {name: given[name] for name in names} | optimizer.fixed
            optimizer._start(given["params"], settings)

        return start

    return decorate
