"""OpenMP, as `torch.backends.openmp`: not there."""


def is_available() -> bool:
    """No: XLA has threads of its own."""
    return False


__all__ = [
    "is_available",
]
