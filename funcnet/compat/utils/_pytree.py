"""Nested containers with leaves, as `torch.utils._pytree`."""

import dataclasses
import json
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from funcnet.compat._core.annotations import Tree
from funcnet.compat._tensor.tree import (
    NODES,
    GetAttrKey,
    IsLeaf,
    LeafSpec,
    MappingKey,
    NodeDef,
    SequenceKey,
    TreeSpec,
    broadcast_to_and_flatten,
    namedtuple,
    node_type,
    register,
    tree_flatten,
    tree_map,
    tree_unflatten,
)

PyTree = Any
PyTreeSpec = TreeSpec
Context = Any
KeyEntry = Any
KeyPath = tuple[KeyEntry, ...]
Types: TypeAlias = type | tuple[type, ...]
Predicate: TypeAlias = Callable[[Any], bool]
SUPPORTED_NODES = NODES
_broadcast_to_and_flatten = broadcast_to_and_flatten
_PROTOCOL: Final = 1


def _show_nodes(names: dict[str, Any]) -> None:
    """Show how the standard containers are flattened, under PyTorch's names."""
    for kind, name in (
        *((tuple, "tuple"), (list, "list"), (dict, "dict"), (namedtuple, "namedtuple")),
        *((OrderedDict, "ordereddict"), (defaultdict, "defaultdict"), (deque, "deque")),
    ):
        node = NODES[kind]
        names[f"_{name}_flatten"] = node.flatten
        names[f"_{name}_unflatten"] = node.unflatten
        names[f"_{name}_flatten_with_keys"] = _with_keys(node)


def _with_keys(node: NodeDef) -> Callable[[Any], tuple[list[tuple[Any, Any]], Any]]:
    def flatten_with_keys(x: Any) -> tuple[list[tuple[Any, Any]], Any]:
        children, context = node.flatten(x)
        assert node.keys is not None
        return list(zip(node.keys(x), children, strict=True)), context

    return flatten_with_keys


_show_nodes(globals())
_get_node_type = node_type
_written_as: Final[dict[Any, str]] = {
    kind: f"{kind.__module__}.{kind.__name__}"
    for kind in (tuple, list, dict, OrderedDict, deque)
}
_contexts: Final[dict[Any, tuple[Any, Any]]] = {}


def register_pytree_node(
    cls: type[Any],
    flatten_fn: Callable[[Any], tuple[list[Any], Any]],
    unflatten_fn: Callable[[Iterable[Any], Any], Any],
    *,
    serialized_type_name: str | None = None,
    to_dumpable_context: Callable[[Any], Any] | None = None,
    from_dumpable_context: Callable[[Any], Any] | None = None,
    flatten_with_keys_fn: Callable[[Any], Any] | None = None,
) -> None:
    """Register a class whose instances are nodes of trees.

    Equals `torch.utils._pytree.register_pytree_node`; `torch.func` takes such trees.
    """
    keys = None
    if flatten_with_keys_fn is not None:
        keys = lambda x: [key for key, _ in flatten_with_keys_fn(x)[0]]  # noqa: E731
    register(cls, NodeDef(flatten_fn, unflatten_fn, keys))
    if serialized_type_name is not None:
        _written_as[cls] = serialized_type_name
    if to_dumpable_context is not None:
        _contexts[cls] = to_dumpable_context, from_dumpable_context


_register_pytree_node = register_pytree_node


def _deregister_pytree_node(cls: type[Any]) -> None:
    """Deregister a class: its instances are leaves again."""
    NODES.pop(cls, None)


def register_dataclass(
    cls: type[Any],
    *,
    field_names: list[str] | None = None,
    drop_field_names: list[str] | None = None,
    serialized_type_name: str | None = None,
) -> None:
    """Register a dataclass, whose fields are the children of a node."""
    dropped = set(drop_field_names or ())
    names = field_names or [
        field.name
        for field in dataclasses.fields(cls)
        if field.init and field.name not in dropped
    ]

    def flatten(x: Any) -> tuple[list[Any], Any]:
        present = [name for name in names if getattr(x, name) is not None]
        absent = [name for name in names if getattr(x, name) is None]
        return [getattr(x, name) for name in present], [present, absent]

    def unflatten(children: Iterable[Any], context: Any) -> Any:
        present, absent = context
        return cls(**dict(zip(present, children, strict=True)), **dict.fromkeys(absent))

    def keys(x: Any) -> list[Any]:
        return [GetAttrKey(name) for name in flatten(x)[1][0]]

    register(cls, NodeDef(flatten, unflatten, keys))
    if serialized_type_name is not None:
        _written_as[cls] = serialized_type_name


def register_constant(cls: type[Any]) -> None:
    """Register a class whose instances are constants in a tree's structure."""
    register(cls, NodeDef(lambda x: ([], x), lambda _, x: x, lambda _: []))


def _register_namedtuple(cls: type[Any], *, serialized_type_name: str) -> None:
    """Register the name under which the type of a named tuple is serialized."""
    _written_as[cls] = serialized_type_name


