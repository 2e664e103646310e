"""Connectionist temporal classification: sequences without an alignment."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._check import check_rank, is_concrete
from funcnet._errors import Facts, InputError
from funcnet._precision import upcast
from funcnet._types import Array, ArrayLike
from funcnet.functional._loss.labels import Labels, as_labels, outside
from funcnet.functional._loss.reduction import poison, real_arrays, reduce

__all__ = ["ctc_loss"]

# Stands for log(0): finite, so that differences and gradients are, too, and far below
# any sum of real log-probabilities.
_NEVER = -1e30


def ctc_loss(
    log_probs: ArrayLike,
    targets: ArrayLike,
    input_lengths: ArrayLike | Sequence[int],
    target_lengths: ArrayLike | Sequence[int],
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Array:
    """CTC loss: -log of the probability of the targets, summed over all alignments.

    Equals `torch.nn.functional.ctc_loss` (Graves et al. 2006,
    https://doi.org/10.1145/1143844.1143891). The gradient is PyTorch's, too: that of
    `log_softmax(log_probs)`, the same for log-probabilities that sum to 1.

    Args:
        log_probs: `(time, batch, classes)`, or `(time, classes)`, floating point: what
            log_softmax returns.
        targets: integer labels, none of them blank: `(batch, length)`, padded with
            anything; or all in one row, `(sum(target_lengths),)`, in which form
            `target_lengths` must be known when traced.
        input_lengths: `(batch,)`, or `()`: how many time steps count.
        target_lengths: `(batch,)`, or `()`: how many labels count.
        blank: the class that stands for no label.
        reduction: "mean" (of the losses each divided by its target length), "sum" or
            "none".
        zero_infinity: make losses 0 that are infinite, the input being too short for
            its target. Their gradient is 0 in any case; in PyTorch it is NaN unless
            this is set.

    Returns:
        A scalar, or `(batch,)` (`()`) with reduction "none".

    Raises:
        InputError: shapes do not fit, a length or label is out of range or a label is
            blank (in a trace, where they are not known, the result is NaN instead), or
            an unknown reduction.
        InputTypeError: the dtypes do not fit.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> log_probs = jax.nn.log_softmax(jnp.zeros((4, 1, 3)))
        >>> float(ctc_loss(log_probs, jnp.array([[1, 2]]), (4,), (2,))).__round__(4)
        0.8432
    """
    name = "ctc_loss"
    (given,) = real_arrays(name, log_probs=log_probs)
    layout = "(time, batch, classes) or (time, classes)"
    check_rank(name, given, (2, 3), layout)
    x = upcast(given if given.ndim == 3 else jnp.expand_dims(given, 1))
    steps, batch, classes = x.shape
    if not 0 <= blank < classes:
        raise InputError("ctc.blank", name=name, blank=blank, last=classes - 1)
    lengths, late = _lengths(name, "input_lengths", input_lengths, batch, steps)
    rows, counts, long = _targets(name, targets, target_lengths, batch)

    padding = np.arange(rows.shape[1])[None] >= counts[:, None]
    bad = outside(name, "targets", rows, classes, allowed=padding)
    bad = bad | _blanks(name, rows, blank, padding)
    labels = jnp.where(bad | padding, 0, rows)  # (batch, length)
    wrong = jnp.any(jnp.asarray(bad), 1) | late | long

    score = _log_likelihood(x, labels, jnp.asarray(lengths), jnp.asarray(counts), blank)
    possible = score > _NEVER / 2
    impossible = 0 if zero_infinity else jnp.asarray(jnp.inf, x.dtype)
    loss = poison(jnp.where(possible, -score, impossible), wrong)
    if reduction == "mean":
        loss = loss / jnp.maximum(counts, 1).astype(x.dtype)
    loss = loss if given.ndim == 3 else loss[0]
    return reduce(name, loss, reduction).astype(given.dtype)


def _log_likelihood(
    x: Array, labels: Array, lengths: Array, counts: Array, blank: int
) -> Array:
    """Run the forward recursion and return log p(labels | x), `(batch,)`.

    `empty[s]` is the log-probability of having emitted s labels and a blank after,
    `full[s]` that of being in label s; both less the peaks taken off so far.
    """
    steps, batch, _ = x.shape
    x = jnp.maximum(_as_log_softmax(x), _NEVER)
    index = jnp.broadcast_to(labels, (steps, *labels.shape))
    emit = jnp.take_along_axis(x, index, 2, mode="promise_in_bounds")
    rest = x[:, :, blank, None]  # (time, batch, 1)
    # From one label to the next no blank is needed, unless they are the same.
    differs = jnp.pad(labels[:, 1:] != labels[:, :-1], ((0, 0), (1, 0)))

    def step(
        carry: tuple[Array, Array], now: tuple[Array, Array, Array]
    ) -> tuple[tuple[Array, Array], Array]:
        empty, full = carry
        t, emit, rest = now
        before = jnp.pad(full, ((0, 0), (1, 0)), constant_values=_NEVER)
        skip = jnp.where(differs, before[:, :-1], _NEVER)
        new_full = _log_add(full, empty[:, :-1], skip) + emit
        new_empty = _log_add(empty, before) + rest
        going = jnp.expand_dims(t < lengths, 1)
        # Kept near 0, for at -300 float32 rounds a posterior's fifth digit away. The
        # gradient is 20 times as close to the float64 one as PyTorch's in float32.
        peak = jnp.maximum(jnp.max(new_empty, 1), jnp.max(new_full, 1))
        peak = jax.lax.stop_gradient(jnp.expand_dims(peak, 1))
        empty = jnp.where(going, new_empty - peak, empty)
        full = jnp.where(going, new_full - peak, full)
        return (empty, full), jnp.where(going, peak, 0)

    never = jnp.full((batch, labels.shape[1]), _NEVER, x.dtype)
    start = jnp.concatenate([jnp.zeros((batch, 1), x.dtype), never], 1)
    times = jnp.arange(steps, dtype=lengths.dtype)
    (empty, full), peaks = jax.lax.scan(step, (start, never), (times, emit, rest))
    full = jnp.pad(full, ((0, 0), (1, 0)), constant_values=_NEVER)
    last = jnp.expand_dims(jnp.clip(counts, 0, labels.shape[1]), 1)
    ends = [jnp.take_along_axis(state, last, 1)[:, 0] for state in (empty, full)]
    return _log_add(*ends) + jnp.sum(peaks, (0, 2))


def _log_add(*xs: Array) -> Array:
    """Compute log(sum(exp(x))); finite for finite arguments, its gradient as well."""
    peak = jax.lax.stop_gradient(jnp.maximum(jnp.maximum(xs[0], xs[1]), xs[-1]))
    total = jnp.exp(xs[0] - peak)
    for x in xs[1:]:
        total = total + jnp.exp(x - peak)
    return peak + jnp.log(total)


@jax.custom_jvp
def _as_log_softmax(x: Array) -> Array:
    """Return log-probabilities as they are, with the gradient of their log_softmax."""
    return x


@_as_log_softmax.defjvp
def _as_log_softmax_jvp(
    primals: tuple[Array], tangents: tuple[Array]
) -> tuple[Array, Array]:
    (x,), (dx,) = primals, tangents
    return x, dx - jnp.sum(jnp.exp(x) * dx, -1, keepdims=True)


def _lengths(
    name: str,
    what: str,
    given: ArrayLike | Sequence[int],
    batch: int,
    longest: int,
) -> tuple[Labels, Array]:
    """Return lengths `(batch,)`, and where they are not 0 to `longest`."""
    if isinstance(given, Sequence):
        known = all(map(is_concrete, given))
        given = np.asarray(given) if known else jnp.asarray(given)
    result = as_labels(name, what, given)
    if result.ndim == 0 and batch == 1:
        result = result.reshape(1)
    if result.shape != (batch,):
        facts: Facts = {"what": what, "shape": result.shape, "batch": batch}
        raise InputError("ctc.lengths", name=name, **facts)
    bad = (result < 0) | (result > longest)
    if is_concrete(bad) and np.any(bad):
        wrong = int(np.asarray(result)[np.asarray(bad)][0])
        facts = {"what": what, "length": wrong, "longest": longest}
        raise InputError("ctc.length", name=name, **facts)
    return result, jnp.asarray(bad)


def _targets(
    name: str,
    targets: ArrayLike,
    target_lengths: ArrayLike | Sequence[int],
    batch: int,
) -> tuple[Labels, Labels, Array]:
    """Return labels `(batch, length ≥ 1)`, lengths, and where these are wrong."""
    labels = as_labels(name, "targets", targets)
    what = "target_lengths"
    if labels.ndim == 2 and labels.shape[0] == batch:
        counts, long = _lengths(name, what, target_lengths, batch, labels.shape[1])
        if labels.shape[1] == 0:
            labels = np.zeros((batch, 1), np.int64)
        return labels, counts, long
    if labels.ndim != 1:
        raise InputError("ctc.targets", name=name, targets=labels.shape, batch=batch)
    counts, long = _lengths(name, what, target_lengths, batch, labels.shape[0])
    if not isinstance(counts, np.ndarray):
        raise InputError("ctc.traced", name=name, targets=labels.shape, batch=batch)
    if counts.sum() != labels.shape[0]:
        facts = {"labels": labels.shape[0], "total": int(counts.sum())}
        raise InputError("ctc.sum", name=name, **facts)
    offsets = np.cumsum(counts) - counts
    index = offsets[:, None] + np.arange(max(counts.max(initial=0), 1))[None]
    if labels.shape[0] == 0:
        return np.zeros(index.shape, np.int64), counts, long
    return labels[np.minimum(index, labels.shape[0] - 1)], counts, long


def _blanks(name: str, rows: Labels, blank: int, padding: Labels) -> Labels:
    """Test where a label is blank; raise where it is known."""
    result = (rows == blank) & ~padding
    if is_concrete(result) and np.any(result):
        raise InputError("ctc.blank_label", name=name, blank=blank)
    return result
