"""Reading files of PyTorch: bits, sharing, values; what is refused, and why."""

import io
import math
import os
import shutil
import time
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest

from funcnet.checkpoint import CheckpointError, pth
from funcnet.checkpoint._background import Background
from funcnet.checkpoint.pth._archive.zip_writer import ZipWriter
from tests.checkpoint.pth import crafted
from tests.checkpoint.pth.known import DTYPES, numbers

FROZEN = Path(__file__).parent / "frozen"
BOTH = ["", "_old"]


@pytest.mark.parametrize("form", BOTH)
@pytest.mark.parametrize("mmap", [False, True])
@pytest.mark.parametrize("name", DTYPES)
def test_every_dtype_is_read_bit_by_bit(name: str, mmap: bool, form: str) -> None:
    result = pth.load(FROZEN / f"dtypes{form}.pth", mmap=mmap)[name]
    wanted = numbers(name, 2, 3)
    assert result.dtype == wanted.dtype
    assert result.tobytes() == wanted.tobytes()


@pytest.mark.parametrize("form", BOTH)
def test_views_share_the_memory_of_their_storage(form: str) -> None:
    result = pth.load(FROZEN / f"views{form}.pth")
    result["x"][1, 0] = 7
    assert result["row"][0] == result["t"][0, 1] == result["wide"][1, 3] == 7


@pytest.mark.parametrize("form", BOTH)
def test_a_training_checkpoint_is_read_whole(form: str) -> None:
    result = pth.load(FROZEN / f"checkpoint{form}.pth")
    assert (result["epoch"], result["arch"]) == (3, "linear")
    assert result["best_acc1"] == np.float32(71.5)
    state = result["state_dict"]
    assert type(state) is OrderedDict
    assert state._metadata[""] == {"version": 1}
    assert state["weight"].shape == (1, 2)
    optimizer = result["optimizer"]
    assert optimizer["param_groups"][0]["params"] == [0, 1]
    assert optimizer["state"][0]["step"] == 2
    assert result["rng"].shape == (5056,)


@pytest.mark.parametrize("form", BOTH)
def test_values_of_torch_become_plain_ones(form: str) -> None:
    result = pth.load(FROZEN / f"others{form}.pth")
    assert result["shape"] == (2, 3)
    assert result["dtype"].name == "bfloat16"
    assert result["device"] == "cuda:1"
    wanted = [1, -1, 2**40, 0.5, None, True, "é", b"\xff", (1, 2), {3, 4}, 1 + 2j]
    assert result["plain"] == wanted
    assert result["conj"].tobytes() == numbers("complex64", 2).conj().tobytes()
    for name in ("parameter", "buffer"):
        assert result[name].tobytes() == numbers("float32", 2).tobytes()


