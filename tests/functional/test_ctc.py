"""The CTC loss against the sum over all alignments, one by one."""

import itertools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError
from funcnet import functional as F

STEPS, BATCH, CLASSES = 4, 3, 3
X = jax.nn.log_softmax(jnp.sin(jnp.arange(36.0)).reshape(STEPS, BATCH, CLASSES))
TARGETS = jnp.array([[1, 2], [1, 1], [2, -7]])  # what is padded is not looked at
LENGTHS, COUNTS = (4, 4, 3), (2, 2, 1)


def collapse(path: tuple[int, ...], blank: int) -> list[int]:
    """What a path of classes reads as: repetitions joined, blanks dropped."""
    return [label for label, _ in itertools.groupby(path) if label != blank]


def by_enumeration(x: Any, labels: list[int], steps: int, blank: int) -> float:
    x = np.asarray(x, np.float64)
    total = sum(
        np.exp(sum(x[t, label] for t, label in enumerate(path)))
        for path in itertools.product(range(x.shape[1]), repeat=steps)
        if collapse(path, blank) == labels
    )
    return float("inf") if total == 0 else -float(np.log(total))


def expected(targets: Any, lengths: Any, counts: Any, blank: int = 0) -> list[float]:
    return [
        by_enumeration(X[:, n], np.asarray(targets)[n, : counts[n]].tolist(), t, blank)
        for n, t in enumerate(lengths)
    ]


@pytest.mark.parametrize(
    ("lengths", "counts"),
    [(LENGTHS, COUNTS), ((4, 3, 0), (0, 2, 0)), ((1, 2, 0), (2, 2, 1))],
    ids=["plain", "nothing to say", "too short"],
)
def test_loss_is_the_sum_over_alignments(lengths: Any, counts: Any) -> None:
    loss = F.ctc_loss(X, TARGETS, lengths, counts, reduction="none")
    np.testing.assert_allclose(loss, expected(TARGETS, lengths, counts), rtol=1e-5)


def test_blank_may_be_any_class() -> None:
    targets = jnp.array([[0, 1], [1, 1], [0, 0]])
    loss = F.ctc_loss(X, targets, LENGTHS, COUNTS, blank=2, reduction="none")
    np.testing.assert_allclose(loss, expected(targets, LENGTHS, COUNTS, 2), rtol=1e-5)


def test_all_forms_of_targets_and_lengths_agree() -> None:
    row = jnp.array([1, 2, 1, 1, 2])
    padded = F.ctc_loss(X, TARGETS, LENGTHS, COUNTS)
    traced = jax.jit(F.ctc_loss)(X, TARGETS, jnp.array(LENGTHS), jnp.array(COUNTS))
    in_a_row = jax.jit(lambda row: F.ctc_loss(X, row, LENGTHS, COUNTS))(row)
    np.testing.assert_allclose([traced, in_a_row], [padded, padded], rtol=1e-6)
    alone = F.ctc_loss(X[:, 0], row[:2], 4, 2, reduction="none")
    np.testing.assert_allclose(alone, expected(TARGETS, (4,), (2,))[0], rtol=1e-6)


def test_mean_divides_each_loss_by_its_length() -> None:
    losses = F.ctc_loss(X, TARGETS, LENGTHS, COUNTS, reduction="none")
    mean = F.ctc_loss(X, TARGETS, LENGTHS, COUNTS)
    np.testing.assert_allclose(mean, (losses / jnp.array([2, 2, 1.0])).mean())


def test_gradient_is_that_of_logits() -> None:
    def of_logits(x: Any) -> Any:
        return F.ctc_loss(jax.nn.log_softmax(x), TARGETS, LENGTHS, COUNTS)

    def of_log_probs(x: Any) -> Any:
        return F.ctc_loss(x, TARGETS, LENGTHS, COUNTS)

    mine = jax.grad(of_log_probs)(X)
    np.testing.assert_allclose(mine, jax.grad(of_logits)(X), atol=1e-6)
    assert (mine[3, 2] == 0).all()  # beyond the input's length


def test_impossible_targets_have_no_gradient_and_are_infinite_or_zero() -> None:
    def total(x: Any, zero_infinity: bool) -> Any:
        return F.ctc_loss(
            x, TARGETS[:1], (1,), (2,), zero_infinity=zero_infinity, reduction="sum"
        )

    for zero_infinity, value in ((False, jnp.inf), (True, 0.0)):
        loss, slope = jax.value_and_grad(total)(X[:, :1], zero_infinity)
        assert loss == value
        assert (slope == 0).all()


def test_classes_of_probability_zero_give_finite_gradients() -> None:
    x = X.at[:, :, 2].set(-jnp.inf)
    slope = jax.grad(lambda x: F.ctc_loss(x, TARGETS[1:2], (4,), (2,)))(x[:, 1:2])
    assert jnp.isfinite(slope).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"targets": jnp.array([[1, 3], [1, 1], [2, 0]])}, "class 3"),
        ({"targets": jnp.array([[1, 0], [1, 1], [2, 0]])}, "holds 0, the blank"),
        ({"input_lengths": (5, 4, 3)}, "input_lengths holds 5"),
        ({"input_lengths": (4, 4)}, "3 sequences"),
        ({"target_lengths": (3, 2, 1)}, "target_lengths holds 3"),
        ({"targets": jnp.ones((2, 2), int)}, r"\(3, length\)"),
        ({"targets": jnp.ones(4, int)}, "sums to 5"),
        ({"blank": 3}, "0 to 2"),
        ({"log_probs": X[0, 0]}, "dimensions"),
        ({"reduction": "avg"}, "reduction"),
    ],
)
def test_refused_arguments(change: dict[str, Any], message: str) -> None:
    arguments = {
        "log_probs": X,
        "targets": TARGETS,
        "input_lengths": LENGTHS,
        "target_lengths": COUNTS,
    }
    with pytest.raises(InputError, match=message):
        F.ctc_loss(**(arguments | change))


def test_targets_of_floats_are_refused() -> None:
    with pytest.raises(InputTypeError, match="integers are needed"):
        F.ctc_loss(X, TARGETS.astype(jnp.float32), LENGTHS, COUNTS)


def test_wrong_values_in_a_trace_are_nan() -> None:
    @jax.jit
    def losses(targets: Any, lengths: Any, counts: Any) -> Any:
        return F.ctc_loss(X, targets, lengths, counts, reduction="none")

    lengths, counts = jnp.array(LENGTHS), jnp.array(COUNTS)
    for wrong in (
        (TARGETS.at[0, 1].set(9), lengths, counts),
        (TARGETS.at[0, 1].set(0), lengths, counts),
        (TARGETS, lengths.at[0].set(5), counts),
        (TARGETS, lengths, counts.at[0].set(3)),
    ):
        assert jnp.isnan(losses(*wrong)).tolist() == [True, False, False]


def test_targets_in_a_row_need_lengths_that_are_known() -> None:
    with pytest.raises(InputError, match="pad the targets"):
        jax.jit(F.ctc_loss)(X, jnp.ones(5, int), LENGTHS, jnp.array(COUNTS))
