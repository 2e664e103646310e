"""Modules of Equinox as layers, and models as modules of Equinox.

Equinox is imported when one of these functions is called.
"""

from funcnet.interop.equinox._layer import (
    EquinoxLayer,
    equinox_arrays,
    from_equinox,
)
from funcnet.interop.equinox._to import to_equinox

__all__ = ["EquinoxLayer", "equinox_arrays", "from_equinox", "to_equinox"]
