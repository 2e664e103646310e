"""Files in flax's layout: both ways with flax's own reader and writer."""

import os
from typing import NamedTuple

import flax.serialization
import flax.struct
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from funcnet import checkpoint
from funcnet.checkpoint import CheckpointError
from funcnet.checkpoint._dtypes import DTYPES
from funcnet.checkpoint.msgpack import _layout, _reader


class Pair(NamedTuple):
    first: object
    second: object


@flax.struct.dataclass
class Struct:
    a: object
    b: object


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file.msgpack"


def assert_same(actual, expected):
    assert jax.tree.structure(actual) == jax.tree.structure(expected)
    for a, e in zip(jax.tree.leaves(actual), jax.tree.leaves(expected), strict=True):
        assert type(a) is type(e)
        if hasattr(e, "dtype"):
            assert a.dtype == e.dtype
            assert a.shape == e.shape
        if hasattr(e, "dtype") and jnp.issubdtype(e.dtype, jax.dtypes.prng_key):
            a, e = jax.random.key_data(a), jax.random.key_data(e)
        np.testing.assert_array_equal(np.asarray(a), np.asarray(e))


def everything():
    """A tree of every kind of node and leaf."""
    params = {"weight": jnp.arange(6.0).reshape(2, 3), "empty": jnp.zeros((0, 2))}
    optimizer = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(1e-3))
    return {
        "params": params,
        "state": {},
        "optimizer": optimizer.init(params),
        "key": jax.random.key(3),
        "keys": jax.random.split(jax.random.key(1, impl="rbg"), 4),
        "containers": ([1, 2.5], (), Pair(None, {"x": jnp.int32(4)})),
        "numpy": (np.arange(3, dtype=np.int16), np.float64(2.5), np.array(True)),
        "scalars": (7, -(2**63), 2**64 - 1, 1e300, 2 + 3j, True, "é", b"\0\xff"),
        "integers": {5: "five", 6: {}},
        "deep": nested(148),
    }


def nested(depth):
    return [nested(depth - 1)] if depth else 1


def test_everything_comes_back_through_a_template(path):
    tree = everything()
    checkpoint.save(path, tree)
    assert_same(checkpoint.load(path, tree), tree)


def test_shapes_alone_are_a_template(path):
    def build():
        return {"x": jnp.ones((2, 3)), "key": jax.random.key(0)}

    checkpoint.save(path, build())
    assert_same(checkpoint.load(path, jax.eval_shape(build)), build())


def test_without_a_template_trees_come_back_as_they_were(path):
    tree = everything()
    checkpoint.save(path, tree)
    back = checkpoint.load(path)
    assert back["containers"][1] == ()
    assert back["containers"][2]._asdict() == {"first": None, "second": {"x": 4}}
    assert back["params"]["weight"].flags.writeable
    assert jax.random.key_impl(back["keys"]) == "rbg"
    assert back["integers"] == {5: "five", 6: {}}
    del tree["containers"], back["containers"]  # Pair is a class of this file
    assert jax.tree.structure(back) == jax.tree.structure(tree)
    assert_same(jax.tree.map(jnp_if, tree, back), tree)


def jnp_if(leaf, back):
    return jnp.asarray(back) if isinstance(leaf, jax.Array) else back


def test_a_named_tuple_of_the_users_comes_back_with_its_fields(path):
    checkpoint.save(path, [Pair(1, np.ones(2))])
    (back,) = checkpoint.load(path)
    assert type(back).__name__ == "Pair"
    assert back._fields == ("first", "second")
    assert back.first == 1
    assert len(jax.tree.leaves(back)) == 2


