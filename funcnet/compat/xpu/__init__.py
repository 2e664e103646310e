"""Intel's GPUs, as `torch.xpu`: not supported."""


def is_available() -> bool:
    """Return False."""
    return False


def device_count() -> int:
    """Return 0."""
    return 0


def is_current_stream_capturing() -> bool:
    """Return False."""
    return False


__all__ = ["device_count", "is_available", "is_current_stream_capturing"]
