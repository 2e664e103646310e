"""The last look at what a file holds, before it is handed out."""

import argparse
from typing import Any

from funcnet.checkpoint.pth._errors import RefusedError

_DEEPEST = 64
_MOST = 5_000_000


def check_result(value: Any, plain: tuple[type, ...]) -> None:
    """Refuse values that are no values, contain themselves, or never end when walked.

    Args:
        value: what a pickle gave.
        plain: the types that may stand in it, besides the containers.
    """
    _Walk(plain).visit(value, 0)


class _Walk:
    def __init__(self, plain: tuple[type, ...]) -> None:
        self.plain = plain
        # By identity: how many values a walk through it meets, and how deep it goes.
        self.known: dict[int, tuple[int, int]] = {}
        self.path: set[int] = set()

    def visit(self, one: Any, depth: int) -> tuple[int, int]:
        children = _children(one)
        if children is None:
            if not isinstance(one, self.plain):
                raise RefusedError(
                    f"the file holds {_name(one)} itself instead of a value."
                )
            return 1, 0
        if id(one) in self.path:
            raise RefusedError(f"a {type(one).__name__} contains itself.")
        if id(one) not in self.known:
            self.known[id(one)] = self._inside(one, children, depth)
        count, height = self.known[id(one)]
        if depth + height > _DEEPEST:
            raise RefusedError(f"values are nested more than {_DEEPEST} deep.")
        return count, height

    def _inside(self, one: Any, children: list[Any], depth: int) -> tuple[int, int]:
        if depth > _DEEPEST:
            raise RefusedError(f"values are nested more than {_DEEPEST} deep.")
        self.path.add(id(one))
        total, height = 1, 0
        for child in children:
            count, below = self.visit(child, depth + 1)
            total, height = total + count, max(height, below + 1)
        self.path.discard(id(one))
        if total > _MOST:
            raise RefusedError(
                f"a walk through the values meets more than {_MOST}: lists that hold "
                "lists several times over."
            )
        return total, height


def _children(value: Any) -> list[Any] | None:
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
