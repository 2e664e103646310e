"""What each error says: a template under its code, one file for each family.

The fields of a template are facts of the error; see `funcnet._errors`.
"""

from typing import Final

from funcnet._messages import (
    activation,
    attention,
    conv,
    dropout,
    embedding,
    files,
    init,
    linear,
    norm,
    pool,
    recurrent,
    shape,
    shared,
    vision,
)

_FAMILIES = (
    *(shared, activation, attention, conv, dropout, embedding, files, init, linear),
    *(norm, pool, recurrent, shape, vision),
)
MESSAGES: Final[dict[str, str]] = {
    code: text for family in _FAMILIES for code, text in family.MESSAGES.items()
}
