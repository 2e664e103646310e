"""Recomputation in the backward pass, as `torch.utils.checkpoint`."""

from collections.abc import Callable
from typing import Any

from funcnet.compat._help import tell_once


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    **kwargs: Any,
) -> Any:
    """Call the function; the compiled program decides itself what it keeps."""
    tell_once(
        "torch.utils.checkpoint.checkpoint calls the function as it is: XLA decides "
        "what is kept for the backward pass."
    )
    for name in ("preserve_rng_state", "context_fn", "determinism_check", "debug"):
        kwargs.pop(name, None)
    return function(*args, **kwargs)


def checkpoint_sequential(
    functions: Any,
    segments: int,
    input: Any,
    use_reentrant: bool | None = None,
    **_: Any,
) -> Any:
    """Run modules in a row."""
    for function in functions:
        input = function(input)
    return input
