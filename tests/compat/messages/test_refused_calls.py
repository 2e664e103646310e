"""What PyTorch refuses of losses, padding and pools, in its words."""

import pytest

import funcnet.compat as torch
import funcnet.compat.nn.functional as F
from funcnet.compat import nn

X = torch.tensor([[0.1, 0.2, 0.7], [0.3, 0.3, 0.4]])
LABELS = torch.tensor([[0, 3, -1], [0, -1, -1]])
TWO, LOG_PROBS = torch.tensor([2, 2]), torch.zeros(4, 2, 3)
IMAGES = torch.zeros(2, 3, 4, 4)

REFUSED = {
    "a class of multilabel_margin_loss": (
        lambda: F.multilabel_margin_loss(X, LABELS),
        (RuntimeError, "argument #2 'target' is out of range"),
    ),
    "a class of linear_cross_entropy": (
        lambda: F.linear_cross_entropy(X, X, TWO),
        (IndexError, "Target 2 is out of bounds."),
    ),
    "a class of LinearCrossEntropyLoss": (
        lambda: nn.LinearCrossEntropyLoss(3, 2)(X, TWO),
        (IndexError, "Target 2 is out of bounds."),
    ),
    "no classes": (
        lambda: F.multi_margin_loss(X[:, :0], TWO),
        (RuntimeError, "Expected non-empty vector or matrix"),
    ),
    "labels of another dtype": (
        lambda: F.multi_margin_loss(X, TWO.int()),
        (RuntimeError, "expected scalar type Long but found Int"),
    ),
    "a negative variance": (
        lambda: F.gaussian_nll_loss(X, X, torch.tensor([[-1.0], [1.0]])),
        (ValueError, "var has negative entry/entries"),
    ),
    "integers in kl_div": (
        lambda: F.kl_div(X, LABELS, reduction="sum"),
        (RuntimeError, "kl_div: Integral inputs not supported."),
    ),
    "a negative length": (
        lambda: F.ctc_loss(LOG_PROBS, TWO[:, None] - 1, (4, -1), (1, 1)),
        (RuntimeError, "Expected input_lengths to have value at least 0"),
    ),
    "a length beyond the targets": (
        lambda: F.ctc_loss(LOG_PROBS, TWO[:, None] - 1, (4, 4), (1, 2)),
        (RuntimeError, "Expected tensor to have size at least 2 at dimension 1"),
    ),
    "a margin": (
        lambda: nn.TripletMarginLoss(margin=0.0),
        (ValueError, "expected margin to be greater than 0, got 0.0 instead"),
    ),
    "padding that is no list": (
        lambda: F.pad(X, 1),
        (TypeError, "pad(): argument 'pad' (position 2) must be tuple of ints"),
    ),
    "a mirror too small": (
        lambda: F.pad(X, (3, 1), mode="reflect"),
        (RuntimeError, "got: padding (3, 1) at dimension 1 of input [2, 3]"),
    ),
    "a pool without images": (
        lambda: F.adaptive_max_pool2d(IMAGES[:, :0], 2),
        (RuntimeError, "input has sizes [2, 0, 4, 4] with dimension 1 being empty"),
    ),
    "a size that was not pooled": (
        lambda: F.max_unpool2d(IMAGES, IMAGES.long(), 2, output_size=(11, 11)),
        (ValueError, 'invalid output_size "(11, 11)" (dim 0 must be between 6 and 10)'),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_calls_are_refused_in_pytorchs_words(case: str) -> None:
    call, (exception, words) = REFUSED[case]
    with pytest.raises(exception) as caught:
        call()
    assert words in str(caught.value)


def test_one_sample_takes_its_label_in_a_list() -> None:
    """As PyTorch does: `(classes,)` with `(1,)`."""
    assert F.nll_loss(X[0], torch.tensor([2])).item() == pytest.approx(-0.7)
    loss = F.cross_entropy(X[0], torch.tensor([2]), reduction="none")
    assert loss.shape == ()


def test_a_fractional_pool_prefers_its_size() -> None:
    y = F.fractional_max_pool2d(IMAGES, 2, output_size=2, output_ratio=(0.9, 0.9))
    assert y.shape == (2, 3, 2, 2)
