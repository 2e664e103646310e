"""Arrays as their bytes in the machine's order, on the host."""

from typing import Any

import numpy as np

from funcnet.checkpoint._document import StoredKey
from funcnet.checkpoint._dtypes import DTYPES
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._lazy_arrays import StoredArray, read_arrays


def is_array(leaf: Any) -> bool:
    """Tell arrays and NumPy scalars, here or in a file, from all other leaves."""
    return hasattr(leaf, "shape") and hasattr(leaf, "dtype") and not is_key(leaf)


def is_key(leaf: Any) -> bool:
    """Tell typed random keys, here or in a file."""
    return isinstance(leaf, StoredKey) or str(getattr(leaf, "dtype", "")).startswith(
        "key<"
    )


def fetch(leaf: Any, name: str) -> np.ndarray:
    """Fetch an array: contiguous, of the machine's byte order, copied if need be.

    Raises:
        CheckpointError: it is spread over processes, or files do not support its dtype.
    """
    if isinstance(leaf, StoredArray):
        return np.asarray(read_arrays([(name, leaf)])[0])
    if not getattr(leaf, "is_fully_addressable", True):
        raise CheckpointError(
            f"{name} is spread over several processes. Gather it first: "
            "jax.experimental.multihost_utils.process_allgather(x, tiled=True)."
        )
    array = np.asarray(leaf)
    check_dtype(array.dtype, name)
    if not array.dtype.isnative:  # a file does not record the byte order
        array = array.astype(array.dtype.newbyteorder("="))
    return array if array.flags.c_contiguous else array.copy("C")


def check_dtype(dtype: np.dtype, name: str) -> None:
    if dtype.name not in DTYPES:
        raise CheckpointError(
            f"{name} has dtype {dtype}, which no checkpoint can hold. The dtypes are "
            f"{', '.join(DTYPES)}."
        )


def data_of(array: np.ndarray) -> memoryview:
    """The bytes of a contiguous array."""
    return memoryview(array.reshape(-1).view(np.uint8))
