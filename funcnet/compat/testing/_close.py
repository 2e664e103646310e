"""Assertions that nested values are close or equal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import old_spelling
from funcnet.compat._ops.create.creation import tensor
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.testing._pairs import (
    Mismatch,
    Pair,
    Rules,
    default_tolerances,
    pair_of,
)


@explains_keywords
def assert_close(
    actual: object,
    expected: object,
    *,
    allow_subclasses: bool = True,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = False,
    check_device: bool = True,
    check_dtype: bool = True,
    check_layout: bool = True,
    check_stride: bool = False,
    msg: str | Callable[[str], str] | None = None,
) -> None:
    """Raise unless `|actual - expected| <= atol + rtol * |expected|` everywhere.

    Equals `torch.testing.assert_close`: tensors, arrays and numbers, also in sequences
    and mappings. The tolerances, if both are left out, are those of the dtype: float32
    has 1.3e-6 and 1e-5, float64 1e-7 twice, bfloat16 1.6e-2 and 1e-5, float16 1e-3 and
    1e-5, integers 0.

    Raises:
        AssertionError: what is not close, and by how much; `msg` replaces the text, or
            is a function of it.
        TypeError, ValueError: they cannot be compared.

    Example:
        >>> import funcnet.compat as torch
        >>> x = torch.tensor([1.0, 2.0])
        >>> torch.testing.assert_close(x, x + 1e-7)
        >>> torch.testing.assert_close({"x": x}, {"x": x + 1})
        Traceback (most recent call last):
        ...
        AssertionError: Tensor-likes are not close!
        <BLANKLINE>
        Mismatched elements: 2 / 2 (100.0%)
        Greatest absolute difference: 1.0 at index (0,) (up to 1e-05 allowed)
        Greatest relative difference: 0.5 at index (0,) (up to 1.3e-06 allowed)
        <BLANKLINE>
        The failure occurred for item ['x']
    """
    __tracebackhide__ = True  # pytest shows the caller
    rules = Rules(
        allow_subclasses,
        rtol,
        atol,
        equal_nan,
        check_device,
        check_dtype,
        check_layout,
        check_stride,
    )
    try:
        pairs = list(_pairs(actual, expected, (), rules))
    except Mismatch as found:
        raise found.error() from None
    for pair in pairs:
        try:
            pair.compare()
        except Mismatch as found:
            raise found.error(msg) from None


def _pairs(
    actual: Any, expected: Any, path: tuple[Any, ...], rules: Rules
) -> Iterator[Pair]:
    """Return the pairs of leaves of two equal structures."""
    if _is_sequence(actual) and _is_sequence(expected):
        if len(actual) != len(expected):
            text = "The length of the sequences mismatch: "
            raise Mismatch(f"{text}{len(actual)} != {len(expected)}", path)
        for place, pair in enumerate(zip(actual, expected, strict=True)):
            yield from _pairs(*pair, (*path, place), rules)
    elif isinstance(actual, Mapping) and isinstance(expected, Mapping):
        if set(actual) != set(expected):
            missing, more = set(expected) - set(actual), set(actual) - set(expected)
            raise Mismatch(
                "The keys of the mappings do not match:\n"
                f"Missing keys in the actual mapping: {sorted(missing)}\n"
                f"Additional keys in the actual mapping: {sorted(more)}",
                path,
            )
        for key in _in_order(actual):
            yield from _pairs(actual[key], expected[key], (*path, key), rules)
    else:
        yield pair_of(actual, expected, path, rules)


def _is_sequence(x: object) -> bool:
    return isinstance(x, Sequence) and not isinstance(x, str)


def _in_order(mapping: Mapping[Any, Any]) -> list[Any]:
    try:
        return sorted(mapping)
    except TypeError:  # keys of different kinds
        return list(mapping)


@explains_keywords
def assert_allclose(
    actual: object,
    expected: object,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = True,
    msg: str = "",
) -> None:
    """Call `assert_close` with other tolerances; deprecated since PyTorch 1.12."""
    old_spelling("testing.assert_allclose", "testing.assert_close")
    one = actual if isinstance(actual, Tensor) else tensor(actual)
    other = (
        expected if isinstance(expected, Tensor) else tensor(expected, dtype=one.dtype)
    )
    if rtol is None and atol is None:
        rtol, atol = np.max(
            [_OLD.get(x.dtype.name, default_tolerances(x.dtype)) for x in (one, other)],
            axis=0,
        ).tolist()
    assert_close(
        one,
        other,
        rtol=rtol,
        atol=atol,
        equal_nan=equal_nan,
        check_dtype=False,
        msg=msg or None,
    )


_OLD = {"float16": (1e-3, 1e-3), "float32": (1e-4, 1e-5), "float64": (1e-5, 1e-8)}
