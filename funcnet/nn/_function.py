"""The base of layers that are settings around one function."""

import dataclasses
from collections.abc import Callable
from typing import Any, ClassVar

from funcnet._types import Params, State
from funcnet.nn._base import Layer, Mode


@dataclasses.dataclass(frozen=True, repr=False)
class FunctionLayer(Layer):
    """A layer without parameters: a function of the inputs and the settings.

    `class ELU(FunctionLayer, function=F.elu)` calls `F.elu` with the inputs and, by
    their names, with the settings. A layer that is more than that writes `forward`.
    """

    _function: ClassVar[Callable[..., Any]]

    def __init_subclass__(
        cls, function: Callable[..., Any] | None = None, **options: Any
    ) -> None:
        super().__init_subclass__(**options)
        if function is not None:
            cls._function = staticmethod(function)

    def forward(self, *inputs: Any, **changes: Any) -> Any:
        """Compute the output from the inputs and the settings, or changed ones."""
        function, settings = self.function_and_settings()
        return function(*inputs, **settings | changes)

    def function_and_settings(self) -> tuple[Callable[..., Any], dict[str, Any]]:
        """What is called: the function, and its arguments beside the inputs."""
        names = [field.name for field in dataclasses.fields(self)]
        return self._function, {name: getattr(self, name) for name in names}

    def compute(self, params: Params, *inputs: Any, **options: Any) -> Any:
        return self.forward(*inputs, **options)


class RandomFunctionLayer(FunctionLayer):
    """A function layer that draws in training, with the key it is given."""

    def _run(
        self, mode: Mode, params: Params, state: State, *inputs: Any, **options: Any
    ) -> tuple[Any, State]:
        drawing = {"training": mode.train, "key": mode.key}
        return self.forward(*inputs, **options, **drawing), state

    def draws(self, train: bool) -> bool:
        return train
