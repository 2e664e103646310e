"""Pairs of leaves: None, booleans, numbers, tensors."""

import cmath
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DType
from funcnet.compat._core.dtype import promote_types
from funcnet.compat._ops.create.creation import as_tensor
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.testing._wording import scalars_differ, tensors_differ


class Rules(NamedTuple):
    """Settings of a comparison."""

    allow_subclasses: bool
    rtol: float | None
    atol: float | None
    equal_nan: bool
    check_device: bool
    check_dtype: bool
    check_layout: bool
    check_stride: bool


class Mismatch(Exception):  # noqa: N818 - the error for users is made of it
    """Mismatch of two leaves, at a path in the structures."""

    def __init__(
        self, text: str, path: tuple[Any, ...], kind: type[Exception] = AssertionError
    ) -> None:
        super().__init__(text)
        self.text = text
        self.path = path
        self.kind = kind

    def error(self, msg: str | Callable[[str], str] | None = None) -> Exception:
        """Return the error for the user."""
        if isinstance(msg, str):
            return self.kind(msg)
        text = self.text
        if self.path:
            where = "".join(str([part]) for part in self.path)
            text += f"\n\nThe failure occurred for item {where}"
        return self.kind(msg(text) if callable(msg) else text)


@dataclass(frozen=True)
class Pair:
    """Pair of leaves that can be compared."""

    actual: Any
    expected: Any
    path: tuple[Any, ...]
    rules: Rules
    tolerances: tuple[float, float] = (0.0, 0.0)

    def compare(self) -> None:
        """Raise `Mismatch` unless they are close."""
        raise NotImplementedError

    def fail(self, text: str) -> None:
        """Raise `Mismatch` here."""
        raise Mismatch(text, self.path)


class _Nones(Pair):
    def compare(self) -> None:
        if not (self.actual is None and self.expected is None):
            self.fail(f"None mismatch: {self.actual} is not {self.expected}")


class _Booleans(Pair):
    def compare(self) -> None:
        if self.actual != self.expected:
            self.fail(f"Booleans mismatch: {self.actual} is not {self.expected}")


class _Numbers(Pair):
    def compare(self) -> None:
        one, other = self.actual, self.expected
        if self.rules.check_dtype and type(one) is not type(other):
            self.fail(f"The (d)types do not match: {type(one)} != {type(other)}.")
        if one == other:
            return
        if self.rules.equal_nan and cmath.isnan(one) and cmath.isnan(other):
            return
        rtol, atol = self.tolerances
        difference = abs(one - other)
        if cmath.isfinite(difference) and difference <= atol + rtol * abs(other):
            return
        self.fail(scalars_differ(one, other, rtol, atol))


class _Tensors(Pair):
    def compare(self) -> None:
        one, other, rules = self.actual, self.expected, self.rules
        asked = {
            "shape": True,
            "layout": rules.check_layout,
            "stride()": rules.check_stride,
            "device": rules.check_device,
            "dtype": rules.check_dtype,
        }
        for name, matters in asked.items():
            if not matters:
                continue
            mine, theirs = [_attribute(x, name) for x in (one, other)]
            if mine != theirs:
                self.fail(
                    f"The values for attribute '{name}' do not match: "
                    f"{mine} != {theirs}."
                )
        dtype = promote_types(
            *[_WIDER.get(x.dtype.name, x.dtype) for x in (one, other)]
        )
        actual, expected = _numbers(one, dtype), _numbers(other, dtype)
        rtol, atol = self.tolerances
        matches = _close(actual, expected, rtol, atol, rules.equal_nan)
        if matches.all():
            return
        if matches.ndim:
            self.fail(tensors_differ(actual, expected, matches, rtol, atol))
        self.fail(scalars_differ(actual.item(), expected.item(), rtol, atol))


# Unsigned types that nothing promotes to.
_WIDER: Final = dict.fromkeys(("uint16", "uint32", "uint64"), _dtypes.int64)


def _attribute(x: Any, name: str) -> Any:
    return x.stride() if name == "stride()" else getattr(x, name)


