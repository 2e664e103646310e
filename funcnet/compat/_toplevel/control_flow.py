"""Control flow as functions, which run Python's own branches and loops."""

from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.tensor import Tensor


@explains_keywords
def cond(
    pred: TensorLike,
    true_fn: Callable[..., Any],
    false_fn: Callable[..., Any],
    operands: Sequence[Any] = (),
) -> Any:
    """Call one of two functions, as `torch.cond`; only that one is recorded.

    Example:
        >>> import funcnet.compat as torch
        >>> x = torch.tensor(2.0)
        >>> torch.cond(x > 0, lambda x: x.sqrt(), lambda x: -x, (x,))
        tensor(1.4142)
    """
    if isinstance(pred, Tensor) and pred.numel() != 1:
        raise RuntimeError(
            f"Expected pred to be bool or single-element tensor, but got {pred}."
        )
    if not (callable(true_fn) and callable(false_fn)):
        raise RuntimeError("Expect both branches to be callable.")
    return true_fn(*operands) if bool(pred) else false_fn(*operands)


def while_loop(
    cond_fn: Callable[..., Any],
    body_fn: Callable[..., Any],
    carried_inputs: Sequence[Any],
) -> tuple[Any, ...]:
    """Call `body_fn` while `cond_fn` holds, as `torch.while_loop`."""
    values = tuple(carried_inputs)
    while bool(cond_fn(*values)):
        result = body_fn(*values)
        values = result if isinstance(result, tuple) else tuple(result)
    return values
