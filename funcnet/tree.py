"""Parameter trees under dotted names: flatten, select, count, compare.

A params tree `{"fc1": {"weight": ...}}` and a PyTorch `state_dict`
`{"fc1.weight": ...}` are one mapping in two forms; these functions go from one to the
other.
"""

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, TypeAlias, TypeVar

import jax
import numpy as np

from funcnet._errors import InputError
from funcnet._types import Array, Params

__all__ = [
    "Pattern",
    "count",
    "equal",
    "flatten",
    "map_with_path",
    "matches",
    "merge",
    "mismatches",
    "nbytes",
    "partition",
    "paths",
    "restore",
    "unflatten",
]

Tree = TypeVar("Tree")
Leaf = Any  # an array, a number, a ShapeDtypeStruct: whatever a tree holds

Pattern: TypeAlias = str | Callable[[str], bool]
"""A glob on the dotted path (`"head.*"`; `*` matches dots too), or a predicate."""


def _name(entry: Any) -> str:
    """The name of one step of a path: a dict's key, a position, a field."""
    for attribute in ("key", "idx", "name"):
        if hasattr(entry, attribute):
            return str(getattr(entry, attribute))
    raise InputError(f"{entry!r} in the path of a tree has no name.")


def paths(tree: Any) -> list[str]:
    """List the dotted names of a tree's leaves, in the order of `jax.tree.leaves`.

    Example:
        >>> paths({"fc1": {"weight": 0.0, "bias": 0.0}, "scale": 1.0})
        ['fc1.bias', 'fc1.weight', 'scale']
    """
    entries = jax.tree_util.tree_flatten_with_path(tree)[0]
    names = [".".join(map(_name, path)) for path, _ in entries]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(
            f"two leaves of the tree have the dotted name {twice!r}. "
            "Use names without dots, and not both 1 and '1'."
        )
    return names


def flatten(tree: Any) -> dict[str, Leaf]:
    """Flatten a tree to `{dotted name: leaf}`, as a PyTorch `state_dict` has it.

    Positions in lists and tuples and fields of named tuples become names too. Empty
    dicts leave no trace.

    Raises:
        InputError: two leaves would have one name.

    Example:
        >>> flatten({"fc1": {"weight": 1.0, "bias": 2.0}, "0": 3.0})
        {'0': 3.0, 'fc1.bias': 2.0, 'fc1.weight': 1.0}
    """
    return dict(zip(paths(tree), jax.tree.leaves(tree), strict=True))


def unflatten(flat: Mapping[str, Leaf]) -> dict[str, Any]:
    """Build the nested dicts of a mapping with dotted names; undoes `flatten`.

    Names that look like numbers stay strings, as the children of a Sequential are.
    For a tree that is not made of dicts alone, see `restore`.

    Raises:
        InputError: one name is a part of another one's path (`"a"` and `"a.b"`).

    Example:
        >>> unflatten({"fc1.weight": 1.0, "fc1.bias": 2.0, "0": 3.0})
        {'fc1': {'weight': 1.0, 'bias': 2.0}, '0': 3.0}
    """
    tree: dict[str, Any] = {}
    for name, leaf in flat.items():
        *parents, last = name.split(".")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
            if not isinstance(node, dict):
                raise InputError(f"{name!r} lies inside {parent!r}, which is a leaf.")
        if last in node:
            raise InputError(f"{name!r} is a leaf and also holds others.")
        node[last] = leaf
    return tree


def restore(flat: Mapping[str, Leaf], like: Tree) -> Tree:
    """Build a tree of the structure of `like` from leaves under dotted names.

    Shapes are not compared; `mismatches` does that.

    Raises:
        InputError: names are missing or unexpected; all of them are listed.

    Example:
        >>> restore({"a.1": 5, "a.0": 4}, {"a": (0, 0)})
        {'a': (4, 5)}
    """
    wanted = paths(like)
    problems = [f"{name}: missing" for name in wanted if name not in flat]
    problems += [f"{name}: unexpected" for name in flat if name not in set(wanted)]
    if problems:
        raise InputError("the names do not fit the tree:\n  " + "\n  ".join(problems))
    return jax.tree.unflatten(jax.tree.structure(like), [flat[n] for n in wanted])


def map_with_path(function: Callable[..., Any], tree: Any, *rest: Any) -> Any:
    """Map `function(dotted name, leaf, *leaves of rest)` over trees of one structure.

    Example:
        >>> map_with_path(lambda name, x: f"{name} is {x}", {"fc": {"bias": 1}})
        {'fc': {'bias': 'fc.bias is 1'}}
    """
    names = jax.tree.unflatten(jax.tree.structure(tree), paths(tree))
    return jax.tree.map(function, names, tree, *rest)


def count(tree: Any) -> int:
    """Count the elements in a tree of arrays (or of `jax.ShapeDtypeStruct`).

    Example:
        >>> import jax.numpy as jnp
        >>> count({"weight": jnp.ones((3, 4)), "bias": jnp.ones(3)})
        15
    """
    return sum(_size(leaf) for leaf in jax.tree.leaves(tree))


