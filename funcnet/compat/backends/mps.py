"""Apple's GPUs, as `torch.backends.mps`: not supported."""

from typing import Any

from funcnet.compat._messages.unsupported import missing


def is_available() -> bool:
    """Return False."""
    return False


def is_built() -> bool:
    """Return False."""
    return False


def is_macos_or_newer(major: int, minor: int) -> bool:
    """Return False."""
    return False


def is_macos13_or_newer(minor: int = 0) -> bool:
    """Return False."""
    return False


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "backends.mps")


__all__ = [
    "is_available",
    "is_built",
    "is_macos13_or_newer",
    "is_macos_or_newer",
]