def test_flax_restores_our_file(path):
    tree = everything()
    checkpoint.save(path, tree, metadata={"epoch": 1})
    restored = flax.serialization.msgpack_restore(path.read_bytes())
    assert restored["__funcnet__"]["metadata"] == {"epoch": 1}
    assert restored["key"]["__prng_key__"] == "threefry2x32"
    without_keys = {k: v for k, v in tree.items() if k not in ("key", "keys")}
    checkpoint.save(path, without_keys)
    restored = flax.serialization.from_bytes(without_keys, path.read_bytes())
    assert jax.tree.structure(restored) == jax.tree.structure(without_keys)
    np.testing.assert_equal(jax.tree.leaves(restored), jax.tree.leaves(without_keys))


@pytest.mark.parametrize(
    "tree", [[1, np.ones(2)], Pair(np.ones(3), 2.5), Struct(np.float32(1), np.ones(0))]
)
def test_flax_restores_roots_whose_entries_it_counts(path, tree):
    checkpoint.save(path, tree, metadata={"epoch": 1})
    restored = flax.serialization.from_bytes(tree, path.read_bytes())
    np.testing.assert_equal(jax.tree.leaves(restored), jax.tree.leaves(tree))
    assert checkpoint.read_metadata(path) == {"epoch": 1}
    if not isinstance(tree, Struct):
        assert_same_numbers(checkpoint.load(path), tree)


def assert_same_numbers(back, tree):
    assert [*map(type, back)] == [*map(type, tree)]
    for a, e in zip(back, tree, strict=True):
        np.testing.assert_array_equal(a, e)


@pytest.mark.parametrize(
    "tree", [(), [], {}, (1, None), 3, None, "text", 2j, np.ones(2)]
)
def test_any_root_comes_back(path, tree):
    checkpoint.save(path, tree)
    back = checkpoint.load(path)
    assert type(back) is type(tree)
    np.testing.assert_equal(back, tree)


def test_but_for_the_header_a_file_equals_flax_byte_for_byte(path):
    params = {"a": np.ones((2, 3), np.float32), "b": jnp.bfloat16(2)}
    tree = {"params": params, "steps": [1, None, 2j]}
    checkpoint.save(path, tree)
    ours, theirs = path.read_bytes(), flax.serialization.to_bytes(tree)
    assert theirs[:1] + ours[1 : len(theirs)] == theirs
    assert ours[len(theirs) :].startswith(b"\xab__funcnet__")


def test_we_restore_what_flax_wrote(path):
    tree = {k: v for k, v in everything().items() if k not in ("key", "keys")}
    path.write_bytes(flax.serialization.to_bytes(tree))
    assert_same(checkpoint.load(path, tree), tree)
    assert checkpoint.read_metadata(path) == {}


def test_we_read_lists_and_integer_names_that_flax_wrote(path):
    data = flax.serialization.msgpack_serialize({1: [np.ones(2), "x"]})
    path.write_bytes(data)
    np.testing.assert_equal(checkpoint.load(path), {"1": [np.ones(2), "x"]})


@pytest.mark.parametrize("name", DTYPES)
def test_every_dtype_comes_back_and_flax_reads_it(path, name):
    array = np.array([[0, 1], [1, 0]]).astype(DTYPES[name])
    checkpoint.save(path, [array, array[0, 0]])
    back = checkpoint.load(path, [array, array[0, 0]])
    theirs = flax.serialization.msgpack_restore(path.read_bytes())
    for a in (back[0], theirs["0"]):
        assert a.dtype == array.dtype
        assert a.tobytes() == array.tobytes()
    assert back[1].dtype == array.dtype


def test_byte_order_and_strides_do_not_matter(path):
    array = np.arange(6.0, dtype=">f4").reshape(2, 3).T
    checkpoint.save(path, {"x": array})
    np.testing.assert_array_equal(checkpoint.load(path)["x"], array)


