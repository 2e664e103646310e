"""What an entry of the table of PyTorch's words is."""

from collections.abc import Callable
from typing import Any, TypeAlias

Facts: TypeAlias = dict[str, Any]
"""The facts of an error, by name, as PyTorch prints them."""

Told: TypeAlias = tuple[type[Exception], str]
"""The exception, and its message with fields for the facts."""

Words: TypeAlias = Told | Callable[[Facts], Told | None]
