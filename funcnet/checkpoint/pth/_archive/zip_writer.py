"""Write the zip layout of PyTorch 2: members as they are, each at a 64th byte."""

import os
import struct
import zlib
from typing import IO, Any, Final

from funcnet.checkpoint._background import Background

_ALIGNMENT: Final = 64
_WIDE: Final = 0xFFFFFFFF
_FLAGS: Final = 0x0808  # sizes follow the bytes; names are UTF-8


class ZipWriter:
    """Writes members one after the other to a file that need not be able to seek."""

    def __init__(self, file: IO[bytes], top: str, background: Background) -> None:
        self.file, self.top, self.position = file, top, 0
        self.background = background
        self.directory: list[bytes] = []
        self.sums = 0

    def add(self, name: str, data: bytes | memoryview) -> None:
        """Write a member; its bytes are not copied."""
        path, size, start = f"{self.top}/{name}".encode(), len(data), self.position
        wide = size >= _WIDE or start >= _WIDE
        flags = _FLAGS if size else _FLAGS & ~8
        extra = self._wide_extra(size, start) if wide else b""
        head = 30 + len(path) + len(extra) + 4
        fill = -(start + head) % _ALIGNMENT
        padding = struct.pack("<2sH", b"FB", fill) + b"Z" * fill
        local = struct.pack(
            *("<4sHHHHHIIIHH", b"PK\3\4", 0, flags, 0, 0, 0, 0, 0, 0),
            *(len(path), len(extra) + len(padding)),
        )
        self._write(local + path + extra + padding)
        checksum = self._write_summed(data)
        if size:
            layout = "<4sIQQ" if wide else "<4sIII"
            self._write(struct.pack(layout, b"PK\7\x08", checksum, size, size))
        self._list(path, flags, checksum, size, start, extra)
        self.sums = zlib.crc32(path + checksum.to_bytes(4, "little"), self.sums)

    def close(self) -> None:
        """Write the directory."""
        start, data = self.position, b"".join(self.directory)
        count, size = len(self.directory), len(data)
        self._write(data)
        end = self.position
        few, narrow, first = min(count, 0xFFFF), min(size, _WIDE), min(start, _WIDE)
        self._write(
            struct.pack(
                *("<4sQHHIIQQQQ", b"PK\6\6", 44, 0x031E, 45, 0, 0, count, count),
                *(size, start),
            )
            + struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
            + struct.pack(
                *("<4sHHHHIIH", b"PK\5\6", 0, 0, few, few, narrow, first, 0),
            )
        )

    def _list(
        self,
        path: bytes,
        flags: int,
        checksum: int,
        size: int,
        start: int,
        extra: bytes,
    ) -> None:
        narrow, first = min(size, _WIDE), min(start, _WIDE)
        fields: tuple[Any, ...] = (b"PK\1\2", 0, 0, flags, 0, 0, 0, checksum, narrow)
        fields += (narrow, len(path), len(extra), 0, 0, 0, 0, first)
        self.directory.append(
            struct.pack("<4sHHHHHHIIIHHHHHII", *fields) + path + extra
        )

    def _wide_extra(self, size: int, start: int) -> bytes:
        """The 64-bit fields of a member for which 32 bits are too few."""
        fields = [size, size] if size >= _WIDE else []
        fields += [start] if start >= _WIDE else []
        return struct.pack(f"<HH{len(fields)}Q", 1, 8 * len(fields), *fields)

    def _write_summed(self, data: bytes | memoryview) -> int:
        checksum = self.background.run(lambda: zlib.crc32(data), len(data))
        self._write(data)
        return checksum()

    def _write(self, data: bytes | memoryview) -> None:
        rest = memoryview(data)
        while len(rest):
            written = self.file.write(rest)
            if written == 0:
                raise OSError("the file takes no more bytes.")
            rest = rest[len(rest) if written is None else written :]
        self.position += len(data)


def top_folder(path: str | os.PathLike[str]) -> str:
    """The folder in which PyTorch puts the members of a file of this name."""
    name = os.path.basename(os.fspath(path))
    stem = name.rpartition(".")[0] or name
    plain = stem.isascii() and not {*stem} & {*"\\\0"} and stem.strip(".")
    return stem if plain else "archive"
