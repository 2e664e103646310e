"""Writing files: what goes in comes out, aligned, streamed, whole or not at all."""

import argparse
import io
import os
import signal
import stat
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections import Counter, OrderedDict, namedtuple
from pathlib import Path
from random import Random
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet.checkpoint import CheckpointError, pth
from tests.checkpoint.pth.known import DTYPES, numbers

ROOT = Path(__file__).parents[3]


def passed(value: Any) -> Any:
    """A value, saved and loaded."""
    file = io.BytesIO()
    pth.save(value, file)
    file.seek(0)
    return pth.load(file)


@pytest.mark.parametrize("name", DTYPES)
def test_every_dtype_comes_back(name: str) -> None:
    wanted = numbers(name, 2, 3)
    result = passed([wanted, wanted[0, 0]])
    for one, other in zip(result, [wanted, wanted[0, 0]], strict=True):
        assert (one.dtype, one.shape) == (other.dtype, other.shape)
        assert one.tobytes() == other.tobytes()


PLAIN = [
    *(None, True, False, 0, 255, 256, 65535, 65536, -1, -(2**31), 2**31, 2**63),
    *(-(2**63) - 1, 10**80, 0.5, -0.0, 1e-320, float("inf"), 1 + 2j, "", "é€𝄞"),
    *("x" * 5000, b"", b"\x00\xff", (), (1,), (1, 2), (1, 2, 3), (1, (2, (3, 4, 5)))),
    *([], [[]], {}, {1: "a", "b": [None]}, {(1, "a"): 2}, {1, 2}, set()),
    *(Counter({3: 1}), OrderedDict(b=1, a=2), argparse.Namespace(lr=0.1, name="x")),
    [*range(3000)],
]


@pytest.mark.parametrize("value", PLAIN, ids=lambda value: ascii(value)[:30])
def test_plain_values_come_back(value: Any) -> None:
    result = passed(value)
    assert type(result) is type(value)
    assert repr(result) == repr(value)


def test_a_state_dict_keeps_its_metadata() -> None:
    state = OrderedDict(weight=np.ones(2))
    state._metadata = OrderedDict({"": {"version": 2}})
    assert passed(state)._metadata == state._metadata


def test_derived_classes_become_plain_ones() -> None:
    point = namedtuple("point", "x y")(1, 2)
    assert passed([point, np.float64(0.5)]) == [(1, 2), 0.5]


def test_views_share_memory_again() -> None:
    x = np.arange(24.0).reshape(2, 3, 4)
    result = passed([x, x[1], x[:, ::2], x.transpose(2, 0, 1), x])
    assert result[0] is result[4]
    result[0][1, 2, 3] = 100
    for one, other in zip(
        result, [x, x[1], x[:, ::2], x.transpose(2, 0, 1)], strict=False
    ):
        assert np.shares_memory(one, result[0])
        assert one.shape == other.shape
    assert result[3][3, 1, 2] == result[2][1, 1, 3] == 100


def test_a_part_of_a_large_array_is_written_alone() -> None:
    file = io.BytesIO()
    pth.save(np.zeros(10**7)[5:7], file)
    assert len(file.getvalue()) < 5000


def test_parts_that_do_not_overlap_are_written_apart() -> None:
    x = np.arange(10**6)
    file = io.BytesIO()
    pth.save([x[:2], x[-2:]], file)
    assert len(file.getvalue()) < 5000
    file.seek(0)
    assert [one.tolist() for one in pth.load(file)] == [[0, 1], [999_998, 999_999]]


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3)[:, ::-1],
        np.arange(6, dtype=">i4"),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.broadcast_to(np.float32(3), (4, 5)),
        np.zeros((0, 3)),
        np.zeros((2, 3), np.float16)[:, 1],
    ],
    ids=["reversed", "swapped", "fortran", "broadcast", "empty", "column"],
)
def test_arrays_of_any_layout_come_back(array: np.ndarray) -> None:
    result = passed({"x": array})["x"]
    assert result.tolist() == array.tolist()
    assert result.dtype == array.dtype.newbyteorder("=")


def test_arrays_of_jax_are_written() -> None:
    result = passed({"x": jnp.ones((2, 3), jnp.bfloat16), "n": jnp.int32(3)})
    assert (result["x"].dtype.name, result["n"].shape) == ("bfloat16", ())


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"a": [1, object()]}, r"a\.1 is a builtins.object"),
        ({"a": jax.random.key(0)}, r"a has dtype key"),
        (np.array(["x"]), "dtype <U1"),
        ({"f": len}, "f is a"),
        (np.zeros(2, [("a", "f4")]), "dtype"),
    ],
    ids=["object", "key", "string", "function", "record"],
)
def test_what_cannot_be_written_is_named(value: Any, words: str) -> None:
    with pytest.raises(CheckpointError, match=words):
        passed(value)


