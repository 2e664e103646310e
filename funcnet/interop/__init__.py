"""Doors to other libraries: StableHLO files, flax (`interop.flax`), Equinox.

`funcnet.export` is `export` here. `funcnet.interop.flax` and `funcnet.interop.equinox`
import these libraries, so each is imported by itself.
"""

from funcnet.interop._export import export

__all__ = ["export"]