def tree_is_leaf(tree: Tree, is_leaf: IsLeaf | None = None) -> bool:
    """Return whether a tree is a leaf."""
    return node_type(tree) is None or bool(is_leaf is not None and is_leaf(tree))


_is_leaf = tree_is_leaf


def tree_leaves(tree: Tree, is_leaf: IsLeaf | None = None) -> list[Any]:
    """Return the leaves of a tree, in order."""
    return tree_flatten(tree, is_leaf)[0]


def tree_iter(tree: Tree, is_leaf: IsLeaf | None = None) -> Iterator[Any]:
    """Iterate over the leaves of a tree, in order."""
    return iter(tree_leaves(tree, is_leaf))


def tree_structure(tree: Tree, is_leaf: IsLeaf | None = None) -> TreeSpec:
    """Return the structure of a tree."""
    return tree_flatten(tree, is_leaf)[1]


def arg_tree_leaves(*args: object, **kwargs: object) -> list[Any]:
    """Return the leaves of all arguments."""
    return [leaf for tree in (*args, *kwargs.values()) for leaf in tree_leaves(tree)]


def tree_map_(
    func: Callable[..., Any], tree: Tree, *rests: Tree, is_leaf: IsLeaf | None = None
) -> Any:
    """Call a function with each leaf; return the tree itself."""
    tree_map(func, tree, *rests, is_leaf=is_leaf)
    return tree


def map_only(
    type_or_types_or_pred: Types | Predicate,
    /,
    func: Callable[[Any], Any] | None = None,
) -> Any:
    """Apply a function to the leaves of some types only; also a decorator."""
    wanted = type_or_types_or_pred
    if func is None:
        return lambda func: map_only(wanted, func)
    if callable(wanted) and not isinstance(wanted, type):
        return lambda x: func(x) if wanted(x) else x
    return lambda x: func(x) if isinstance(x, wanted) else x


def tree_map_only(
    type_or_types_or_pred: Types | Predicate,
    /,
    func: Callable[[Any], Any],
    tree: Tree,
    is_leaf: IsLeaf | None = None,
) -> Any:
    """Map the leaves of some types only; the others stay."""
    return tree_map(map_only(type_or_types_or_pred, func), tree, is_leaf=is_leaf)


def tree_map_only_(
    type_or_types_or_pred: Types | Predicate,
    /,
    func: Callable[[Any], Any],
    tree: Tree,
    is_leaf: IsLeaf | None = None,
) -> Any:
    """Call a function with the leaves of some types; return the tree itself."""
    return tree_map_(map_only(type_or_types_or_pred, func), tree, is_leaf=is_leaf)


def tree_all(pred: Predicate, tree: Tree, is_leaf: IsLeaf | None = None) -> bool:
    """Return whether a predicate holds for all leaves."""
    return all(map(pred, tree_iter(tree, is_leaf)))


def tree_any(pred: Predicate, tree: Tree, is_leaf: IsLeaf | None = None) -> bool:
    """Return whether a predicate holds for any leaf."""
    return any(map(pred, tree_iter(tree, is_leaf)))


def tree_all_only(
    type_or_types: Types, /, pred: Predicate, tree: Tree, is_leaf: IsLeaf | None = None
) -> bool:
    """Return whether a predicate holds for all leaves of some types."""
    leaves = tree_iter(tree, is_leaf)
    return all(pred(x) for x in leaves if isinstance(x, type_or_types))


def tree_any_only(
    type_or_types: Types, /, pred: Predicate, tree: Tree, is_leaf: IsLeaf | None = None
) -> bool:
    """Return whether a predicate holds for any leaf of some types."""
    leaves = tree_iter(tree, is_leaf)
    return any(pred(x) for x in leaves if isinstance(x, type_or_types))


# --- paths to the leaves ----------------------------------------------------------


def tree_flatten_with_path(
    tree: Tree, is_leaf: IsLeaf | None = None
) -> tuple[list[tuple[KeyPath, Any]], TreeSpec]:
    """Flatten a tree to pairs of path and leaf, and its structure."""
    return list(_with_path((), tree, is_leaf)), tree_structure(tree, is_leaf)


def _with_path(
    path: KeyPath, tree: Tree, is_leaf: IsLeaf | None
) -> Iterator[tuple[KeyPath, Any]]:
    if tree_is_leaf(tree, is_leaf):
        yield path, tree
        return
    kind = NODES[node_type(tree)]
    if kind.keys is None:
        raise ValueError(
            f"Did not find a flatten_with_keys_fn for type: {type(tree)}. Please pass "
            "a flatten_with_keys_fn argument to register_pytree_node."
        )
    for key, child in zip(kind.keys(tree), kind.flatten(tree)[0], strict=True):
        yield from _with_path((*path, key), child, is_leaf)


def tree_leaves_with_path(
    tree: Tree, is_leaf: IsLeaf | None = None
) -> list[tuple[KeyPath, Any]]:
    """Return the pairs of path and leaf of a tree."""
    return list(_with_path((), tree, is_leaf))


