"""What files of layers share, as `torch.nn.modules.utils`."""

import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from funcnet._homes import home_of
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.module import Module


def _public_modules(namespace: Mapping[str, Any]) -> list[str]:
    """The modules that a file of layers defines: what it shows in its `__all__`."""
    return [
        name
        for name, member in namespace.items()
        if isinstance(member, type)
        and issubclass(member, Module)
        and home_of(member) == namespace["__name__"]
        and not name.startswith("_")
    ]


def _ntuple(n: int, name: str = "parse") -> Callable[[Any], tuple[Any, ...]]:
    """A function that repeats one value `n` times and leaves several as they are."""

    def parse(x: object) -> tuple[Any, ...]:
        return tuple(x) if isinstance(x, Iterable) else tuple(itertools.repeat(x, n))

    parse.__name__ = name
    return parse


_single = _ntuple(1, "_single")
_pair = _ntuple(2, "_pair")
_triple = _ntuple(3, "_triple")
_quadruple = _ntuple(4, "_quadruple")


def _reverse_repeat_tuple(t: Tensor, n: int) -> tuple[Any, ...]:
    """The elements in reverse order, each `n` times."""
    return tuple(x for x in reversed(t) for _ in range(n))


def _list_with_default(out_size: Any, defaults: list[int]) -> Any:
    """A size with defaults, counted from the end, where it has None."""
    if isinstance(out_size, int):
        return out_size
    if len(defaults) <= len(out_size):
        raise ValueError(f"Input dimension should be at least {len(out_size) + 1}")
    last = defaults[-len(out_size) :]
    return [d if n is None else n for n, d in zip(out_size, last, strict=True)]


def consume_prefix_in_state_dict_if_present(
    state_dict: dict[str, Any], prefix: str
) -> None:
    """Remove a prefix such as "module." from the names of a state, in place.

    Example:
        >>> import funcnet.compat as torch
        >>> state = {"module.weight": 1}
        >>> torch.nn.modules.utils.consume_prefix_in_state_dict_if_present(
        ...     state, "module."
        ... )
        >>> state
        {'weight': 1}
    """
    for name in list(state_dict):
        if name.startswith(prefix):
            state_dict[name.removeprefix(prefix)] = state_dict.pop(name)
    metadata: Any = getattr(state_dict, "_metadata", {})
    for name in list(metadata):
        if name and (name + ".").startswith(prefix):
            metadata[name[len(prefix) :]] = metadata.pop(name)


__all__ = [
    "consume_prefix_in_state_dict_if_present",
]
