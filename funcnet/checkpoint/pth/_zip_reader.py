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

from funcnet.checkpoint.pth._checksums import Checksums
from funcnet.checkpoint.pth._errors import DamagedError, RefusedError
from funcnet.checkpoint.pth._source import Source

LOCAL, CENTRAL, DESCRIPTOR = b"PK\3\4", b"PK\1\2", b"PK\7\x08"
END, END64, LOCATOR64 = b"PK\5\6", b"PK\6\6", b"PK\6\7"
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_END64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR64 = struct.Struct("<4sIQI")
_DESCRIPTORS = {
    size: struct.Struct(layout)
    for size, layout in [(12, "<III"), (16, "<4xIII"), (20, "<IQQ"), (24, "<4xIQQ")]
}
_HAS_DESCRIPTOR, _IS_UTF8 = 0x0008, 0x0800
_MANY = 250_000
_WIDE = 0xFFFFFFFF


class Member(NamedTuple):
    """One file in the archive: where its bytes are, and their checksum."""

    name: str
    start: int
    size: int
    checksum: int


class Archive:
    """The members of a zip archive, without its top folder in their names."""

    def __init__(self, source: Source) -> None:
        self.source, self.checksums = source, Checksums()
        self.waiting: list[tuple[Member, Callable[[], int]]] = []
        start, size, count = _find_directory(source)
        headers = _directory(source.read(start, size), count)
        _check_kind([header.name for header in headers])
        self.top = _one_top([header.name for header in headers])
        self.members = _members(source, headers, start, len(self.top) + 1)

    def read(self, name: str) -> bytes:
        """The bytes of a member, checked."""
        member = self.member(name)
        found = self.source.read(member.start, member.size)
        _compare_sums(member, zlib.crc32(found))
        return found

    def array(self, name: str, verify: bool) -> np.ndarray:
        """The bytes of a member as a writable array; `finish` checks them."""
        member = self.member(name)
        found = self.source.array(member.start, member.size)
        if verify:
            self.waiting.append((member, self.checksums.start(found)))
        return found

    def finish(self) -> None:
        """Wait for the checksums of the arrays, and compare them."""
        for member, checksum in self.waiting:
            _compare_sums(member, checksum())

    def member(self, name: str) -> Member:
        """The member of a name."""
        if name not in self.members:
            raise DamagedError(f"the archive has no {name!r}: it is not whole.")
        return self.members[name]


class _Header(NamedTuple):
    """What the directory says of a member."""

    name: str
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    offset: int


def _directory(data: bytes, count: int) -> list[_Header]:
    """The entries of the central directory."""
    place, size = 0, len(data)
    headers: list[_Header] = []
    for _ in range(count):
        if place + _CENTRAL.size > size:
            raise DamagedError("the directory ends within an entry.")
        fields = _CENTRAL.unpack_from(data, place)
        lengths = fields[10:13]
        end = place + _CENTRAL.size + sum(lengths)
        if end > size:
            raise DamagedError("the directory ends within an entry.")
        headers.append(_entry(fields, data[place + _CENTRAL.size : end]))
        place = end
    if place != size:
        raise DamagedError("bytes follow the last entry of the directory.")
    return headers


def _find_directory(source: Source) -> tuple[int, int, int]:
    """Where the central directory is: start, size, and how many entries it has."""
    tail = source.size - _END.size
    if tail < 0:
        raise DamagedError("the archive is cut off.")
    sign, disk, first, here, count, size, start, comment = _END.unpack(
        source.read(tail, _END.size)
    )
    if sign != END or comment or disk or first or here != count:
        raise DamagedError(
            "failed finding central directory: the archive is cut off, or bytes follow "
            "its end."
        )
    locator = tail - _LOCATOR64.size
    if locator >= 0:
        sign, disk, place, disks = _LOCATOR64.unpack(
            source.read(locator, _LOCATOR64.size)
        )
        if sign == LOCATOR64:
            tail = locator - _END64.size
            if place != tail or disk or disks != 1:
                raise DamagedError("the end of the archive is not where it says.")
            narrow = (count, size, start)
            start, size, count = _find_wide(source.read(tail, _END64.size), narrow)
    if start + size != tail:
        raise DamagedError("the directory is not where the archive's end says.")
    if not 0 < count <= _MANY or count * _CENTRAL.size > size:
        raise DamagedError(
            f"the archive says that it has {count} members in {size} bytes of "
            f"directory; {_MANY} is the most."
        )
    return start, size, count


