"""Change files at random, in ways that get past the checksums, and load them.

`python -m tests.checkpoint.pth.fuzz --cases 100000 --seed 1` prints what came of it.
Only `CheckpointError` may be raised; a file that still loads is fine.
"""

import argparse
import io
import random
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from funcnet.checkpoint import CheckpointError, pth
from tests.checkpoint.pth import crafted
from tests.checkpoint.pth.crafted import Entry, archive

FROZEN = Path(__file__).parent / "frozen"
OPCODES = bytes([*b"(.0NKMJGXUT)]}tcRbQsuaehjqr", *range(0x80, 0x99)])
NUMBERS = [0, 1, 2, 3, 7, 8, 127, 128, 255, 256, 2**15, 2**16 - 1, 2**31 - 1, 2**32 - 1]
SNIPPETS = [
    *(crafted.tensor(), crafted.storage(), crafted.NO_HOOKS, crafted.listed(b"N")),
    *(crafted.mapped(crafted.text("a"), b"N"), crafted.group(b"N", b"N"), b"q\0h\0"),
    crafted.name("torch._utils", "_rebuild_parameter"),
    crafted.name("torch.nn.modules.linear", "Linear") + b")\x81}b",
    crafted.name("numpy", "dtype") + crafted.group(crafted.text("f8")) + b"R",
    crafted.name("os", "system"),
]


def seeds() -> list[bytes]:
    """Small files of all formats: ours and PyTorch's."""
    frozen = [path.read_bytes() for path in sorted(FROZEN.glob("*.pth"))]
    small = [data for data in frozen if len(data) < 20_000]
    return [
        crafted.zipped(crafted.tensor()),
        crafted.legacy(crafted.tensor(crafted.OLD)),
        *small,
    ]


def changed(data: bytes, draw: random.Random) -> bytes:
    """The bytes with one to four changes."""
    for _ in range(draw.choice([1, 1, 1, 2, 4])):
        data = draw.choice(CHANGES)(data, draw)
    return data


def _flip(data: bytes, draw: random.Random) -> bytes:
    if not data:
        return data
    place = draw.randrange(len(data))
    return (
        data[:place] + bytes([data[place] ^ 1 << draw.randrange(8)]) + data[place + 1 :]
    )


def _set(data: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(data) + 1)
    return data[:place] + bytes([draw.randrange(256)]) + data[place + 1 :]


def _number(data: bytes, draw: random.Random) -> bytes:
    size = draw.choice([1, 2, 4, 8])
    place = draw.randrange(len(data) + 1)
    number = draw.choice(NUMBERS) % 256**size
    return data[:place] + number.to_bytes(size, "little") + data[place + size :]


def _cut(data: bytes, draw: random.Random) -> bytes:
    return data[: draw.randrange(len(data) + 1)]


def _delete(data: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(data) + 1)
    return data[:place] + data[place + draw.choice([1, 1, 2, 4, 16]) :]


def _repeat(data: bytes, draw: random.Random) -> bytes:
    place, size = draw.randrange(len(data) + 1), draw.choice([1, 2, 8, 32])
    return data[: place + size] + data[place:]


def _opcode(data: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(data) + 1)
    return data[:place] + bytes([draw.choice(OPCODES)]) + data[place:]


def _other_opcode(data: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(data) + 1)
    return data[:place] + bytes([draw.choice(OPCODES)]) + data[place + 1 :]


def _snippet(data: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(data) + 1)
    return data[:place] + draw.choice(SNIPPETS) + data[place:]


CHANGES: list[Callable[[bytes, random.Random], bytes]] = [
    *(_flip, _set, _number, _cut, _delete, _repeat, _opcode, _other_opcode, _snippet),
]


class Fuzzer:
    """Draws files: half of them with a changed pickle in an archive that is right."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.seeds = seeds()
        self.archives = [data for data in self.seeds if data.startswith(b"PK")]

    def file(self) -> bytes:
        if self.draw.random() < 0.4:
            return changed(self.draw.choice(self.seeds), self.draw)
        entries = _entries(self.draw.choice(self.archives))
        if self.draw.random() < 0.8:
            entries[0].data = changed(entries[0].data, self.draw)
        else:
            one = self.draw.choice(entries)
            field = self.draw.choice(
                [f for f in vars(Entry("")) if f not in ("name", "data")]
            )
            setattr(one, field, _value(field, self.draw))
        return archive(entries)


def _entries(data: bytes) -> list[Entry]:
    """The members of an archive, to be written anew."""
    from funcnet.checkpoint.pth._archive.source import MemorySource
    from funcnet.checkpoint.pth._archive.zip_reader import Archive

    result = Archive(MemorySource(memoryview(data), True))
    return [Entry(f"archive/{name}", result.read(name)) for name in result.members]


def _value(field: str, draw: random.Random) -> Any:
    if field in ("extra", "descriptor", "gap"):
        return draw.randbytes(draw.randrange(30))
    if field == "local_name":
        return draw.choice(["archive/data.pkl", "../x", "archive/data/99", ""])
    number = draw.choice(NUMBERS)
    return number % 2**16 if field in ("flags", "local_flags", "method") else number


def loaders() -> list[Callable[[bytes], Any]]:
    """The ways in which each case is loaded, in turn."""
    from funcnet.compat import serialization

    plain = [
        lambda data: pth.load(io.BytesIO(data)),
        lambda data: pth.entries(io.BytesIO(data)),
    ]
    return [*plain, lambda data: serialization.load(io.BytesIO(data))]


def fuzz(cases: int, seed: int, slowest: float = 1.0) -> Counter[str]:
    """Run cases; raises AssertionError with the file of one that went wrong."""
    fuzzer, ways, counts = Fuzzer(seed), loaders(), Counter[str]()
    warnings.simplefilter("ignore")
    for number in range(cases):
        data, load = fuzzer.file(), ways[number % len(ways)]
        start = time.process_time()  # other load on the machine is no fault of ours
        try:
            load(data)
        except CheckpointError:
            counts["refused"] += 1
        except BaseException as error:
            raise AssertionError(
                f"case {number} of seed {seed}: {data[:99]!r}..."
            ) from error
        else:
            counts["loaded"] += 1
        counts["slow"] += time.process_time() - start > slowest
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.checkpoint.pth.fuzz")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    start = time.perf_counter()
    counts = fuzz(options.cases, options.seed)
    spent = time.perf_counter() - start
    print(dict(counts), f"{options.cases / spent:.0f} cases a second")
    sys.exit(counts["slow"] > 0)


if __name__ == "__main__":
    main()
