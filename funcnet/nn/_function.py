"""The base of layers that are settings around one function."""

from dataclasses import dataclass
from typing import Any

from funcnet._types import Key, Params, State
from funcnet.nn._base import Layer


@dataclass(frozen=True, repr=False)
class FunctionLayer(Layer):
    """A layer with no parameters, no state, no key and one way to run.

    A subclass implements `compute`.
    """

    def compute(self, *inputs: Any, **options: Any) -> Any:
        """Compute the output from the inputs and the settings."""
        raise NotImplementedError(f"{type(self).__name__} implements no compute")

    def apply(
        self,
        params: Params,
        state: State,
        *inputs: Any,
        key: Key | None = None,
        train: bool = False,
        **options: Any,
    ) -> tuple[Any, State]:
        return self.compute(*inputs, **options), state
