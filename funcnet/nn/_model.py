"""`nn.Model`: a PyTorch class body that is frozen once built.

`apply` binds a copy of the description to one call's params, state and key, runs
`forward` on it, and collects the new state. The function stays pure: what is written
during the call lives in the call's own dicts.
"""

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, Self

import jax
import numpy as np

from funcnet._errors import InputError, InputTypeError, locate
from funcnet._types import Array, DTypeLike, Initializer, Key, Params, Shape, State
from funcnet.nn._base import Composite, Layer, Mode
from funcnet.nn._binding import Binding, run
from funcnet.nn._redraw import redraw

__all__ = ["Buffer", "Model", "ModuleDict", "ModuleList", "Parameter"]


@dataclasses.dataclass(frozen=True)
class _Slot:
    """An array that belongs to a model itself."""

    shape: Shape
    init: Initializer
    options: tuple[tuple[str, Any], ...]
    dtype: DTypeLike

    def make(self, key: Key) -> Array:
        return self.init(key, self.shape, **dict(self.options), dtype=self.dtype)


class Parameter(_Slot):
    """A parameter that a model holds itself: its shape and how it is drawn.

    Inside `forward` the attribute is the array; in params it stands under its name.

    Args:
        shape: the array's shape.
        init: a function of `funcnet.init`.
        options: keyword arguments of `init`.

    Example:
        >>> from funcnet import init, nn
        >>> class Scale(nn.Model):
        ...     def __init__(self, width):
        ...         self.scale = nn.Parameter((width,), init.normal, std=0.02)
        ...     def forward(self, x):
        ...         return x * self.scale
    """

    def __init__(
        self,
        shape: Shape,
        init: Initializer,
        *,
        dtype: DTypeLike = "float32",
        **options: Any,
    ) -> None:
        super().__init__(tuple(shape), init, tuple(sorted(options.items())), dtype)


class Buffer(Parameter):
    """An array of a model's state: read as an attribute, written by assignment.

    Takes the arguments of `Parameter`. Assign in `forward` (`self.count =
    self.count + 1`) and the new value is in the state that `apply` returns.
    """


