"""Samples into batches."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from funcnet._errors import InputError, InputTypeError
from funcnet.data._datasets.arrays import Allocate


class RaggedError(InputError, RuntimeError):
    """Samples of one batch that do not have the same shape, length or keys.

    `entries` are the indices in the batch that differ; a loader writes into `indices`
    which samples of the dataset they are.
    """

    entries: tuple[int, int] = (0, 0)
    indices: tuple[object, object] | None = None

    def __str__(self) -> str:
        message = super().__str__()
        if self.indices is None:
            return message
        first, other = self.indices
        return (
            f"{message} (samples {first} and {other} of the dataset). Give all the "
            "same size, or give a collate_fn that pads them."
        )


def default_collate(samples: Sequence[Any]) -> Any:
    """Make a batch of samples, as `torch.utils.data.default_collate`, of numpy arrays.

    Arrays (anything with `__array__`) are stacked; numbers make an array, Python's
    integers int64 and its floats float64; strings and bytes stay in a list. Tuples,
    named tuples, lists and dicts are made into one of the same type whose parts are
    batches.

    Raises:
        RaggedError: an `InputError`: the samples differ in shape or length.
        InputTypeError: a sample is something else.

    Example:
        >>> default_collate([(np.ones(2), 1, "a"), (np.zeros(2), 2, "b")])
        (array([[1., 1.], [0., 0.]]), array([1, 2]), ['a', 'b'])
    """
    return collate(samples, None)


def collate(samples: Sequence[Any], allocate: Allocate | None) -> Any:
    """`default_collate` into memory that `allocate` makes."""
    first = samples[0]
    if isinstance(first, str | bytes):
        return list(samples)
    if isinstance(first, np.generic | bool | int | float | complex):
        return _scalars(samples)
    if hasattr(first, "__array__"):
        return _stacked([_array(sample) for sample in samples], allocate)
    if isinstance(first, Mapping):
        _check_keys(samples)
        result = {key: collate([x[key] for x in samples], allocate) for key in first}
        return result if type(first) is dict else _like(first, result)
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        return type(first)(*_columns(samples, allocate))
    if isinstance(first, tuple):
        return tuple(_columns(samples, allocate))
    if isinstance(first, Sequence):
        return _columns(samples, allocate)
    raise _unknown(type(first).__name__)


def _array(sample: Any) -> np.ndarray:
    """The array of a sample; a tensor is asked for it, not for numpy's other ways."""
    if type(sample) is np.ndarray:
        return sample
    ask = getattr(sample, "__array__", None)
    return np.asarray(sample if ask is None else ask())


def _stacked(arrays: list[np.ndarray], allocate: Allocate | None) -> np.ndarray:
    first = arrays[0]
    if first.dtype.kind in "SUO":
        raise _unknown(f"an array of {first.dtype}")
    for index, array in enumerate(arrays):
        if array.shape != first.shape:
            raise ragged(
                "stack expects each tensor to be equal size, but got "
                f"{list(first.shape)} at entry 0 and {list(array.shape)} at entry "
                f"{index}",
                index,
            )
    if allocate is None:
        return np.stack(arrays)
    dtype = np.result_type(*{array.dtype for array in arrays})
    result = allocate((len(arrays), *first.shape), dtype)
    return np.stack(arrays, out=result)


def _scalars(samples: Sequence[Any]) -> np.ndarray:
    if all(isinstance(x, np.generic | bool | int | float | complex) for x in samples):
        result = np.asarray(samples)
        if result.dtype.kind in "biufcV":
            return result
    names = sorted({type(sample).__name__ for sample in samples})
    raise _unknown(f"{' and '.join(names)}, which make no array of numbers,")


def _columns(samples: Sequence[Any], allocate: Allocate | None) -> list[Any]:
    first = samples[0]
    for index, sample in enumerate(samples):
        if len(sample) != len(first):
            raise ragged(
                "each element in list of batch should be of equal size, but got "
                f"{len(first)} at entry 0 and {len(sample)} at entry {index}",
                index,
            )
    return [collate(column, allocate) for column in zip(*samples, strict=True)]


def _check_keys(samples: Sequence[Mapping[Any, Any]]) -> None:
    first = samples[0]
    for index, sample in enumerate(samples):
        if missing := [key for key in first if key not in sample]:
            raise ragged(
                f"each dict of a batch should have the same keys, but {missing[0]!r} "
                f"of entry 0 is not in entry {index}, which has {list(sample)}",
                index,
            )


def _like(first: Mapping[Any, Any], values: dict[Any, Any]) -> Any:
    """Make a mapping of the type that the samples have."""
    build: Callable[..., Any] = type(first)
    try:
        return build(values)
    except TypeError:  # its class wants something else, as defaultdict does
        return values


def ragged(message: str, entry: int) -> RaggedError:
    """An error that knows which entry of the batch differs from the first."""
    error = RaggedError(message)
    error.entries = (0, entry)
    return error


def _unknown(type_name: str) -> InputTypeError:
    return InputTypeError(
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or "
        f"lists; found {type_name}. Return one of them from the dataset, or give a "
        "collate_fn."
    )
