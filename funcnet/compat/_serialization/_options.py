"""Settings of saving and loading that there is no choice of here."""

import enum
import mmap
from collections.abc import Callable
from typing import Any, Final, NoReturn

from funcnet.compat._messages.keyword_errors import explains_keywords

DEFAULT_PROTOCOL: Final = 2
MAP_LOCATION = Any


class SourceChangeWarning(Warning):
    """PyTorch's warning that a class has changed since it was saved."""


class LoadEndianness(enum.Enum):
    """The order of bytes in a file."""

    NATIVE = 1
    LITTLE = 2
    BIG = 3


def get_default_load_endianness() -> LoadEndianness | None:
    """None: the file says it."""
    return None


def set_default_load_endianness(endianness: LoadEndianness | None) -> None:
    """Accept what files are anyway: little-endian unless they say otherwise."""
    if endianness is LoadEndianness.BIG:
        raise NotImplementedError(
            "files without a record of their byte order are read as little-endian"
        )


def get_crc32_options() -> bool:
    """Yes: records have their checksum."""
    return True


def set_crc32_options(compute_crc32: bool) -> None:
    """Accepted: checksums are always written, and PyTorch reads them."""


def get_default_mmap_options() -> int | None:
    """Files are mapped so that writing to a tensor does not change them."""
    return getattr(mmap, "MAP_PRIVATE", None)


def set_default_mmap_options(flags: int) -> None:
    """Accept MAP_PRIVATE.

    Raises:
        NotImplementedError: with another flag writing would change the file.
    """
    if flags != get_default_mmap_options():
        raise NotImplementedError(
            "torch.load(mmap=True) maps files as MAP_PRIVATE: a tensor that is written "
            "to does not change the file."
        )


@explains_keywords
def register_package(
    priority: int, tagger: Callable[..., Any], deserializer: Callable[..., Any]
) -> NoReturn:
    """Refuse: other devices than JAX's are not known."""
    raise NotImplementedError(
        "torch.serialization.register_package: tensors lie on JAX's devices only. Give "
        "torch.load(map_location=...) the place where they are to go."
    )


def skip_data(materialize_fake_tensors: bool = False) -> NoReturn:
    """Refuse: files are always written whole."""
    raise NotImplementedError(
        "torch.serialization.skip_data: files are written with their numbers. "
        "torch.load(mmap=True) reads a file without loading them at once."
    )