@pytest.mark.parametrize("root", [False, True])
def test_large_arrays_are_chunked_as_flax_does(path, monkeypatch, root):
    monkeypatch.setattr(_layout, "LARGEST_CHUNK", 40)
    monkeypatch.setattr(flax.serialization, "MAX_CHUNK_SIZE", 40)
    large = np.arange(33.0).reshape(3, 11)
    tree = large if root else {"large": large, "small": np.ones(2)}
    checkpoint.save(path, tree)
    restored = flax.serialization.from_bytes(tree, path.read_bytes())
    assert_same(restored, tree)
    assert_same(checkpoint.load(path, tree), tree)
    if not root:
        theirs = flax.serialization.to_bytes(tree)
        assert path.read_bytes()[1 : len(theirs)] == theirs[1:]
    path.write_bytes(flax.serialization.to_bytes(tree))
    assert_same(checkpoint.load(path, tree), tree)


def test_weakly_typed_numbers_stay_weak(path):
    tree = {"rate": jnp.asarray(0.1)}
    assert tree["rate"].weak_type
    checkpoint.save(path, tree)
    assert checkpoint.load(path, tree)["rate"].weak_type


def test_arrays_return_to_the_sharding_of_the_template(path):
    sharding = jax.sharding.SingleDeviceSharding(jax.devices()[0])
    tree = {"x": jax.device_put(jnp.ones(3), sharding)}
    checkpoint.save(path, tree)
    assert checkpoint.load(path, tree)["x"].committed


def test_the_error_lists_every_leaf_that_differs(path):
    checkpoint.save(
        path,
        {
            "a": jnp.ones(2),
            "b": {"old": jnp.ones(1), "c": jnp.ones((2, 3))},
            "d": jnp.ones(4, jnp.bfloat16),
            "n": 3,
        },
    )
    template = {
        "b": {"c": jnp.ones((3, 2)), "new": [jnp.ones(5), None]},
        "d": jnp.ones(4),
        "n": jnp.int32(3),
    }
    with pytest.raises(CheckpointError) as caught:
        checkpoint.load(path, template)
    assert str(caught.value) == (
        f"{path}: the file does not fit the template.\n"
        "  missing in the file (2):\n"
        "    b.new.0: float32 (5,)\n"
        "    b.new.1: NoneType\n"
        "  unexpected in the file (2):\n"
        "    a: float32 (2,)\n"
        "    b.old: float32 (1,)\n"
        "  of another shape (1):\n"
        "    b.c: float32 (2, 3), wanted float32 (3, 2)\n"
        "  of another dtype (2):\n"
        "    d: bfloat16 (4,), wanted float32 (4,)\n"
        "    n: int, wanted int32 ()\n"
        "Build the model of the checkpoint, or take what fits with strict=False, "
        "prefix= or filter=."
    )


