"""Change files at random, and read them.

A million cases: `python -m tests.checkpoint.fuzz --cases 1000000`.

A changed file is refused with `CheckpointError`, or gives what was saved (some changes
change nothing, such as a longer way to write a number). Where a file has no checksums,
as those of flax and .safetensors, other numbers may come back, but no other error.
"""

import argparse
import random
import struct
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import flax.serialization
import numpy as np

from funcnet import checkpoint
from funcnet.checkpoint import CheckpointError

TREE = {
    "params": {
        "0": {"weight": np.arange(6.0).reshape(2, 3), "bias": np.ones(2, "bool")}
    },
    "half": np.ones(3, "bfloat16"),
    "empty": np.zeros((0, 2), np.int8),
}
MORE = TREE | {
    "steps": [1, 2.5, None, "text", 2j, -(2**40)],
    "pair": (np.int32(3), {}),
}

NUMBERS = [0, 1, -1, 127, 128, 255, 256, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1]


def seeds(folder: Path) -> dict[str, bytes]:
    """The whole files that are changed."""
    result = {}
    for name, tree in {
        "ours.msgpack": MORE,
        "tuple.msgpack": (1, TREE, np.ones(3)),
        "a.safetensors": TREE,
    }.items():
        checkpoint.save(folder / name, tree)
        result[name] = (folder / name).read_bytes()
    result["flax.msgpack"] = flax.serialization.to_bytes(MORE)
    return result


def flip(draw: random.Random, data: bytearray) -> None:
    data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)


def replace(draw: random.Random, data: bytearray) -> None:
    data[draw.randrange(len(data))] = draw.randrange(256)


def cut(draw: random.Random, data: bytearray) -> None:
    del data[draw.randrange(len(data)) :]


def remove(draw: random.Random, data: bytearray) -> None:
    start = draw.randrange(len(data))
    del data[start : start + draw.randrange(1, 20)]


def repeat(draw: random.Random, data: bytearray) -> None:
    start = draw.randrange(len(data))
    part = data[start : start + draw.randrange(1, 60)]
    place = draw.randrange(len(data))
    data[place:place] = part


def insert(draw: random.Random, data: bytearray) -> None:
    place = draw.randrange(len(data))
    data[place:place] = draw.randbytes(draw.randrange(1, 9))


def number(draw: random.Random, data: bytearray) -> None:
    layout = draw.choice([">B", ">H", ">I", ">Q", "<I", "<Q"])
    size = struct.calcsize(layout)
    value = draw.choice(NUMBERS) % 256**size
    place = draw.randrange(max(1, len(data) - size))
    data[place : place + size] = struct.pack(layout, value)


def digit(draw: random.Random, data: bytearray) -> None:
    """Write another number where the JSON of .safetensors has one."""
    places = [i for i, byte in enumerate(data) if chr(byte).isdigit()]
    if places:
        place = draw.choice(places)
        data[place : place + 1] = str(draw.choice(NUMBERS)).encode()


CHANGES: list[Callable[[random.Random, bytearray], None]] = [
    *(flip, replace, cut, remove, repeat, insert, number, digit),
]


def sign(data: bytearray) -> bool:
    """Let the checksum of a changed header be right, as who makes files up would."""
    start, stop = data.find(b"__funcnet__") + 11, data.find(b"__crc32__") + 10
    if start < 11 or stop < start or stop + 4 > len(data):
        return False
    data[stop : stop + 4] = zlib.crc32(data[start:stop]).to_bytes(4, "big")
    return True


def run(cases: int, seed: int = 0) -> Counter[str]:
    """Change and read `cases` files; count what came of them.

    Raises:
        AssertionError: another tree came back than was saved, from a file with sums.
        Exception: whatever else than CheckpointError the reader let out.
    """
    draw, outcomes = random.Random(seed), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        wholes = seeds(Path(folder))
        path = Path(folder) / "changed"
        for _ in range(cases):
            name = draw.choice(list(wholes))
            data = bytearray(wholes[name])
            for _ in range(draw.choice([1, 1, 1, 2, 4])):
                if data:
                    draw.choice(CHANGES)(draw, data)
            signed = draw.random() < 0.3 and sign(data)
            path.write_bytes(data)
            start = time.perf_counter()
            try:
                back = checkpoint.load(path)
            except CheckpointError as error:
                if not str(error).startswith(str(path)):
                    raise AssertionError("the error does not name the file") from error
                outcomes["refused"] += 1
            else:
                outcomes["read"] += 1
                ours = name in ("ours.msgpack", "tuple.msgpack")
                sums = ours and b"__funcnet__" in data  # else it is one of flax's
                if sums and not signed:
                    saved = MORE if name == "ours.msgpack" else (1, TREE, np.ones(3))
                    np.testing.assert_equal(back, saved, err_msg=bytes(data).hex())
            seconds = time.perf_counter() - start
            outcomes["slowest in ms"] = max(
                outcomes["slowest in ms"], int(1000 * seconds)
            )
    return outcomes


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    begin = time.perf_counter()
    for outcome, count in run(options.cases, options.seed).items():
        print(f"{outcome}: {count:,}")
    print(f"{time.perf_counter() - begin:.0f} s")