class _FreezeAfterInit(type):
    """Freezes an object when the outermost `__init__` has returned."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        model = super().__call__(*args, **kwargs)
        model._freeze()
        return model


class Model(Composite, metaclass=_FreezeAfterInit):
    """A layer made of layers: write it as a PyTorch class, use it as two functions.

    `__init__` sets hyper-parameters and children (layers, and lists and dicts of them,
    which become `ModuleList` and `ModuleDict`); `forward` calls them. Once built the
    model is frozen: it holds settings only, compares and hashes by them.

    Inside `forward`, `self.child(x)` runs a child with its parameters, its state and a
    key of its own; `self.child.weight` is its array; `self.training` is the mode;
    `self.next_key()` draws a key. In the body of `jax.lax.scan`, `vmap` or
    `jax.checkpoint` a child that draws takes its key as `self.child(x, key=key)`.

    Raises:
        InputTypeError: an attribute is an array or is not hashable, or a model that is
            not bound is called.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import functional as F, nn
        >>> class Net(nn.Model):
        ...     def __init__(self, hidden=64):
        ...         self.fc1 = nn.Linear(20, hidden)
        ...         self.fc2 = nn.Linear(hidden, 10)
        ...     def forward(self, x):  # (batch, 20) -> (batch, 10)
        ...         return self.fc2(F.relu(self.fc1(x)))
        >>> net = Net()
        >>> params, state = net.init(jax.random.key(0))
        >>> y, state = net.apply(params, state, jnp.ones((2, 20)))
        >>> y.shape
        (2, 10)
    """

    def forward(self, *inputs: Any, **options: Any) -> Any:
        """Compute the output; written by the subclass."""
        raise NotImplementedError(f"{type(self).__name__} has no forward method")

    def init(self, key: Key) -> tuple[Params, State]:
        _refuse_shared_layers(self)
        params: dict[str, Any] = {}
        state: dict[str, Any] = {}
        parts = self._parts()
        keys = jax.random.split(key, max(len(parts), 1))
        for (name, part), part_key in zip(parts.items(), keys, strict=False):
            if isinstance(part, Layer):
                part_params, part_state = part.init(part_key)
                if part_params:
                    params[name] = part_params
                if part_state:
                    state[name] = part_state
            elif isinstance(part, Buffer):
                state[name] = part.make(part_key)
            else:
                params[name] = part.make(part_key)
        if type(self)._reset_parameters is not Model._reset_parameters:
            redraw(self, params, key)
        return params, state

    def _reset_parameters(self) -> None:
        """Draw parameters by another rule than their layers'; `init` calls it last.

        Written by the subclass, and read as in a PyTorch class: `self.modules()` gives
        the layers, parents first, for `isinstance`, and a parameter is drawn by
        `layer.weight.draw(init.normal, std=0.02)`.
        """

    def _run(
        self, mode: Mode, params: Params, state: State, *inputs: Any, **options: Any
    ) -> tuple[Any, State]:
        return run(self, mode, params, state, *inputs, **options)

    def children(self) -> dict[str, Layer]:
        layers = self._parts().items()
        return {name: part for name, part in layers if isinstance(part, Layer)}

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some attributes changed; a new head, for example.

        Example:
            >>> from funcnet import nn
            >>> net = nn.Sequential(body=nn.Linear(4, 8), head=nn.Linear(8, 10))
            >>> net.replace(head=nn.Linear(8, 2)).children()["head"]
            Linear(8, 2)
        """
        for name in changes:
            if name not in vars(self):
                raise InputError(
                    f"{type(self).__name__} has no attribute {name!r}; it has "
                    f"{', '.join(self._attributes())}."
                )
        model = object.__new__(type(self))
        vars(model).update(self._attributes() | changes)
        model._freeze()
        return model

    @property
    def training(self) -> bool:
        """Inside `forward`: whether `apply` was called with `train=True`."""
        return self._bound().call.train

    def next_key(self) -> Key:
        """Inside `forward`: a random key of its own for each call."""
        bound = self._bound()
        return bound.call.next_key(bound.path or type(self).__name__)

    def __call__(self, *inputs: Any, key: Key | None = None, **options: Any) -> Any:
        binding: Binding | None = vars(self).get("_binding")
        if binding is None:
            return super().__call__(*inputs)
        if key is not None:
            return binding.rekeyed(key).bind()(*inputs, **options)
        observe = binding.call.observe
        # Named for the summary, which asks where a product is.
        scope = jax.named_scope(binding.path) if observe else contextlib.nullcontext()
        try:
            with scope:
                output = self.forward(*inputs, **options)
        except Exception as error:
            if binding.path:
                locate(error, binding.path, type(self).__name__)
            raise
        if observe:
            observe(binding.path, inputs, output)
        return output

    # The description: attributes, frozen.

    def _attributes(self) -> dict[str, Any]:
        return {k: v for k, v in vars(self).items() if k not in _PRIVATE}

    def _named_layers(self) -> dict[str, Any]:
        """The children by name: in a call, those that are bound to their arrays."""
        binding: Binding | None = vars(self).get("_binding")
        names = (self if binding is None else binding.layer).children()
        return {name: vars(self)[name] for name in names}

    def _parts(self) -> dict[str, Layer | _Slot]:
        parts = self._attributes().items()
        return {k: v for k, v in parts if isinstance(v, Layer | _Slot)}

    def _freeze(self) -> None:
        for name, value in list(vars(self).items()):
            if name not in _PRIVATE:
                vars(self)[name] = _freeze(value, f"{type(self).__name__}.{name}")
        vars(self)["_frozen"] = True

    def __setattr__(self, name: str, value: Any) -> None:
        binding: Binding | None = vars(self).get("_binding")
        if binding is not None and isinstance(vars(binding.layer).get(name), Buffer):
            binding.call.check_writable(f"{type(self).__name__}.{name}")
            binding.state[name] = vars(self)[name] = value
        elif binding is None and "_frozen" not in vars(self):
            object.__setattr__(self, name, value)
        else:
            raise InputTypeError(
                f"{type(self).__name__}.{name} cannot be set: a model is frozen once "
                f"built. Use model.replace({name}=...) for a changed copy, and an "
                "nn.Buffer for a value that forward updates."
            )

    def __delattr__(self, name: str) -> None:
        if "_frozen" in vars(self):
            raise InputTypeError(
                f"{type(self).__name__}.{name} cannot be deleted: a model is frozen."
            )
        super().__delattr__(name)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other):
            return NotImplemented
        return self._attributes() == other._attributes()

    def __hash__(self) -> int:
        # Computed once: jit hashes the model at every call.
        if "_hash" not in vars(self):
            attributes = tuple(self._attributes().items())
            vars(self)["_hash"] = hash((type(self), attributes))
        return vars(self)["_hash"]

    def __getstate__(self) -> dict[str, Any]:
        # A hash holds only in the process that computed it.
        return {k: v for k, v in vars(self).items() if k != "_hash"}

    def __repr__(self) -> str:
        children = self.children()
        if not children:
            return f"{type(self).__name__}({self.settings()})"
        lines = [f"{type(self).__name__}({self.settings()}"]
        for name, child in children.items():
            shown = repr(child).replace("\n", "\n  ")
            lines.append(f"  ({name}): {shown}")
        return "\n".join([*lines, ")"])

    def settings(self) -> str:
        attributes = self._attributes().items()
        return ", ".join(
            f"{name}={value!r}"
            for name, value in attributes
            if not isinstance(value, Layer | _Slot) and not name.startswith("_")
        )

    # The bound copy: children are callables, parameters are arrays.

    def _bound_to(self, binding: Binding) -> Self:
        bound = object.__new__(type(self))
        attributes = dict(vars(self))
        for name, part in self._parts().items():
            if isinstance(part, Layer):
                attributes[name] = binding.child(name, part)
            else:
                arrays = binding.state if isinstance(part, Buffer) else binding.params
                if name not in arrays:
                    collection = "state" if isinstance(part, Buffer) else "params"
                    path = f"{binding.path}.{name}" if binding.path else name
                    raise InputError(
                        f"{path}: {collection} hold no such array; there are "
                        f"{', '.join(arrays) or 'none'}. Use what init returned, or a "
                        "checkpoint of the same model."
                    )
                attributes[name] = arrays[name]
        attributes["_binding"] = binding
        vars(bound).update(attributes)
        return bound

    def _bound(self) -> Binding:
        binding: Binding | None = vars(self).get("_binding")
        if binding is None:
            raise InputTypeError(
                f"{type(self).__name__} knows its mode and keys only inside forward."
            )
        return binding