@pytest.mark.parametrize(
    ("leaf", "message"),
    [
        (object(), r"x\.0 is a builtins.object, which no checkpoint can hold"),
        ({1, 2}, r"x\.0 is a builtins.set"),
        (2**64, r"x\.0 cannot be saved.*64 bits"),
        (np.array(["a"]), r"x\.0 has dtype <U1"),
        (np.array([None]), r"x\.0 has dtype object"),
        (np.zeros(2, "i4,i4"), r"x\.0 has dtype"),
        ({"__prng_key__": 0}, r"x\.0\.__prng_key__ cannot be saved: the name is res"),
        ({"__msgpack_chunked_array__": 0}, r"the name is reserved"),
        ({(1, 2): 0}, r"cannot be a name"),
        (nested(149), r"nested more than 150 deep"),
        ({1: 0, "1": 0}, r"x\.0\.1 cannot be saved: two keys"),
        ({True: 0}, r"True in x\.0 cannot be a name"),
        ({"\ud800": 0}, r"the name .*surrogates not allowed"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_cannot_be_saved_is_named_and_leaves_the_old_file(path, leaf, message):
    checkpoint.save(path, {"old": 1})
    with pytest.raises(CheckpointError, match=message):
        checkpoint.save(path, {"x": [leaf]})
    assert checkpoint.load(path) == {"old": 1}
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("metadata", [{"a": (1, 2)}, {"a": np.ones(2)}, {1.5: 2}])
def test_metadata_that_is_not_plain_is_refused(path, metadata):
    with pytest.raises(CheckpointError, match="metadata cannot be saved"):
        checkpoint.save(path, {}, metadata=metadata)


def test_metadata_comes_back(path):
    metadata = {"epoch": 3, "losses": [0.5, None], "model": {"name": "mlp"}}
    checkpoint.save(path, {"x": jnp.ones(2)}, metadata=metadata)
    assert checkpoint.read_metadata(path) == metadata


def test_every_truncation_is_noticed(path):
    checkpoint.save(path, {"x": np.arange(5), "y": [1.5, "a", None, 2j]})
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(CheckpointError, match=str(path)):
            checkpoint.load(path)


@pytest.mark.parametrize("root", [dict, tuple])
def test_every_changed_byte_is_noticed(path, root):
    tree = {"x": np.arange(5), "key": jax.random.key(0), "empty": {"a": {}}}
    checkpoint.save(path, tree if root is dict else (*tree.values(), 2.5, None))
    whole = path.read_bytes()
    for position in range(len(whole)):
        for flip in (1, 0x80):
            damaged = bytearray(whole)
            damaged[position] ^= flip
            path.write_bytes(damaged)
            with pytest.raises(CheckpointError):
                checkpoint.load(path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"\x81\xa1a\x01\x00", "1 bytes follow"),
        (b"\xdd\xff\xff\xff\xff", "4294967295 entries are announced"),
        (b"\xdf\xff\xff\xff\xff", "4294967295 entries are announced"),
        (b"\xc6\xff\xff\xff\xff", "4294967295 bytes are announced"),
        (b"\x91" * 5000 + b"\xc0", "nested more than 160 deep"),
        (b"\x82\xa1a\x01\xa1a\x02", "'a' stands twice"),
        (b"\x81\xc0\x01", "None stands twice in one dict, or is no string"),
        (b"\xc1", "means nothing"),
        (b"\xa1\xff", "not UTF-8"),
        (b"\xd4\x05\x00", "extension type 5"),
        (b"\xc7\x07\x01\x93\x91\x04\xa1b\xc4\x00", "unknown dtype 'b'"),
        (b"\xc7\x0d\x01\x93\x91\x04\xa4int8\xc4\x03abc", "has 3 bytes"),
        (b"\xc7\x0b\x01\x93\x91\xff\xa4int8\xc4\x01a", "has the shape"),
        (b"\xc7\x0b\x01\x93\x91\x01\xa4bool\xc4\x01\x02", "holds others than 0 and 1"),
        (b"\xc7\x05\x01\x93\x90\x80\xc4\x00", "unknown dtype {}"),
        (b"\xc7\x05\x02\x92\xa1a\xa1b", "complex number has not two parts"),
        (
            b"\xc7\x13\x01\x93\x92\xcf" + b"\xff" * 8 + b"\x00\xa4int8\xc4\x00",
            "has the shape",
        ),
        (b"\x81\xac__prng_key__\xa1x", "lacks its data"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_crafted_files_are_refused(path, data, message):
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match=message):
        checkpoint.load(path)


def test_a_file_of_a_later_version_is_refused(path, monkeypatch):
    monkeypatch.setattr(_layout, "VERSION", 99)
    monkeypatch.setattr(_reader, "VERSION", 99)
    checkpoint.save(path, {"x": 1})
    monkeypatch.undo()
    with pytest.raises(CheckpointError, match="Install the release of funcnet that"):
        checkpoint.load(path)


def test_a_missing_file_is_the_systems_error(path):
    with pytest.raises(FileNotFoundError):
        checkpoint.load(path)
    with pytest.raises(FileNotFoundError):
        checkpoint.save(path.parent / "no" / "folder.msgpack", {})
