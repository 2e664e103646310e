"""Models while they are initialised: parameters that can be drawn anew.

`Model.init` draws each layer's parameters by the layer's own rule. A model that has
another rule says so in `_reset_parameters`, as a PyTorch class does; there `self` is
the model as this file shows it.
"""

from collections.abc import Callable, Iterator
from types import FunctionType, MethodType
from typing import Any

import jax

from funcnet._types import DTypeLike, Initializer, Key, Shape
from funcnet.nn._base import Layer

_OWN_KEYS = 2**32 - 1  # apart from those that the model's parts get


def redraw(model: Layer, params: dict[str, Any], key: Key) -> None:
    """Run a model's `_reset_parameters`, which changes `params`."""
    base = jax.random.fold_in(key, _OWN_KEYS)
    count = iter(range(_OWN_KEYS))

    def next_key() -> Key:
        return jax.random.fold_in(base, next(count))

    Unsettled(model, params, next_key)._reset_parameters()


class Drawn:
    """One parameter: its shape and dtype, and how to draw it anew."""

    def __init__(
        self, params: dict[str, Any], name: str, next_key: Callable[[], Key]
    ) -> None:
        self._params, self._name, self._next_key = params, name, next_key

    @property
    def shape(self) -> Shape:
        return tuple(self._params[self._name].shape)

    @property
    def dtype(self) -> DTypeLike:
        return self._params[self._name].dtype

    def draw(self, init: Initializer, *args: Any, **options: Any) -> None:
        """Put what a function of `funcnet.init` gives in its place."""
        array = init(self._next_key(), self.shape, *args, **options, dtype=self.dtype)
        self._params[self._name] = array


class Unsettled:
    """A layer while it is initialised.

    It shows the layer's class (to `isinstance`), settings and children; a parameter is
    a `Drawn`, or None where the settings leave it out.
    """

    def __init__(
        self, layer: Layer, params: dict[str, Any], next_key: Callable[[], Key]
    ) -> None:
        self._layer, self._params, self._next_key = layer, params, next_key

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return type(self._layer)

    def children(self) -> dict[str, "Unsettled"]:
        """The layers inside, by name."""
        return {
            name: Unsettled(child, self._params.get(name, {}), self._next_key)
            for name, child in self._layer.children().items()
        }

    def modules(self) -> Iterator["Unsettled"]:
        """This layer and all inside it, parents first."""
        yield self
        for child in self.children().values():
            yield from child.modules()

    def named_modules(self, path: str = "") -> Iterator[tuple[str, "Unsettled"]]:
        """As `modules`, each with its path."""
        yield path, self
        for name, child in self.children().items():
            yield from child.named_modules(f"{path}.{name}" if path else name)

    def __getattr__(self, name: str) -> Any:
        if isinstance(self._params.get(name), jax.Array):
            return Drawn(self._params, name, self._next_key)
        method = getattr(type(self._layer), name, None)
        if isinstance(method, FunctionType):
            return MethodType(method, self)
        children = self._layer.children()
        if name in children:
            return self.children()[name]
        if name in ("weight", "bias"):
            return None
        return getattr(self._layer, name)

    def __getitem__(self, index: Any) -> Any:
        children = self.children()
        return children[index] if index in children else [*children.values()][index]