def _find_wide(data: bytes, narrow: tuple[int, int, int]) -> tuple[int, int, int]:
    sign, length, _, _, disk, first, here, count, size, start = _END64.unpack(data)
    wide = (count, size, start)
    agree = all(
        few in (many, limit)
        for few, many, limit in zip(narrow, wide, (0xFFFF, _WIDE, _WIDE), strict=True)
    )
    whole = sign == END64 and length == _END64.size - 12
    if not whole or disk or first or here != count or not agree:
        raise DamagedError("the two ends of the archive do not agree.")
    return start, size, count


def _entry(fields: tuple[int, ...], rest: bytes) -> _Header:
    """One entry of the directory: what it says, if it is of a kind that is read."""
    sign, _, _, flags, method, _, _, checksum, packed, size = fields[:10]
    name_length, extra_length, comment_length, disk, _, _, offset = fields[10:]
    try:
        name = rest[:name_length].decode()
    except UnicodeDecodeError:
        raise DamagedError("a member's name is not UTF-8.") from None
    if sign != CENTRAL or disk or comment_length:
        raise DamagedError(f"the entry of {name!r} is damaged.")
    wide = _wide_fields(rest[name_length : name_length + extra_length])
    places = [v for v in (size, packed, offset) if v == _WIDE]
    if len(wide) != 8 * len(places):
        raise DamagedError(f"the entry of {name!r} has sizes that do not agree.")
    more = iter(struct.unpack(f"<{len(places)}Q", wide))
    size, packed, offset = (
        next(more) if v == _WIDE else v for v in (size, packed, offset)
    )
    return _Header(name, flags, method, checksum, packed, size, offset)


def _check_kind(names: list[str]) -> None:
    """Refuse archives of other programs by what they are."""
    if any("/code/" in name or name.endswith("/constants.pkl") for name in names):
        raise RefusedError(
            "the file is a TorchScript program of torch.jit.save. In PyTorch, load it "
            "with torch.jit.load and save model.state_dict()."
        )
    if all(name.endswith(".npy") for name in names):
        raise RefusedError("the file is an .npz of numpy: read it with numpy.load.")


def _wide_fields(extra: bytes) -> bytes:
    """The part of the extra field that holds 64-bit numbers."""
    found, place = b"", 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        body = extra[place + 4 : place + 4 + length]
        if len(body) != length or (kind == 1 and found):
            raise DamagedError("an extra field is damaged.")
        if kind == 1:
            found = body
        place += 4 + length
    if place != len(extra):
        raise DamagedError("an extra field is damaged.")
    return found


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
    source: Source, headers: list[_Header], stop: int, skip: int
) -> dict[str, Member]:
    """The members by name; headers, bytes and descriptors must cover the file.

    `stop` is where the directory begins; `skip` letters of each name are left out.
    """
    found, place = {}, 0
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
        if offset != place:
            raise DamagedError(
                f"{name!r} overlaps another member, or bytes are hidden."
            )
        start = _data_start(source, header)
        if start + size > end:
            raise DamagedError(f"{name!r} reaches into what follows it.")
        _check_gap(source, header, start + size, end)
        found[name[skip:]] = Member(name[skip:], start, size, checksum)
        place = end
    return found


def _data_start(source: Source, header: _Header) -> int:
    """Where the bytes of a member begin, if its own header agrees."""
    name, flags, _, checksum, _, size, offset = header
    read = _LOCAL.unpack(source.read(offset, _LOCAL.size))
    sign, _, own_flags, method, _, _, own_sum, packed, own_size, length, extra = read
    own_name = source.read(offset + _LOCAL.size, length) if length < 65_536 else b""
    if sign != LOCAL or own_flags != flags or method or own_name != name.encode():
        raise DamagedError(f"the header of {name!r} does not agree with the directory.")
    later = bool(flags & _HAS_DESCRIPTOR)
    for mine, theirs in ((own_sum, checksum), (packed, size), (own_size, size)):
        if mine not in ((0, _WIDE, theirs) if later else (_WIDE, theirs)):
            raise DamagedError(f"the header of {name!r} has another size or checksum.")
    return offset + _LOCAL.size + length + extra


def _check_gap(source: Source, header: _Header, start: int, end: int) -> None:
    """Between a member's bytes and the next header stands nothing or a descriptor."""
    name, flags, _, checksum, _, size, _ = header
    if start == end:
        return
    layout = _DESCRIPTORS.get(end - start) if flags & _HAS_DESCRIPTOR else None
    if layout is None:
        raise DamagedError(f"{end - start} bytes are hidden behind {name!r}.")
    data = source.read(start, end - start)
    signed = layout.size in (12, 20) or data[:4] == DESCRIPTOR
    if not signed or layout.unpack(data) != (checksum, size, size):
        raise DamagedError(f"what follows {name!r} does not agree with the directory.")


def _compare_sums(member: Member, found: int) -> None:
    if found != member.checksum:
        raise DamagedError(
            f"the checksum of {member.name!r} is wrong: the file was damaged."
        )
