"""Between nested dicts and the flat, dotted names of `.pth` and `.safetensors`."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from funcnet.checkpoint._document import EMPTY, Path, dotted
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._host_arrays import is_array


def nest(flat: Mapping[str, Any]) -> dict[str, Any] | None:
    """Nested dicts of a mapping with dotted names; None if no dicts can hold them.

    There are none where a name is also the beginning of another ("a" and "a.b").
    """
    root: dict[str, Any] = {}
    for name, leaf in flat.items():
        *parents, last = name.split(".")
        node = root
        for parent in parents:
            node = node.setdefault(parent, {})
            if type(node) is not dict:
                return None
        if last in node:
            return None
        node[last] = leaf
    return root


def flat_names(paths: Iterable[Path]) -> dict[Path, str]:
    """The dotted name of each path.

    Raises:
        CheckpointError: two paths have one name.
    """
    names = {path: dotted(path) for path in paths}
    if len(set(names.values())) < len(names):
        all_names = list(names.values())
        twice = next(name for name in all_names if all_names.count(name) > 1)
        raise CheckpointError(
            f"two leaves have the dotted name {twice!r}. Use names without dots."
        )
    return names


def why_not_flat(path: Path, leaf: Any) -> str | None:
    """Return why a leaf does not fit into a flat mapping of arrays; None if it does."""
    if leaf is EMPTY:
        return f"{dotted(path)} is an empty dict"
    if not path:
        return "the tree is a single leaf, which has no name"
    if isinstance(leaf, np.generic) or getattr(leaf, "scalar", False):
        return f"{dotted(path)} is a NumPy scalar, no array (np.asarray makes it one)"
    if not is_array(leaf):
        return f"{dotted(path)} is a {type(leaf).__name__}, no array"
    return None
