"""Apple's GPUs, as `torch.mps`: not supported."""


def is_available() -> bool:
    """Return False."""
    return False


def device_count() -> int:
    """Return 0."""
    return 0


__all__ = ["device_count", "is_available"]
