"""Doors to other libraries: StableHLO files, and flax (`interop.flax`).

`funcnet.export` is `export` here. `funcnet.interop.flax` imports flax, so it is
imported by itself.
"""

from funcnet.interop._export import export

__all__ = ["export"]
