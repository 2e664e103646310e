"""A table of the layers of a model, made from shapes alone."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import jax

from funcnet._types import Params

_HEADER: Final = ("Layer (name: type)", "Output shape", "Params", "Mult-adds")
_CONTAINER: Final = "--"
_LEAST_WIDTH: Final = 51


class Row(NamedTuple):
    """A layer: what it gives, and what it and all inside it need."""

    path: str
    kind: str
    output: tuple[tuple[int, ...], ...]
    params: int
    mult_adds: int
    own_params: int


@dataclass(frozen=True)
class Summary:
    """What `summary` found out about a model; printed, it is a table.

    Attributes:
        rows: the model and all layers inside it, parents first.
        input_bytes: of the inputs.
        output_bytes: of what all layers without layers inside give.
        params_bytes: of the parameters.
        frozen_params: how many parameters are not trained.
    """

    rows: tuple[Row, ...]
    input_bytes: int
    output_bytes: int
    params_bytes: int
    frozen_params: int = 0

    @property
    def params(self) -> int:
        """The number of parameters."""
        return self.rows[0].params

    @property
    def mult_adds(self) -> int:
        """The multiply-adds of convolutions and products of matrices."""
        return self.rows[0].mult_adds

    def __str__(self) -> str:
        following = [*self.rows[1:], None]
        pairs = zip(self.rows, following, strict=True)
        cells = [_HEADER, *(_cells(row, after) for row, after in pairs)]
        widths = [max(len(row[i]) for row in cells) for i in range(len(_HEADER))]
        rule = "=" * max(sum(widths) + 2 * len(widths) - 2, _LEAST_WIDTH)
        head, *lines = [_line(row, widths) for row in cells]
        return "\n".join([rule, head, rule, *lines, rule, *self._totals(rule)])

    __repr__ = __str__

    def _totals(self, rule: str) -> Iterator[str]:
        yield f"Total params: {self.params:,}"
        yield f"Trainable params: {self.params - self.frozen_params:,}"
        yield f"Non-trainable params: {self.frozen_params:,}"
        yield f"Total mult-adds: {_rounded(self.mult_adds)}"
        yield rule
        sizes = (self.input_bytes, self.output_bytes, self.params_bytes)
        names = ("Input", "Forward pass", "Params", "Estimated total")
        for name, size in zip(names, (*sizes, sum(sizes)), strict=True):
            yield f"{name} size (MB): {size / 1e6:.2f}"
        yield rule


def _cells(row: Row, after: Row | None) -> tuple[str, ...]:
    """The texts of a row; `after` is inside it if any row is."""
    depth = row.path.count(".") + 1 if row.path else 0
    name = row.path.rpartition(".")[2]
    label = f"{'│    ' * (depth - 1)}├─{name}: {row.kind}" if depth else row.kind
    shapes = " ".join(str(list(shape)) for shape in row.output) or _CONTAINER
    inside = f"{row.path}." if row.path else ""
    if after is not None and after.path.startswith(inside):
        return label, shapes, _count(row.own_params), _CONTAINER
    return label, shapes, _count(row.params), _count(row.mult_adds)


def summary(model: Any, input_shapes: tuple[Any, ...], train: bool) -> Summary:
    """Return the table that `Layer.summary` describes."""
    inputs = [_as_struct(shape) for shape in input_shapes]
    calls: dict[str, tuple[Any, Any]] = {}

    def observe(path: str, given: Any, output: Any) -> None:
        calls[path] = given, output  # the last ones, where a layer is called twice
        counted = _convolved(layers[path], given, output, _at(params, path))
        if counted is not None:
            products[path] = products.get(path, 0) + counted

    def run(params: Params, state: Any, key: jax.Array, *xs: Any) -> Any:
        return model._observed(observe, params, state, *xs, key=key, train=train)

    layers = dict(model.walk())
    key = jax.eval_shape(lambda: jax.random.key(0))
    params, state = jax.eval_shape(model.init, key)
    products: dict[str, int] = {}
    traced = jax.make_jaxpr(run)(params, state, key, *inputs)
    convolutions = set(products)
    for path, count in _products(traced.jaxpr, 1, ""):
        place = _innermost(path, layers)
        if place not in convolutions:
            products[place] = products.get(place, 0) + count

    rows = []
    for path, layer in layers.items():
        arrays = _at(params, path)
        inside = f"{path}." if path else ""
        outputs = _arrays(calls.get(path, (None, None))[1])
        rows.append(
            Row(
                path,
                type(layer).__name__,
                tuple(tuple(x.shape) for x in outputs),
                _elements(jax.tree.leaves(arrays)),
                sum(n for p, n in products.items() if f"{p}.".startswith(inside)),
                _elements(_own(arrays, layer)),
            )
        )
    leaves = {path for path, layer in layers.items() if not layer.children()}
    given = [x for path in leaves for x in _arrays(calls.get(path, (None, None))[1])]
    return Summary(
        tuple(rows), _bytes(inputs), _bytes(given), _bytes(jax.tree.leaves(params))
    )


def _arrays(output: Any) -> list[Any]:
    """The arrays that a layer gives; sizes and the like may be beside them."""
    return [x for x in jax.tree.leaves(output) if hasattr(x, "shape")]


def _convolved(layer: Any, given: Any, output: Any, params: Any) -> int | None:
    """The multiply-adds of a layer that convolves, however it is computed.

    Formulations differ between processors; the count is that of the definition.
    """
    if not hasattr(layer, "_convolve"):
        return None
    weight = params["weight"].shape
    transposed = "output_padding" in getattr(layer, "__dataclass_fields__", ())
    x = given[0] if transposed else output  # a kernel's weights meet each element
    return math.prod(x.shape) * math.prod(weight[1:])


def _products(jaxpr: Any, times: int, outer: str) -> Iterator[tuple[str, int]]:
    """The multiply-adds of products and convolutions, by the scopes around each."""
    for equation in jaxpr.eqns:
        own = str(equation.source_info.name_stack)
        scope = f"{outer}/{own}" if own else outer
        name = equation.primitive.name
        if name == "dot_general":
            yield scope, times * _product(equation)
        elif name == "conv_general_dilated":
            numbers = equation.params["dimension_numbers"]
            weight, (out,) = equation.invars[1].aval.shape, equation.outvars
            kernel = math.prod(weight) // weight[numbers.rhs_spec[0]]
            yield scope, times * math.prod(out.aval.shape) * kernel
        repeated = times * (equation.params["length"] if name == "scan" else 1)
        for value in equation.params.values():
            for one in value if isinstance(value, tuple | list) else (value,):
                inner = getattr(one, "jaxpr", one)
                if hasattr(inner, "eqns"):
                    yield from _products(inner, repeated, scope)


def _product(equation: Any) -> int:
    (contracted, _), _ = equation.params["dimension_numbers"]
    left = equation.invars[0].aval.shape
    (out,) = equation.outvars
    return math.prod(out.aval.shape) * math.prod(left[i] for i in contracted)


def _innermost(scopes: str, layers: Mapping[str, Any]) -> str:
    """The last of the scopes around an equation that is the path of a layer."""
    return next((s for s in reversed(scopes.split("/")) if s in layers), "")


def _as_struct(shape: Any) -> jax.ShapeDtypeStruct:
    if isinstance(shape, jax.ShapeDtypeStruct):
        return shape
    return jax.ShapeDtypeStruct(tuple(shape), "float32")


def _at(params: Any, path: str) -> Any:
    for name in path.split(".") if path else ():
        params = params.get(name, {})
    return params


def _own(arrays: Any, layer: Any) -> list[Any]:
    """The parameters of a layer that are of no layer inside it."""
    children = layer.children()
    kept = {name: x for name, x in arrays.items() if name not in children}
    return jax.tree.leaves(kept)


def _elements(arrays: list[Any]) -> int:
    return sum(math.prod(x.shape) for x in arrays)


def _bytes(arrays: list[Any]) -> int:
    return sum(math.prod(x.shape) * x.dtype.itemsize for x in arrays)


def _count(number: int) -> str:
    return f"{number:,}" if number else _CONTAINER


def _rounded(number: int) -> str:
    for unit, name in ((10**12, " T"), (10**9, " G"), (10**6, " M")):
        if number >= unit:
            return f"{number / unit:.2f}{name}"
    return f"{number:,}"


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    (label, shape, *numbers), (first, second, *rest) = cells, widths
    right = [text.rjust(width) for text, width in zip(numbers, rest, strict=True)]
    return "  ".join([label.ljust(first), shape.ljust(second), *right]).rstrip()
