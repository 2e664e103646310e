"""Classes and functions that the user lets files name."""

from collections.abc import Iterable
from typing import Any

from funcnet.compat._messages.keyword_errors import explains_keywords

Named = Any | tuple[Any, str]

_safe: list[Named] = []


def by_name() -> dict[str, Any]:
    """What is let in, by the name under which files refer to it."""
    result: dict[str, Any] = {}
    for entry in _safe:
        if isinstance(entry, tuple):
            result[entry[1]] = entry[0]
        else:
            result[f"{entry.__module__}.{entry.__qualname__}"] = entry
    return result


def add_safe_globals(safe_globals: Iterable[Named]) -> None:
    """Let `torch.load` make objects of these classes and call these functions.

    Args:
        safe_globals: classes and functions, or pairs of one and of the name that it
            has in files, such as `(Net, "__main__.Net")`.

    Example:
        >>> import funcnet.compat as torch
        >>> class Settings:
        ...     pass
        >>> torch.serialization.add_safe_globals([Settings])
        >>> torch.serialization.get_safe_globals() == [Settings]
        True
        >>> torch.serialization.clear_safe_globals()
    """
    for entry in safe_globals:
        _check(entry)
        if entry not in _safe:
            _safe.append(entry)


def get_safe_globals() -> list[Named]:
    """The classes and functions that were let in.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.serialization.get_safe_globals()
        []
    """
    return list(_safe)


def clear_safe_globals() -> None:
    """Remove all safe globals that were added.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.serialization.clear_safe_globals()
    """
    _safe.clear()


@explains_keywords
class safe_globals:  # noqa: N801 - PyTorch's name
    """Allow classes and functions within a `with` block.

    Example:
        >>> import funcnet.compat as torch
        >>> class Settings:
        ...     pass
        >>> with torch.serialization.safe_globals([Settings]):
        ...     torch.serialization.get_safe_globals() == [Settings]
        True
    """

    def __init__(self, safe_globals: Iterable[Named]) -> None:
        self.added = list(safe_globals)
        self.before: list[Named] = []

    def __enter__(self) -> None:
        self.before = get_safe_globals()
        add_safe_globals(self.added)

    def __exit__(self, *error: object) -> None:
        _safe[:] = self.before


def _check(entry: Any) -> None:
    named = isinstance(entry, tuple)
    if named and not (
        len(entry) == 2 and callable(entry[0]) and isinstance(entry[1], str)
    ):
        raise ValueError(
            f"Expected a pair of a class or function and its name, but got {entry!r}."
        )
    if not named and not (callable(entry) and hasattr(entry, "__qualname__")):
        raise TypeError(f"Expected classes or functions, but got {entry!r}.")
