"""The last check of what a file holds, before it is returned."""

import argparse
from collections.abc import Callable
from typing import Any

from funcnet.checkpoint.pth._errors import RefusedError

_DEEPEST = 64
_MOST = 5_000_000


def check_result(
    value: Any,
    plain: tuple[type, ...],
    inside: Callable[[Any], list[Any] | None] | None = None,
) -> None:
    """Refuse values that are no values, contain themselves, or never end when walked.

    Args:
        value: what a pickle gave.
        plain: the types that may stand in it, besides the containers.
        inside: what a container holds, and None for others; `children` by default.
    """
    _Walk(plain, inside or children).visit(value, 0)


class _Walk:
    def __init__(
        self, plain: tuple[type, ...], inside: Callable[[Any], list[Any] | None]
    ) -> None:
        self.plain, self.inside = plain, inside
        # By identity: how many values a walk through it meets, and how deep it goes.
        self.known: dict[int, tuple[int, int]] = {}
        self.path: set[int] = set()

    def visit(self, value: Any, depth: int) -> tuple[int, int]:
        contents = self.inside(value)
        if contents is None:
            if not isinstance(value, self.plain):
                raise RefusedError(
                    f"the file holds {_name(value)} itself instead of a value."
                )
            return 1, 0
        if id(value) in self.path:
            raise RefusedError(f"a {type(value).__name__} contains itself.")
        if id(value) not in self.known:
            self.known[id(value)] = self._measure(value, contents, depth)
        count, height = self.known[id(value)]
        if depth + height > _DEEPEST:
            raise RefusedError(f"values are nested more than {_DEEPEST} deep.")
        return count, height

    def _measure(self, value: Any, contents: list[Any], depth: int) -> tuple[int, int]:
        if depth > _DEEPEST:
            raise RefusedError(f"values are nested more than {_DEEPEST} deep.")
        self.path.add(id(value))
        total, height = 1, 0
        for child in contents:
            count, below = self.visit(child, depth + 1)
            total, height = total + count, max(height, below + 1)
        self.path.discard(id(value))
        if total > _MOST:
            raise RefusedError(
                f"a walk through the values meets more than {_MOST}: lists that hold "
                "lists several times over."
            )
        return total, height


def children(value: Any) -> list[Any] | None:
    """What a container holds; None for anything else."""
    if isinstance(value, dict):
        inside = [*value.keys(), *value.values()]
        metadata = getattr(value, "_metadata", None)
        return inside if metadata is None else [*inside, metadata]
    if isinstance(value, list | tuple | set):
        return [*value]
    if type(value) is argparse.Namespace:
        return [*vars(value).values()]
    return None


def _name(value: Any) -> str:
    return str(getattr(value, "name", f"a {type(value).__name__}"))