_PRIVATE = ("_frozen", "_hash", "_binding")


class ModuleList(Model):
    """Layers in a row, to be indexed and iterated in a model's `forward`.

    A list of layers set as an attribute becomes one. Children are named "0", "1", ….

    Example:
        >>> from funcnet import nn
        >>> len(nn.ModuleList([nn.Linear(2, 2), nn.ReLU()]))
        2
    """

    def __init__(self, modules: Any = ()) -> None:
        for index, layer in enumerate(modules):
            vars(self)[str(index)] = _require_layer(layer, f"ModuleList[{index}]")

    def forward(self, *inputs: Any, **options: Any) -> Any:
        raise InputTypeError(
            "a ModuleList cannot be called; loop over it: for layer in self.layers."
        )

    def _items(self) -> list[Any]:
        return list(self._named_layers().values())

    def __len__(self) -> int:
        return len(self._items())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items())

    def __getitem__(self, index: int | slice) -> Any:
        return self._items()[index]


class ModuleDict(Model):
    """Layers by name, to be looked up in a model's `forward`.

    A dict of layers set as an attribute becomes one.

    Example:
        >>> from funcnet import nn
        >>> list(nn.ModuleDict({"relu": nn.ReLU(), "tanh": nn.Tanh()}))
        ['relu', 'tanh']
    """

    def __init__(self, modules: Mapping[str, Layer] | None = None) -> None:
        for name, layer in (modules or {}).items():
            add_child(self, name, layer)

    def forward(self, *inputs: Any, **options: Any) -> Any:
        raise InputTypeError(
            "a ModuleDict cannot be called; look a layer up: self.layers[name](x)."
        )

    def __len__(self) -> int:
        return len(self._named_layers())

    def __iter__(self) -> Iterator[str]:
        return iter(self._named_layers())

    def __contains__(self, name: str) -> bool:
        return name in self._named_layers()

    def __getitem__(self, name: str) -> Any:
        return self._named_layers()[name]

    def keys(self) -> list[str]:
        return list(self._named_layers())

    def values(self) -> list[Any]:
        return list(self._named_layers().values())

    def items(self) -> list[tuple[str, Any]]:
        return list(self._named_layers().items())


