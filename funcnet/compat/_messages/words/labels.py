"""PyTorch's words for class labels, and for weights of the classes."""

from typing import Final

from funcnet.compat._messages.words.types import Facts, Told, Words


def _dtype(facts: Facts) -> Told:
    found = facts["dtype"].type_name
    if facts["name"] in ("multi_margin_loss", "multilabel_margin_loss"):
        return RuntimeError, f"expected scalar type Long but found {found}"
    if facts["name"] == "ctc_loss":
        if facts["what"] != "targets":
            return RuntimeError, "{what} must be integral"
        return RuntimeError, f"Expected tensor for argument #2 '{{what}}' {found}"
    return RuntimeError, f"expected target dtype to be Long or Byte, but got {found}"


def _range(facts: Facts) -> Told:
    match facts["name"]:
        case "multi_margin_loss":
            return RuntimeError, "target out of range"
        case "multilabel_margin_loss":
            return RuntimeError, "argument #2 'target' is out of range"
    return IndexError, "Target {label} is out of bounds."


def _weight(facts: Facts) -> Told:
    input, weight = facts["input"], facts["weight"]
    if facts["name"] == "multi_margin_loss":
        if len(weight) != 1:
            return ValueError, "weight must be one-dimensional"
        return RuntimeError, (
            "inconsistent weight size, expected {classes} but got {weight}"
        )
    if len(input) > 2:
        return RuntimeError, (
            "weight tensor should be defined either for all or no classes"
        )
    return RuntimeError, (
        "weight tensor should be defined either for all {classes} classes or no "
        "classes but got weight tensor of shape: {weight}"
    )


def _shape(facts: Facts) -> Told:
    """Say what is first wrong with the target of a loss of classes."""
    input, target = facts["input"], facts["target"]
    if len(input) > 1 and input[:1] != target[:1]:
        return ValueError, (
            f"Expected input batch_size ({input[0]}) to match target batch_size "
            f"({target[0] if target else 0})."
        )
    if len(input) <= 2:
        if len(target) > 1:
            return RuntimeError, (
                "0D or 1D target tensor expected, multi-target not supported"
            )
        return ValueError, (
            "For 1D input, 1D target must have size 1, but got target size: "
            f"{target[0]}"
        )
    if len(input) == 4 and len(target) != 3:
        return RuntimeError, (
            "only batches of spatial targets supported (3D tensors) but got targets "
            f"of dimension: {len(target)}"
        )
    if len(input) == 4:
        return RuntimeError, "size mismatch (got input: {input} , target: {target}"
    return RuntimeError, "Expected target size {wanted}, got {target}"


def _soft(facts: Facts) -> Told:
    return RuntimeError, (
        "Expected floating point type for target with class probabilities, got "
        f"{facts['dtype'].type_name}"
    )


def _margin_target(facts: Facts) -> Told:
    batch = facts["wanted"] or [1]
    return RuntimeError, (
        "multi_margin_loss: target tensor should be 1-D with size equal to the number "
        f"of input samples (batch size). Expected target size {batch}, but got "
        "{target}. Input has shape {input}."
    )


def _matrix(facts: Facts) -> Told:
    shape = facts["shape"] if "shape" in facts else facts["input"]
    return RuntimeError, (
        "Expected non-empty vector or matrix with optional 0-dim batch size, but got: "
        f"{shape}"
    )


WORDS: Final[dict[str, Words]] = {
    "labels.dtype": _dtype,
    "labels.range": _range,
    "labels.weight": _weight,
    "labels.shape": _shape,
    "labels.soft": _soft,
    "labels.ignore_index": (
        RuntimeError,
        "ignore_index is not supported for floating point target",
    ),
    "linear_cross_entropy/labels.ignore_index": (
        RuntimeError,
        "ignore_index cannot be specified when target contains probabilities",
    ),
    "cross_entropy/range": (
        RuntimeError,
        "label_smoothing must be between 0.0 and 1.0. Got: {value:g}",
    ),
    "multi_margin.target": _margin_target,
}
for _name in ("multi_margin_loss", "multilabel_margin_loss"):
    WORDS[f"{_name}/rank"] = _matrix
    WORDS[f"{_name}/empty"] = _matrix
