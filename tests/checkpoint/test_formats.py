"""All formats hold the same tree under the same names."""

import itertools
from collections import OrderedDict
from typing import NamedTuple

import jax
import numpy as np
import pytest

from funcnet import checkpoint, tree
from funcnet.checkpoint import CheckpointError, pth
from tests.checkpoint.trees import assert_same_tree, flat_arrays

NAMES = {
    "msgpack": "a.msgpack",
    "pth": "a.pth",
    "safetensors": "a.safetensors",
    "shards": "a.safetensors.index.json",
}


@pytest.mark.parametrize("name", NAMES.values())
def test_a_tree_comes_back_from_every_format(tmp_path, name):
    nested = tree.unflatten(flat_arrays())
    checkpoint.save(tmp_path / name, nested)
    assert_same_tree(checkpoint.load(tmp_path / name), nested)


@pytest.mark.parametrize(("first", "second"), [*itertools.permutations(NAMES, 2)])
def test_conversions_and_their_way_back_are_identities(tmp_path, first, second):
    nested = tree.unflatten(flat_arrays())
    a, b, c = tmp_path / NAMES[first], tmp_path / NAMES[second], tmp_path / "back"
    c.mkdir()
    checkpoint.save(a, nested)
    assert checkpoint.convert(a, b) == ()
    assert checkpoint.convert(b, c / NAMES[first]) == ()
    for path in (a, b, c / NAMES[first]):
        assert_same_tree(checkpoint.load(path), nested)
        listed = {one.name: (one.dtype, one.shape) for one in checkpoint.entries(path)}
        assert listed == {
            name: (array.dtype.name, array.shape)
            for name, array in flat_arrays().items()
        }


def test_pytorch_sees_a_state_dict_and_flax_nested_dicts(tmp_path):
    checkpoint.save(tmp_path / "a.pth", {"fc": {"weight": np.ones(2)}})
    assert list(pth.load(tmp_path / "a.pth")) == ["fc.weight"]
    checkpoint.convert(tmp_path / "a.pth", tmp_path / "a.msgpack")
    assert list(checkpoint.load(tmp_path / "a.msgpack")) == ["fc"]


def training_checkpoint():
    """A file as training scripts write it, with everything that may stand in one."""
    weights = OrderedDict({"fc.weight": np.ones((2, 3)), "fc.bias": np.zeros(2)})
    weights._metadata = OrderedDict({"": {"version": 1}, "fc": {"version": 1}})
    moments = {"step": np.float32(3).reshape(()), "exp_avg": np.ones((2, 3))}
    group = {"lr": 0.1, "betas": (0.9, 0.999), "params": [0, 1], "foreach": None}
    return {
        "epoch": 3,
        "arch": "mlp",
        "best_acc1": np.array(0.5, np.float32),
        "state_dict": weights,
        "ema": {"weight": np.ones(2)},
        "generator": {"a": {"w": np.ones(1)}, "b": {"w": np.ones(2)}},
        "optimizer": {"state": {0: moments}, "param_groups": [group]},
        "dotted.name": {},
    }


def test_a_training_checkpoint_goes_to_msgpack_and_back_unchanged(tmp_path):
    a, b, c = (tmp_path / name for name in ("a.pth", "b.msgpack", "c.pth"))
    pth.save(training_checkpoint(), a)
    assert checkpoint.convert(a, b) == ()
    nested = checkpoint.load(b)
    assert nested["state_dict"]["fc"]["weight"].shape == (2, 3)
    assert nested["optimizer"]["state"][0]["step"] == 3
    assert nested["optimizer"]["param_groups"][0]["betas"] == (0.9, 0.999)
    assert checkpoint.convert(b, c) == ()
    back = pth.load(c)
    assert_same_tree(back, pth.load(a))
    assert back["state_dict"]._metadata == training_checkpoint()["state_dict"]._metadata
    assert type(back["ema"]) is dict


def test_a_part_of_a_training_checkpoint_becomes_safetensors(tmp_path):
    pth.save(training_checkpoint(), tmp_path / "a.pth")
    left_out = checkpoint.convert(
        tmp_path / "a.pth", tmp_path / "b.safetensors", prefix="state_dict"
    )
    assert left_out == ("the versions of modules (_metadata of the state dict)",)
    assert set(checkpoint.load(tmp_path / "b.safetensors")["fc"]) == {"weight", "bias"}


def test_names_that_cannot_be_nested_stay_flat(tmp_path):
    flat = {"a": np.ones(1), "a.b": np.ones(2), "c.d": np.ones(3)}
    for first, second in itertools.permutations(NAMES, 2):
        checkpoint.save(tmp_path / NAMES[first], flat)
        checkpoint.convert(tmp_path / NAMES[first], tmp_path / NAMES[second])
        assert_same_tree(checkpoint.load(tmp_path / NAMES[second]), flat)


def test_two_leaves_of_one_dotted_name_are_refused_where_names_are_flat(tmp_path):
    twice = {"a": {"b": np.ones(1)}, "a.b": np.ones(2)}
    for suffix in (".pth", ".safetensors"):
        with pytest.raises(CheckpointError, match=r"two leaves .* name 'a\.b'"):
            checkpoint.save(tmp_path / f"a{suffix}", twice)
    checkpoint.save(tmp_path / "a.msgpack", twice)
    assert_same_tree(checkpoint.load(tmp_path / "a.msgpack"), twice)


class Pair(NamedTuple):
    first: object
    second: object


