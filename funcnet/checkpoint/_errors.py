"""The error of reading and writing checkpoints; files of other formats."""

from typing import Final

from funcnet._errors import InputError


class CheckpointError(InputError):
    """A tree that cannot be saved, a damaged file, or one that fits no template."""


_FOREIGN: Final = {
    b"\x89HDF\r\n": "an HDF5 file, as Keras has them",
    b"\x93NUMPY": "an array of numpy.save; load it with numpy.load",
    b"\x1f\x8b": "compressed: run gunzip first",
    b"version https://git-lfs": (
        "a pointer of git-lfs and not the weights: run `git lfs pull`"
    ),
    b"<": "text, perhaps the page of a download that failed",
}


def foreign_format(head: bytes) -> str | None:
    """What a file that is no checkpoint is, from its first bytes, if that shows."""
    starts = (what for start, what in _FOREIGN.items() if head.startswith(start))
    return next(starts, None)
