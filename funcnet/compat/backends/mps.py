"""Apple's GPUs, as `torch.backends.mps`: not there."""


def is_available() -> bool:
    """No."""
    return False


def is_built() -> bool:
    """No."""
    return False


__all__ = [
    "is_available",
    "is_built",
]
