"""Multi-head attention, as `torch.backends.mha`."""

_fastpath_enabled = True


def get_fastpath_enabled() -> bool:
    """Whether encoders in evaluation give what PyTorch's fast path gives."""
    return _fastpath_enabled


def set_fastpath_enabled(value: bool) -> None:
    """Let encoders in evaluation give what PyTorch's fast path gives, or not."""
    global _fastpath_enabled
    _fastpath_enabled = value


__all__ = [
    "get_fastpath_enabled",
    "set_fastpath_enabled",
]
