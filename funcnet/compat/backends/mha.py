"""Multi-head attention, as `torch.backends.mha`."""

_fastpath_enabled = True


def get_fastpath_enabled() -> bool:
    """Return whether encoders in evaluation equal PyTorch's fast path."""
    return _fastpath_enabled


def set_fastpath_enabled(value: bool) -> None:
    """Set whether encoders in evaluation equal PyTorch's fast path."""
    global _fastpath_enabled
    _fastpath_enabled = value


__all__ = [
    "get_fastpath_enabled",
    "set_fastpath_enabled",
]
