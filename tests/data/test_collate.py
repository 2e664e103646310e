"""Samples into batches."""

from collections import OrderedDict, defaultdict, namedtuple

import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError
from funcnet.data import default_collate

Point = namedtuple("Point", "x y")


def shown(batch):
    """A batch with dtypes and lists for its arrays."""
    if isinstance(batch, np.ndarray):
        return batch.dtype.name, batch.tolist()
    if isinstance(batch, dict):
        return {key: shown(value) for key, value in batch.items()}
    if isinstance(batch, Point):
        return Point(*map(shown, batch))
    if isinstance(batch, tuple | list) and not all(isinstance(x, str) for x in batch):
        return type(batch)(map(shown, batch))
    return batch


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([1, 2], ("int64", [1, 2])),
        ([1, 2.5], ("float64", [1, 2.5])),
        ([0.5, 1.5], ("float64", [0.5, 1.5])),
        ([True, False], ("bool", [True, False])),
        ([np.float32(1), np.float32(2)], ("float32", [1, 2])),
        ([np.int8([1]), np.int8([2])], ("int8", [[1], [2]])),
        ([np.array(3), np.array(4)], ("int64", [3, 4])),
        ([jnp.float32(3), jnp.float32(4)], ("float32", [3, 4])),
        (["a", "b"], ["a", "b"]),
        ([b"a", b"b"], [b"a", b"b"]),
        ([(1, "a"), (2, "b")], (("int64", [1, 2]), ["a", "b"])),
        ([[1, "a"], [2, "b"]], [("int64", [1, 2]), ["a", "b"]]),
        ([{"x": 1}, {"x": 2}], {"x": ("int64", [1, 2])}),
        ([Point(1, 2), Point(3, 4)], Point(("int64", [1, 3]), ("int64", [2, 4]))),
        ([{"x": (1,)}, {"x": (2,)}], {"x": (("int64", [1, 2]),)}),
    ],
)
def test_a_batch_is_made_like_its_samples(samples, expected):
    assert shown(default_collate(samples)) == expected
    assert shown(default_collate(samples)).__class__ is expected.__class__


def test_mappings_keep_their_class_where_it_takes_a_dict():
    result = default_collate([OrderedDict(a=1), OrderedDict(a=2)])
    assert type(result) is OrderedDict
    assert type(default_collate([defaultdict(int, a=1)])) is dict


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        ([np.zeros(2), np.zeros(3)], r"got \[2\] at entry 0 and \[3\] at entry 1"),
        ([np.zeros(2), np.zeros((2, 1))], r"\[2\] at entry 0 and \[2, 1\] at entry 1"),
        ([(1, 2), (1, 2), (1,)], "got 2 at entry 0 and 1 at entry 2"),
        ([{"x": 1}, {"y": 1}], r"'x' of entry 0 is not in entry 1, which has \['y'\]"),
    ],
)
@pytest.mark.parametrize("kind", [InputError, RuntimeError])
def test_ragged_samples_are_refused(samples, message, kind):
    with pytest.raises(kind, match=message):
        default_collate(samples)


@pytest.mark.parametrize(
    ("samples", "found"),
    [
        ([None, None], "NoneType"),
        ([1, None], "NoneType and int"),
        ([object()], "object"),
        ([np.array(["a"])], "<U1"),
        ([2**70], "int"),
    ],
)
def test_what_makes_no_array_is_named(samples, found):
    with pytest.raises(InputTypeError, match=f"found .*{found}"):
        default_collate(samples)
