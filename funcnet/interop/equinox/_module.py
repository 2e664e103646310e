"""The class of the modules that `to_equinox` makes; imports Equinox."""

from typing import Any

import equinox as eqx

from funcnet._errors import InputError
from funcnet._types import Key, Params, State
from funcnet.nn import Layer


class EquinoxModel(eqx.Module):
    """The module of a funcnet model, as `to_equinox` makes it."""

    layer: Layer = eqx.field(static=True)
    params: Params
    index: eqx.nn.StateIndex | None
    inference: bool

    def __init__(self, layer: Layer, params: Params, state: State | None) -> None:
        self.layer = layer
        self.params = params
        self.index = eqx.nn.StateIndex(state) if state else None
        self.inference = False  # set by equinox.nn.inference_mode

    def __call__(
        self,
        *inputs: Any,
        key: Key | None = None,
        inference: bool | None = None,
        **options: Any,
    ) -> Any:
        """Compute the output, and the new `equinox.nn.State` if the last input is one.

        Raises:
            InputError: the model has a state and none is given.
        """
        train = not (self.inference if inference is None else inference)
        *rest, last = inputs
        states = last if isinstance(last, eqx.nn.State) else None
        if self.index is None:
            kept: State = {}
        elif states is None:
            raise InputError(
                "this model has a state. Write\n"
                "    make = equinox.nn.make_with_state(to_equinox)\n"
                "    module, state = make(model, params, state)\n"
                "    y, state = module(x, state)"
            )
        else:
            kept = states.get(self.index)
        y, new = self.layer.apply(
            self.params,
            kept,
            *(inputs if states is None else rest),
            key=key,
            train=train,
            **options,
        )
        if states is None:
            return y
        return y, states.set(self.index, new) if self.index and train else states
