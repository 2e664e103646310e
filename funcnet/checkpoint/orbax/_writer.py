"""Write a folder of Orbax through its library."""

from pathlib import Path

import numpy as np

from funcnet.checkpoint._document import Document, dotted, read
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._pytree import to_tree
from funcnet.checkpoint.orbax._library import library


def write(document: Document, path: Path) -> None:
    """Write a document into a new folder, which Orbax renames once it is whole.

    Raises:
        CheckpointError: Orbax is not installed, the folder exists, or the document
            holds what Orbax would give back as something else.
    """
    if path.exists():
        raise CheckpointError(
            "the folder exists, and a folder cannot be replaced in one step. Save "
            "under a new name, and remove the old one then."
        )
    if document.metadata:
        raise CheckpointError("Orbax takes no metadata here; put them in the tree.")
    for node, container in document.containers.items():
        if container[0] not in ("list", "dotted"):
            raise _refusal(f"{dotted(node)} is a {container[0]}")
    for node, leaf in document.leaves.items():
        if isinstance(leaf, np.generic):
            raise _refusal(f"{dotted(node)} is a NumPy scalar")
    ocp = library()
    tree = to_tree(document, read(document.leaves))
    try:
        with ocp.PyTreeCheckpointer() as checkpointer:
            checkpointer.save(path.resolve(), tree)
    except OSError:
        raise
    except Exception as error:  # many classes, of many libraries
        raise CheckpointError(f"Orbax cannot write the tree: {error}") from error


def _refusal(reason: str) -> CheckpointError:
    return CheckpointError(
        f"{reason}, which Orbax would give back as something else. Save dicts and "
        "lists of arrays and numbers, or save as .msgpack."
    )
