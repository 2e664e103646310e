"""Trees that the tests of all formats save, and how two are compared."""

from typing import Any

import jax
import ml_dtypes
import numpy as np


def flat_arrays() -> dict[str, np.ndarray]:
    """Arrays of every kind that .msgpack, .pth and .safetensors all hold."""
    random = np.random.default_rng(0)
    dtypes = ["float32", "float64", "float16", "int8", "int16", "int32", "int64"]
    dtypes += ["uint8", "uint16", "uint32", "uint64", "bool", "complex64"]
    dtypes += [ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e5m2]
    arrays = {
        f"of.{np.dtype(dtype).name}": random.integers(0, 2, (2, 3)).astype(dtype)
        for dtype in dtypes
    }
    shared = np.arange(6.0, dtype=np.float32)
    return arrays | {
        "0.weight": random.standard_normal((4, 3, 2, 2), dtype=np.float32),
        "0.bias": np.array([np.nan, np.inf, -np.inf, -0.0], np.float32),
        "scalar": np.array(3, np.int64),
        "empty": np.zeros((0, 5), np.float32),
        "transposed": np.arange(6.0, dtype=np.float32).reshape(2, 3).T,
        "strided": np.arange(10, dtype=np.int32)[::3],
        "reversed": np.arange(4, dtype=np.int16)[::-1],
        "big_endian": np.arange(5, dtype=">f4"),
        "tied.a": shared,
        "tied.b": shared,
        "ключ": np.ones(1, np.float32),
    }


def assert_same_tree(actual: Any, expected: Any) -> None:
    """Compare trees: nodes, types of leaves, dtypes, shapes and bits."""
    assert jax.tree.structure(actual) == jax.tree.structure(expected)
    for a, e in zip(jax.tree.leaves(actual), jax.tree.leaves(expected), strict=True):
        assert_same_leaf(a, e)


def assert_same_leaf(actual: Any, expected: Any) -> None:
    if not isinstance(expected, np.ndarray):
        assert type(actual) is type(expected)
        assert actual == expected
        return
    assert isinstance(actual, np.ndarray)
    assert actual.dtype == expected.dtype.newbyteorder("=")
    assert actual.shape == expected.shape
    expected = expected.astype(expected.dtype.newbyteorder("="))
    assert actual.tobytes() == expected.tobytes()
