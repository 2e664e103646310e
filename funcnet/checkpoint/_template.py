"""Put what a file holds into the structure of a template."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from funcnet.checkpoint._document import (
    EMPTY,
    Document,
    Path,
    dotted,
    dtype_name,
    read,
)
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._flat_names import flat_names
from funcnet.checkpoint._pytree import path_name
from funcnet.checkpoint._report import NARROWER, Report, compare

_AT_ONCE = 2**28  # bytes that are read before they go to their devices


def restore(
    document: Document, like: Any, strict: bool, chosen: Callable[[str], bool] | None
) -> tuple[Any, Report]:
    """Build a tree like `like` from a document; what does not fit is reported.

    Raises:
        CheckpointError: `strict`, and something differs; or a leaf that is to stay as
            it was is only a shape.
    """
    import jax

    result = jax.tree_util.tree_flatten_with_path(like, is_leaf=lambda x: x is None)
    wanted = [(tuple(map(path_name, path)), leaf) for path, leaf in result[0]]
    stored = {
        name: (path, document.leaves[path])
        for path, name in flat_names(document.leaves).items()
        if document.leaves[path] is not EMPTY
    }
    names = _names([path for path, _ in wanted], document, like, stored)
    leaves = dict(zip(names, (leaf for _, leaf in wanted), strict=True))
    asked = {n: x for n, x in leaves.items() if chosen is None or chosen(n)}
    report = compare({name: leaf for name, (_, leaf) in stored.items()}, asked)
    if report and strict:
        raise CheckpointError(_message(report, stored, asked))
    taken = [
        name
        for name in asked
        if not any(name in part for part in (report.missing, report.mis_shaped))
        and name not in report.mis_typed
    ]
    restored = dict(_read([(name, *stored[name], leaves[name]) for name in taken]))
    for name, leaf in leaves.items():
        if name not in restored and type(leaf).__name__ == "ShapeDtypeStruct":
            raise CheckpointError(
                f"{name} is not taken from the file, and like= has only its shape. "
                "Pass the arrays that init gives."
            )
    values = [restored.get(name, leaf) for name, leaf in leaves.items()]
    report = dataclasses.replace(report, loaded=tuple(taken))
    return jax.tree.unflatten(result[1], values), report


def _names(
    paths: list[Path], document: Document, like: Any, stored: Mapping[str, Any]
) -> list[str]:
    """The names that the leaves of the template have in the file.

    A tuple of trees such as (params, state) is looked up in one mapping, as PyTorch
    has it, unless the file holds a sequence itself.
    """
    own = [dotted(path) for path in paths]
    if type(like) not in (tuple, list) or document.containers.get((), ("",))[0] in (
        "tuple",
        "list",
    ):
        return own
    merged = [dotted(path[1:]) for path in paths]
    if document.untyped:  # flax's files have dicts for tuples; their names decide
        hits = [sum(name in stored for name in names) for names in (own, merged)]
        if hits[0] >= hits[1]:
            return own
    if len(set(merged)) < len(merged):
        twice = next(name for name in merged if merged.count(name) > 1)
        raise CheckpointError(
            f"the trees of like= are looked up in one mapping, and {twice!r} is in two "
            "of them. Load them one by one with prefix=."
        )
    return merged


def _message(
    report: Report, stored: Mapping[str, Any], asked: Mapping[str, Any]
) -> str:
    lines = ["the file does not fit the template.", *report.lines()]
    heads = {name.partition(".")[0] for name in stored}
    if len(report.missing) == len(asked) and len(heads) == 1:
        head = heads.pop()
        if any(name.removeprefix(f"{head}.") in asked for name in stored):
            lines.append(
                f"All names in the file begin with {head!r}: pass prefix={head!r}."
            )
            return "\n".join(lines)
    lines.append(
        "Build the model of the checkpoint, or take what fits with strict=False, "
        "prefix= or filter=."
    )
    return "\n".join(lines)


def _read(
    wanted: list[tuple[str, Path, Any, Any]],
) -> Iterator[tuple[str, Any]]:
    """Yield names and leaves, read a part of the file at a time."""
    group: dict[Path, Any] = {}
    size = 0
    pending: list[tuple[str, Path, Any]] = []
    for i, (name, path, leaf, target) in enumerate(wanted):
        group[path] = leaf
        pending.append((name, path, target))
        size += getattr(leaf, "nbytes", 0)
        if size >= _AT_ONCE or i == len(wanted) - 1:
            values = read(group)
            for name, path, target in pending:
                yield name, like_leaf(target, values.pop(path), name)
            group, pending, size = {}, [], 0


def like_leaf(target: Any, value: Any, name: str) -> Any:
    """Give a leaf of a file the type and the device of the template's leaf."""
    if not hasattr(target, "dtype"):
        return value
    if dtype_name(value) != dtype_name(target):
        value = _narrow(value, name)
    if isinstance(target, np.generic):
        return np.asarray(value)[()]
    if isinstance(target, np.ndarray):
        return np.asarray(value)
    import jax

    sharding = target.sharding if getattr(target, "committed", True) else None
    if dtype_name(value).startswith("key<"):
        return value if sharding is None else jax.device_put(value, sharding)
    if getattr(target, "weak_type", False) and not target.shape:
        return jax.numpy.asarray(value.item())  # strong, it would compile anew
    return jax.device_put(value, sharding)


def _narrow(value: Any, name: str) -> Any:
    """Count in 32 bits, if that changes no number."""
    narrower = np.asarray(value).astype(NARROWER[value.dtype.name])
    if not np.array_equal(narrower, value):
        raise CheckpointError(
            f"{name} holds numbers that {narrower.dtype} cannot: the file has "
            f"{value.dtype}. Use NumPy arrays of it in like=, or jax_enable_x64."
        )
    return narrower
