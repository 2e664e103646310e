"""Doors to other libraries: StableHLO files, flax and Equinox.

`funcnet.export` is `export` here. `funcnet.interop.flax` imports flax, so it is
imported by itself, and so is `funcnet.interop.equinox`.
"""

from funcnet.interop._export import export

__all__ = ["export"]
