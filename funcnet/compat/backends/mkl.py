"""Intel's library, as `torch.backends.mkl`: not there."""


def is_available() -> bool:
    """No: XLA compiles for CPUs itself."""
    return False


__all__ = [
    "is_available",
]
