"""Loading into a template: strictness, reports, parts, parameters and state."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from funcnet import checkpoint, nn, tree
from funcnet.checkpoint import CheckpointError, Report
from tests.checkpoint.trees import assert_same_tree

SUFFIXES = [".msgpack", ".pth", ".safetensors", ".safetensors.index.json"]

FILE = {
    "a": np.ones(2, np.float32),
    "b": {"c": np.ones((2, 3), np.float32)},
    "d": np.ones(4, np.float16),
    "same": np.arange(3),
}
TEMPLATE = {
    "b": {"c": np.zeros((3, 2), np.float32)},
    "d": np.zeros(4, np.float32),
    "new": np.zeros(5, np.float32),
    "same": np.zeros(3, np.int64),
}
REPORT = Report(
    missing={"new": "float32 (5,)"},
    unexpected={"a": "float32 (2,)"},
    mis_shaped={"b.c": "float32 (2, 3), wanted float32 (3, 2)"},
    mis_typed={"d": "float16 (4,), wanted float32 (4,)"},
    loaded=("same",),
)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_strict_loading_tells_every_difference_in_every_format(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    checkpoint.save(path, FILE)
    with pytest.raises(CheckpointError) as caught:
        checkpoint.load(path, like=TEMPLATE)
    assert str(REPORT) in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_loading_that_is_not_strict_takes_what_fits_and_reports(tmp_path, suffix):
    checkpoint.save(tmp_path / f"a{suffix}", FILE)
    loaded, report = checkpoint.load(tmp_path / f"a{suffix}", TEMPLATE, strict=False)
    assert_same_tree(loaded, TEMPLATE | {"same": np.arange(3)})
    assert report == REPORT
    assert report


def test_without_differences_the_report_is_false(tmp_path):
    checkpoint.save(tmp_path / "a.msgpack", FILE)
    loaded, report = checkpoint.load(tmp_path / "a.msgpack", FILE, strict=False)
    assert not report
    assert str(report) == ""
    assert_same_tree(loaded, FILE)


def test_a_shape_alone_cannot_stay_as_it_is(tmp_path):
    checkpoint.save(tmp_path / "a.msgpack", {"a": np.ones(2)})
    like = {
        "a": jax.ShapeDtypeStruct((2,), "float64"),
        "b": jax.ShapeDtypeStruct((), int),
    }
    with pytest.raises(CheckpointError, match=r"b is not taken from the file"):
        checkpoint.load(tmp_path / "a.msgpack", like, strict=False)
    with pytest.raises(CheckpointError, match=r"strict=False compares with like="):
        checkpoint.load(tmp_path / "a.msgpack", strict=False)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_part_is_loaded_by_its_prefix(tmp_path, suffix):
    checkpoint.save(tmp_path / f"a{suffix}", {"net": FILE, "rest": {"x": np.ones(1)}})
    for prefix in ("net", "net."):
        assert_same_tree(checkpoint.load(tmp_path / f"a{suffix}", prefix=prefix), FILE)
    part = checkpoint.load(tmp_path / f"a{suffix}", FILE["b"], prefix="net.b")
    assert_same_tree(part, FILE["b"])
    with pytest.raises(CheckpointError, match=r"nothing .*'ne'.* 'net', 'rest'"):
        checkpoint.load(tmp_path / f"a{suffix}", prefix="ne")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_part_is_loaded_by_a_filter(tmp_path, suffix):
    checkpoint.save(tmp_path / f"a{suffix}", FILE)
    result = checkpoint.load(tmp_path / f"a{suffix}", filter=lambda name: name == "b.c")
    assert_same_tree(result, {"b": FILE["b"]})
    like = {"b": {"c": np.zeros((2, 3), np.float32)}, "new": np.zeros(2)}
    loaded = checkpoint.load(
        tmp_path / f"a{suffix}", like, filter=lambda name: name.startswith("b.")
    )
    assert_same_tree(loaded, {"b": FILE["b"], "new": np.zeros(2)})


def test_only_the_wanted_part_of_a_file_is_read(tmp_path):
    path = tmp_path / "a.msgpack"
    checkpoint.save(path, {"a": np.ones(1000), "b": np.zeros(1000)})
    data = bytearray(path.read_bytes())
    data[len(data) // 4] ^= 1  # in the numbers of a
    path.write_bytes(data)
    assert checkpoint.load(path, prefix="b").sum() == 0
    with pytest.raises(CheckpointError, match=r"a: the checksum is wrong"):
        checkpoint.load(path)


def test_a_sequence_that_lost_a_part_is_a_dict(tmp_path):
    checkpoint.save(tmp_path / "a.msgpack", {"x": [1, 2, 3], "y": (4, 5)})
    result = checkpoint.load(tmp_path / "a.msgpack", filter=lambda name: name != "x.1")
    assert result == {"x": {"0": 1, "2": 3}, "y": (4, 5)}


def test_a_wrapped_models_error_names_the_prefix(tmp_path):
    checkpoint.save(tmp_path / "a.pth", {"module": FILE})
    with pytest.raises(CheckpointError, match=r"begin with 'module': pass prefix="):
        checkpoint.load(tmp_path / "a.pth", like=FILE)


NET = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_params_and_state_are_looked_up_in_one_mapping(tmp_path, suffix, key):
    params, state = NET.init(key)
    checkpoint.save(tmp_path / f"a{suffix}", tree.merge(params, state))
    fresh = jax.tree.map(jnp.zeros_like, (params, state))
    result = checkpoint.load(tmp_path / f"a{suffix}", like=fresh)
    assert tree.equal(result, (params, state))
    assert isinstance(result, tuple)


def test_params_and_state_saved_as_a_pair_are_a_pair(tmp_path, key):
    pair = NET.init(key)
    checkpoint.save(tmp_path / "a.msgpack", pair)
    assert tree.equal(checkpoint.load(tmp_path / "a.msgpack", like=pair), pair)
    assert isinstance(checkpoint.load(tmp_path / "a.msgpack"), tuple)
    import flax.serialization

    (tmp_path / "a.msgpack").write_bytes(flax.serialization.to_bytes(pair))
    assert tree.equal(checkpoint.load(tmp_path / "a.msgpack", like=pair), pair)
    merged = flax.serialization.to_bytes(tree.merge(*pair))
    (tmp_path / "a.msgpack").write_bytes(merged)
    assert tree.equal(checkpoint.load(tmp_path / "a.msgpack", like=pair), pair)


def test_one_name_in_two_trees_is_refused(tmp_path):
    checkpoint.save(tmp_path / "a.pth", {"w": np.ones(1)})
    with pytest.raises(CheckpointError, match=r"'w' is in two"):
        checkpoint.load(tmp_path / "a.pth", like=({"w": 0}, {"w": 0}))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_counts_of_64_bits_fit_into_32_or_are_refused(tmp_path, suffix):
    checkpoint.save(tmp_path / f"a{suffix}", {"n": np.array(7), "m": np.array([2**40])})
    result = checkpoint.load(
        tmp_path / f"a{suffix}", {"n": jnp.zeros((), int)}, filter=lambda n: n == "n"
    )
    assert result["n"].dtype == jnp.int32
    assert result["n"] == 7
    with pytest.raises(CheckpointError, match=r"m holds numbers that int32 cannot"):
        checkpoint.load(
            tmp_path / f"a{suffix}", {"m": jnp.zeros(1, int)}, filter=lambda n: n == "m"
        )


def test_the_state_of_every_optax_kind_comes_back_without_a_template(tmp_path):
    params = {"w": jnp.ones((2, 3)), "b": jnp.zeros(3)}
    labels = {"w": "adam", "b": "none"}
    optimizers = [
        optax.adamw(1e-3),
        optax.chain(optax.clip(1.0), optax.sgd(0.1, momentum=0.9)),
        optax.inject_hyperparams(optax.adam)(1e-3),
        optax.multi_transform(
            {"adam": optax.adam(1.0), "none": optax.set_to_zero()}, labels
        ),
        optax.MultiSteps(optax.sgd(0.1), 3),
        optax.lamb(1e-3),
        optax.adafactor(1e-3),
        optax.masked(optax.adam(1e-3), {"w": True, "b": False}),
    ]
    states = [optimizer.init(params) for optimizer in optimizers]
    checkpoint.save(tmp_path / "a.msgpack", states)
    back = checkpoint.load(tmp_path / "a.msgpack")
    assert jax.tree.structure(back) == jax.tree.structure(states)
    for a, e in zip(jax.tree.leaves(back), jax.tree.leaves(states), strict=True):
        assert a.dtype == e.dtype
        np.testing.assert_array_equal(a, e)
    with jax.numpy_dtype_promotion("standard"):  # optax relies on it
        updates, _ = optimizers[0].update(params, back[0], params)
    assert updates["w"].shape == (2, 3)
