"""PyTorch's words for mistakes that many functions find."""

from typing import Final

from funcnet.compat._messages.words.types import Facts, Told, Words


def _not_floating(facts: Facts) -> Told | None:
    dtype = facts["dtype"].type_name
    return NotImplementedError, (
        f"\"{{op}}\" not implemented for '{dtype}'. Make it floating point first: "
        "x.float(), and images x.float() / 255."
    )


def two_dtypes(facts: Facts) -> Told:
    """Name the first dtype, and the first of the others that is not the same."""
    first, *others = facts["dtypes"].values()
    other = next(dtype for dtype in others if dtype is not first)
    return RuntimeError, (
        f"expected scalar type {first.type_name} but found {other.type_name}"
    )


WORDS: Final[dict[str, Words]] = {
    "dtype.floating": _not_floating,
    "dtype.same": two_dtypes,
}
