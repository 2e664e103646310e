"""`torch._foreach_*`: an operation on each tensor of a list, one after the other.

The lists may share memory: what is written to one tensor, the next one sees.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from funcnet.compat._core.annotations import DType, MemoryFormat
from funcnet.compat._ops.elementwise.powers import pow
from funcnet.compat._ops.forms import SCALARS
from funcnet.compat._ops.linalg.matmul import mm
from funcnet.compat._ops.linalg.norms import vector_norm
from funcnet.compat._ops.reduce.extrema import amax
from funcnet.compat._ops.registry import METHODS, register
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.tensor import Tensor

# Of one tensor, in place too.
_UNARY: Final = """
abs acos asin atan ceil cos cosh erf erfc exp expm1 floor frac lgamma log log10 log1p
log2 neg reciprocal round rsqrt sigmoid sign sin sinh sqrt tan tanh trunc
"""
# Of a tensor and of another, or of a number: the method, and what it is called there.
_BINARY: Final = {
    "add": ("add", "other scalar scalars"),
    "sub": ("sub", "other scalar scalars"),
    "mul": ("mul", "other scalar scalars"),
    "div": ("div", "other scalar scalars"),
    "clamp_max": ("clamp_max", "other scalar scalars"),
    "clamp_min": ("clamp_min", "other scalar scalars"),
    "maximum": ("clamp_min", "other scalar scalars"),
    "minimum": ("clamp_max", "other scalar scalars"),
    "pow": ("pow", "exponent"),
}
_ONE_TENSOR: Final = ("add", "mul", "div", "sub")


def _tensors(name: str, given: object, index: int = 0) -> Sequence[Tensor]:
    """A list of tensors, or what PyTorch says of what is none."""
    if not isinstance(given, list | tuple):
        raise TypeError(
            f"{name}() received an invalid combination of arguments - got "
            f"{type(given).__name__} for the tuple of Tensors at position {index}"
        )
    for element, x in enumerate(given):
        if not isinstance(x, Tensor):
            raise TypeError(
                f"expected Tensor as element {element} in argument {index}, but got "
                f"{type(x).__name__}"
            )
    if not given:
        raise RuntimeError("Tensor list must have at least one tensor.")
    return given


def _as_long(tensors: Sequence[Tensor], others: Sequence[Any]) -> None:
    if len(tensors) == len(others):
        return
    if others and isinstance(others[0], Tensor):
        raise RuntimeError(
            "Tensor lists must have the same number of tensors, got "
            f"{len(tensors)} and {len(others)}"
        )
    raise RuntimeError("Tensor list must have same number of elements as scalar list.")


def _operands(name: str, tensors: Sequence[Tensor], given: Any) -> Sequence[Any]:
    """What goes with each tensor: of a list its own, or the same for all."""
    if isinstance(given, list | tuple):
        if not given:
            raise RuntimeError("Tensor list must have at least one tensor.")
        _as_long(tensors, given)
        return given
    if isinstance(given, Tensor):
        if given.ndim:
            raise RuntimeError(
                f"scalar tensor expected to be 0 dim but it has {given.ndim} "
                f"dimensions and {given.shape.numel()} elements."
            )
    elif type(given) not in SCALARS:
        raise TypeError(
            f"{name}() received an invalid combination of arguments - got "
            f"(list, {type(given).__name__})"
        )
    return [given] * len(tensors)


def _scalars(tensors: Sequence[Tensor], given: Any) -> Sequence[Any]:
    """A number for each tensor: the same, of a list, or of a tensor of them."""
    if isinstance(given, Tensor):
        if given.ndim != 1:
            raise RuntimeError(
                "Expected packed scalar Tensor to be of dimension 1. Got "
                f"{given.ndim} instead."
            )
        if given.shape[0] != len(tensors):
            raise RuntimeError(
                f"Expected length of scalars to match input of length {len(tensors)} "
                f"but got {given.shape[0]} instead."
            )
        return given.tolist()
    if isinstance(given, list | tuple):
        _as_long(tensors, given)
        return given
    return [given] * len(tensors)


def _foreach(name: str, run: Callable[..., Any], inplace: bool = True) -> None:
    """Register `_foreach_NAME`, and its form that writes into the tensors themselves.

    `run` takes the method's ending, the tensors and the other arguments.
    """
    doc = f"Apply `{name}` to each tensor of a list, as `torch._foreach_{name}`."

    def public(self: Tensor, *args: object, **kwargs: object) -> tuple[Any, ...]:
        return tuple(run("", f"_foreach_{name}", self, *args, **kwargs))

    def written(self: Tensor, *args: object, **kwargs: object) -> Any:
        run("_", f"_foreach_{name}_", self, *args, **kwargs)
        return self

    register(f"_foreach_{name}", method=False, doc=doc)(public)
    if inplace:
        register(f"_foreach_{name}_", method=False, doc=doc)(written)


def _unary(method: str) -> Callable[..., Any]:
    def run(end: str, name: str, tensors: Sequence[Tensor]) -> Any:
        return [METHODS[method + end](x) for x in _tensors(name, tensors)]

    return run


def _binary(own: str, method: str, names: str) -> Callable[..., Any]:
    def run(
        end: str, name: str, tensors: Sequence[Tensor], *args: object, **kwargs: object
    ) -> Any:
        if own == "pow" and not end and type(tensors) in SCALARS:  # of a number
            (exponents,) = (*args, *kwargs.values())
            return [pow(tensors, y) for y in _tensors(name, exponents, 1)]
        settings = {"alpha": kwargs.pop("alpha")} if "alpha" in kwargs else {}
        values = [kwargs.pop(x) for x in names.split() if x in kwargs]
        if len(args) + len(values) != 1 or kwargs:
            raise TypeError(
                f"{name}() received an invalid combination of arguments: give it a "
                f"list of tensors and one of {', '.join(names.split())}"
            )
        (given,) = (*args, *values)
        xs = _tensors(name, tensors)
        if settings and not isinstance(given, Tensor | list | tuple):
            raise TypeError(f"{name}() takes no alpha with a number")
        if isinstance(given, Tensor) and own not in _ONE_TENSOR:
            given = given.item()
        operands = _operands(name, xs, given)
        call = METHODS[method + end]
        return [call(x, y, **settings) for x, y in zip(xs, operands, strict=True)]

    return run


def _fused(method: str) -> Callable[..., Any]:
    def run(
        end: str,
        name: str,
        tensors: Sequence[Tensor],
        tensor1: Tensor,
        tensor2: Tensor,
        value: TensorLike = 1,
        *,
        scalars: Any = None,
    ) -> Any:
        lists = [
            _tensors(name, x, i) for i, x in enumerate((tensors, tensor1, tensor2))
        ]
        for other in lists[1:]:
            _as_long(lists[0], other)
        values = _scalars(lists[0], value if scalars is None else scalars)
        call = METHODS[method + end]
        return [
            call(x, y, z, value=n) for x, y, z, n in zip(*lists, values, strict=True)
        ]

    return run


def _lerp(
    end: str,
    name: str,
    tensors: Sequence[Tensor],
    tensors1: Sequence[Tensor],
    weight: Any = None,
    **named: object,
) -> Any:
    weight = named.pop("weights", weight)
    xs, ends = _tensors(name, tensors), _tensors(name, tensors1, 1)
    _as_long(xs, ends)
    weights = _operands(name, xs, weight)
    call = METHODS["lerp" + end]
    return [call(x, y, w) for x, y, w in zip(xs, ends, weights, strict=True)]


def _of_order(formula: Callable[[Tensor, float, DType | None], Tensor]) -> Any:
    """A reduction of each tensor that has the order of a norm."""

    def run(
        end: str,
        name: str,
        tensors: Sequence[Tensor],
        ord: float = 2,
        dtype: DType | None = None,
    ) -> list[Tensor]:
        return [formula(x, ord, dtype) for x in _tensors(name, tensors)]

    return run


_norm = _of_order(lambda x, ord, dtype: vector_norm(x, ord, dtype=dtype))
_power_sum = _of_order(lambda x, ord, dtype: (x.abs() ** ord).sum(dtype=dtype))


def _max(end: str, name: str, tensors: Sequence[Tensor]) -> Any:
    xs = _tensors(name, tensors)
    if any(not x.shape.numel() for x in xs):
        raise RuntimeError(
            "_foreach_max cannot compute the maximum of an empty tensor; max over zero "
            "elements is undefined."
        )
    return [amax(x) for x in xs]


def _matrix_products(end: str, name: str, tensors: Sequence[Tensor], mat2: Any) -> Any:
    xs, others = _tensors(name, tensors), _tensors(name, mat2, 1)
    _as_long(xs, others)
    return [mm(x, y) for x, y in zip(xs, others, strict=True)]


def _clone(
    end: str,
    name: str,
    tensors: Sequence[Tensor],
    *,
    memory_format: MemoryFormat | None = None,
) -> Any:
    return [METHODS["clone"](x) for x in _tensors(name, tensors)]


@register("_foreach_copy_", method=False)
def _foreach_copy_(
    tensors: Sequence[Tensor], src: Tensor, non_blocking: bool = False
) -> Any:
    """Copy each tensor, as `torch._foreach_copy_`."""
    name = "_foreach_copy_"
    xs, others = _tensors(name, tensors), _tensors(name, src, 1)
    _as_long(xs, others)
    for x, y in zip(xs, others, strict=True):
        METHODS["copy_"](x, y)
    return tensors


@register("_foreach_zero_", method=False)
def _foreach_zero_(tensors: Sequence[Tensor]) -> Any:
    """Fill each tensor with zeros, as `torch._foreach_zero_`."""
    for x in _tensors("_foreach_zero_", tensors):
        METHODS["zero_"](x)
    return tensors


for _name in _UNARY.split():
    _foreach(_name, _unary(_name))
for _name, (_method, _names) in _BINARY.items():
    _foreach(_name, _binary(_name, _method, _names))
for _name in ("addcmul", "addcdiv"):
    _foreach(_name, _fused(_name))
_foreach("lerp", _lerp)
for _name, _run in (
    ("norm", _norm),
    ("powsum", _power_sum),
    ("max", _max),
    ("mm", _matrix_products),
    ("clone", _clone),
):
    _foreach(_name, _run, inplace=False)
