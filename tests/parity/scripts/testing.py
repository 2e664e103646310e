"""Scripts of `testing`: what passes, what is said of what does not, what is drawn."""

from typing import Any

import numpy as np

from tests.parity.scripts.common import refused, script

CLOSE: dict[str, Any] = {
    "numbers": (1.0, 1.0 + 1e-9),
    "other numbers": (1.0, 1.1),
    "integers": (3, 4),
    "complex numbers": (1 + 2j, 1 + 2.5j),
    "kinds of numbers": (1, 1.0),
    "number and zero": (1e-3, 0.0),
    "numpy numbers": (np.float64(2.0), np.float64(2.5)),
    "numbers that are none": (float("nan"), float("nan")),
    "infinities": (float("inf"), float("-inf")),
    "booleans": (True, False),
    "none": (None, None),
    "none and some": (None, 3),
    "texts": ("a", "a"),
    "number and text": (1.0, "a"),
    "lists": ([1.0, 2.0], [1.0, 2.5]),
    "lengths": ([1.0], [1.0, 2.0]),
    "nested": ({"a": [1, {"b": 2.0}]}, {"a": [1, {"b": 3.0}]}),
    "keys": ({"a": 1, "c": 2}, {"a": 1, "b": 2}),
    "list and tuple": ([1, 2], (1, 2)),
    "arrays": (np.arange(3.0), np.arange(3.0) + 1),
    "list and number": ([1.0], 1.0),
}


def _says(lib: Any, actual: Any, expected: Any, **rules: Any) -> str:
    said = refused(lambda: lib.testing.assert_close(actual, expected, **rules), 1000)
    return said.replace("'funcnet.compat._tensor.tensor.Tensor'", "'torch.Tensor'")


@script("testing.assert_close", *CLOSE)
def of_values(lib: Any, name: str) -> Any:
    actual, expected = CLOSE[name]
    return [
        _says(lib, actual, expected),
        _says(lib, actual, expected, rtol=0, atol=0),
        _says(lib, actual, expected, rtol=0.3, atol=0.5),
        _says(lib, actual, expected, equal_nan=True, check_dtype=False),
        _says(lib, actual, expected, rtol=0.1),
        _says(lib, actual, expected, msg="mine"),
        _says(lib, actual, expected, msg=lambda text: "mine: " + text),
    ]


KINDS = "float16 bfloat16 float32 float64 complex64 complex128 int32 int64 uint8 bool"


@script("testing.assert_close", *KINDS.split())
def of_dtype(lib: Any, kind: str) -> Any:
    random = np.random.default_rng(0)
    kind = getattr(lib, kind)
    x = lib.tensor(random.normal(size=(3, 4)) * 5).abs().to(kind)
    seen = []
    for change in (1e-8, 1e-6, 1e-5, 1e-3, 0.02, 1.0):
        other = (x.to(lib.complex128) * (1 + change)).to(kind) if kind.is_complex else x
        other = other if kind.is_complex else (x.double() * (1 + change)).to(kind)
        seen.append(_says(lib, other, x))
        seen.append(_says(lib, [x, other], [x, x], rtol=1e-4, atol=1e-2))
        seen.append(_says(lib, other, x, rtol=0, atol=0))
    return seen


@script("testing.assert_close")
def of_attributes(lib: Any) -> Any:
    x = lib.ones(2, 3)
    return [
        _says(lib, x, lib.ones(3, 2)),
        _says(lib, x, x.double()),
        _says(lib, x, x.double(), check_dtype=False),
        _says(lib, x, x.int(), check_dtype=False),
        _says(lib, x, lib.ones(3, 2).T, check_stride=True),
        _says(lib, x, lib.ones(3, 2).T),
        _says(lib, x, 1.0),
        _says(lib, x, lib.nn.Parameter(x)),
        _says(lib, x, lib.nn.Parameter(x), allow_subclasses=False)[:40],
        _says(lib, x.requires_grad_(), 1 + x),
        _says(lib, lib.ones(0), lib.ones(0)),
    ]


@script("testing.assert_close")
def of_what_is_not_finite(lib: Any) -> Any:
    nan, inf = float("nan"), float("inf")
    x = lib.tensor([1.0, nan, inf, -inf])
    others = ([1.0, nan, inf, -inf], [1.0, 2.0, inf, -inf], [1.0, nan, 1.0, inf])
    return [
        _says(lib, x, lib.tensor(other), equal_nan=equal)
        for other in others
        for equal in (True, False)
    ]


@script("testing.assert_close")
def of_scalars_and_zeros(lib: Any) -> Any:
    tensor = lib.tensor
    return [
        _says(lib, tensor(1.0), tensor(1.5)),
        _says(lib, tensor(3), tensor(4)),
        _says(lib, tensor(True), tensor(False)),
        _says(lib, tensor([1e-3, 2.0]), tensor([0.0, 2.0])),
        _says(lib, tensor([5, 0, 7]), tensor([5, 1, 0])),
        _says(lib, {"a": [tensor([1.0])]}, {"a": [tensor([2.0])]}),
    ]


@script("testing.assert_allclose")
def of_before(lib: Any) -> Any:
    close = lib.testing.assert_allclose
    x = lib.tensor([1.0, 2.0])
    return [
        refused(lambda: close(x, [1.0, 2.0]), 400),
        refused(lambda: close(x * 1.00005, x), 400),
        refused(lambda: close(x * 1.0005, x), 400),
        refused(lambda: close(x, x.double() + 1), 400),
        refused(lambda: close([float("nan")], [float("nan")]), 400),
        refused(lambda: close(x, x + 1, msg="mine"), 400),
    ]


SETTINGS: tuple[dict[str, Any], ...] = (
    {},
    {"low": 0, "high": 5},
    {"low": -1.5, "high": 1.5},
    {"exclude_zero": True, "low": 0, "high": 2},
    {"noncontiguous": True},
    {"low": 3},
)


@script("testing.make_tensor", *[(k, s) for k in KINDS.split() for s in SETTINGS])
def drawn(lib: Any, case: Any) -> Any:
    kind, settings = case
    kind = getattr(lib, kind)
    make = lib.testing.make_tensor
    said = refused(lambda: make((3, 4), dtype=kind, device="cpu", **settings), 60)
    if said != "no error":
        return said
    x = make((3, 4), dtype=kind, device="cpu", **settings)
    y = make(5, dtype=kind, device="cpu", **settings)
    return [x, y, x.is_contiguous(), make(dtype=kind, device="cpu", **settings)]


@script("testing.make_tensor")
def errors(lib: Any) -> Any:
    make = lib.testing.make_tensor

    def of(kind: str, **settings: Any) -> Any:
        return lambda: make(2, dtype=getattr(lib, kind), device="cpu", **settings)

    return [
        refused(of("float32", low=float("nan")), 60),
        refused(of("float32", low=3, high=2), 60),
        refused(of("int8", low=200, high=300), 100),
        refused(of("uint8", low=-10, high=-5), 100),
        refused(of("int64", requires_grad=True), 70),
        of("float32", requires_grad=True)().requires_grad,
        refused(
            of("float32", noncontiguous=True, memory_format=lib.contiguous_format), 60
        ),
    ]
