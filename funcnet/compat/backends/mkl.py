"""MKL, as `torch.backends.mkl`: not used."""


def is_available() -> bool:
    """Return False: XLA compiles for CPUs itself."""
    return False


VERBOSE_OFF, VERBOSE_ON = 0, 1


class verbose:  # noqa: N801 - PyTorch's name
    """Accepted for a `with` block: there is no MKL that would print."""

    def __init__(self, enable: int) -> None:
        self.enable = enable

    def __enter__(self) -> "verbose":
        return self

    def __exit__(self, *error: object) -> None:
        return


__all__ = [
    "VERBOSE_OFF",
    "VERBOSE_ON",
    "is_available",
    "verbose",
]
