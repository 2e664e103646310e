"""PyTorch's words for pools."""

from typing import Final

from funcnet.compat._messages.words.types import Facts, Told, Words


def _least(facts: Facts) -> Told:
    if facts["what"] == "padding":
        return RuntimeError, (
            f"pad must be non-negative, but got pad: {min(facts['numbers'])}"
        )
    return RuntimeError, (
        f"{{what}} must be greater than zero, but got {min(facts['numbers'])}"
    )


def _no_output(facts: Facts) -> Told:
    channels = facts["input"][1]
    before, after = (
        "x".join(map(str, [channels, *sizes]))
        for sizes in (facts["input"][2:], facts["output"])
    )
    return RuntimeError, (
        f"Given input size: ({before}). Calculated output size: ({after}). Output size "
        "is too small"
    )


def _max_rank(facts: Facts) -> Told:
    unbatched, batched = facts["ranks"]
    return RuntimeError, (
        f"non-empty {unbatched}D or {batched}D (batch mode) tensor expected for input"
    )


def _average_rank(facts: Facts) -> Told | None:
    """PyTorch asks for the size of the channels' dimension."""
    ndim, dim = facts["ndim"], -facts["ranks"][0]
    if not ndim:
        return IndexError, f"Dimension specified as {dim} but tensor has no dimensions"
    if ndim >= -dim:
        return None
    return IndexError, (
        f"Dimension out of range (expected to be in range of [{-ndim}, {ndim - 1}], "
        f"but got {dim})"
    )


WORDS: Final[dict[str, Words]] = {
    "pool.padding": (
        RuntimeError,
        "pad should be at most half of effective kernel size, but got pad={pad}, "
        "kernel_size={kernel_size} and dilation={dilation}",
    ),
    "pool.no_output": _no_output,
    "max_pool/rank": _max_rank,
    "avg_pool/rank": _average_rank,
}
for _family in ("max_pool", "avg_pool", "lp_pool", "MaxPool", "AvgPool", "LPPool"):
    WORDS[f"{_family}/spatial.least"] = _least
