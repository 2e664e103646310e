"""Signal processing, as `torch.signal`."""

from funcnet.compat.signal import windows

__all__ = ["windows"]
