"""The loss of label sequences that are not aligned."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._ops.index.bounds import host_values
from funcnet.compat._ops.registry import recorded, register
from funcnet.compat._tensor.tensor import Tensor, from_array


@recorded("nn.functional.ctc_loss", grad_name="CtcLossBackward0")
def _ctc_loss(
    log_probs: Array,
    targets: Array,
    input_lengths: Array,
    target_lengths: Array,
    blank: int,
    reduction: str,
    zero_infinity: bool,
) -> Any:
    lengths = (jnp.asarray(input_lengths), jnp.asarray(target_lengths))
    return F.ctc_loss(log_probs, targets, *lengths, blank, reduction, zero_infinity)


@register("nn.functional.ctc_loss", "ctc_loss", method=False)
def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """Compute the loss of unaligned labels, as `torch.nn.functional.ctc_loss`."""
    # Lengths change from batch to batch: they enter as arrays, not as settings.
    lengths = [
        x if isinstance(x, Tensor) else np.asarray(x)
        for x in (input_lengths, target_lengths)
    ]
    longest = log_probs._spec.shape[0]
    steps = host_values(lengths[0]) if isinstance(lengths[0], Tensor) else lengths[0]
    if steps is not None and steps.size and steps.max() > longest:
        raise RuntimeError(
            f"Expected input_lengths to have value at most {longest}, but got value "
            f"{steps.max()} (while checking arguments for ctc_loss)"
        )
    if targets.ndim == 1 and log_probs.ndim == 3:
        targets = _in_rows(targets, lengths[1])
    beside = [x.to(log_probs.device) if isinstance(x, Tensor) else x for x in lengths]
    result: Tensor = _ctc_loss(
        log_probs, targets, *beside, blank, reduction, zero_infinity
    )
    return result


def _in_rows(targets: Tensor, lengths: Any) -> Tensor:
    """One row of all labels as a row for each sample, filled up at the end."""
    counts = np.asarray(lengths._array() if isinstance(lengths, Tensor) else lengths)
    have = targets._spec.shape[0]
    if counts.sum() > have:
        raise RuntimeError(
            f"Expected targets to have at least {counts.sum()} labels, the sum of "
            f"target_lengths, but got {have} (while checking arguments for ctc_loss)"
        )
    places = np.arange(max(counts.max(initial=0), 1))
    starts = np.cumsum(counts) - counts
    index = np.where(places < counts[:, None], starts[:, None] + places, 0)
    if not have:
        return from_array(np.zeros(index.shape, targets.dtype.numpy))
    return targets[from_array(index)]
