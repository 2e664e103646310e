"""The contract of every layer: a frozen description with `init` and `apply`."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Self

from funcnet._errors import InputTypeError
from funcnet._types import DTypeLike, Key, Params, State
from funcnet.nn._summary import Summary, summary

__all__ = ["Layer"]

Observer = Callable[[str, Any, Any], None]
"""Called with the path, the inputs and the output of each layer that runs."""


class Mode(NamedTuple):
    """How a layer is applied: with which key, in training or not, who looks on."""

    key: Key | None = None
    train: bool = False
    observe: Observer | None = None


class Layer:
    """A description of a function with parameters.

    A layer holds settings, never arrays. It is printable, comparable and hashable, so
    an equal layer built again does not make `jax.jit` trace again.

    A leaf is a frozen dataclass, or a subclass of one that adds no settings. One with
    parameters implements `init`, and `compute`, which `apply` calls; one that has a
    state, draws, or differs in training implements `apply` itself. A composite is a
    `Model`, which implements `forward`.
    """

    def init(self, key: Key) -> tuple[Params, State]:
        """Draw the parameters and make the initial state, PyTorch's defaults.

        Returns `(params, state)`: nested dicts of arrays, empty where there are none.
        The same key gives the same arrays.
        """
        del key
        return {}, {}

    def apply(
        self,
        params: Params,
        state: State,
        *inputs: Any,
        key: Key | None = None,
        train: bool = False,
        **options: Any,
    ) -> tuple[Any, State]:
        """Compute `(output, new_state)`; a pure function of its arguments."""
        return self._run(Mode(key, train), params, state, *inputs, **options)

    def _run(
        self, mode: Mode, params: Params, state: State, *inputs: Any, **options: Any
    ) -> tuple[Any, State]:
        """`apply`: of a layer whose output depends on parameters and inputs alone."""
        del mode
        return self.compute(params, *inputs, **options), state

    def compute(self, params: Params, *inputs: Any, **options: Any) -> Any:
        """Compute the output from the parameters and the inputs."""
        raise NotImplementedError(f"{type(self).__name__} implements no compute")

    def draws(self, train: bool) -> bool:
        """Return whether `apply` needs a key in this mode."""
        del train
        return False

    def children(self) -> dict[str, "Layer"]:
        """The layers inside this one, by name; none for a leaf."""
        return {}

    def walk(self, path: str = "") -> Iterator[tuple[str, "Layer"]]:
        """Yield `(path, layer)` for this layer and all inside it, parents first.

        Example:
            >>> from funcnet import nn
            >>> [path for path, _ in nn.Sequential(nn.Linear(2, 3), nn.ReLU()).walk()]
            ['', '0', '1']
        """
        yield path, self
        for name, child in self.children().items():
            yield from child.walk(f"{path}.{name}" if path else name)

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some settings changed.

        Example:
            >>> from funcnet import nn
            >>> nn.Linear(2, 3).replace(bias=False)
            Linear(2, 3, bias=False)
        """
        return dataclasses.replace(self, **changes)  # type: ignore[type-var]

    def summary(self, *input_shapes: Any, train: bool = False) -> Summary:
        """Return a table of layers: output shapes, parameters, multiply-adds.

        `input_shapes` are the shapes of the inputs, batch dimension included; an input
        that is not float32 is given as a `jax.ShapeDtypeStruct`. Nothing is computed:
        shapes come from tracing. Multiply-adds are those of convolutions and products
        of matrices, as torchvision publishes them. The numbers are attributes too:
        `params`, `mult_adds` and the `rows`.

        Example:
            >>> from funcnet import nn
            >>> print(nn.Sequential(nn.Linear(2, 3), nn.ReLU()).summary((5, 2)))
            ===================================================
            Layer (name: type)  Output shape  Params  Mult-adds
            ===================================================
            Sequential          [5, 3]            --         --
            ├─0: Linear         [5, 3]             9         30
            ├─1: ReLU           [5, 3]            --         --
            ===================================================
            Total params: 9
            Trainable params: 9
            Non-trainable params: 0
            Total mult-adds: 30
            ===================================================
            Input size (MB): 0.00
            Forward pass size (MB): 0.00
            Params size (MB): 0.00
            Estimated total size (MB): 0.00
            ===================================================
        """
        return summary(self, input_shapes, train)

    def _observed(
        self, observe: Observer, params: Params, state: State, *inputs: Any, **mode: Any
    ) -> tuple[Any, State]:
        """Do as `apply`, and call `observe` for each layer that runs."""
        output, new_state = self.apply(params, state, *inputs, **mode)
        observe("", inputs, output)
        return output, new_state

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Refuse: a description has no arrays to compute with."""
        name = type(self).__name__
        raise InputTypeError(
            f"this {name} is a description and holds no parameters. Write\n"
            f"    params, state = layer.init(jax.random.key(0))\n"
            f"    y, state = layer.apply(params, state, x)\n"
            f"or make it an attribute in __init__ of an nn.Model (self.layer = "
            f"nn.{name}(...)) and call it in forward: self.layer(x)."
        )

    # Also of subclasses that are no dataclasses of their own.
    def __setattr__(self, name: str, value: Any) -> None:
        raise dataclasses.FrozenInstanceError(
            f"{type(self).__name__}.{name} cannot be set: a layer is frozen. Use "
            f"layer.replace({name}=...) for a changed copy."
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.settings()})"

    def settings(self) -> str:
        """The settings as they would be written: required ones and changed ones."""
        parts = []
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if field.default is dataclasses.MISSING:
                parts.append(repr(value))
            elif value != field.default:
                parts.append(f"{field.name}={_show(value)}")
        return ", ".join(parts)


class Composite(Layer):
    """A layer that runs layers; in a call it stands for itself, bound to arrays."""

    def _bound_to(self, binding: Any) -> Any:
        raise NotImplementedError

    def _observed(
        self, observe: Observer, params: Params, state: State, *inputs: Any, **mode: Any
    ) -> tuple[Any, State]:
        return self._run(Mode(observe=observe, **mode), params, state, *inputs)


def _show(value: Any) -> str:
    """Write a setting: dtypes and functions by their names."""
    return getattr(value, "__name__", None) or repr(value)


@dataclasses.dataclass(frozen=True, repr=False)
class ParametricLayer(Layer):
    """A leaf whose parameters are made with the dtype `dtype`."""

    dtype: DTypeLike = dataclasses.field(default="float32", kw_only=True)
