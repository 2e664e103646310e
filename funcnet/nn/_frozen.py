"""Frozen parameters: those of a layer that are not differentiated."""

import dataclasses
from functools import lru_cache
from typing import Any

import jax

from funcnet import tree
from funcnet._errors import InputError
from funcnet._types import Key, Params, State
from funcnet.nn._base import Composite, Layer, Mode
from funcnet.nn._binding import Binding, run

__all__ = ["Frozen"]

Patterns = tree.Pattern | tuple[tree.Pattern, ...]


@dataclasses.dataclass(frozen=True, repr=False)
class Frozen(Composite):
    """A layer whose parameters are frozen by path, as by `requires_grad = False`.

    Frozen parameters are in the state under their names, and `params` has the others.
    So a gradient is never computed of them, an optimizer keeps nothing for them, and
    clipping by norm does not count them. The layer computes what it computes without.
    `tree.merge(params, state)` is the whole, as a `state_dict` has it.

    As in PyTorch a frozen batch norm goes on to update its statistics in training.

    Args:
        layer: the layer or model.
        paths: which parameters are frozen: globs on their dotted paths (`"layer1.*"`;
            `*` matches dots too) or functions from path to bool; one or a tuple.
        but: which of these are not.

    Raises:
        InputError: at `init`, if a pattern fits no parameter.

    Example:
        >>> import jax
        >>> from funcnet import nn, tree
        >>> net = nn.Sequential(body=nn.Linear(4, 8), head=nn.Linear(8, 2))
        >>> params, state = nn.Frozen(net, "*", but="head.*").init(jax.random.key(0))
        >>> tree.paths(params), tree.paths(state)
        (['head.bias', 'head.weight'], ['body.bias', 'body.weight'])
    """

    layer: Layer
    paths: Patterns = "*"
    but: Patterns = ()

    def init(self, key: Key) -> tuple[Params, State]:
        params, state = self.layer.init(key)
        frozen = _frozen_names(self)
        frozen_params, learned = tree.partition(params, frozen.__contains__)
        return learned, tree.merge(state, frozen_params)

    def _run(
        self, mode: Mode, params: Params, state: State, *inputs: Any, **options: Any
    ) -> tuple[Any, State]:
        return run(self, mode, params, state, *inputs, **options)

    def _bound_to(self, binding: Binding) -> Any:
        frozen = binding.call.set_aside(binding, _frozen_names(self))
        whole = tree.merge(binding.params, frozen)
        return dataclasses.replace(binding, layer=self.layer, params=whole).bind()

    def children(self) -> dict[str, Layer]:
        return self.layer.children()


@lru_cache
def _frozen_names(layer: Frozen) -> frozenset[str]:
    """The paths of the parameters that are frozen."""
    shapes, _ = jax.eval_shape(layer.layer.init, jax.random.key(0))
    names = tree.paths(shapes)
    frozen, learned = (_fitting(p, names) for p in (layer.paths, layer.but))
    return frozen - learned


def _fitting(patterns: Patterns, names: list[str]) -> frozenset[str]:
    fitting: set[str] = set()
    for pattern in patterns if isinstance(patterns, tuple) else (patterns,):
        fits = [name for name in names if tree.matches(pattern, name)]
        if not fits:
            raise InputError(
                f"Frozen: the pattern {tree.shown(pattern)} fits no parameter; there "
                f"are {', '.join(names) or 'none'}."
            )
        fitting.update(fits)
    return frozenset(fitting)
