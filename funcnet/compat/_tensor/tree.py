"""Trees: nested containers with leaves, as `torch.utils._pytree` sees them.

Dictionaries keep their order, and None is a leaf, unlike in the trees of JAX.
"""

import threading
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from funcnet.compat._tensor.size import Size

IsLeaf = Callable[[Any], bool]


class NodeDef(NamedTuple):
    """How a container is taken apart and put together.

    `flatten` gives the children and a context, `unflatten` takes them; `keys` gives
    the key of each child.
    """

    flatten: Callable[[Any], tuple[list[Any], Any]]
    unflatten: Callable[[Iterable[Any], Any], Any]
    keys: Callable[[Any], list[Any]] | None = None


class SequenceKey(NamedTuple):
    """The index of a child in a list or a tuple."""

    idx: int

    def __str__(self) -> str:
        return f"[{self.idx!r}]"

    def get(self, sequence: Sequence[Any]) -> Any:
        """Return the child at this index."""
        return sequence[self.idx]


class MappingKey(NamedTuple):
    """The key of a child in a dictionary."""

    key: Any

    def __str__(self) -> str:
        return f"[{self.key!r}]"

    def get(self, mapping: Mapping[Any, Any]) -> Any:
        """The child under this key."""
        return mapping[self.key]


class GetAttrKey(NamedTuple):
    """The name of a child that is an attribute."""

    name: str

    def __str__(self) -> str:
        return f".{self.name}"

    def get(self, obj: object) -> Any:
        """The attribute of this name."""
        return getattr(obj, self.name)


class TreeSpec:
    """The structure of a tree: the type of its root, a context, its children's specs.

    Equals `torch.utils._pytree.TreeSpec`; a leaf's spec has the type None.
    """

    __slots__ = ("children_specs", "context", "num_leaves", "num_nodes", "type")

    def __init__(
        self, type: Any, context: Any, children_specs: Iterable["TreeSpec"]
    ) -> None:
        self.type = type
        self.context = context
        self.children_specs = list(children_specs)
        leaf = type is None
        self.num_nodes: int = 1 + sum(spec.num_nodes for spec in self.children_specs)
        self.num_leaves: int = (
            1 if leaf else sum(spec.num_leaves for spec in self.children_specs)
        )

    @property
    def num_children(self) -> int:
        """How many children the root has."""
        return len(self.children_specs)

    def children(self) -> list["TreeSpec"]:
        """The specs of the children."""
        return list(self.children_specs)

    def child(self, index: int) -> "TreeSpec":
        """The spec of one child."""
        return self.children_specs[index]

    def is_leaf(self) -> bool:
        """Return whether this is the spec of a leaf."""
        return self.type is None

    def unflatten(self, leaves: Iterable[Any]) -> Any:
        """The tree of this structure with these leaves."""
        given = list(leaves)
        if len(given) != self.num_leaves:
            raise ValueError(
                f"treespec.unflatten(leaves): `leaves` has length {len(given)} but the "
                f"spec refers to a pytree that holds {self.num_leaves} items ({self})."
            )
        return self._unflatten(iter(given))

    def _unflatten(self, leaves: Iterator[Any]) -> Any:
        if self.type is None:
            return next(leaves)
        children = [spec._unflatten(leaves) for spec in self.children_specs]
        return NODES[self.type].unflatten(children, self.context)

    def flatten_up_to(self, tree: Any) -> list[Any]:
        """The parts of a tree that stand where this structure has leaves."""
        if self.type is None:
            return [tree]
        node_cls = node_type(tree)
        standard = (dict, OrderedDict, defaultdict)
        if self.type in standard and node_cls in standard:
            wanted = self.context[1] if self.type is defaultdict else self.context
            missing, extra = set(wanted) - set(tree), set(tree) - set(wanted)
            if missing or extra:
                detail = f"; missing key(s): {missing}" if missing else ""
                detail += f"; extra key(s): {extra}" if extra else ""
                raise ValueError(f"Node keys mismatch{detail}.")
            children = [tree[key] for key in wanted]
        else:
            if node_cls is not self.type:
                raise ValueError(
                    f"Node type mismatch; expected {self.type!r}, but got "
                    f"{type(tree)!r}."
                )
            children, context = NODES[node_cls].flatten(tree)
            if len(children) != self.num_children:
                raise ValueError(
                    f"Node arity mismatch; expected {self.num_children}, but got "
                    f"{len(children)}."
                )
            if context != self.context and node_cls is not deque:
                raise ValueError(
                    f"Node context mismatch for custom node type {self.type!r}."
                )
        parts = zip(self.children_specs, children, strict=True)
        return [leaf for spec, child in parts for leaf in spec.flatten_up_to(child)]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TreeSpec) and (
            (self.type, self.context, self.children_specs)
            == (other.type, other.context, other.children_specs)
        )

    def __hash__(self) -> int:
        return hash((self.type, str(self.context), tuple(self.children_specs)))

    def __repr__(self) -> str:
        return self._shown(0)

    def _shown(self, indent: int) -> str:
        if self.type is None:
            return "*"
        between = ",\n" + " " * (indent + 2)
        inside = between.join(spec._shown(indent + 2) for spec in self.children_specs)
        return f"TreeSpec({self.type.__name__}, {self.context!r}, [{inside}])"


