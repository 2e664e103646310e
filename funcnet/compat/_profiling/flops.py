"""How many multiplications and additions a call makes, by PyTorch's formulas."""

import functools
import math
from typing import Any, Final

import jax

from funcnet.compat._engine.op import OpCall, pytorch_promotion
from funcnet.compat._engine.pullback import PullbackCall

Counts = tuple[tuple[str, int], ...]

_UNCOUNTED: Final = frozenset(
    (
        "addbmm",
        "addmv",
        "addr",
        "bilinear",
        "cdist",
        "dot",
        "ger",
        "kron",
        "mv",
        "outer",
    )
)
_ATTENTION: Final = "aten._scaled_dot_product_flash_attention"
_NAMED: Final = {"addmm": "aten.addmm", "baddbmm": "aten.baddbmm", "einsum": "aten.bmm"}


@functools.lru_cache(4096)
def counts_of(call: OpCall) -> Counts:
    """The operations of a call that PyTorch counts, by their names there."""
    backward = isinstance(call, PullbackCall)
    forward = call.forward if isinstance(call, PullbackCall) else call
    name = forward.op.name.rpartition(".")[2]
    if name in _UNCOUNTED:
        return ()
    module = name[:1].isupper()  # its parameters come first
    if name.lower().startswith("conv") and name[-2:] in ("1d", "2d", "3d"):
        places = (len(forward.input_specs) - 1, 0) if module else (0, 1)
        return _convolution(call, forward, "transpose" in name.lower(), places)
    products = _products(call)
    if name == "scaled_dot_product_attention":
        if backward:
            return (
                (f"{_ATTENTION}_backward", 5 * sum(_products(forward).values()) // 2),
            )
        return ((_ATTENTION, sum(products.values())),)
    if backward:
        for kind, count in _products(forward).items():
            products[kind] = max(0, products.get(kind, 0) - count)
    named: dict[str, int] = {}
    for kind, count in products.items():
        own = None if backward else _NAMED.get(name)
        if name == "einsum":
            own = "aten.bmm"
        if (module or name == "linear") and not backward and kind == "aten.mm":
            biased = any(len(spec.shape) == 1 for spec in forward.input_specs[1:])
            own = "aten.addmm" if biased else kind
        named[own or kind] = named.get(own or kind, 0) + count
    return tuple((kind, count) for kind, count in named.items() if count)


def _convolution(
    call: OpCall, forward: OpCall, transposed: bool, places: tuple[int, int]
) -> Counts:
    x, weight = (forward.input_specs[place] for place in places)
    (out,) = forward.output_specs
    count = _count(x.shape, weight.shape, out.shape, transposed)
    if not isinstance(call, PullbackCall):
        return (("aten.convolution", count),)
    total = 0
    if places[0] in call.wanted:
        total += _count(out.shape, weight.shape, x.shape, not transposed)
    if places[1] in call.wanted:
        first, second = (out, x) if transposed else (x, out)
        flipped = [
            (one.shape[1], one.shape[0], *one.shape[2:]) for one in (first, second)
        ]
        shape = (weight.shape[1], weight.shape[0], *weight.shape[2:])
        total += _count(flipped[0], flipped[1], shape, False)
    return (("aten.convolution_backward", total),) if total else ()


def _count(x: Any, weight: Any, out: Any, transposed: bool) -> int:
    """Twice the products: batch, positions, and a kernel at each."""
    positions = (x if transposed else out)[2:]
    return int(2 * x[0] * math.prod(positions) * math.prod(weight))


def _products(call: OpCall) -> dict[str, int]:
    """Of the products of matrices in a call, those of batches apart."""
    with jax.enable_x64(True), pytorch_promotion():
        structs = [spec.struct for spec in call.input_specs]
        traced = jax.make_jaxpr(call.run)(*structs).jaxpr
    result: dict[str, int] = {}
    _add(traced, 1, result)
    return result


def _add(jaxpr: Any, times: int, result: dict[str, int]) -> None:
    for equation in jaxpr.eqns:
        name = equation.primitive.name
        if name == "dot_general":
            _add_product(equation, times, result)
            continue
        repeated = times * (equation.params["length"] if name == "scan" else 1)
        for value in equation.params.values():
            for one in value if isinstance(value, tuple | list) else (value,):
                inner = getattr(one, "jaxpr", one)
                if hasattr(inner, "eqns"):
                    _add(inner, repeated, result)


def _add_product(equation: Any, times: int, result: dict[str, int]) -> None:
    (contracted, _), (batched, _) = equation.params["dimension_numbers"]
    left, right = (x.aval.shape for x in equation.invars)
    batch = math.prod(left[i] for i in batched)
    inner = math.prod(left[i] for i in contracted)
    rows = math.prod(left) // max(batch * inner, 1)
    columns = math.prod(right) // max(batch * inner, 1)
    if len(left) - len(contracted) == len(batched) or (
        len(right) - len(contracted) == len(batched)
    ):
        return  # a vector: PyTorch counts products of matrices
    kind = "aten.bmm" if batched else "aten.mm"
    result[kind] = result.get(kind, 0) + 2 * times * batch * inner * rows * columns
