"""Samples into batches by PyTorch's rules, which are not `funcnet.data`'s everywhere.

PyTorch makes lists of tuples, keeps strings in the tuple that they come in, copies
containers, and gives numbers the default dtype where the first one is an integer. A
worker that has no tensors follows the rules, too, with arrays instead.
"""

import copy
import importlib
from collections.abc import (
    Callable,
    Iterable,
    Mapping,
    MutableMapping,
    MutableSequence,
    Sequence,
)
from typing import Any, Final, TypeAlias

import numpy as np

from funcnet.data._datasets.arrays import Allocate
from funcnet.data._loader.collate import ragged

Functions: TypeAlias = Mapping[Any, Callable[..., Any]]
"""What makes a batch of values of a class: `function(values, collate_fn_map=...)`."""

UNKNOWN: Final = (
    "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or "
    "lists; found {}"
)
STACKABLE: Final = frozenset("?bhilqBHILQefdFD")
"""The characters of numpy's dtypes that tensors have."""

TENSORS: Final[dict[type, Callable[[Sequence[Any], Allocate | None], Any]]] = {}
"""Classes of tensors, where there are any, and what stacks them as an array."""

_IN_FULL: Final = "funcnet.compat.utils.data._utils.collate"


def collate(batch: Any, *, collate_fn_map: Functions | None = None) -> Any:
    """Make a batch of samples: containers here, all else by the functions given.

    Raises:
        TypeError: a sample is of a class that no function is for.
        RaggedError: a `RuntimeError`: lists or tuples of different lengths.
    """
    first = batch[0]
    cls = type(first)
    if collate_fn_map is not None:
        function = _function(cls, first, collate_fn_map)
        if function is not None:
            return function(batch, collate_fn_map=collate_fn_map)

    def collate_column(values: Any) -> Any:
        return collate(values, collate_fn_map=collate_fn_map)

    if isinstance(first, Mapping):
        return mapping_like(
            first,
            lambda: {key: collate_column([x[key] for x in batch]) for key in first},
        )
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        return cls(*map(collate_column, zip(*batch, strict=False)))
    if isinstance(first, Sequence):
        _check_lengths(batch)
        columns = list(zip(*batch, strict=False))
        if isinstance(first, tuple):
            return [collate_column(column) for column in columns]
        return sequence_like(first, lambda: map(collate_column, columns))
    raise TypeError(UNKNOWN.format(cls))


def mapping_like(
    example: Mapping[Any, Any], parts: Callable[[], dict[Any, Any]]
) -> Any:
    """A mapping of the class of another with these parts, or a dict of them."""
    try:
        if isinstance(example, MutableMapping):
            clone = copy.copy(example)
            clone.update(parts())
            return clone
        return type(example)(parts())  # type: ignore[call-arg]
    except TypeError:  # it is made of something else, or not to be written to
        return parts()


def sequence_like(example: Sequence[Any], parts: Callable[[], Iterable[Any]]) -> Any:
    """A sequence of the class of another with these parts, or a list of them."""
    try:
        if isinstance(example, MutableSequence):
            clone = copy.copy(example)
            for index, part in enumerate(parts()):
                clone[index] = part
            return clone
        return type(example)(list(parts()))  # type: ignore[call-arg]
    except TypeError:
        return list(parts())


def _function(cls: type, first: Any, known: Functions) -> Callable[..., Any] | None:
    if cls in known:
        return known[cls]
    for base, function in known.items():
        if isinstance(first, base):
            return function
    return None


def _check_lengths(batch: Sequence[Any]) -> None:
    size = len(batch[0])
    for index, sample in enumerate(batch):
        if len(sample) != size:
            raise ragged("each element in list of batch should be of equal size", index)


# --- with arrays for tensors ----------------------------------------------------------


def arrays(samples: Sequence[Any], allocate: Allocate | None, default: str) -> Any:
    """What compat's `default_collate` makes of samples, with arrays for its tensors.

    `default` is the default dtype. What takes tensors to say is left to compat.
    """

    def array(values: Sequence[Any], **_: Any) -> Any:
        if not _are_alike(values):
            return _in_full(values)
        first = values[0]
        result = (
            allocate((len(values), *first.shape), first.dtype) if allocate else None
        )
        return np.stack(values, out=result)

    def scalar(values: Sequence[Any], **_: Any) -> Any:
        types = {type(x) for x in values}
        if len(types) > 1 or values[0].dtype.char not in STACKABLE:
            return _in_full(values)
        return np.array(values)

    def whole(values: Sequence[Any], **_: Any) -> Any:
        types = {type(x) for x in values}
        if not types <= {bool, int, float} or default == "bfloat16":
            return _in_full(values)
        result = np.array(values)
        if result.dtype.kind == "f":
            return result.astype(default)
        return result if result.dtype in (bool, np.int64) else _in_full(values)

    def real(values: Sequence[Any], **_: Any) -> Any:
        types = {type(x) for x in values}
        return np.array(values, float) if types <= NUMBERS else _in_full(values)

    functions: dict[Any, Callable[..., Any]] = {
        cls: (lambda values, stack=stack, **_: stack(values, allocate))
        for cls, stack in TENSORS.items()
    }
    functions[np.ndarray] = array
    functions[(np.bool_, np.number, np.object_)] = scalar
    functions |= {float: real, int: whole, str: as_it_is, bytes: as_it_is}
    return collate(samples, collate_fn_map=functions)


NUMBERS: Final = {bool, int, float}


def as_it_is(values: Any, **_: Any) -> Any:
    """What is made of strings."""
    return values


def _are_alike(values: Sequence[Any]) -> bool:
    """Return whether arrays can be stacked as they are."""
    first = values[0]
    shape, dtype = first.shape, first.dtype
    if dtype.char not in STACKABLE or not dtype.isnative:
        return False
    return all(
        type(x) is np.ndarray
        and x.shape == shape
        and x.dtype == dtype
        and (not x.strides or min(x.strides) >= 0)
        for x in values
    )


def _in_full(values: Sequence[Any]) -> Any:
    """Register how compat makes batches of its classes, or refuses them."""
    return importlib.import_module(_IN_FULL).default_collate(list(values))
