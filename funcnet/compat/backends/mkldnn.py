"""oneDNN, as `torch.backends.mkldnn`: not used."""

import contextlib
from collections.abc import Iterator

enabled = True


def is_available() -> bool:
    """Return False: XLA compiles for CPUs itself."""
    return False


@contextlib.contextmanager
def flags(enabled: bool = False, **others: object) -> Iterator[None]:
    """Do nothing in a `with` block: there is nothing to switch."""
    yield


__all__ = [
    "enabled",
    "flags",
    "is_available",
]
