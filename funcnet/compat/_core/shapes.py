"""What PyTorch says of shapes that do not go together."""

from collections.abc import Iterable, Sequence
from itertools import combinations


def check_broadcast_all(shapes: Iterable[tuple[int, ...]]) -> None:
    """Raise RuntimeError for the first two that cannot be broadcast together."""
    for a, b in combinations(shapes, 2):
        refusal = cannot_broadcast(a, b)
        if refusal is not None:
            raise RuntimeError(refusal)


def cannot_broadcast(a: Sequence[int], b: Sequence[int]) -> str | None:
    """What PyTorch says of shapes that cannot be broadcast; None of those that can."""
    dims = max(len(a), len(b))
    for back in range(1, min(len(a), len(b)) + 1):
        x, y = a[-back], b[-back]
        if x != y and x != 1 and y != 1:
            return (
                f"The size of tensor a ({x}) must match the size of tensor b ({y}) at "
                f"non-singleton dimension {dims - back}"
            )
    return None


def no_dimension(dim: int, ndim: int) -> str:
    """What PyTorch says where `dim` is no dimension of `ndim`."""
    if not ndim:
        return f"Dimension specified as {dim} but tensor has no dimensions"
    return (
        f"Dimension out of range (expected to be in range of [{-ndim}, {ndim - 1}], "
        f"but got {dim})"
    )


def cannot_write(shape: Sequence[int], result: Sequence[int]) -> str:
    """What PyTorch says where a result is too large for where it is written to."""
    return (
        f"output with shape {list(shape)} doesn't match the broadcast shape "
        f"{list(result)}"
    )


def cannot_expand(
    type_name: str, shape: Sequence[int], target: Sequence[int]
) -> str | None:
    """What PyTorch says where a shape cannot be expanded to another; None where it can.

    `type_name` is the tensor's dtype in errors, such as "Float".
    """
    if len(shape) > len(target):
        return (
            f"expand(torch.{type_name}Tensor{{{list(shape)}}}, size={list(target)}): "
            f"the number of sizes provided ({len(target)}) must be greater or equal to "
            f"the number of dimensions in the tensor ({len(shape)})"
        )
    for back in range(1, len(shape) + 1):
        size, wanted = shape[-back], target[-back]
        if size not in (1, wanted):
            return (
                f"The expanded size of the tensor ({wanted}) must match the existing "
                f"size ({size}) at non-singleton dimension {len(target) - back}.  "
                f"Target sizes: {list(target)}.  Tensor sizes: {list(shape)}"
            )
    return None