def test_numbers_of_numpy_keep_their_dtypes() -> None:
    result = pth.load(FROZEN / "numpy.pth")
    assert result["acc"] == 0.5
    assert result["best"].dtype == np.float32
    assert result["step"].dtype == np.int64
    assert result["rng"].tolist() == [0, 1, 2, 3]
    assert result["matrix"].tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("complex32", "complex32"),
        ("sparse", "to_dense"),
        ("quantized", "dequantize"),
        ("torchscript", "state_dict"),
        ("protocol4", "pickle_protocol"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(name: str, word: str) -> None:
    path = FROZEN / f"{name}.refused"
    with pytest.raises(CheckpointError, match=word) as caught:
        pth.load(path)
    assert str(caught.value).startswith(os.fspath(path))


def test_a_whole_module_is_refused_by_its_name() -> None:
    with pytest.raises(CheckpointError, match=r"Sequential.*state_dict"):
        pth.load(FROZEN / "model.pth")


def test_strings_of_python_2_are_read() -> None:
    value = crafted.mapped(b"U\x01a", crafted.number(1), b"T\x02\0\0\0\xc3\xa9", b"N")
    assert pth.load(io.BytesIO(crafted.zipped(value))) == {"a": 1, "é": None}


def test_a_view_of_the_oldest_files_is_a_part_of_its_storage() -> None:
    kind = (crafted.name("torch", "FloatStorage"), crafted.text("0"))
    part = crafted.group(crafted.text("1"), crafted.number(2), crafted.number(3))
    view = crafted.storage(*kind, crafted.text("cpu"), crafted.number(6), part)
    tensor = crafted.tensor(view, shape=(3,), stride=(1,))
    result = pth.load(io.BytesIO(crafted.legacy(tensor)))
    assert result.tolist() == [2, 3, 4]


def test_the_other_byte_order_is_swapped() -> None:
    value = {
        "a": crafted.tensor(),
        "b": crafted.tensor(
            crafted.storage(
                *(crafted.name("torch", "ComplexFloatStorage"), crafted.text("1")),
                *(crafted.text("cpu"), crafted.number(1)),
            ),
            shape=(1,),
            stride=(1,),
        ),
    }
    pairs = [part for key, one in value.items() for part in (crafted.text(key), one)]
    swapped = np.arange(6, dtype=">f4").tobytes()
    complex_one = np.array([1 + 2j], ">c8").tobytes()
    entries = crafted.members(crafted.mapped(*pairs), _0=swapped, _1=complex_one)
    entries[1].data = b"big"
    result = pth.load(io.BytesIO(crafted.archive(entries)))
    assert result["a"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert result["b"].tolist() == [1 + 2j]


class Unseekable(io.RawIOBase):
    def __init__(self, data: bytes) -> None:
        self.inner = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        return self.inner.readinto(buffer)

    def seekable(self) -> bool:
        return False


@pytest.mark.parametrize("form", BOTH)
def test_files_open_in_any_way_are_read(form: str, tmp_path: Path) -> None:
    data = (FROZEN / f"views{form}.pth").read_bytes()
    path = tmp_path / "moved.bin"
    path.write_bytes(b"before" + data)
    with open(path, "rb") as at_an_offset, open(path, "rb", buffering=0) as unbuffered:
        for file in (at_an_offset, unbuffered):
            file.seek(6)
        ways = [at_an_offset, unbuffered, io.BytesIO(data), Unseekable(data)]
        for file in ways:
            result = pth.load(file)
            assert result["x"].tobytes() == numbers("float32", 2, 3).tobytes()
            result["x"][0] = 0  # arrays can be written, and the file stays


def test_old_files_may_follow_each_other_in_an_open_file() -> None:
    one = crafted.legacy(crafted.tensor(crafted.OLD))
    file = io.BytesIO(one + one)
    assert pth.load(file).shape == pth.load(file).shape == (2, 3)


def test_a_mapped_file_is_not_changed_by_writing_to_its_arrays(tmp_path: Path) -> None:
    path = tmp_path / "views.pth"
    shutil.copy(FROZEN / "views.pth", path)
    before = path.read_bytes()
    pth.load(path, mmap=True)["x"][:] = 0
    assert path.read_bytes() == before


def test_many_tensors_on_one_storage_need_leave() -> None:
    wide = crafted.tensor(shape=(2**20, 60), stride=(0, 0))
    data = crafted.zipped(wide)
    with pytest.raises(CheckpointError, match="max_bytes"):
        pth.load(io.BytesIO(data))
    assert pth.load(io.BytesIO(data), max_bytes=2**30).shape == (2**20, 60)


def test_checksums_are_compared_unless_told_otherwise() -> None:
    entries = crafted.members(crafted.tensor())
    entries[2].checksum = 1
    data = crafted.archive(entries)
    with pytest.raises(CheckpointError, match="checksum"):
        pth.load(io.BytesIO(data))
    assert pth.load(io.BytesIO(data), verify=False).shape == (2, 3)


class _Hole(bytes):
    """As many zeros as `size`, which are not there."""

    size = 0

    def __len__(self) -> int:
        return self.size


class _SparseWriter(ZipWriter):
    def _write_summed(self, data: bytes) -> int:
        if not isinstance(data, _Hole):
            return super()._write_summed(data)
        self.file.seek(len(data), os.SEEK_CUR)
        self.position += len(data)
        return 0


def huge(path: Path, tensors: int, size: int) -> None:
    """A file of many gigabytes which takes no room on the disk."""
    kind = crafted.name("torch", "ByteStorage")
    values = []
    for key in range(tensors):
        where = crafted.storage(
            *(kind, crafted.text(str(key)), crafted.text("cpu"), crafted.number(size))
        )
        one = crafted.tensor(where, shape=(size,), stride=(1,))
        values += [crafted.text(f"layer{key}.weight"), one]
    hole = _Hole()
    hole.size = size
    with open(path, "wb") as file:
        writer = _SparseWriter(file, "archive", Background())
        writer.add("data.pkl", crafted.pickled(crafted.mapped(*values)))
        for key in range(tensors):
            writer.add(f"data/{key}", hole)
        writer.add("version", b"3\n")
        writer.close()


def test_ten_gigabytes_are_listed_in_milliseconds(tmp_path: Path) -> None:
    path = tmp_path / "huge.pth"
    huge(path, 2, 5 * 10**9)  # sizes and offsets need more than 32 bits
    start = time.process_time()
    result = pth.entries(path)
    spent = time.process_time() - start  # to read it all would take seconds
    assert [one.nbytes for one in result.values()] == [5 * 10**9] * 2
    assert spent < 0.5
    assert pth.load(path, mmap=True)["layer1.weight"][-1] == 0


def test_a_thousand_tensors_are_listed_quickly(tmp_path: Path) -> None:
    path = tmp_path / "huge.pth"
    huge(path, 1000, 10**7)
    start = time.process_time()
    assert len(pth.entries(path)) == 1000
    assert time.process_time() - start < 2


def test_entries_name_tensors_with_dots() -> None:
    result = pth.entries(FROZEN / "checkpoint.pth")
    assert result["optimizer.state.0.exp_avg"].shape == (1, 2)
    assert math.prod(result["rng"].shape) == result["rng"].nbytes == 5056
