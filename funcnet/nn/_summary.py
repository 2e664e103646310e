"""A table of a model's layers, made from shapes alone."""

import math
from typing import Any

import jax

from funcnet._types import Params

_HEADER = ("Layer", "Kind", "Output", "Parameters", "Bytes")
_RIGHT = (False, False, False, True, True)


def summary(model: Any, input_shapes: tuple[Any, ...], train: bool) -> str:
    """Return the table that `Layer.summary` describes."""
    inputs = [_as_struct(shape) for shape in input_shapes]
    outputs: dict[str, Any] = {}

    def observe(path: str, output: Any) -> None:
        outputs[path] = output  # the last one, where a layer is called twice

    def run(params: Params, state: Any, key: jax.Array, *xs: Any) -> Any:
        return model._observed(observe, params, state, *xs, key=key, train=train)

    key = jax.eval_shape(lambda: jax.random.key(0))
    params, state = jax.eval_shape(model.init, key)
    jax.eval_shape(run, params, state, key, *inputs)

    rows: list[tuple[str, ...]] = [_HEADER]
    for path, layer in model.walk():
        arrays = jax.tree.leaves(_at(params, path))
        rows.append(
            (
                _indented(path) or type(model).__name__,
                type(layer).__name__ if path else "",
                _shapes(outputs.get(path)),
                f"{sum(math.prod(a.shape) for a in arrays):,}",
                f"{sum(math.prod(a.shape) * a.dtype.itemsize for a in arrays):,}",
            )
        )
    return _table(rows)


def _as_struct(shape: Any) -> jax.ShapeDtypeStruct:
    if isinstance(shape, jax.ShapeDtypeStruct):
        return shape
    return jax.ShapeDtypeStruct(tuple(shape), "float32")


def _indented(path: str) -> str:
    *parents, name = path.split(".")
    return "  " * (len(parents) + 1) + name if path else ""


def _at(params: Any, path: str) -> Any:
    for name in path.split(".") if path else ():
        params = params.get(name, {})
    return params


def _shapes(output: Any) -> str:
    return " ".join(str(array.shape) for array in jax.tree.leaves(output)) or "-"


def _table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEADER))]
    lines = []
    for row in rows:
        cells = zip(row, widths, _RIGHT, strict=True)
        lines.append(
            "  ".join(
                text.rjust(width) if right else text.ljust(width)
                for text, width, right in cells
            )
        )
    lines.insert(1, "-" * len(lines[0]))
    return "\n".join(line.rstrip() for line in lines)
