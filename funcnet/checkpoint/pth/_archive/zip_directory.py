"""The directory at the end of a zip archive."""

import struct
from typing import NamedTuple

from funcnet.checkpoint.pth._archive.source import Source
from funcnet.checkpoint.pth._errors import DamagedError

_CENTRAL_SIGN, _END_SIGN = b"PK\1\2", b"PK\5\6"
_END64_SIGN, _LOCATOR64_SIGN = b"PK\6\6", b"PK\6\7"
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_END64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR64 = struct.Struct("<4sIQI")
_MANY = 250_000
WIDE = 0xFFFFFFFF


class Header(NamedTuple):
    """What the directory says of a member."""

    name: str
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    offset: int


def read_directory(source: Source) -> tuple[list[Header], int]:
    """The entries of the directory, and where it begins."""
    start, size, count = _find_directory(source)
    return _entries(source.read(start, size), count), start


def _entries(data: bytes, count: int) -> list[Header]:
    """The entries in the bytes of the directory."""
    position, size = 0, len(data)
    headers: list[Header] = []
    for _ in range(count):
        if position + _CENTRAL.size > size:
            raise DamagedError("the directory ends within an entry.")
        fields = _CENTRAL.unpack_from(data, position)
        lengths = fields[10:13]
        end = position + _CENTRAL.size + sum(lengths)
        if end > size:
            raise DamagedError("the directory ends within an entry.")
        headers.append(_entry(fields, data[position + _CENTRAL.size : end]))
        position = end
    if position != size:
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
    if sign != _END_SIGN or comment or disk or first or here != count:
        raise DamagedError(
            "failed finding central directory: the archive is cut off, or bytes follow "
            "its end."
        )
    locator = tail - _LOCATOR64.size
    if locator >= 0:
        sign, disk, position, disks = _LOCATOR64.unpack(
            source.read(locator, _LOCATOR64.size)
        )
        if sign == _LOCATOR64_SIGN:
            tail = locator - _END64.size
            if position != tail or disk or disks != 1:
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
        narrow_value in (wide_value, limit)
        for narrow_value, wide_value, limit in zip(
            narrow, wide, (0xFFFF, WIDE, WIDE), strict=True
        )
    )
    whole = sign == _END64_SIGN and length == _END64.size - 12
    if not whole or disk or first or here != count or not agree:
        raise DamagedError("the two ends of the archive do not agree.")
    return start, size, count


def _entry(fields: tuple[int, ...], rest: bytes) -> Header:
    """One entry of the directory: its fields, if it is of a supported type."""
    sign, _, _, flags, method, _, _, checksum, packed, size = fields[:10]
    name_length, extra_length, comment_length, disk, _, _, offset = fields[10:]
    try:
        name = rest[:name_length].decode()
    except UnicodeDecodeError:
        raise DamagedError("a member's name is not UTF-8.") from None
    if sign != _CENTRAL_SIGN or disk or comment_length:
        raise DamagedError(f"the entry of {name!r} is damaged.")
    wide = _wide_fields(rest[name_length : name_length + extra_length])
    wide_fields = [v for v in (size, packed, offset) if v == WIDE]
    if len(wide) != 8 * len(wide_fields):
        raise DamagedError(f"the entry of {name!r} has sizes that do not agree.")
    more = iter(struct.unpack(f"<{len(wide_fields)}Q", wide))
    size, packed, offset = (
        next(more) if v == WIDE else v for v in (size, packed, offset)
    )
    return Header(name, flags, method, checksum, packed, size, offset)


def _wide_fields(extra: bytes) -> bytes:
    """The part of the extra field that holds 64-bit integers."""
    result, position = b"", 0
    while position + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, position)
        body = extra[position + 4 : position + 4 + length]
        if len(body) != length or (tag == 1 and result):
            raise DamagedError("an extra field is damaged.")
        if tag == 1:
            result = body
        position += 4 + length
    if position != len(extra):
        raise DamagedError("an extra field is damaged.")
    return result
