"""PyTorch's words for losses."""

from typing import Final

from funcnet.compat._core.shapes import cannot_broadcast, cannot_write, no_dimension
from funcnet.compat._messages.words.shared import not_implemented
from funcnet.compat._messages.words.types import Facts, Told, Words

REGRESSION: Final = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")


def _shapes(facts: Facts) -> Told | None:
    """Say which sizes differ; PyTorch broadcasts where it does not say so."""
    input, other = facts["shapes"]
    match facts["name"]:
        case "binary_cross_entropy":
            return ValueError, (
                f"Using a target size (torch.Size({other})) that is different to the "
                f"input size (torch.Size({input})) is deprecated. Please ensure they "
                "have the same size."
            )
        case "binary_cross_entropy_with_logits":
            return ValueError, (
                f"Target size (torch.Size({other})) must be the same as input size "
                f"(torch.Size({input}))"
            )
        case "multilabel_margin_loss":
            return RuntimeError, (
                f"inconsistent target size: {other} for input of size: {input}"
            )
        case name if name in REGRESSION and facts["what"] == "weight":
            return ValueError, "Weights and input must have the same size."
    return None


def _broadcast(facts: Facts) -> Told:
    shapes = facts["input"], facts["shape"]
    if facts["what"] == "pos_weight":
        shapes = shapes[::-1]
    refusal = cannot_broadcast(*shapes)
    if refusal is None:  # but not to the shape of the input
        refusal = cannot_write(facts["input"], facts["shape"])
    return RuntimeError, refusal


def _reduction(facts: Facts) -> Told | None:
    if facts["what"] == "reduction":
        if facts["name"] in ("gaussian_nll_loss", "multilabel_soft_margin_loss"):
            return ValueError, "{value} is not valid"
        return ValueError, "{value} is not a valid value for reduction"
    return ValueError, "only p == 1 and p == 2 supported"


def _cosine_shapes(facts: Facts) -> Told:
    input, target = facts["input"], facts["target"]
    if len(target) > 1:
        return RuntimeError, (
            "0D or 1D target tensor expected, multi-target not supported"
        )
    if len(input) != len(target) + 1:
        return RuntimeError, (
            f"{len(target)}D target tensor expects {len(target) + 1}D input tensors, "
            "but found inputs with sizes {input} and {input}."
        )
    return RuntimeError, cannot_broadcast(target, input[:1]) or ""


def _linear_weight(facts: Facts) -> Told:
    return RuntimeError, (
        "expected linear_weight with dimensionality at least 2, got "
        f"{len(facts['weight'])}"
    )


def _linear_bias(facts: Facts) -> Told:
    wanted, bias = tuple(facts["wanted"]), tuple(facts["bias"])
    return RuntimeError, f"expected linear_bias shape {wanted}, got {bias}"


_CHECKING: Final = "(while checking arguments for ctc_loss_allocate_outputs)"


def _ctc_rank(facts: Facts) -> Told:
    ndim = facts["ndim"] + (facts["ndim"] < 3)  # one sequence becomes a batch
    return RuntimeError, (
        f"Expected 3-dimensional tensor, but got {ndim}-dimensional tensor for "
        f"argument #1 'log_probs' {_CHECKING}"
    )


def _ctc_length(facts: Facts) -> Told:
    if facts["length"] < 0:
        return RuntimeError, (
            f"Expected {{what}} to have value at least 0, but got value {{length}} "
            f"{_CHECKING}"
        )
    if facts["what"] == "target_lengths":
        return RuntimeError, (
            "Expected tensor to have size at least {length} at dimension 1, but got "
            f"size {{longest}} for argument #2 'targets' {_CHECKING}"
        )
    return RuntimeError, (
        f"Expected {{what}} to have value at most {{longest}}, but got value {{length}}"
        f" {_CHECKING}"
    )


def _ctc_targets(facts: Facts) -> Told:
    targets = facts["targets"]
    if len(targets) == 2:
        return RuntimeError, (
            "Expected tensor to have size {batch} at dimension 0, but got size "
            f"{targets[0]} for argument #2 'targets' {_CHECKING}"
        )
    return RuntimeError, (
        f"Expected 1 to 2 dimensions, but got {len(targets)}-dimensional tensor for "
        f"argument #2 'targets' {_CHECKING}"
    )


def _other_dtype(facts: Facts) -> Told:
    input, other = facts["dtypes"].values()
    return RuntimeError, f"Found dtype {other.type_name} but expected {input.type_name}"


WORDS: Final[dict[str, Words]] = {
    "loss.complex": not_implemented,
    "loss.shapes": _shapes,
    "loss.broadcast": _broadcast,
    "multilabel_soft_margin_loss/loss.no_classes": (IndexError, no_dimension(-1, 0)),
    "loss.no_classes": (ValueError, "Expected 1 or more dimensions (got 0)"),
    "loss.probability": (
        RuntimeError,
        "all elements of {what} should be between 0 and 1",
    ),
    "binary_cross_entropy/dtype.same": _other_dtype,
    "kl_div/dtype.floating": (RuntimeError, "kl_div: Integral inputs not supported."),
    "kl_div/loss.complex": (RuntimeError, "kl_div: Complex inputs not supported."),
    "smooth_l1_loss/range": (
        RuntimeError,
        "smooth_l1_loss does not support negative values for beta.",
    ),
    "huber_loss/positive": (
        RuntimeError,
        "huber_loss does not support non-positive values for delta.",
    ),
    "gaussian.negative": (ValueError, "var has negative entry/entries"),
    "gaussian.shape": (ValueError, "var is of incorrect size"),
    "cosine_embedding.shapes": _cosine_shapes,
    "triplet_margin_loss/positive": (
        ValueError,
        "margin must be greater than 0, got {value}",
    ),
    "linear_cross_entropy/rank": (
        RuntimeError,
        "expected input with dimensionality 1 or 2, got {ndim}",
    ),
    "linear_cross_entropy.weight": _linear_weight,
    "linear_cross_entropy.bias": _linear_bias,
    "LinearCrossEntropyOptions/positive": (
        ValueError,
        "{what} must be positive int or None, got {value}",
    ),
    "linear_cross_entropy.method": (ValueError, "invalid chunking_method: {method!r}"),
    "ctc.blank": (RuntimeError, "blank must be in label range"),
    "ctc.lengths": (RuntimeError, "{what} must be of size batch_size"),
    "ctc.length": _ctc_length,
    "ctc.targets": _ctc_targets,
    "ctc.sum": (
        RuntimeError,
        "Expected tensor to have size {total} at dimension 0, but got size {labels} "
        f"for argument #2 'targets' {_CHECKING}",
    ),
    "ctc_loss/rank": _ctc_rank,
}
for _name in (
    *(*REGRESSION, "binary_cross_entropy", "binary_cross_entropy_with_logits"),
    *("cosine_embedding_loss", "cross_entropy", "ctc_loss", "gaussian_nll_loss"),
    *("hinge_embedding_loss", "kl_div", "linear_cross_entropy", "margin_ranking_loss"),
    *("multi_margin_loss", "multilabel_margin_loss", "multilabel_soft_margin_loss"),
    *("nll_loss", "poisson_nll_loss", "soft_margin_loss", "triplet_margin_loss"),
):
    WORDS[f"{_name}/choice"] = _reduction
