"""What an entry of the table of PyTorch's words is."""

from collections.abc import Callable
from typing import TypeAlias

from funcnet._errors import Facts as Facts

Told: TypeAlias = tuple[type[Exception], str]
"""The exception, and its message with fields for the facts."""

Words: TypeAlias = Told | Callable[[Facts], Told | None]
