"""What each error says: a template under its code, one file for each family.

The fields of a template are facts of the error; see `funcnet._errors`.
"""

from typing import Final

from funcnet._messages import conv, shared

MESSAGES: Final[dict[str, str]] = shared.MESSAGES | conv.MESSAGES
