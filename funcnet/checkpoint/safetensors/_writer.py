"""Write a `.safetensors` file through its library."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np
from safetensors import SafetensorError, TensorSpec, serialize_file

from funcnet.checkpoint._document import EMPTY, Document, dtype_name
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._flat_names import flat_names, why_not_flat
from funcnet.checkpoint._host_arrays import fetch
from funcnet.checkpoint.safetensors._layout import DTYPES, METADATA


def write(document: Document, file: BinaryIO) -> None:
    """Write a document of arrays under dotted names.

    Raises:
        CheckpointError: it holds something that the format cannot.
    """
    write_tensors(flatten(document), check_metadata(document.metadata), file)


def flatten(document: Document) -> dict[str, Any]:
    """The arrays of a document by dotted name; refuse whatever else there is."""
    if document.leaves == {(): EMPTY}:
        return {}
    nodes = {"list", "tuple", "namedtuple", "integers"}
    for path, container in document.containers.items():
        if container[0] in nodes:
            named = (
                "dict with integer keys" if container[0] == "integers" else container[0]
            )
            raise _refusal(f"{'.'.join(path) or 'the tree'} is a {named}")
    known = {dtype.name for dtype in DTYPES.values()}
    for path, leaf in document.leaves.items():
        reason = why_not_flat(path, leaf)
        if reason is None and dtype_name(leaf) not in known:
            reason = f"{'.'.join(path)} has dtype {dtype_name(leaf)}"
        if reason is not None:
            raise _refusal(reason)
    names = flat_names(document.leaves)
    if METADATA in names.values():
        raise CheckpointError(f"the name {METADATA} is reserved. Rename the array.")
    return {names[path]: leaf for path, leaf in document.leaves.items()}


def write_tensors(
    tensors: Mapping[str, Any], metadata: dict[str, str], file: BinaryIO
) -> None:
    """Write arrays under their names into an open file."""
    # The library takes addresses: the arrays must live until it is done, and be
    # contiguous, for it looks at no strides.
    arrays = {name: fetch(leaf, name) for name, leaf in tensors.items()}
    with _telling():
        specs = {name: _spec(array) for name, array in arrays.items()}
        serialize_file(specs, file.name, metadata=metadata or None)


def _spec(array: np.ndarray) -> TensorSpec:
    assert array.flags.c_contiguous
    return TensorSpec(
        dtype=array.dtype.name,
        shape=array.shape,
        data_ptr=array.ctypes.data,
        data_len=array.nbytes,
    )


def check_metadata(metadata: Mapping[str, Any]) -> dict[str, str]:
    """Return metadata that the format can hold.

    Raises:
        CheckpointError: they are not strings under names.
    """
    for name, value in metadata.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise CheckpointError(
                f"the metadata {name!r} is a {type(value).__name__}; .safetensors "
                "holds strings. Use json.dumps, or save as .msgpack."
            )
    return dict(metadata)


def _refusal(reason: str) -> CheckpointError:
    return CheckpointError(
        f"{reason}, which .safetensors cannot hold: it has arrays under dotted names, "
        "of the dtypes of its format. Save a part of the tree (its params), or save as "
        ".msgpack."
    )


@contextmanager
def _telling() -> Iterator[None]:
    """Turn the library's errors into the system's, where it was the system."""
    try:
        yield
    except SafetensorError as error:
        text = str(error)
        number = text.partition("(os error ")[2].partition(")")[0]
        if number.isdigit():
            raise OSError(int(number), text) from None
        raise CheckpointError(f"the file cannot be written: {text}.") from error