def tree_map_with_path(
    func: Callable[..., Any], tree: Tree, *rests: Tree, is_leaf: IsLeaf | None = None
) -> Any:
    """Map the leaves of a tree by a function that takes the path as well."""
    result, spec = tree_flatten_with_path(tree, is_leaf)
    others = [spec.flatten_up_to(rest) for rest in rests]
    columns = zip(result, *others, strict=True)
    return spec.unflatten([func(path, leaf, *more) for (path, leaf), *more in columns])


def keystr(kp: KeyPath) -> str:
    """Return a path as it is written in Python."""
    return "".join([str(key) for key in kp])


def key_get(obj: Any, kp: KeyPath) -> Any:
    """Return what a path leads to."""
    for key in kp:
        obj = key.get(obj)
    return obj


# --- structures ----------------------------------------------------------------------


def treespec_leaf() -> LeafSpec:
    """Return the structure of a leaf."""
    return LeafSpec()


def treespec_tuple(iterable: Iterable[TreeSpec] = (), /) -> TreeSpec:
    """Return the structure of a tuple of these children."""
    return TreeSpec(tuple, None, iterable)


def treespec_dict(
    mapping: Mapping[Any, TreeSpec] | Iterable[tuple[Any, TreeSpec]] = (),
    /,
    **kwargs: TreeSpec,
) -> TreeSpec:
    """Return the structure of a dictionary of these children."""
    parts = dict(mapping, **kwargs)
    return TreeSpec(dict, list(parts), parts.values())


def treespec_pprint(treespec: TreeSpec) -> str:
    """Format a structure as a tree with stars for its leaves."""

    class Star:
        def __repr__(self) -> str:
            return "*"

    return repr(treespec.unflatten([Star() for _ in range(treespec.num_leaves)]))


def treespec_dumps(treespec: TreeSpec, protocol: int | None = None) -> str:
    """Serialize a structure as JSON, which `treespec_loads` reads, as in PyTorch."""
    if protocol not in (None, _PROTOCOL):
        raise ValueError(
            f"Unknown protocol {protocol}. Available protocols: [{_PROTOCOL}]"
        )
    return json.dumps([_PROTOCOL, _written(treespec)])


def _written(spec: TreeSpec) -> dict[str, Any]:
    kind, context = spec.type, spec.context
    if kind is None:
        return {"type": None, "context": None, "children_spec": []}
    if kind is namedtuple:
        if context not in _written_as:
            raise NotImplementedError(
                f"Can't serialize TreeSpec of namedtuple class {context} because we "
                "didn't register a serializated_type_name. Please register using "
                "`_register_namedtuple`."
            )
        name, text = "collections.namedtuple", json.dumps(_written_as[context])
    elif kind not in _written_as:
        raise NotImplementedError(
            f"No registered serialization name for {kind} found. Please update your "
            "_register_pytree_node call with a `serialized_type_name` kwarg."
        )
    else:
        to_text = _contexts.get(kind, (None, None))[0]
        name = _written_as[kind]
        text = json.dumps(context if to_text is None else to_text(context))
    children = [_written(child) for child in spec.children_specs]
    return {"type": name, "context": text, "children_spec": children}


def treespec_loads(serialized: str) -> TreeSpec:
    """Return the structure that `treespec_dumps` has serialized."""
    protocol, result = json.loads(serialized)
    if protocol != _PROTOCOL:
        raise ValueError(
            f"Unknown protocol {protocol}. Available protocols: [{_PROTOCOL}]"
        )
    return _read(result)


def _read(written: Mapping[str, Any]) -> TreeSpec:
    name = written["type"]
    if name is None:
        return LeafSpec()
    children = [_read(child) for child in written["children_spec"]]
    context = json.loads(written["context"])
    known = {text: kind for kind, text in _written_as.items()}
    if name == "collections.namedtuple":
        return TreeSpec(namedtuple, known[context], children)
    if name not in known:
        raise NotImplementedError(
            f"Deserialization does not support registering the type: {name}."
        )
    kind = known[name]
    from_text = _contexts.get(kind, (None, None))[1]
    return TreeSpec(
        kind, context if from_text is None else from_text(context), children
    )


STANDARD_DICT_TYPES: Final = frozenset((dict, OrderedDict, defaultdict))
BUILTIN_TYPES: Final = frozenset(
    (tuple, list, dict, namedtuple, OrderedDict, defaultdict, deque)
)

__all__ = [
    "Context",
    "GetAttrKey",
    "KeyEntry",
    "KeyPath",
    "LeafSpec",
    "MappingKey",
    "PyTree",
    "SequenceKey",
    "TreeSpec",
    "key_get",
    "keystr",
    "register_constant",
    "register_dataclass",
    "register_pytree_node",
    "tree_all",
    "tree_all_only",
    "tree_any",
    "tree_any_only",
    "tree_flatten",
    "tree_flatten_with_path",
    "tree_is_leaf",
    "tree_iter",
    "tree_leaves",
    "tree_leaves_with_path",
    "tree_map",
    "tree_map_",
    "tree_map_only",
    "tree_map_only_",
    "tree_map_with_path",
    "tree_structure",
    "tree_unflatten",
    "treespec_dict",
    "treespec_dumps",
    "treespec_leaf",
    "treespec_loads",
    "treespec_pprint",
    "treespec_tuple",
]
