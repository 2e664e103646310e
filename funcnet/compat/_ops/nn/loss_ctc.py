"""The loss of label sequences that are not aligned."""

import sys
from typing import Any

import jax.numpy as jnp
import numpy as np

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._messages.translate import refusal
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
    _check_lengths("input_lengths", lengths[0], log_probs._spec.shape[0])
    longest = targets._spec.shape[-1] if targets.ndim == 2 else sys.maxsize
    _check_lengths("target_lengths", lengths[1], longest)
    if targets.ndim == 1 and log_probs.ndim == 3:
        targets = _in_rows(targets, lengths[1])
    beside = [x.to(log_probs.device) if isinstance(x, Tensor) else x for x in lengths]
    result: Tensor = _ctc_loss(
        log_probs, targets, *beside, blank, reduction, zero_infinity
    )
    return result


def _check_lengths(what: str, lengths: Any, longest: int) -> None:
    """Raise for a length that no sequence has; a trace does not know them."""
    values = host_values(lengths)
    if values is None or not values.size:
        return
    for length in (int(values.max()), int(values.min())):
        if not 0 <= length <= longest:
            facts = {"what": what, "length": length, "longest": longest}
            raise refusal("ctc.length", name="ctc_loss", **facts)


def _in_rows(targets: Tensor, lengths: Any) -> Tensor:
    """One row of all labels as a row for each sample, filled up at the end."""
    counts = np.asarray(lengths._array() if isinstance(lengths, Tensor) else lengths)
    have = targets._spec.shape[0]
    if counts.sum() > have:
        facts = {"labels": have, "total": int(counts.sum())}
        raise refusal("ctc.sum", name="ctc_loss", **facts)
    indices = np.arange(max(counts.max(initial=0), 1))
    starts = np.cumsum(counts) - counts
    index = np.where(indices < counts[:, None], starts[:, None] + indices, 0)
    if not have:
        return from_array(np.zeros(index.shape, targets.dtype.numpy))
    return targets[from_array(index)]
