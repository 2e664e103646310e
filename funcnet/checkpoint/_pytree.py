"""Between pytrees and documents."""

import sys
from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from typing import Any

from funcnet.checkpoint._document import EMPTY, Container, Document, Path, dotted
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._namedtuples import find

DEEPEST = 150  # nested nodes in one tree


def to_document(tree: Any, metadata: Mapping[str, Any] | None = None) -> Document:
    """Take a pytree apart, as `flax.serialization.to_state_dict` does.

    The parts of sequences are named "0", "1", ...; those of named tuples and
    dataclasses have the names of their fields.

    Raises:
        CheckpointError: names clash or cannot be written.
    """
    document = Document({}, metadata=dict(metadata or {}))
    _take_apart(tree, (), document)
    return document


def to_tree(document: Document, values: Mapping[Path, Any]) -> Any:
    """Build the tree of a document from the values of its leaves.

    Plain dicts, lists, tuples and named tuples come back as such, objects as dicts.
    Of a sequence that lacks a part, a dict of those that are there comes back.
    """
    if () in values:
        return _typed(values[()], (), document.containers)
    root: dict[str, Any] = {}
    for path, value in values.items():
        node = root
        for name in path[:-1]:
            node = node.setdefault(name, {})
        node[path[-1]] = _Leaf(value)
    return _typed(root, (), document.containers)


class _Leaf:
    """A value that may be a dict itself (an empty one) among the nodes."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _take_apart(node: Any, path: Path, document: Document) -> None:
    result = _children(node, path)
    if result is None:
        document.leaves[path] = node
        return
    if len(path) >= DEEPEST:
        raise CheckpointError(f"the tree is nested more than {DEEPEST} deep.")
    container, children = result
    if container:
        document.containers[path] = container
    if not children:
        document.leaves[path] = EMPTY
    names = set()
    for name, child in children:
        if name in names:
            raise CheckpointError(
                f"{dotted((*path, name))} cannot be saved: two keys of this dict have "
                "the same string. Rename one."
            )
        names.add(name)
        _take_apart(child, (*path, name), document)


def _children(node: Any, path: Path) -> tuple[Container, list[tuple[str, Any]]] | None:
    """The container of a node and its parts by name; None for a leaf."""
    cls = type(node)
    if cls in (dict, OrderedDict, defaultdict):
        return _dict_kind(node), [(_name(key, path), x) for key, x in node.items()]
    if cls in (list, tuple):
        return (cls.__name__,), [(str(i), part) for i, part in enumerate(node)]
    if isinstance(node, tuple) and hasattr(node, "_fields"):
        named = ("namedtuple", f"{cls.__module__}.{cls.__qualname__}", *node._fields)
        return named, list(zip(node._fields, node, strict=True))
    return _registered(node, path)


def _dict_kind(node: Mapping[Any, Any]) -> Container:
    if type(node) is OrderedDict:
        return ("OrderedDict",)
    integers = [str(key) for key in node if isinstance(key, int)]
    return ("integers", *integers) if integers else ()


def _registered(
    node: Any, path: Path
) -> tuple[Container, list[tuple[str, Any]]] | None:
    """The parts of an object of a class that is registered with jax."""
    if node is None or "jax" not in sys.modules:  # nothing can be registered
        return None
    import jax

    if isinstance(node, jax.Array):
        return None
    try:
        parts, _ = jax.tree_util.tree_flatten_with_path(
            node, is_leaf=lambda part: part is not node
        )
    except (TypeError, ValueError) as error:  # keys that cannot be sorted
        raise CheckpointError(f"{dotted(path)} cannot be saved: {error}") from error
    if parts and not parts[0][0]:
        return None
    word = "struct" if hasattr(node, "_flax_dataclass") else "object"
    named = (word, f"{type(node).__module__}.{type(node).__qualname__}")
    return named, [(path_name(step, path), part) for (step,), part in parts]


def path_name(step: Any, path: Path = ()) -> str:
    """The name of one step of a path of jax's."""
    for attribute in ("key", "idx", "name"):
        if hasattr(step, attribute):
            return _name(getattr(step, attribute), path)
    raise CheckpointError(f"{dotted(path)}: a child at {step} has no name to save.")


def _name(key: Any, path: Path) -> str:
    if isinstance(key, str) or (isinstance(key, int) and not isinstance(key, bool)):
        return str(key)
    raise CheckpointError(
        f"{key!r} in {dotted(path)} cannot be a name in a checkpoint; names are "
        "strings or integers."
    )


def _typed(node: Any, path: Path, containers: Mapping[Path, Container]) -> Any:
    """Give a node of nested dicts, and the nodes in it, their container types."""
    if isinstance(node, _Leaf):
        node = node.value
        if node is not EMPTY:
            return node
    elif type(node) is not dict:
        return node
    parts = {name: _typed(x, (*path, name), containers) for name, x in node.items()}
    word, *details = containers.get(path, ("dict",))
    if word in ("list", "tuple") and [*parts] == [*map(str, range(len(parts)))]:
        return [*parts.values()] if word == "list" else tuple(parts.values())
    if word == "namedtuple" and details[1:] == [*parts]:
        result = find(details[0], tuple(parts))
        return parts if result is None else result(**parts)
    if word == "integers":
        integers = set(details)
        return {int(k) if k in integers else k: x for k, x in parts.items()}
    return OrderedDict(parts) if word == "OrderedDict" else parts