def _numbers(x: Any, dtype: DType) -> np.ndarray:
    dense = x.detach().to_dense() if x._sparse else x.detach()
    return np.asarray(dense._array()).astype(dtype.numpy)


def _close(
    actual: np.ndarray, expected: np.ndarray, rtol: float, atol: float, nan: bool
) -> np.ndarray:
    """Return where two arrays are close, computed in their own precision."""
    matches = actual == expected
    dtype = _dtypes.BY_NUMPY[actual.dtype]
    if nan and dtype.is_inexact:
        matches = matches | (np.isnan(actual) & np.isnan(expected))
    if rtol or atol:
        if not dtype.is_inexact:
            actual, expected = actual.astype(np.float32), expected.astype(np.float32)
        with np.errstate(all="ignore"):
            error = np.abs(actual - expected)
            allowed = atol + np.abs(rtol * expected)
            matches = matches | (np.isfinite(error) & (error <= allowed))
    return np.asarray(matches)


_TOLERANCES: Final = {
    "float16": (1e-3, 1e-5),
    "bfloat16": (1.6e-2, 1e-5),
    "float32": (1.3e-6, 1e-5),
    "float64": (1e-7, 1e-7),
    "complex64": (1.3e-6, 1e-5),
    "complex128": (1e-7, 1e-7),
}


def default_tolerances(*kinds: DType) -> tuple[float, float]:
    """Return the relative and absolute tolerance of the coarsest of these dtypes."""
    result = [_TOLERANCES.get(kind.name, (0.0, 0.0)) for kind in kinds]
    return max(rtol for rtol, _ in result), max(atol for _, atol in result)


def pair_of(
    actual: object, expected: object, path: tuple[Any, ...], rules: Rules
) -> Pair:
    """Return the pair of two leaves; `Mismatch` where they cannot be compared."""
    both = (actual, expected)
    if actual is None or expected is None:
        return _Nones(actual, expected, path, rules)
    if all(isinstance(x, bool | np.bool_) for x in both):
        return _Booleans(bool(actual), bool(expected), path, rules)
    if all(isinstance(x, int | float | complex | np.number) for x in both):
        one, other = [x.item() if isinstance(x, np.number) else x for x in both]
        tolerances = _chosen(rules, path, [_KINDS[type(one)], _KINDS[type(other)]])
        return _Numbers(one, other, path, rules, tolerances)
    tensors = _as_tensors(actual, expected, rules)
    if tensors is None:
        raise Mismatch(
            "No comparison pair was able to handle inputs of type "
            f"{type(actual)} and {type(expected)}.",
            path,
            TypeError,
        )
    one, other = tensors
    tolerances = _chosen(rules, path, [one.dtype, other.dtype])
    return _Tensors(one, other, path, rules, tolerances)


_KINDS: Final = {
    bool: _dtypes.bool_,
    int: _dtypes.int64,
    float: _dtypes.float64,
    complex: _dtypes.complex128,
}


def _as_tensors(
    actual: object, expected: object, rules: Rules
) -> tuple[Any, Any] | None:
    related = isinstance(actual, type(expected)) or isinstance(expected, type(actual))
    if not related:
        return None
    if not rules.allow_subclasses and type(actual) is not type(expected):
        return None
    try:
        one, other = [
            x if isinstance(x, Tensor) else as_tensor(x) for x in (actual, expected)
        ]
    except (TypeError, ValueError, RuntimeError):
        return None
    return one, other


def _chosen(
    rules: Rules, path: tuple[Any, ...], kinds: list[DType]
) -> tuple[float, float]:
    if rules.rtol is None and rules.atol is None:
        return default_tolerances(*kinds)
    if rules.rtol is None or rules.atol is None:
        missing = "rtol" if rules.rtol is None else "atol"
        raise Mismatch(
            "Both 'rtol' and 'atol' must be either specified or omitted, but got no "
            f"{missing}.",
            path,
            ValueError,
        )
    return rules.rtol, rules.atol
