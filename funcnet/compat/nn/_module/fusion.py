"""Layers that follow each other in a `Sequential`, recorded as one operation.

What is recorded costs the host some microseconds for each operation, forward and
backward; in a small network they are most of a step. Where nothing can observe what
passes between two layers, because there is no hook and no `forward` of the user's, a
sequence of them is one operation.
"""

import functools
from collections.abc import Iterable, Sequence
from typing import Any

from funcnet._types import Array
from funcnet.compat._core.context import thread
from funcnet.compat._core.overriding import dispatch
from funcnet.compat._core.static_args import NO_KEYWORDS, PLACEHOLDER
from funcnet.compat._engine.graph import record
from funcnet.compat._messages.error_location import tell_where
from funcnet.compat._messages.translate import code_of, user_error
from funcnet.compat._tensor.recording import wrap_outputs
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn._module.global_hooks import around_calls
from funcnet.compat.nn._module.layer import Interned, run_layer
from funcnet.compat.nn._module.native_module import NativeModule
from funcnet.compat.nn._module.overriding import asks_one_by_one
from funcnet.compat.nn._module.saved_inputs import RowOp
from funcnet.compat.nn.modules.module import Module


def run_fused(modules: Iterable[Any], x: object) -> Any:
    """Run modules, each on the output of the one before."""
    if dispatch.active:
        layers = list(modules)
        if asks_one_by_one(layers, x):
            for layer in layers:
                x = layer(x)
            return x
        modules = layers
    row: list[NativeModule] = []
    for module in modules:
        if _is_plain(module):
            row.append(module)
            continue
        x = module(_applied(row, x))
        row = []
    return _applied(row, x)


def _is_plain(module: Module) -> bool:
    """Return whether a call of a module is its layer's pure `apply` and no more."""
    if not isinstance(module, NativeModule) or not module.is_fusable:
        return False
    attributes = module.__dict__
    return not (
        attributes["_buffers"]
        or attributes["_native"].draws[True]
        or module.inplace
        or module._by_formula
        or "forward" in attributes
        or attributes["_forward_pre_hooks"]
        or attributes["_forward_hooks"]
        or attributes["_backward_hooks"]
        or attributes["_backward_pre_hooks"]
        or around_calls
    )


def _applied(row: list[NativeModule], x: Any) -> Any:
    if len(row) > 1 and isinstance(x, Tensor) and thread.context.is_plain:
        try:
            result = _recorded(row, x)
        except Exception as error:
            position = error.__dict__.get("_position_in_row")
            if position is None:  # it came from elsewhere, late
                raise
            if code_of(error) not in row[position].left_to_formula:
                tell_where(error, row[position])
                raise
            result = None
        if result is not None:
            return result
    for module in row:
        x = module(x)
    return x


def _recorded(row: list[NativeModule], x: Tensor) -> Tensor | None:
    """The layers as one operation; None where tensors are not those of the layers."""
    arrays: list[Any] = []
    names = []
    for module in row:
        tensors = module._registered()
        if tensors is None:
            return None
        params = tensors[0]
        names.append(tuple(params))
        arrays += params.values()
    arrays.append(x)
    sources = tuple([array._value() for array in arrays])
    key = tuple(names)

    def template() -> Any:
        groups = tuple([(PLACEHOLDER,) * len(group) for group in key])
        return (key, groups, PLACEHOLDER), NO_KEYWORDS

    op = _op(tuple([module._native for module in row]))
    result: Tensor = wrap_outputs(record(op, sources, key, template), arrays)
    return result


@functools.lru_cache(4096)
def _op(layers: tuple[Interned, ...]) -> RowOp:
    run = functools.partial(_run, layers)
    return RowOp([known.layer for known in layers], run, layers[-1].op.grad_name)


def _run(
    layers: tuple[Interned, ...],
    names: Sequence[Sequence[str]],
    params: Sequence[Sequence[Array]],
    x: Array,
) -> Any:
    layers_and_arrays = zip(layers, names, params, strict=True)
    for position, (known, own, arrays) in enumerate(layers_and_arrays):
        try:
            x = run_layer(known.layer, (own, ()), (arrays, ()), (x,), {}, None, False)
        except Exception as error:
            refusal = user_error(error, known.op.name)
            refusal.__dict__["_position_in_row"] = position
            raise refusal from None
    return x
