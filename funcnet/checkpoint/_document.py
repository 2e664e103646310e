"""What a file holds, whatever its format: leaves under their paths, containers."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._lazy_arrays import StoredArray, read_arrays

Path: TypeAlias = tuple[str, ...]

Container: TypeAlias = tuple[str, ...]
"""What a node is if not a dict with string keys: one of

`("list",)`, `("tuple",)`, `("namedtuple", "module.Class", *fields)`,
`("OrderedDict",)`, `("object", "module.Class")` for other classes that jax knows,
`("struct", "module.Class")` for those of flax, `("integers", "0", ...)` for a dict some
of whose keys are integers, and `("dotted", ...)` for what stands as one flat dict with
dotted names in a `.pth` file.
"""

EMPTY: dict[str, Any] = {}
"""Stands for the leaves of a node that has none."""


@dataclass(frozen=True)
class Entry:
    """A leaf of a file, without its values.

    Attributes:
        name: its dotted name.
        dtype: of an array, as NumPy or ml_dtypes call it; else the type of the value.
        shape: `()` for what is no array.
        nbytes: of the array; 0 for other values.
        is_array: whether it is an array (or random keys), and not another value.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    nbytes: int
    is_array: bool


@dataclass
class Document:
    """The content of a file: nothing of its arrays was read yet.

    Attributes:
        leaves: arrays (`StoredArray`, `StoredKey` or in memory), values and `EMPTY` by
            path, in the file's order.
        containers: of the nodes that are not plain dicts.
        metadata: what was saved beside the tree.
        untyped: the file does not distinguish lists and tuples from dicts.
    """

    leaves: dict[Path, Any]
    containers: dict[Path, Container] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    untyped: bool = False
    files: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.files.close()


# The names of jax's keys in their dtypes: key<fry>.
_TAGS = {"threefry2x32": "fry", "rbg": "rbg", "unsafe_rbg": "urbg"}


@dataclass(frozen=True, slots=True)
class StoredKey:
    """Typed random keys in a file: their implementation and their data."""

    impl: str
    data: StoredArray

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape[:-1]

    @property
    def nbytes(self) -> int:
        return self.data.nbytes

    @property
    def dtype_name(self) -> str:
        return f"key<{_TAGS.get(self.impl, self.impl)}>"

    def to_key(self, data: Any) -> Any:
        """Build the keys from their data."""
        import jax

        try:
            return jax.random.wrap_key_data(jax.numpy.asarray(data), impl=self.impl)
        except (TypeError, ValueError) as error:
            raise CheckpointError(
                f"a random key of kind {self.impl!r} cannot be rebuilt: {error}"
            ) from error


def dotted(path: Path) -> str:
    """The name of a leaf in messages and flat files."""
    return ".".join(path) or "(the tree)"


def dtype_name(leaf: Any) -> str:
    """The dtype of an array, the type of another leaf."""
    if isinstance(leaf, StoredKey):
        return leaf.dtype_name
    if hasattr(leaf, "dtype"):
        return str(getattr(leaf.dtype, "name", leaf.dtype))
    return type(leaf).__name__


def shape(leaf: Any) -> tuple[int, ...]:
    return tuple(leaf.shape) if hasattr(leaf, "shape") else ()


def show(leaf: Any) -> str:
    """A leaf in a few words: `float32 (2, 3)`."""
    named = dtype_name(leaf)
    return f"{named} {shape(leaf)}" if hasattr(leaf, "shape") else named


def entry(name: str, leaf: Any) -> Entry:
    is_array = hasattr(leaf, "shape")
    nbytes = leaf.nbytes if is_array else 0
    return Entry(name, dtype_name(leaf), shape(leaf), nbytes, is_array)


def read(leaves: Mapping[Path, Any]) -> dict[Path, Any]:
    """Read the arrays among some leaves; the other leaves stay what they are."""
    paths, wanted = [], []
    for path, leaf in leaves.items():
        stored = leaf.data if isinstance(leaf, StoredKey) else leaf
        if isinstance(stored, StoredArray):
            paths.append(path)
            wanted.append((dotted(path), stored))
    values = dict(leaves)
    for path, array in zip(paths, read_arrays(wanted), strict=True):
        leaf = leaves[path]
        values[path] = leaf.to_key(array) if isinstance(leaf, StoredKey) else array
    return values


def select(
    document: Document, prefix: str, chosen: Callable[[str], bool] | None
) -> Document:
    """The part of a document below `prefix` whose names are `chosen`.

    Raises:
        CheckpointError: nothing lies below the prefix.
    """
    parts = tuple(part for part in prefix.split(".") if part)
    result = dict(_below(document.leaves, parts))
    if parts and not result:
        heads = sorted({path[0] for path in document.leaves if path})
        raise CheckpointError(
            f"nothing lies below {'.'.join(parts)!r}. The file's first names are "
            f"{', '.join(map(repr, heads[:20])) or 'none'}"
            f"{', ...' if len(heads) > 20 else ''}."
        )
    if chosen is not None:
        result = {path: leaf for path, leaf in result.items() if chosen(".".join(path))}
    containers = dict(_below(document.containers, parts))
    return Document(result, containers, document.metadata, document.untyped)


def _below(entries: Mapping[Path, Any], parts: Path) -> list[tuple[Path, Any]]:
    """What lies below dotted parts, without them; a name may hold dots of its own."""
    if not parts:
        return list(entries.items())
    start = ".".join(parts)
    result = []
    for path, value in entries.items():
        for length in range(1, len(path) + 1):
            head = ".".join(path[:length])
            if head == start:
                result.append((path[length:], value))
                break
            if head.startswith(f"{start}."):  # inside a name with dots
                result.append(((head[len(start) + 1 :], *path[length:]), value))
                break
    return result
