"""Python's collector of garbage, which rests while the package is imported.

What an import makes stays: to look through it, here and whenever all objects are looked
through later, finds nothing. It takes a tenth of the import, and a sixth of the time of
a first training step.

Then it looks for garbage less often than Python would have it: at each look JAX's own
collector runs, too. A recording makes thousands of objects and no cycles of them; a
tenth of the end of an episode of reinforcement learning was spent here.
"""

import gc
from typing import Final

_WAS_ENABLED: Final = gc.isenabled()
_YOUNG: Final = 10_000
"""So many new objects are looked through at once, unless the script set more."""
gc.disable()


def end_of_import() -> None:
    """Leave all objects there are out of later collections, and collect again."""
    gc.freeze()
    young, *older = gc.get_threshold()
    if 0 < young < _YOUNG:
        gc.set_threshold(_YOUNG, *older)
    if _WAS_ENABLED:
        gc.enable()