class LeafSpec(TreeSpec):
    """The structure of a leaf."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(None, None, ())


_LEAF: Final = LeafSpec()


def namedtuple(*args: object) -> Any:
    """Stands among the types of nodes for all named tuples."""
    raise TypeError("the type of all named tuples is not to be called")


def _attributes(names: str) -> Callable[[Any], list[Any]]:
    return lambda x: [GetAttrKey(name) for name in getattr(x, names)]


def _sequence_keys(x: Sequence[Any]) -> list[Any]:
    return [SequenceKey(index) for index in range(len(x))]


def _names(x: Iterable[Any]) -> list[Any]:
    return [MappingKey(key) for key in x]


NODES: Final[dict[Any, NodeDef]] = {
    tuple: NodeDef(lambda x: (list(x), None), lambda xs, _: tuple(xs), _sequence_keys),
    Size: NodeDef(lambda x: (list(x), None), lambda xs, _: Size(xs), _sequence_keys),
    list: NodeDef(lambda x: (list(x), None), lambda xs, _: list(xs), _sequence_keys),
    dict: NodeDef(
        lambda x: (list(x.values()), list(x)),
        lambda xs, keys: dict(zip(keys, xs, strict=True)),
        _names,
    ),
    namedtuple: NodeDef(
        lambda x: (list(x), type(x)), lambda xs, cls: cls(*xs), _attributes("_fields")
    ),
    OrderedDict: NodeDef(
        lambda x: (list(x.values()), list(x)),
        lambda xs, keys: OrderedDict(zip(keys, xs, strict=True)),
        _names,
    ),
    defaultdict: NodeDef(
        lambda x: (list(x.values()), [x.default_factory, list(x)]),
        lambda xs, known: defaultdict(known[0], zip(known[1], xs, strict=True)),
        _names,
    ),
    deque: NodeDef(
        lambda x: (list(x), x.maxlen),
        lambda xs, most: deque(xs, maxlen=most),
        _sequence_keys,
    ),
}
_lock: Final = threading.Lock()


def register(cls: type, definition: NodeDef) -> None:
    """Register a class whose instances are nodes of trees."""
    with _lock:
        if cls in NODES:
            raise ValueError(f"{cls} is already registered as pytree node.")
        NODES[cls] = definition


def node_type(tree: object) -> Any:
    """The type under which a node is known; None for a leaf."""
    cls = type(tree)
    if cls in NODES:
        return cls
    if isinstance(tree, tuple) and hasattr(cls, "_fields"):
        return namedtuple
    return None


def tree_flatten(
    tree: object, is_leaf: IsLeaf | None = None
) -> tuple[list[Any], TreeSpec]:
    """The leaves of a tree, in order, and its structure."""
    leaves: list[Any] = []
    return leaves, _flatten(tree, leaves, is_leaf)


def _flatten(tree: object, leaves: list[Any], is_leaf: IsLeaf | None) -> TreeSpec:
    node_cls = node_type(tree)
    if node_cls is None or (is_leaf is not None and is_leaf(tree)):
        leaves.append(tree)
        return _LEAF
    children, context = NODES[node_cls].flatten(tree)
    specs = [_flatten(child, leaves, is_leaf) for child in children]
    return TreeSpec(node_cls, context, specs)


def tree_unflatten(leaves: Iterable[Any], treespec: TreeSpec) -> Any:
    """The tree of a structure with these leaves."""
    if not isinstance(treespec, TreeSpec):
        raise TypeError(
            "tree_unflatten(leaves, treespec): Expected `treespec` to be instance of "
            f"TreeSpec but got item of type {type(treespec)}."
        )
    return treespec.unflatten(leaves)


def tree_map(
    func: Callable[..., Any],
    tree: object,
    *rests: object,
    is_leaf: IsLeaf | None = None,
) -> Any:
    """A tree with what a function gives for each leaf, and those of other trees."""
    leaves, spec = tree_flatten(tree, is_leaf)
    aligned = [spec.flatten_up_to(rest) for rest in rests]
    return spec.unflatten([func(*args) for args in zip(leaves, *aligned, strict=True)])


def broadcast_to_and_flatten(
    tree: object, spec: TreeSpec, is_leaf: IsLeaf | None = None
) -> list[Any] | None:
    """A leaf of the tree for each leaf of the structure; None if they do not fit."""
    node_cls = node_type(tree)
    if node_cls is None or (is_leaf is not None and is_leaf(tree)):
        return [tree] * spec.num_leaves
    if node_cls is not spec.type:
        return None
    children, context = NODES[node_cls].flatten(tree)
    if len(children) != spec.num_children or context != spec.context:
        return None
    result: list[Any] = []
    for child, part in zip(children, spec.children_specs, strict=True):
        leaves = broadcast_to_and_flatten(child, part, is_leaf)
        if leaves is None:
            return None
        result += leaves
    return result
