"""Sets of .safetensors files: both ways with the library, whole or not at all."""

import json
import os

import numpy as np
import pytest
import safetensors.numpy

from funcnet import checkpoint
from funcnet.checkpoint import CheckpointError
from funcnet.checkpoint.safetensors import _shards
from tests.checkpoint.trees import assert_same_tree

TREE = {f"layer{i}": {"w": np.full((10, 10), i, np.float32)} for i in range(5)}


@pytest.fixture
def index(tmp_path):
    return tmp_path / "model.safetensors.index.json"


def test_a_set_is_what_the_library_and_others_expect(index):
    checkpoint.save(index, TREE, max_shard_size="1KB", metadata={"format": "pt"})
    names = [f"model-0000{i}-of-00003.safetensors" for i in (1, 2, 3)]
    assert sorted(os.listdir(index.parent)) == [*names, index.name]
    content = json.loads(index.read_text())
    assert content["metadata"] == {"format": "pt", "total_size": 2000}
    for tensor, name in content["weight_map"].items():
        result = safetensors.numpy.load_file(index.with_name(name))
        np.testing.assert_array_equal(result[tensor], TREE[tensor[:6]]["w"])
    assert checkpoint.read_metadata(index) == {"format": "pt"}


@pytest.mark.parametrize(
    ("size", "files"), [(1, 5), (400, 5), (799, 5), (800, 3), ("5GB", 1), (None, 1)]
)
def test_files_have_at_most_the_size_that_was_asked_for(index, size, files):
    checkpoint.save(index, TREE, max_shard_size=size)
    shards = [name for name in os.listdir(index.parent) if name != index.name]
    assert len(shards) == files
    assert_same_tree(checkpoint.load(index), TREE)


@pytest.mark.parametrize("size", [0, "5XB", "", "-1", "1.5GB"])
def test_a_size_that_is_none_is_refused(index, size):
    with pytest.raises(CheckpointError, match="give bytes, or a string such as '5GB'"):
        checkpoint.save(index, TREE, max_shard_size=size or "zero")


def test_a_set_that_replaces_another_leaves_none_of_its_files(index):
    for i in range(3):
        tree = {"w": np.full(4, i), "v": np.full(4, -i)}
        checkpoint.save(index, tree, max_shard_size=32)
        assert_same_tree(
            checkpoint.load(index), dict(sorted(tree.items(), reverse=True))
        )
        assert len(os.listdir(index.parent)) == 3


def test_a_failed_save_leaves_the_old_set_and_nothing_else(index, monkeypatch):
    checkpoint.save(index, TREE)
    before = sorted(os.listdir(index.parent))
    calls = []

    def fail(tensors, metadata, file):
        calls.append(file)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        file.write(b"something")

    monkeypatch.setattr(_shards, "write_tensors", fail)
    with pytest.raises(OSError, match=r"No space left"):
        checkpoint.save(index, {"new": np.ones(9), **TREE}, max_shard_size=1)
    assert sorted(os.listdir(index.parent)) == before
    assert_same_tree(checkpoint.load(index), TREE)


@pytest.mark.parametrize(
    "name",
    [
        "../secret.safetensors",
        "/etc/passwd.safetensors",
        "sub/a.safetensors",
        "..\\a.safetensors",
        "a\x00.safetensors",
        ".safetensors",
        "passwd",
        "C:a.safetensors",
        7,
        None,
    ],
)
def test_paths_that_leave_the_folder_are_refused(index, name):
    index.write_text(json.dumps({"weight_map": {"w": name}}))
    with pytest.raises(CheckpointError, match=r"'w' is said to lie in .* and no paths"):
        checkpoint.load(index)


def edit(index, change):
    content = json.loads(index.read_text())
    change(content["weight_map"])
    index.write_text(json.dumps(content))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m.pop("layer0.w"), r"'layer0\.w' is unexpectedly in model-00001"),
        (lambda m: m.update(x=m["layer0.w"]), r"'x' is not in model-00001"),
        (lambda m: m.update({"layer0.w": m["layer4.w"]}), r"the index says otherwise"),
        (lambda m: m.update(x="b.safetensors"), r"names b\.safetensors, which is not"),
    ],
)
def test_an_index_that_does_not_fit_its_files_is_refused(index, change, message):
    checkpoint.save(index, TREE, max_shard_size=800)
    edit(index, change)
    with pytest.raises(CheckpointError, match=message):
        checkpoint.load(index)


def test_a_name_in_two_files_is_refused(index):
    checkpoint.save(index, TREE, max_shard_size=800)
    shard = index.with_name("model-00003-of-00003.safetensors")
    tensors = {"layer4.w": np.ones(2), "layer0.w": np.ones(2)}
    safetensors.numpy.save_file(tensors, shard)
    with pytest.raises(CheckpointError, match=r"'layer0\.w' is unexpectedly in"):
        checkpoint.load(index)
    index.write_text('{"weight_map": {"a": "x.safetensors", "a": "y.safetensors"}}')
    with pytest.raises(CheckpointError, match="'a' stands twice"):
        checkpoint.load(index)


def test_a_damaged_file_of_a_set_is_named(index):
    checkpoint.save(index, TREE, max_shard_size=800)
    shard = index.with_name("model-00002-of-00003.safetensors")
    shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(CheckpointError, match=r"index\.json: model-00002-of-00003"):
        checkpoint.load(index)


def test_other_files_in_the_folder_stay(index):
    other = index.with_name("model-00001-of-00001.safetensors")
    other.write_bytes(b"not ours")
    checkpoint.save(index, TREE)
    assert other.read_bytes() == b"not ours"
    assert_same_tree(checkpoint.load(index), TREE)