def test_lists_that_contain_themselves_are_not_read_back() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(CheckpointError, match="contains itself"):
        passed(loop)


class Slow(io.RawIOBase):
    """Takes at most a thousand bytes at once, as pipes and raw files may."""

    def __init__(self) -> None:
        self.taken = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.taken += bytes(data[:1000])
        return min(len(data), 1000)


def test_files_that_take_little_at_once_get_everything() -> None:
    file = Slow()
    pth.save(np.arange(9000.0), file)
    assert pth.load(io.BytesIO(bytes(file.taken))).tolist() == [*range(9000)]


def test_a_file_opened_as_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    with open(path, "w") as file, pytest.raises(CheckpointError, match='"wb"'):
        pth.save(1, file)
    with open(path) as file, pytest.raises(CheckpointError, match='"rb"'):
        pth.load(file)


@pytest.mark.parametrize("name", ["é.pth", "...pth", ".pth", "a b.pth.tar", "x"])
def test_any_name_of_a_file_will_do(name: str, tmp_path: Path) -> None:
    pth.save({"a": np.ones(2)}, tmp_path / name)
    assert pth.load(tmp_path / name)["a"].tolist() == [1, 1]


def test_values_nested_too_deep_are_refused() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(CheckpointError, match="nested more than"):
        passed(deep)


def test_members_are_those_of_pytorch(tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    pth.save({"a": np.ones(3), "b": np.zeros(0), "c": np.ones(1, np.uint16)}, path)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        result = archive.infolist()
    assert [one.filename for one in result] == [
        "net/data.pkl",
        *("net/.format_version", "net/.storage_alignment", "net/byteorder"),
        *("net/data/0", "net/data/1", "net/data/2"),
        *("net/version", "net/.data/serialization_id"),
    ]
    for one in result:
        assert one.compress_type == zipfile.ZIP_STORED
        assert one.flag_bits == (0x0808 if one.file_size else 0x0800)
        name, extra = struct.unpack_from("<HH", data, one.header_offset + 26)
        assert (one.header_offset + 30 + name + extra) % 64 == 0


def test_nothing_is_copied_while_it_is_written(tmp_path: Path) -> None:
    value = {"a": np.ones(2**22), "b": np.ones((2**11, 2**11))}
    tracemalloc.start()
    pth.save(value, tmp_path / "big.pth")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2**21


def test_a_failed_save_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    pth.save({"a": 1}, path)
    with pytest.raises(CheckpointError, match=r"net\.pth"):
        pth.save({"a": object()}, path)
    assert pth.load(path) == {"a": 1}
    assert os.listdir(tmp_path) == ["net.pth"]


def test_a_missing_folder_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        pth.save({}, tmp_path / "nowhere" / "net.pth")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    pth.save({"a": 1}, path)
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(PermissionError):
            pth.save({"a": 2}, path)
        assert pth.load(path) == {"a": 1}
    finally:
        tmp_path.chmod(stat.S_IRWXU)


FULL = """
import resource, sys
import numpy as np
from funcnet.checkpoint import pth
resource.setrlimit(resource.RLIMIT_FSIZE, (10**6, 10**6))
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    pth.save({"a": np.ones(10**6)}, sys.argv[1])
except OSError as error:
    print(error)
"""


def test_a_full_disk_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    pth.save({"a": 1}, path)
    done = run([sys.executable, "-c", FULL, str(path)])
    said = done.communicate(timeout=60)[0]
    assert "nothing was saved" in said
    assert pth.load(path) == {"a": 1}
    assert os.listdir(tmp_path) == ["net.pth"]


SAVER = """
import sys
import numpy as np
from funcnet.checkpoint import pth
arrays = {str(i): np.full(250_000, 0, np.int32) for i in range(8)}
print("ready", flush=True)
for turn in range(1, 10**6):
    for array in arrays.values():
        array[:] = turn
    pth.save({"turn": turn, **arrays}, sys.argv[1])
"""


def run(command: list[str]) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "JAX_PLATFORMS": "cpu"}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, text=True, env=environment)


def kill_while_saving(path: Path, kills: int) -> None:
    draw = Random(0)
    for _ in range(kills):
        saver = run([sys.executable, "-c", SAVER, str(path)])
        assert saver.stdout is not None
        assert saver.stdout.readline() == "ready\n"
        time.sleep(draw.uniform(0.0, 0.25))
        saver.send_signal(signal.SIGKILL)
        saver.communicate()
        if path.exists():
            result = pth.load(path)
            turn = result.pop("turn")
            assert all((array == turn).all() for array in result.values())


def test_a_killed_save_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    kill_while_saving(tmp_path / "net.pth", 4)


@pytest.mark.slow
def test_fifty_killed_saves_leave_whole_files(tmp_path: Path) -> None:
    kill_while_saving(tmp_path / "net.pth", 50)
