"""Read the folders of Orbax through its library."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from funcnet.checkpoint._document import Document
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._pytree import to_document
from funcnet.checkpoint.orbax._library import library


def read(path: Path, with_values: bool) -> Document:
    """Read a folder that Orbax, or a step of its CheckpointManager, wrote.

    Without `with_values`, the arrays have their shapes and dtypes alone.

    Raises:
        CheckpointError: Orbax is not installed, or cannot read the folder.
    """
    folder = _folder(path).resolve()
    ocp = library()
    try:
        with warnings.catch_warnings(), ocp.PyTreeCheckpointer() as checkpointer:
            warnings.simplefilter("ignore")
            about = checkpointer.metadata(folder).item_metadata.tree
            if not with_values:
                return to_document(_map(_listed, about))
            # As NumPy's arrays: the devices that saved them need not be here.
            wanted = _map(lambda leaf: _arguments(ocp, leaf), about)
            return to_document(checkpointer.restore(folder, restore_args=wanted))
    except Exception as error:  # many classes, of many libraries
        raise CheckpointError(f"Orbax cannot read the folder: {error}") from error


def _folder(path: Path) -> Path:
    """The folder in which the arrays lie."""
    for folder in (path, path / "default"):
        if (folder / "_METADATA").exists():
            return folder
    steps = sorted(int(child.name) for child in path.iterdir() if child.name.isdigit())
    if steps:
        raise CheckpointError(
            f"the folder holds the steps {', '.join(map(str, steps[-10:]))}; load one "
            f"of them: {path / str(steps[-1])}."
        )
    inside = sorted(child.name for child in path.iterdir())[:10]
    raise CheckpointError(
        "the folder is no checkpoint of Orbax. Give the file to load; there are "
        f"{', '.join(inside) or 'none'}."
    )


def _map(function: Any, node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _map(function, part) for name, part in node.items()}
    if isinstance(node, list | tuple):
        return type(node)(_map(function, part) for part in node)
    return function(node)


def _listed(leaf: Any) -> Any:
    shape, dtype = getattr(leaf, "shape", None), getattr(leaf, "dtype", None)
    if shape is None or dtype is None:
        return leaf
    return np.broadcast_to(np.zeros((), dtype), shape)  # takes no memory


def _arguments(ocp: Any, leaf: Any) -> Any:
    is_array = type(leaf).__name__ == "ArrayMetadata"
    return ocp.RestoreArgs(restore_type=np.ndarray if is_array else None)
