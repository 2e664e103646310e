"""Reading a file leaf by leaf."""

import numpy as np
import pytest

from funcnet import checkpoint
from funcnet.checkpoint import CheckpointError
from tests.checkpoint.trees import assert_same_leaf, flat_arrays

SUFFIXES = [".msgpack", ".pth", ".safetensors", ".safetensors.index.json"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_leaf_is_read_by_its_dotted_name(tmp_path, suffix):
    arrays = flat_arrays()
    checkpoint.save(tmp_path / f"a{suffix}", arrays)
    with checkpoint.open(tmp_path / f"a{suffix}") as file:
        assert set(file) == set(arrays)
        assert len(file) == len(arrays)
        for name, array in arrays.items():
            assert file.entries[name].shape == array.shape
            assert_same_leaf(np.asarray(file[name]), array)


def test_what_is_no_array_is_there_too(tmp_path):
    tree = {"epoch": 3, "names": ["a", None], "empty": {}}
    checkpoint.save(tmp_path / "a.msgpack", tree, metadata={"x": 1})
    with checkpoint.open(tmp_path / "a.msgpack") as file:
        assert dict(file) == {"epoch": 3, "names.0": "a", "names.1": None}
        assert file.format == "msgpack"
        assert file.metadata == {"x": 1}
        with pytest.raises(KeyError):
            file["empty"]


def test_only_the_leaf_that_is_asked_for_is_read(tmp_path):
    path = tmp_path / "a.msgpack"
    checkpoint.save(path, {"a": np.ones(1000), "b": np.zeros(1000)})
    data = bytearray(path.read_bytes())
    data[len(data) // 4] ^= 1  # in the numbers of a
    path.write_bytes(data)
    with checkpoint.open(path) as file:
        assert file["b"].sum() == 0
        with pytest.raises(CheckpointError, match=r"msgpack: a: the checksum is wrong"):
            file["a"]
