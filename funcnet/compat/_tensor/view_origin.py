"""Views that cannot follow a write, by where they come from, in PyTorch's words."""

from typing import Any, NamedTuple


class Origin(NamedTuple):
    """How a view was made: as which output, and at which version of its memory."""

    creation: str
    output: int
    version: int


_WHY = {
    "several": (
        "This view is the output of a function that returns multiple views. Such "
        "functions do not allow the output views to be modified inplace. You should "
        "replace the inplace operation by an out-of-place one."
    ),
    "no_grad": (
        "Given that this use case is ambiguous and error-prone, it is forbidden. You "
        "can clarify your code by moving both the view and the inplace either both "
        "inside the no_grad block (if you don't want the inplace to be tracked) or "
        "both outside (if you want the inplace to be tracked)."
    ),
    "custom": (
        "This view was created inside a custom Function (or because an input was "
        "returned as-is) and the autograd logic to handle view+inplace would override "
        "the custom backward associated with the custom Function, leading to incorrect "
        "gradients. This behavior is forbidden. You can fix this by cloning the output "
        "of the custom Function."
    ),
}


def refusal(origin: Origin, fn: Any, itself: bool) -> RuntimeError:
    """The error for a write to a view (`itself`), or to what it is a view of."""
    what = "is being" if itself else "its base or another view of its base has been"
    if fn is None or origin.creation == "no_grad":
        problem = (
            f"A view was created in no_grad mode and {what} modified inplace with grad "
            "mode enabled."
        )
    else:
        name = fn.name().rstrip("0123456789").removesuffix("Backward")
        problem = (
            f"Output {origin.output} of {name} is a view and {what} modified inplace."
        )
    return RuntimeError(f"{problem} {_WHY[origin.creation]}")
