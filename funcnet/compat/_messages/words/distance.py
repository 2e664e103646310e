"""PyTorch's words for distances and similarities of vectors."""

from typing import Final

from funcnet.compat._core.shapes import cannot_broadcast
from funcnet.compat._messages.words.shared import dimension
from funcnet.compat._messages.words.types import Facts, Told, Words


def _shapes(facts: Facts) -> Told:
    return RuntimeError, cannot_broadcast(facts["x1"], facts["x2"]) or ""


def _batch(facts: Facts) -> Told:
    batches = facts["x1"][:-2], facts["x2"][:-2]
    return RuntimeError, cannot_broadcast(*batches) or ""


def _matrices(facts: Facts) -> Told:
    for label in ("x1", "x2"):
        if len(facts[label]) < 2:
            return RuntimeError, (
                f"cdist only supports at least 2D tensors, {label.upper()} got: "
                f"{len(facts[label])}D"
            )
    return RuntimeError, (
        f"X1 and X2 must have the same number of columns. X1: {facts['x1'][-1]} X2: "
        f"{facts['x2'][-1]}"
    )


def _floating(facts: Facts) -> Told:
    return RuntimeError, (
        f"cdist only supports floating-point dtypes, {facts['what'].upper()} got: "
        f"{facts['dtype'].type_name}"
    )


WORDS: Final[dict[str, Words]] = {
    "cosine_similarity.dim": dimension,
    "distance.shapes": _shapes,
    "distance.degree": (RuntimeError, "{name} only supports non-negative p values"),
    "cdist.shapes": _matrices,
    "cdist.batch": _batch,
    "cdist/dtype.floating": _floating,
    "cdist/choice": (ValueError, "{value} is not a valid value for compute_mode"),
    "pdist/dtype.floating": (
        RuntimeError,
        "pdist only supports floating-point dtypes",
    ),
    "pdist/rank": (RuntimeError, "pdist only supports 2D tensors, got: {ndim}D"),
}
