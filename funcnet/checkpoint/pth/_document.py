"""Documents of `.pth` files: state dicts are nested on the way in, flat on the way out.

In PyTorch's files the leaves of a model stand in one dict with dotted names. Here they
are nested; which nodes were such dicts is kept as their container, `("dotted", class,
JSON of _metadata)`, so that the way back gives the same file. A document of our own has
no such nodes: then each largest part of it that is dicts and arrays alone becomes one.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any, BinaryIO

import numpy as np

from funcnet.checkpoint import pth
from funcnet.checkpoint._document import EMPTY, Container, Document, Path, dotted, read
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._flat_names import flat_names, nest, why_not_flat
from funcnet.checkpoint._host_arrays import is_array, is_key
from funcnet.checkpoint._pytree import to_document, to_tree


def read_pth(path: FilePath, with_values: bool, lazily: bool) -> Document:
    """Read a file; without `with_values`, its arrays stay `StoredTensor`s.

    `lazily`, its arrays are those of the file itself, mapped into memory.
    """
    value = pth.load(path, mmap=lazily) if with_values else pth.inspect(path)
    containers: dict[Path, Container] = {}
    document = to_document(_nested(value, (), containers))
    document.containers |= containers
    return document


def _nested(node: Any, path: Path, containers: dict[Path, Container]) -> Any:
    """Nest the state dicts in a value; the other dicts, lists and tuples stay."""
    if type(node) in (dict, OrderedDict):
        if _is_state_dict(node):
            containers[path] = ("dotted", type(node).__name__, _versions(node))
            nested = nest(node)
            return dict(node) if nested is None else nested
        result = {k: _nested(x, (*path, str(k)), containers) for k, x in node.items()}
        return OrderedDict(result) if type(node) is OrderedDict else result
    if type(node) in (list, tuple):
        return type(node)(
            _nested(part, (*path, str(i)), containers) for i, part in enumerate(node)
        )
    return node


def _versions(node: Mapping[Any, Any]) -> str:
    """The `_metadata` of a state dict: the versions of its modules, by their names."""
    about = getattr(node, "_metadata", None) or {}
    try:
        return json.dumps(about)
    except (TypeError, ValueError) as error:
        raise CheckpointError(f"the _metadata of a state dict: {error}.") from None


def _is_state_dict(node: Mapping[Any, Any]) -> bool:
    names = all(isinstance(key, str) for key in node)
    return bool(node) and names and all(map(is_array, node.values()))


def write_pth(document: Document, file: BinaryIO) -> None:
    """Write a document so that `torch.load(weights_only=True)` reads it.

    Raises:
        CheckpointError: it holds something that the format cannot.
    """
    if document.metadata:
        raise CheckpointError(
            "a .pth file has no place for metadata. Save a dict that holds them: "
            '{"params": params, "epoch": 3}.'
        )
    _check(document)
    values = read(document.leaves)
    flat_nodes = _dotted_nodes(document)
    containers = {p: k for p, k in document.containers.items() if k[0] != "dotted"}
    for node in flat_nodes:
        below = {p[len(node) :]: v for p, v in values.items() if p[: len(node)] == node}
        values = {p: v for p, v in values.items() if p[: len(node)] != node}
        values[node] = _state_dict(below, document.containers.get(node, ()))
    pth.save(to_tree(Document(values, containers), values), file)


def _check(document: Document) -> None:
    for path, container in document.containers.items():
        if container[0] in ("namedtuple", "object", "struct"):
            raise _refusal(f"{dotted(path)} is a {container[1].rpartition('.')[2]}")
    for path, leaf in document.leaves.items():
        if is_key(leaf):
            raise _refusal(f"{dotted(path)} is a random key of JAX")
        if isinstance(leaf, np.generic) or getattr(leaf, "scalar", False):
            raise _refusal(f"{dotted(path)} is a NumPy scalar")


def _refusal(reason: str) -> CheckpointError:
    return CheckpointError(
        f"{reason}, which PyTorch does not know. Save a part of the tree (its params), "
        "or save as .msgpack."
    )


def _dotted_nodes(document: Document) -> list[Path]:
    """The nodes that become flat dicts."""
    dotted = [
        path
        for path, container in document.containers.items()
        if container[0] == "dotted"
    ]
    if dotted:
        return dotted
    blocked: set[Path] = set()  # nodes with something else than dicts and arrays below
    for path, leaf in document.leaves.items():
        if why_not_flat(path, leaf) is not None:
            blocked |= {path[:i] for i in range(len(path) + (leaf is EMPTY))}
    for path, container in document.containers.items():
        if container[0] != "OrderedDict":
            blocked |= {path[:i] for i in range(len(path) + 1)}
    result: dict[Path, None] = {}
    for path in document.leaves:
        free = (path[:i] for i in range(len(path)) if path[:i] not in blocked)
        node = next(free, None)
        if node is not None:
            result[node] = None
    return list(result)


def _state_dict(leaves: Mapping[Path, Any], container: Container) -> dict[str, Any]:
    names = flat_names(leaves)
    flat = OrderedDict((names[path], leaf) for path, leaf in leaves.items())
    if container[1:2] == ("dict",):
        return dict(flat)
    about = json.loads(container[2]) if len(container) == 3 else {}
    if about:
        flat._metadata = OrderedDict(about)  # type: ignore[attr-defined]
    return flat
