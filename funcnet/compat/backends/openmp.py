"""OpenMP, as `torch.backends.openmp`: not used."""


def is_available() -> bool:
    """Return False: XLA has threads of its own."""
    return False


__all__ = [
    "is_available",
]
