"""Apple's GPUs, as `torch.backends.mps`: not supported."""


def is_available() -> bool:
    """Return False."""
    return False


def is_built() -> bool:
    """Return False."""
    return False


__all__ = [
    "is_available",
    "is_built",
]