@pytest.mark.parametrize(
    ("suffix", "leaf", "message"),
    [
        ("safetensors", [np.ones(1)], r"x is a list, which .safetensors cannot"),
        ("safetensors", 3, r"x is a int, no array"),
        ("safetensors", None, r"x is a NoneType"),
        ("safetensors", {}, r"x is an empty dict"),
        ("safetensors", {0: np.ones(1)}, r"x is a dict with integer keys"),
        ("safetensors", np.float32(1), r"x is a NumPy scalar"),
        ("safetensors", np.ones(1, np.complex128), r"x has dtype complex128"),
        ("safetensors", np.ones(1, "int4"), r"x has dtype int4"),
        ("safetensors", jax.random.key(0), r"x is a"),
        ("safetensors.index.json", Pair(np.ones(1), 2), r"x is a namedtuple"),
        ("pth", Pair(np.ones(1), 2), r"x is a Pair, which PyTorch does not know"),
        ("pth", jax.random.key(0), r"x is a random key of JAX"),
        ("pth", np.float32(1), r"x is a NumPy scalar"),
        ("pth", np.ones(1, "int4"), r"x.* has dtype int4"),
        ("pth", object(), r"x.* is a builtins\.object"),
        ("orbax", (np.ones(1),), r"x is a tuple, which Orbax would give back"),
        ("orbax", np.float32(1), r"x is a NumPy scalar"),
    ],
)
def test_what_a_format_cannot_hold_is_refused(tmp_path, suffix, leaf, message):
    with pytest.raises(CheckpointError, match=message) as caught:
        checkpoint.save(tmp_path / f"a.{suffix}", {"x": leaf})
    assert str(tmp_path / f"a.{suffix}") in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_metadata_that_a_format_cannot_hold_are_refused_or_told_of(tmp_path):
    params = {"w": np.ones(1)}
    with pytest.raises(CheckpointError, match="no place for metadata"):
        checkpoint.save(tmp_path / "a.pth", params, metadata={"epoch": 3})
    with pytest.raises(CheckpointError, match=r"'epoch' is a int; \.safetensors holds"):
        checkpoint.save(tmp_path / "a.safetensors", params, metadata={"epoch": 3})
    checkpoint.save(tmp_path / "a.safetensors", params, metadata={"epoch": "3"})
    assert checkpoint.convert(tmp_path / "a.safetensors", tmp_path / "a.msgpack") == ()
    assert checkpoint.read_metadata(tmp_path / "a.msgpack") == {"epoch": "3"}
    assert checkpoint.convert(tmp_path / "a.msgpack", tmp_path / "a.pth") == (
        "the metadata {'epoch': '3'}",
    )


@pytest.mark.parametrize(
    "written",
    ["a.msgpack", "a.pth", "a.safetensors", "a.safetensors.index.json"],
)
def test_the_content_says_the_format_not_the_name(tmp_path, written):
    checkpoint.save(tmp_path / written, {"w": np.ones(2)})
    (tmp_path / written).rename(tmp_path / "odd.name")
    assert checkpoint.load(tmp_path / "odd.name")["w"].tolist() == [1, 1]


def test_the_suffix_or_format_says_what_is_written(tmp_path):
    for name in ("a.pt", "a.pkl", "a.pth.tar", "A.PTH"):
        checkpoint.save(tmp_path / name, {"w": np.ones(2)})
        assert (tmp_path / name).read_bytes().startswith(b"PK")
    checkpoint.save(tmp_path / "a.ckpt", {"w": np.ones(2)}, format="msgpack")
    assert checkpoint.load(tmp_path / "a.ckpt")["w"].tolist() == [1, 1]
    with pytest.raises(CheckpointError, match=r"use \.msgpack, .*or pass format="):
        checkpoint.save(tmp_path / "a.ckpt", {})
    with pytest.raises(CheckpointError, match="the formats are msgpack, pth"):
        checkpoint.save(tmp_path / "a.ckpt", {}, format="zip")
    with pytest.raises(CheckpointError, match=r"path that ends in .*index\.json"):
        checkpoint.save(tmp_path / "a.safetensors", {}, max_shard_size=1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
        (b"\x93NUMPY\x01", "numpy.load"),
        (b"\x1f\x8b\x08", "gunzip"),
        (b"version https://git-lfs.github.com/spec/v1", "git lfs pull"),
        (b"<!DOCTYPE html>", "a download that failed"),
        (b"weights", "no checkpoint of a known format; it begins b'weights'"),
        (b"\x80\x04\x95", "a plain pickle"),
        (b"PK\x03\x04rest", "the archive is cut off"),
        (b'{"model_type": "bert"}', 'JSON without a "weight_map"'),
        (b'{"weight_map": ', "is no JSON"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_other_files_are_named_for_what_they_are(tmp_path, data, message):
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(CheckpointError, match=message) as caught:
        checkpoint.load(tmp_path / "a")
    assert str(caught.value).startswith(str(tmp_path / "a"))


def test_listing_a_file_needs_no_jax(tmp_path):
    import subprocess
    import sys

    code = (
        "import sys, numpy as np; from funcnet import checkpoint as c;"
        "c.save(sys.argv[1], {'w': np.ones(2)}); c.entries(sys.argv[1]);"
        "c.load(sys.argv[1]); print('jax' in sys.modules)"
    )
    for name in NAMES.values():
        command = [sys.executable, "-c", code, str(tmp_path / name)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "False"
