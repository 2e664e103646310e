"""Between pytrees and the nested, string-keyed dicts that a file holds."""

from collections.abc import Collection, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._layout import DEEPEST, KEY, RESERVED
from funcnet.checkpoint._reader import StoredArray

Path = tuple[str, ...]


def to_state(tree: Any, path: Path = ()) -> Any:
    """Turn a pytree into nested dicts, as `flax.serialization.to_state_dict` does.

    Sequences become dicts with the names "0", "1", …; named tuples and dataclasses
    become dicts of their fields, typed keys dicts of their data and the name of their
    implementation.

    Raises:
        CheckpointError: names clash or cannot be written.
    """
    if tree is None:
        return None
    if _is_key(tree):
        return {KEY: str(jax.random.key_impl(tree)), "data": jax.random.key_data(tree)}
    children = _children(tree, path)
    if children is None:
        return tree
    if len(path) >= DEEPEST:
        raise CheckpointError(f"the tree is nested more than {DEEPEST} deep.")
    state: dict[str, Any] = {}
    for name, child in children:
        if name in RESERVED or name in state:
            raise CheckpointError(
                f"{'.'.join((*path, name))} cannot be saved: the name is reserved, or "
                "two keys of this dict have the same string. Rename it."
            )
        state[name] = to_state(child, (*path, name))
    return state


def from_state(state: Any) -> Any:
    """Turn what a file holds into nested dicts of NumPy arrays and typed keys."""
    if isinstance(state, dict) and KEY in state:
        return _to_key(state)
    if isinstance(state, dict):
        return {name: from_state(child) for name, child in state.items()}
    if isinstance(state, list):
        return [from_state(child) for child in state]
    return state.copy() if isinstance(state, StoredArray) else state


def restore(template: Any, state: Any) -> Any:
    """Put what a file holds into the shape of `template`.

    Raises:
        CheckpointError: names all leaves that are missing, too many, or different.
    """
    wanted, structure = jax.tree_util.tree_flatten_with_path(
        template, is_leaf=lambda leaf: leaf is None
    )
    names = [tuple(map(_name, path)) for path, _ in wanted]
    leaves = [leaf for _, leaf in wanted]
    stored = dict(_walk(state))
    _compare(dict(zip(names, leaves, strict=True)), stored)
    restored = [
        _like(leaf, stored[name]) for name, leaf in zip(names, leaves, strict=True)
    ]
    return jax.tree.unflatten(structure, restored)


def _children(tree: Any, path: Path) -> list[tuple[str, Any]] | None:
    """The parts of one node by name; None for a leaf."""
    try:
        parts, _ = jax.tree_util.tree_flatten_with_path(
            tree, is_leaf=lambda part: part is not tree
        )
    except (TypeError, ValueError) as error:  # keys that cannot be sorted
        raise CheckpointError(
            f"{'.'.join(path) or 'the tree'} cannot be saved: {error}"
        ) from error
    if parts and not parts[0][0]:
        return None
    return [(_name(entry), part) for (entry,), part in parts]


def _name(entry: Any) -> str:
    """The name of a pytree's child in the file."""
    for attribute in ("key", "idx", "name"):
        if hasattr(entry, attribute):
            name = getattr(entry, attribute)
            if isinstance(name, str | int):
                return str(name)
    raise CheckpointError(
        f"{entry} cannot be a name in a checkpoint; names are strings or integers."
    )


def _walk(state: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield `(path, leaf)` for all leaves of a file."""
    if isinstance(state, dict) and KEY in state:
        yield path, _to_key(state)
    elif isinstance(state, dict | list):
        entries = state.items() if isinstance(state, dict) else enumerate(state)
        for name, child in entries:
            yield from _walk(child, (*path, str(name)))
    else:
        yield path, state


def _compare(wanted: dict[Path, Any], stored: dict[Path, Any]) -> None:
    """Raise one error that lists everything in which a file differs."""
    both = [path for path in wanted if path in stored]
    dtypes = [p for p in both if _kind(wanted[p]) != _kind(stored[p])]
    shapes = [
        p for p in both if p not in dtypes and _shape(wanted[p]) != _shape(stored[p])
    ]

    lines = [
        *_section("missing in the file", wanted.keys() - stored.keys(), wanted),
        *_section("unexpected in the file", stored.keys() - wanted.keys(), stored),
        *_section("of another shape", shapes, stored, wanted),
        *_section("of another dtype", dtypes, stored, wanted),
    ]
    if lines:
        raise CheckpointError(
            "\n".join(["the file does not fit the template.", *lines]) + "\n"
            "Build the model of the checkpoint, or load without a template and take "
            "what you need."
        )


def _section(
    title: str, paths: Collection[Path], *sides: dict[Path, Any]
) -> Iterator[str]:
    """Yield the lines on one kind of difference; both sides are file, template."""
    if paths:
        yield f"  {title} ({len(paths)}):"
    for path in sorted(paths):
        shown = ", wanted ".join(_show(side[path]) for side in sides)
        yield f"    {'.'.join(path) or '(the tree)'}: {shown}"


def _kind(leaf: Any) -> str:
    return leaf.dtype.name if hasattr(leaf, "dtype") else type(leaf).__name__


def _shape(leaf: Any) -> tuple[int, ...]:
    return tuple(leaf.shape) if hasattr(leaf, "shape") else ()


def _show(leaf: Any) -> str:
    return f"{_kind(leaf)} {_shape(leaf)}" if hasattr(leaf, "shape") else _kind(leaf)


def _is_key(leaf: Any) -> bool:
    return isinstance(leaf, jax.Array) and jnp.issubdtype(
        leaf.dtype, jax.dtypes.prng_key
    )


def _to_key(state: dict[str, Any]) -> jax.Array:
    """Build the typed key that a file describes."""
    data = state.get("data")
    if set(state) != {KEY, "data"} or not isinstance(data, StoredArray):
        raise CheckpointError("a random key lacks its data.")
    try:
        return jax.random.wrap_key_data(jnp.asarray(data.copy()), impl=state[KEY])
    except (TypeError, ValueError) as error:
        raise CheckpointError(
            f"a random key of kind {state[KEY]!r} cannot be rebuilt: {error}"
        ) from error


def _like(leaf: Any, stored: Any) -> Any:
    """Give a stored leaf the type that the template's leaf has."""
    if not hasattr(leaf, "dtype"):
        return stored
    if isinstance(leaf, np.generic):
        return np.asarray(stored.copy())[()]
    if isinstance(leaf, np.ndarray):
        return np.asarray(stored.copy())
    sharding = leaf.sharding if getattr(leaf, "committed", True) else None
    if _is_key(stored):
        return stored if sharding is None else jax.device_put(stored, sharding)
    if getattr(leaf, "weak_type", False) and not leaf.shape:
        return jnp.asarray(stored.copy().item())  # strong, it would compile anew
    return jax.device_put(stored.copy(), sharding)
