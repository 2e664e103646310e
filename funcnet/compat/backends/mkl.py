"""MKL, as `torch.backends.mkl`: not used."""


def is_available() -> bool:
    """Return False: XLA compiles for CPUs itself."""
    return False


__all__ = [
    "is_available",
]