class _FrozenDict(dict[str, Any]):
    """A dict among a model's hyper-parameters: hashable, not to be changed."""

    def __hash__(self) -> int:
        return hash(frozenset(self.items()))

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise InputTypeError("a model's settings cannot be changed; use model.replace.")

    __setitem__ = __delitem__ = pop = popitem = clear = update = setdefault = _refuse
    __ior__ = _refuse

    def __reduce__(self) -> Any:
        return type(self), (dict(self),)


def add_child(model: Model, name: str, layer: Any) -> None:
    """Set a child under a name that need not be an identifier."""
    if not isinstance(name, str) or not name or "." in name or hasattr(Model, name):
        raise InputError(
            f"{type(model).__name__}: {name!r} cannot be a layer's name; names are "
            "non-empty strings without dots that are no methods of a model."
        )
    vars(model)[name] = _require_layer(layer, f"{type(model).__name__}[{name!r}]")


def _require_layer(layer: Any, where: str) -> Layer:
    if not isinstance(layer, Layer):
        raise InputTypeError(
            f"{where} is {layer!r} ({type(layer).__name__}), a layer is needed. "
            "A class needs its parentheses: nn.ReLU()."
        )
    return layer


def _freeze(value: Any, path: str) -> Any:
    """Make an attribute immutable and hashable, or say why it cannot be."""
    if isinstance(value, list | tuple) and any(isinstance(v, Layer) for v in value):
        return ModuleList(value)
    if isinstance(value, dict) and any(isinstance(v, Layer) for v in value.values()):
        return ModuleDict(value)
    if isinstance(value, jax.Array | np.ndarray):
        raise InputTypeError(
            f"{path} is an array; a model holds settings only. Write "
            f"nn.Parameter({tuple(value.shape)}, init.…) for what is learned and "
            "nn.Buffer(…) for what is not, or make a constant inside forward."
        )
    if isinstance(value, list):
        return tuple(_freeze(v, f"{path}[{i}]") for i, v in enumerate(value))
    if isinstance(value, tuple) and type(value) is tuple:
        return tuple(_freeze(v, f"{path}[{i}]") for i, v in enumerate(value))
    if isinstance(value, dict):
        return _FrozenDict({k: _freeze(v, f"{path}[{k!r}]") for k, v in value.items()})
    if isinstance(value, set):
        return frozenset(value)
    if isinstance(value, type) and issubclass(value, Layer):
        return value
    try:
        hash(value)
    except TypeError:
        raise InputTypeError(
            f"{path} is a {type(value).__name__}, which is not hashable; a model's "
            "attributes are layers and plain settings."
        ) from None
    return value


def _refuse_shared_layers(model: Model) -> None:
    """Refuse one layer object at two places: PyTorch would share its weights."""
    seen: dict[int, str] = {}
    for path, layer in model.walk():
        first = seen.setdefault(id(layer), path)
        if first != path and any(jax.eval_shape(layer.init, jax.random.key(0))):
            raise InputError(
                f"{type(model).__name__}: the same {type(layer).__name__} object is at "
                f"{first!r} and at {path!r}. PyTorch would share its weights; here "
                f"each place has its own. To share, call one of them twice in forward; "
                "otherwise build a layer for each place."
            )
