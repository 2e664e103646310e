"""What the norms check about their scales and shifts."""

from collections.abc import Mapping

import jax.numpy as jnp

from funcnet._errors import Facts, InputError, InputTypeError
from funcnet._types import Array, Shape


def check_affine(
    name: str, input: Array, shape: Shape, what: str, arrays: Mapping[str, Array | None]
) -> None:
    """Raise unless all given arrays have `shape` and a dtype that fits the input's.

    As in PyTorch, parameters of a half-precision input may be float32.
    """
    half = input.dtype in (jnp.float16, jnp.bfloat16)
    dtypes = (input.dtype, jnp.dtype("float32")) if half else (input.dtype,)
    for label, array in arrays.items():
        if array is None:
            continue
        if array.shape != shape:
            facts: Facts = {"label": label, "array": array.shape, "wanted": shape}
            raise InputError(
                "norm.array", name=name, what=what, input=input.shape, **facts
            )
        if array.dtype not in dtypes:
            facts = {"label": label, "dtype": array.dtype, "input": input.dtype}
            raise InputTypeError("norm.dtype", name=name, **facts)
