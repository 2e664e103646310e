"""Messages for values that are not close, in PyTorch's words."""

import numpy as np


def scalars_differ(actual: complex, expected: complex, rtol: float, atol: float) -> str:
    """Format the message for two numbers."""
    difference = abs(actual - expected)
    relative = float("inf") if expected == 0 else difference / abs(expected)
    return _text(
        "Scalars",
        f"Expected {expected} but got {actual}.",
        f"Absolute difference: {difference}",
        f"Relative difference: {relative}",
        rtol,
        atol,
    )


def tensors_differ(
    actual: np.ndarray,
    expected: np.ndarray,
    matches: np.ndarray,
    rtol: float,
    atol: float,
) -> str:
    """Format the message for two arrays that differ where `matches` is false."""
    count, wrong = matches.size, int((~matches).sum())
    if actual.dtype.kind in "biu":
        actual, expected = actual.astype(np.int64), expected.astype(np.int64)
    with np.errstate(all="ignore"):
        difference = np.abs(actual - expected)
        size = np.abs(expected)
        if difference.dtype.kind in "iu":  # integers are divided as single precision
            relative = difference.astype(np.float32) / size.astype(np.float32)
        else:
            relative = difference / size
    return _text(
        "Tensor-likes",
        f"Mismatched elements: {wrong} / {count} ({wrong / count:.1%})",
        _greatest("absolute", difference, matches),
        _greatest("relative", relative, matches),
        rtol,
        atol,
    )


def _greatest(what: str, difference: np.ndarray, matches: np.ndarray) -> str:
    result = np.where(matches, np.zeros((), difference.dtype), difference)
    place = np.unravel_index(int(np.argmax(result)), result.shape)
    index = tuple(int(part) for part in place)
    return f"Greatest {what} difference: {result[index].item()} at index {index}"


def _text(
    what: str, extra: str, absolute: str, relative: str, rtol: float, atol: float
) -> str:
    exact = rtol == 0 and atol == 0
    head = f"{what} are not {'equal' if exact else 'close'}!"
    if not exact:
        absolute += f" (up to {atol} allowed)"
        relative += f" (up to {rtol} allowed)"
    return f"{head}\n\n{extra}\n{absolute}\n{relative}"
