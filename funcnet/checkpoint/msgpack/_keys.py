"""Typed random keys, which flax's layout holds as dicts of their data."""

from collections.abc import Mapping
from typing import Any

from funcnet.checkpoint._document import Path, StoredKey, dotted
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._host_arrays import is_key
from funcnet.checkpoint._lazy_arrays import StoredArray
from funcnet.checkpoint.msgpack._layout import KEY, RESERVED


def expand(leaves: Mapping[Path, Any]) -> dict[Path, Any]:
    """Put `{KEY: kind, "data": array}` where a typed key was.

    Raises:
        CheckpointError: a name means something to the format.
    """
    result: dict[Path, Any] = {}
    for path, leaf in leaves.items():
        for name in path:
            if name in RESERVED:
                raise CheckpointError(
                    f"{dotted(path)} cannot be saved: the name is reserved: {name}. "
                    "Rename it."
                )
        if isinstance(leaf, StoredKey):
            result[*path, KEY], result[*path, "data"] = leaf.impl, leaf.data
        elif is_key(leaf):
            import jax

            result[*path, KEY] = str(jax.random.key_impl(leaf))
            result[*path, "data"] = jax.random.key_data(leaf)
        else:
            result[path] = leaf
    return result


def collapse(leaves: Mapping[Path, Any]) -> dict[Path, Any]:
    """Undo `expand` on what a file holds.

    Raises:
        CheckpointError: a key is not whole.
    """
    result: dict[Path, Any] = {}
    for path, leaf in leaves.items():
        if path and path[-1] == KEY:
            data = leaves.get((*path[:-1], "data"))
            if not isinstance(leaf, str) or not isinstance(data, StoredArray):
                raise CheckpointError(f"{dotted(path[:-1])}: a key lacks its data.")
            result[path[:-1]] = StoredKey(leaf, data)
        elif KEY in path or ((*path[:-1], KEY) in leaves and path[-1:] != ("data",)):
            raise CheckpointError(f"{dotted(path)} lies in a key, which has no parts.")
        elif not path or (*path[:-1], KEY) not in leaves:
            result[path] = leaf
    return result
