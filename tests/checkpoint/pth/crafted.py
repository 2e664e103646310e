"""Pickles, archives and old files made byte by byte, so that they can lie."""

import struct
import zlib
from dataclasses import dataclass

MAGIC = b"\x8a\x0a" + (0x1950A86A20F9469CFC6C).to_bytes(10, "little")


# --- pickles --------------------------------------------------------------------------


def text(value: str) -> bytes:
    data = value.encode("utf-8", "surrogatepass")
    return b"X" + struct.pack("<I", len(data)) + data


def number(value: int) -> bytes:
    if -(2**31) <= value < 2**31:
        return b"J" + struct.pack("<i", value)
    size = value.bit_length() // 8 + 1
    return bytes([0x8A, size]) + value.to_bytes(size, "little", signed=True)


def name(module: str, attribute: str) -> bytes:
    return f"c{module}\n{attribute}\n".encode()


def group(*items: bytes) -> bytes:
    """A tuple."""
    return b"(" + b"".join(items) + b"t"


def call(function: bytes, *args: bytes) -> bytes:
    return function + group(*args) + b"R"


def listed(*items: bytes) -> bytes:
    return b"](" + b"".join(items) + b"e"


def mapped(*pairs: bytes) -> bytes:
    return b"}(" + b"".join(pairs) + b"u"


def pickled(value: bytes) -> bytes:
    return b"\x80\x02" + value + b"."


def storage(
    kind: bytes = name("torch", "FloatStorage"),
    key: bytes = text("0"),
    location: bytes = text("cpu"),
    count: bytes = number(6),
    *more: bytes,
) -> bytes:
    return group(text("storage"), kind, key, location, count, *more) + b"Q"


NO_HOOKS = name("collections", "OrderedDict") + b")R"


def tensor(
    where: bytes = storage(),
    offset: bytes = number(0),
    shape: tuple[int, ...] = (2, 3),
    stride: tuple[int, ...] = (3, 1),
    gradient: bytes = b"\x89",
    hooks: bytes = NO_HOOKS,
    *more: bytes,
) -> bytes:
    sizes = [group(*map(number, shape)), group(*map(number, stride))]
    function = name("torch._utils", "_rebuild_tensor_v2")
    return call(function, where, offset, *sizes, gradient, hooks, *more)


# --- archives -------------------------------------------------------------------------


@dataclass
class Entry:
    """A member of an archive; what is set lies about it.

    `local_*` is what its own header says, the rest what the directory says.
    """

    name: str
    data: bytes = b""
    flags: int = 0x0808
    method: int = 0
    checksum: int | None = None
    size: int | None = None
    packed: int | None = None
    offset: int | None = None
    extra: bytes = b""
    local_name: str | None = None
    local_size: int = 0
    local_flags: int | None = None
    descriptor: bytes | None = None
    gap: bytes = b""


def archive(
    entries: list[Entry],
    *,
    before: bytes = b"",
    after: bytes = b"",
    comment: bytes = b"",
    count: int | None = None,
    start: int | None = None,
    size: int | None = None,
    end64: bytes | None = None,
) -> bytes:
    out, directory = before, b""
    for entry in entries:
        path, offset = entry.name.encode(), len(out)
        local = (entry.local_name or entry.name).encode()
        real = zlib.crc32(entry.data)
        checksum = real if entry.checksum is None else entry.checksum
        length = len(entry.data) if entry.size is None else entry.size
        packed = length if entry.packed is None else entry.packed
        flags = entry.flags if entry.local_flags is None else entry.local_flags
        out += struct.pack(
            *("<4sHHHHHIIIHH", b"PK\3\4", 0, flags, entry.method, 0, 0, 0),
            *(entry.local_size, entry.local_size, len(local), 0),
        )
        out += local + entry.data
        if entry.descriptor is not None:
            out += entry.descriptor
        elif flags & 8:
            out += struct.pack("<4sIII", b"PK\7\x08", checksum, packed, length)
        out += entry.gap
        place = offset if entry.offset is None else entry.offset
        directory += struct.pack(
            *("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 0, 0, entry.flags, entry.method, 0, 0),
            *(checksum, packed, length, len(path), len(entry.extra), 0, 0, 0, 0, place),
        )
        directory += path + entry.extra
    start = len(out) if start is None else start
    size = len(directory) if size is None else size
    count = len(entries) if count is None else count
    out += directory + (end64 or b"")
    out += struct.pack(
        *("<4sHHHHIIH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF),
        *(size, start, len(comment)),
    )
    return out + comment + after


SIX = struct.pack("<6f", *range(6))


def members(value: bytes, **storages: bytes) -> list[Entry]:
    """The members of a file whose pickle gives `value`; storages by `_0`, `_1`, ..."""
    storages = storages or {"_0": SIX}
    return [
        Entry("archive/data.pkl", pickled(value)),
        Entry("archive/byteorder", b"little"),
        *[Entry(f"archive/data/{key[1:]}", data) for key, data in storages.items()],
        Entry("archive/version", b"3\n"),
    ]


def zipped(value: bytes, **storages: bytes) -> bytes:
    return archive(members(value, **storages))


# --- the format before 1.6 ------------------------------------------------------------

SYSTEM = mapped(
    *(text("protocol_version"), number(1001), text("little_endian"), b"\x88"),
    *(text("type_sizes"), b"}"),
)


def legacy(
    value: bytes,
    *,
    magic: bytes = MAGIC,
    protocol: bytes = number(1001),
    system: bytes = SYSTEM,
    keys: bytes = listed(text("0")),
    tail: bytes = struct.pack("<q", 6) + SIX,
) -> bytes:
    pickles = (magic, protocol, system, value, keys)
    return b"".join(map(pickled, pickles)) + tail


OLD = storage(*(name("torch", "FloatStorage"), text("0"), text("cpu"), number(6)), b"N")
