"""The zip layout: a strict reader of archives whose members are stored as they are.

A file that two programs could read in two ways is refused: every byte of it belongs to
one member, to a header that agrees with the directory, or to the directory.
"""

import struct
import zlib
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from funcnet.checkpoint._background import Background
from funcnet.checkpoint.pth._archive.source import Source
from funcnet.checkpoint.pth._archive.zip_directory import WIDE, Header, read_directory
from funcnet.checkpoint.pth._errors import DamagedError, RefusedError

_LOCAL_SIGN, _DESCRIPTOR_SIGN = b"PK\3\4", b"PK\7\x08"
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_DESCRIPTORS = {
    size: struct.Struct(layout)
    for size, layout in [(12, "<III"), (16, "<4xIII"), (20, "<IQQ"), (24, "<4xIQQ")]
}
_HAS_DESCRIPTOR, _IS_UTF8 = 0x0008, 0x0800


class Member(NamedTuple):
    """One file in the archive: where its bytes are, and their checksum."""

    name: str
    start: int
    size: int
    checksum: int


class Archive:
    """The members of a zip archive, without its top folder in their names."""

    def __init__(self, source: Source) -> None:
        self.source, self.background = source, Background()
        self.waiting: list[Callable[[], None]] = []
        headers, start = read_directory(source)
        _check_kind([header.name for header in headers])
        self.top = _one_top([header.name for header in headers])
        self.members = _members(source, headers, start, len(self.top) + 1)

    def read(self, name: str) -> bytes:
        """The bytes of a member, checked."""
        member = self.member(name)
        result = self.source.read(member.start, member.size)
        _compare_sums(member, result)
        return result

    def array(self, name: str, verify: bool) -> tuple[np.ndarray, Callable[[], None]]:
        """The bytes of a member as a writable array, and what waits until they came."""
        member = self.member(name)
        array, fill = self.source.room(member.start, member.size)

        def job() -> None:
            fill()
            if verify:
                _compare_sums(member, array)

        wait = self.background.run(job, member.size)
        self.waiting.append(wait)
        return array, wait

    def finish(self) -> None:
        """Wait until all arrays are there, and checked."""
        for wait in self.waiting:
            wait()

    def member(self, name: str) -> Member:
        """The member of a name."""
        if name not in self.members:
            raise DamagedError(f"the archive has no {name!r}: it is not whole.")
        return self.members[name]


def _check_kind(names: list[str]) -> None:
    """Refuse archives of other programs by what they are."""
    if any("/code/" in name or name.endswith("/constants.pkl") for name in names):
        raise RefusedError(
            "the file is a TorchScript program of torch.jit.save. In PyTorch, load it "
            "with torch.jit.load and save model.state_dict()."
        )
    if all(name.endswith(".npy") for name in names):
        raise RefusedError("the file is an .npz of numpy: read it with numpy.load.")


def _one_top(names: list[str]) -> str:
    """The folder in which all members lie."""
    for name in names:
        parts = name.split("/")
        away = {"", ".", ".."} & {*parts} or "\\" in name or "\0" in name
        if len(parts) < 2 or away:
            raise DamagedError(
                f"a member has the name {name!r}, which leads elsewhere."
            )
    tops = {name.split("/", 1)[0] for name in names}
    if len(tops) != 1:
        raise DamagedError(f"the archive has {len(tops)} top folders instead of one.")
    [(name, times)] = Counter(names).most_common(1)
    if times > 1:
        raise DamagedError(f"the archive has {times} members with the name {name!r}.")
    return tops.pop()


def _members(
    source: Source, headers: list[Header], stop: int, skip: int
) -> dict[str, Member]:
    """The members by name; headers, bytes and descriptors must cover the file.

    `stop` is where the directory begins; `skip` letters of each name are left out.
    """
    result, position = {}, 0
    ordered = sorted(headers, key=lambda header: header.offset)
    ends = [header.offset for header in ordered[1:]] + [stop]
    for header, end in zip(ordered, ends, strict=True):
        name, flags, method, checksum, packed, size, offset = header
        if method or flags & ~(_HAS_DESCRIPTOR | _IS_UTF8):
            raise DamagedError(
                f"{name!r} is compressed or encrypted; PyTorch stores members as they "
                "are."
            )
        if size != packed:
            raise DamagedError(f"the entry of {name!r} has two sizes.")
        if offset != position:
            raise DamagedError(
                f"{name!r} overlaps another member, or bytes are hidden."
            )
        start = _data_start(source, header)
        if start + size > end:
            raise DamagedError(f"{name!r} reaches into what follows it.")
        _check_gap(source, header, start + size, end)
        result[name[skip:]] = Member(name[skip:], start, size, checksum)
        position = end
    return result


def _data_start(source: Source, header: Header) -> int:
    """Where the bytes of a member begin, if its own header agrees."""
    name, flags, _, checksum, _, size, offset = header
    read = _LOCAL.unpack(source.read(offset, _LOCAL.size))
    sign, _, own_flags, method, _, _, own_sum, packed, own_size, length, extra = read
    own_name = source.read(offset + _LOCAL.size, length) if length < 65_536 else b""
    if sign != _LOCAL_SIGN or own_flags != flags or method or own_name != name.encode():
        raise DamagedError(f"the header of {name!r} does not agree with the directory.")
    later = bool(flags & _HAS_DESCRIPTOR)
    for mine, theirs in ((own_sum, checksum), (packed, size), (own_size, size)):
        if mine not in ((0, WIDE, theirs) if later else (WIDE, theirs)):
            raise DamagedError(f"the header of {name!r} has another size or checksum.")
    return offset + _LOCAL.size + length + extra


def _check_gap(source: Source, header: Header, start: int, end: int) -> None:
    """Between a member's bytes and the next header stands nothing or a descriptor."""
    name, flags, _, checksum, _, size, _ = header
    if start == end:
        return
    layout = _DESCRIPTORS.get(end - start) if flags & _HAS_DESCRIPTOR else None
    if layout is None:
        raise DamagedError(f"{end - start} bytes are hidden behind {name!r}.")
    data = source.read(start, end - start)
    signed = layout.size in (12, 20) or data[:4] == _DESCRIPTOR_SIGN
    if not signed or layout.unpack(data) != (checksum, size, size):
        raise DamagedError(f"what follows {name!r} does not agree with the directory.")


def _compare_sums(member: Member, data: bytes | np.ndarray) -> None:
    if zlib.crc32(data) != member.checksum:
        raise DamagedError(
            f"the checksum of {member.name!r} is wrong: the file was damaged."
        )