def nbytes(tree: Any) -> int:
    """Count the bytes of a tree of arrays (or of `jax.ShapeDtypeStruct`).

    Example:
        >>> import jax.numpy as jnp
        >>> nbytes({"weight": jnp.ones((3, 4)), "half": jnp.ones(3, "bfloat16")})
        54
    """
    return sum(_size(x) * x.dtype.itemsize for x in jax.tree.leaves(tree))


def _size(leaf: Array) -> int:
    return int(np.prod(leaf.shape, dtype=np.int64))


def matches(pattern: Pattern, path: str) -> bool:
    """Return whether a dotted path fits a glob, or a predicate holds for it.

    Example:
        >>> matches("layer?.*.bias", "layer1.0.bn1.bias")
        True
    """
    if isinstance(pattern, str):
        return fnmatchcase(path, pattern)
    return bool(pattern(path))


def shown(pattern: Pattern) -> str:
    """Write a pattern for a message: functions by their names."""
    if isinstance(pattern, str):
        return pattern
    return getattr(pattern, "__name__", repr(pattern))


def partition(
    params: Params, pattern: Pattern
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split nested dicts in two: where the dotted name fits a pattern, and the rest.

    `merge` puts them together again.

    Args:
        params: nested dicts.
        pattern: a glob on the dotted name, or a function from it to bool.

    Example:
        >>> net = {"body": {"weight": 1.0}, "head": {"weight": 2.0}}
        >>> partition(net, "head.*")
        ({'head': {'weight': 2.0}}, {'body': {'weight': 1.0}})
    """
    flat = flatten(params)
    chosen = {name: leaf for name, leaf in flat.items() if matches(pattern, name)}
    rest = {name: leaf for name, leaf in flat.items() if name not in chosen}
    return unflatten(chosen), unflatten(rest)


def merge(*parts: Params) -> dict[str, Any]:
    """Merge nested dicts that have no leaf in common.

    Raises:
        InputError: a leaf is in two of them.

    Example:
        >>> merge({"head": {"bias": 1.0}}, {"head": {"weight": 2.0}})
        {'head': {'bias': 1.0, 'weight': 2.0}}
    """
    merged: dict[str, Leaf] = {}
    for part in parts:
        flat = flatten(part)
        for name in flat:
            if name in merged:
                raise InputError(f"{name!r} is in two of the trees to be merged.")
        merged.update(flat)
    return unflatten(merged)


def mismatches(given: Any, wanted: Any) -> list[str]:
    """List how the arrays of `given` differ from `wanted` in name, shape or dtype.

    Each entry is a line such as `fc1.weight: shape (3, 4) given, (4, 4) needed`. No
    values are compared; `wanted` may hold `jax.ShapeDtypeStruct`.

    Example:
        >>> import jax.numpy as jnp
        >>> mismatches({"weight": jnp.ones(3)}, {"weight": jnp.ones(4), "bias": 0.0})
        ['bias: missing', 'weight: shape (3,) given, (4,) needed']
    """
    have, need = flatten(given), flatten(wanted)
    lines = []
    for name in sorted({*have, *need}):
        if name not in have:
            lines.append(f"{name}: missing")
        elif name not in need:
            lines.append(f"{name}: unexpected")
        else:
            lines.extend(_difference(name, have[name], need[name]))
    return lines


def _difference(name: str, given: Leaf, wanted: Leaf) -> Iterable[str]:
    if np.shape(given) != np.shape(wanted):
        yield (f"{name}: shape {np.shape(given)} given, {np.shape(wanted)} needed")
    elif _dtype(given) != _dtype(wanted):
        yield f"{name}: dtype {_dtype(given)} given, {_dtype(wanted)} needed"


def _dtype(leaf: Leaf) -> str:
    return str(leaf.dtype if hasattr(leaf, "dtype") else np.result_type(leaf))


def equal(a: Any, b: Any) -> bool:
    """Return whether two trees hold the same names, shapes, dtypes and values.

    NaN equals NaN: the question is whether the trees are the same, not the numbers.

    Example:
        >>> import jax.numpy as jnp
        >>> equal({"x": jnp.ones(2)}, {"x": jnp.ones(2)})
        True
        >>> equal({"x": jnp.ones(2)}, {"x": jnp.ones(2, "bfloat16")})
        False
    """
    if mismatches(a, b):
        return False
    first, second = flatten(a), flatten(b)
    return all(_same_values(first[name], second[name]) for name in first)


def _same_values(x: Leaf, y: Leaf) -> bool:
    if jax.dtypes.issubdtype(getattr(x, "dtype", None), jax.dtypes.prng_key):
        x, y = jax.random.key_data(x), jax.random.key_data(y)
    x, y = np.asarray(x), np.asarray(y)
    both_nan = (x != x) & (y != y)
    return bool(np.all((x == y) | both_nan))
