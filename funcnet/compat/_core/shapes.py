"""What PyTorch says of shapes that do not go together."""

from collections.abc import Iterable
from itertools import combinations


def check_broadcast_all(shapes: Iterable[tuple[int, ...]]) -> None:
    """Raise RuntimeError for the first two that cannot be broadcast together."""
    for a, b in combinations(shapes, 2):
        _check_two(a, b)


def _check_two(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    dims = max(len(a), len(b))
    for back in range(1, min(len(a), len(b)) + 1):
        x, y = a[-back], b[-back]
        if x != y and x != 1 and y != 1:
            raise RuntimeError(
                f"The size of tensor a ({x}) must match the size of tensor b ({y}) at "
                f"non-singleton dimension {dims - back}"
            )
