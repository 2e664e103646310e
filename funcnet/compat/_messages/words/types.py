"""What an entry of the table of PyTorch's words is."""

from collections.abc import Callable
from typing import TypeAlias

from funcnet._errors import Facts as Facts

Told: TypeAlias = tuple[type[Exception], str]
"""The exception, and its message with fields for the facts.

What a user wrote, such as a mode, belongs into a field: braces in it would be fields.
"""

Words: TypeAlias = Told | Callable[[Facts], Told | None]
