"""Trees under dotted names."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, tree


class Pair(NamedTuple):
    left: int
    right: int


PARAMS = {
    "0": {"weight": jnp.ones((2, 3)), "bias": jnp.zeros(2)},
    "head": {"weight": jnp.ones((4, 2), "bfloat16")},
}


def test_unflatten_undoes_flatten_and_keeps_numbers_as_names() -> None:
    flat = tree.flatten(PARAMS)
    assert list(flat) == ["0.bias", "0.weight", "head.weight"]
    assert tree.equal(tree.unflatten(flat), PARAMS)
    assert set(tree.unflatten(flat)) == {"0", "head"}


def test_flatten_names_positions_and_fields() -> None:
    assert tree.flatten({"a": [1, (2,)], "b": Pair(3, 4)}) == {
        "a.0": 1,
        "a.1.0": 2,
        "b.left": 3,
        "b.right": 4,
    }


def test_restore_rebuilds_any_structure() -> None:
    like = {"a": [0, (0,)], "b": Pair(0, 0)}
    flat = {"a.0": 1, "a.1.0": 2, "b.left": 3, "b.right": 4}
    assert tree.restore(flat, like) == {"a": [1, (2,)], "b": Pair(3, 4)}


def test_restore_lists_every_missing_and_unexpected_name() -> None:
    with pytest.raises(InputError, match=r"b: missing(.|\n)*c: unexpected"):
        tree.restore({"a": 1, "c": 2}, {"a": 0, "b": 0})


def test_one_name_for_two_leaves_raises() -> None:
    with pytest.raises(InputError, match=r"'a\.b'"):
        tree.flatten({"a": {"b": 1}, "a.b": 2})


@pytest.mark.parametrize("names", [("a", "a.b"), ("a.b", "a")])
def test_a_leaf_with_others_inside_raises(names: tuple[str, str]) -> None:
    with pytest.raises(InputError, match="leaf"):
        tree.unflatten(dict.fromkeys(names, 1))


def test_map_with_path_gives_names_and_leaves_of_all_trees() -> None:
    seen = tree.map_with_path(
        lambda n, x, y: (n, x + y), {"a": {"b": 1}}, {"a": {"b": 2}}
    )
    assert seen == {"a": {"b": ("a.b", 3)}}


def test_sizes_need_shapes_only() -> None:
    shapes = jax.eval_shape(lambda: PARAMS)
    assert tree.count(PARAMS) == tree.count(shapes) == 16
    assert tree.nbytes(PARAMS) == tree.nbytes(shapes) == 4 * 8 + 2 * 8


def test_merge_undoes_partition() -> None:
    head, body = tree.partition(PARAMS, lambda name: name.startswith("head."))
    assert list(tree.flatten(head)) == ["head.weight"]
    assert tree.equal(tree.merge(head, body), PARAMS)
    with pytest.raises(InputError, match=r"head\.weight"):
        tree.merge(head, PARAMS)


def test_mismatches_names_each_difference() -> None:
    given = {"a": jnp.ones(2), "b": jnp.ones(2), "c": 1.0, "e": jnp.ones(2)}
    wanted = {"a": jnp.ones(3), "b": jnp.ones(2, "int32"), "d": 1.0, "e": jnp.zeros(2)}
    assert tree.mismatches(given, wanted) == [
        "a: shape (2,) given, (3,) needed",
        "b: dtype float32 given, int32 needed",
        "c: unexpected",
        "d: missing",
    ]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (jnp.array([1.0, jnp.nan]), np.array([1.0, np.nan], "float32"), True),
        (jnp.array([1.0, 2.0]), jnp.array([1.0, 3.0]), False),
        (jnp.ones(2), jnp.ones(2, "bfloat16"), False),
        (jnp.ones(2), jnp.ones((2, 1)), False),
        (jax.random.key(1), jax.random.key(1), True),
        (jax.random.key(1), jax.random.key(2), False),
    ],
)
def test_equal_compares_shapes_dtypes_and_values(a, b, same: bool) -> None:
    assert tree.equal({"x": a}, {"x": b}) is same
