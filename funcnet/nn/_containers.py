"""Layers that run other layers."""

from collections.abc import Iterator, Mapping
from typing import Any

from funcnet._errors import InputError
from funcnet.nn._base import Layer
from funcnet.nn._model import Model, add_child

__all__ = ["Sequential"]


class Sequential(Model):
    """Sequential container; equals `torch.nn.Sequential`: run layers in order.

    Children are given in order (named "0", "1", …), by keyword, or as a dict of names.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
        >>> params, state = net.init(jax.random.key(0))
        >>> y, state = net.apply(params, state, jnp.ones((3, 4)))
        >>> y.shape, sorted(params)
        ((3, 2), ['0', '2'])
    """

    def __init__(self, *layers: Layer | Mapping[str, Layer], **named: Layer) -> None:
        if len(layers) == 1 and isinstance(layers[0], Mapping):
            named = {**layers[0], **named}
        elif layers and named:
            raise InputError("Sequential: give layers by position or by name.")
        else:
            named = named or {str(i): layer for i, layer in enumerate(layers)}  # type: ignore[misc]
        for name, layer in named.items():
            add_child(self, name, layer)

    def forward(self, x: Any) -> Any:
        for layer in self:
            x = layer(x)
        return x

    def __len__(self) -> int:
        return len(self._named_layers())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._named_layers().values())

    def __getitem__(self, index: int | slice) -> Any:
        layers = list(self._named_layers().items())
        if isinstance(index, slice):
            return Sequential(dict(layers[index]))
        return layers[index][1]
