"""Layers of `funcnet.nn` as modules: their settings, mathematics and parameters.

A module of this kind holds the parameters; what it computes is its description's
`apply`, recorded as one operation.
"""

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

import jax

from funcnet._errors import InputError, InputTypeError
from funcnet.compat import _dtypes
from funcnet.compat._call import Op
from funcnet.compat._graph import record
from funcnet.compat._help import explain_keyword
from funcnet.compat._modes import modes, no_grad
from funcnet.compat._ops import FUNCTIONS
from funcnet.compat._random_key import key_or_mask, next_key
from funcnet.compat._template import NO_KEYWORDS, frozen
from funcnet.compat._tensor import Tensor, apply_op, as_value, finish, is_input
from funcnet.compat.nn.modules._wording import in_pytorchs_words
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.parameter import Parameter
from funcnet.nn import Layer


class NativeModule(Module):
    """A module whose mathematics is that of a layer of `funcnet.nn`.

    Attributes:
        native_class: the layer's class.
        shown: the settings that are printed, by name; those in `bare` without it.
        optional: parameters that are None where a setting switches them off;
        optional_first: they come before the others.
        has_inplace: whether there is an argument `inplace`, after all others.
        is_plain: whether its `forward` does nothing but run the layer.
    """

    native_class: ClassVar[type[Layer]]
    shown: ClassVar[str] = ""
    bare: ClassVar[str] = ""
    optional: ClassVar[tuple[str, ...]] = ()
    optional_first: ClassVar[bool] = False
    has_inplace: ClassVar[bool] = False
    is_plain: ClassVar[bool] = True
    inplace: bool = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        ours = cls.__module__.startswith("funcnet.compat.nn.modules.")
        if not ours or ("forward" in vars(cls) and "is_plain" not in vars(cls)):
            cls.is_plain = False

    def __init__(
        self, *args: Any, device: Any = None, dtype: Any = None, **kwargs: Any
    ) -> None:
        super().__init__()
        args = self._take_inplace(args, kwargs)
        try:
            native = self.native_class(*args, **kwargs)
        except InputTypeError as error:
            raise TypeError(str(error)) from None
        except InputError as error:
            raise ValueError(str(error)) from None
        except TypeError as error:
            inplace = ("inplace",) if self.has_inplace else ()
            known = (*_settings(self.native_class), "device", "dtype", *inplace)
            explain_keyword(error, known)
            raise
        given = dict(zip(_settings(self.native_class), args, strict=False)) | kwargs
        self._hold(native, device, dtype, given)
        self.reset_parameters()

    def _take_inplace(self, args: tuple[Any, ...], kwargs: Any) -> tuple[Any, ...]:
        if not self.has_inplace:
            return args
        places = len(_settings(self.native_class))
        if len(args) > places:
            kwargs["inplace"] = args[places]
        self.__dict__["inplace"] = bool(kwargs.pop("inplace", False))
        return args[:places]

    def _hold(
        self, native: Layer, device: Any, dtype: Any, given: dict[str, Any]
    ) -> None:
        """Keep a description: settings become attributes, arrays are registered."""
        self.__dict__["_native"] = interned(native)
        params, state = members(native)
        for name in _settings(type(native)):
            if name not in params and name not in self.optional:
                value = given.get(name, getattr(native, name))
                self.__dict__[name] = self._setting(name, value)
        kind = dtype or _dtypes.get_default_dtype()
        in_order = [*self.optional, *params] if self.optional_first else [*params]
        for name in dict.fromkeys([*in_order, *self.optional]):
            if isinstance(params.get(name), dict):
                continue  # a child's, which the subclass makes
            shape = params[name].shape if name in params else None
            empty = (
                None
                if shape is None
                else Parameter(FUNCTIONS["zeros"](shape, dtype=kind, device=device))
            )
            self.register_parameter(name, empty)
        for name, struct in state.items():
            integer = not jax.numpy.issubdtype(struct.dtype, jax.numpy.floating)
            made = FUNCTIONS["zeros"](
                struct.shape, dtype=_dtypes.int64 if integer else kind, device=device
            )
            self.register_buffer(name, made)

    def _setting(self, name: str, value: Any) -> Any:
        """A setting as PyTorch's module shows it."""
        del name
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        native = self.__dict__.get("_native")
        if native is not None and name in _settings(type(native.layer)):
            if name in self._parameters or name == "bias":
                return
            self.__dict__["_native"] = interned(native.layer.replace(**{name: value}))

    def reset_parameters(self) -> None:
        """Draw the parameters anew, as PyTorch does."""

    def forward(self, *inputs: Any, **named: Any) -> Any:
        """Compute the layer's output."""
        if named and "input" in named:
            inputs = (named.pop("input"), *inputs)
        return apply_native(self, self._native.layer, inputs, named)

    def extra_repr(self) -> str:
        """The settings, as PyTorch prints them."""
        parts = [f"{getattr(self, name)}" for name in self.bare.split()]
        parts += [f"{name}={getattr(self, name)}" for name in self.shown.split()]
        if self.has_inplace and self.inplace:
            parts.append("inplace=True")
        return ", ".join(parts)


# What PyTorch calls the `grad_fn` of layers whose name does not say it.
_GRAD_NAMES = {
    "BatchNorm1d": "NativeBatchNormBackward0",
    "BatchNorm2d": "NativeBatchNormBackward0",
    "BatchNorm3d": "NativeBatchNormBackward0",
    "Conv1d": "ConvolutionBackward0",
    "Conv2d": "ConvolutionBackward0",
    "Conv3d": "ConvolutionBackward0",
    "LayerNorm": "NativeLayerNormBackward0",
    "Linear": "AddmmBackward0",
    "MaxPool2d": "MaxPool2DWithIndicesBackward0",
    "ReLU": "ReluBackward0",
}


class Interned:
    """One object for all equal descriptions: comparing it costs nothing."""

    __slots__ = ("draws", "layer", "names", "op")

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.draws = (layer.draws(False), layer.draws(True))
        self.names: tuple[frozenset[str], ...] = ()
        name = type(layer).__name__
        self.op = Op(name, functools.partial(run_layer, layer), _GRAD_NAMES.get(name))

    def members_of(
        self, module: Module, prefix: str = ""
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """A module's parameters and buffers, by the names they have in the layer."""
        params = named_members(module, "_parameters")
        state = named_members(module, "_buffers")
        if prefix:
            params = {prefix + name: p for name, p in params.items()}
        if not self.names:
            found = members(self.layer)
            self.names = tuple(frozenset(name for name, _ in _flat(t)) for t in found)
        if params.keys() <= self.names[0] and state.keys() <= self.names[1]:
            return params, state
        # What is computed from other tensors is an attribute and no member: a weight
        # that is parametrized or normalised. A bias may have been assigned later.
        optional = () if prefix else getattr(module, "optional", ())
        learned = self.names[0].union(optional)
        return _attributes(module, learned), _attributes(module, self.names[1])


def _attributes(module: Module, names: Iterable[str]) -> dict[str, Any]:
    found = {}
    for name in sorted(names):
        *path, last = name.split(".")
        place: Any = module
        for part in path:
            place = getattr(place, part)
        value = getattr(place, last, None)
        if value is not None:
            found[name] = value
    return found


@functools.lru_cache(4096)
def interned(layer: Layer) -> Interned:
    """The one object for a description."""
    return Interned(layer)


@functools.lru_cache(4096)
def members(layer: Layer) -> tuple[Any, Any]:
    """Shapes of a layer's parameters and state."""
    found = []

    def probe(key: Any) -> None:
        found.append(layer.init(key))  # in the layer's order; JAX sorts what it returns

    jax.eval_shape(probe, jax.random.key(0))
    return found[0]


def _find_settings(layer_class: Any) -> tuple[str, ...]:
    """The names of a layer's settings, but the dtype, in their order."""
    fields = getattr(layer_class, "__dataclass_fields__", {})
    keyword_only = [name for name, field in fields.items() if field.kw_only]
    names = [name for name in fields if name not in keyword_only]
    return (*names, *(name for name in keyword_only if name != "dtype"))


_settings: Callable[[Any], tuple[str, ...]] = functools.cache(_find_settings)


def apply_native(
    module: Module,
    layer: Layer,
    inputs: tuple[Any, ...],
    named: dict[str, Any],
    prefix: str = "",
    drawn: Any = None,
) -> Any:
    """Record a layer's `apply` with a module's parameters; write back its new state.

    `prefix` stands before the names that the module's parameters have in the layer;
    `drawn` are masks where the layer would draw with a key.
    """
    known = module.__dict__.get("_native")
    if known is None or known.layer is not layer:
        known = interned(layer)
    params, state = known.members_of(module, prefix)
    names = tuple(params), tuple(state)
    tensors = [*params.values(), *state.values()]
    train = module.training
    key = drawn
    if drawn is None and known.draws[train]:
        key = next_key()
    try:
        usual = drawn is None and not named and modes.autocast is None
        if not usual or not _all_tensors(inputs):
            groups = (tuple(params.values()), tuple(state.values()))
            found = apply_op(known.op, (names, groups, inputs, named, key, train))
        else:
            found = _apply_to_tensors(known, names, tensors, inputs, key, train)
    except (RuntimeError, TypeError) as error:
        raise in_pytorchs_words(module, inputs, error) from None
    if not state:
        return found
    output, new_state = found
    if new_state:
        with no_grad():
            for buffer, new in zip(state.values(), new_state, strict=True):
                buffer._write(new._value())
    return output


def _all_tensors(inputs: tuple[Any, ...]) -> bool:
    for x in inputs:  # noqa: SIM110 - a third of the time of `all` of a generator
        if not isinstance(x, Tensor):
            return False
    return True


def _apply_to_tensors(
    known: "Interned",
    names: tuple[tuple[str, ...], tuple[str, ...]],
    tensors: list[Tensor],
    inputs: tuple[Tensor, ...],
    key: Any,
    train: bool,
) -> Any:
    """What `apply_op` does, for the usual call: its template need not be made."""

    def template() -> Any:
        many = len(names[0])
        groups = (tuple(tensors[:many]), tuple(tensors[many:]))
        args: tuple[Any, ...] = (names, groups, inputs, {}, key, train)
        return tuple([frozen(arg, [], is_input) for arg in args]), NO_KEYWORDS

    arrays: list[Any] = [*tensors, *inputs]
    sources = [x._value() for x in arrays]
    if key is not None:
        arrays += key
        sources += [as_value(part) for part in key]
    shape = (names, len(inputs), key is not None, train)
    return finish(record(known.op, tuple(sources), shape, template), arrays)


def named_members(module: Module, place: str) -> dict[str, Any]:
    """The parameters or buffers of a module and all inside it, shared ones twice."""
    own = module.__dict__[place]
    found = {name: member for name, member in own.items() if member is not None}
    for name, child in module.__dict__["_modules"].items():
        if child is not None:
            below = named_members(child, place)
            found |= {f"{name}.{n}": member for n, member in below.items()}
    return found


def run_layer(
    layer: Layer,
    names: Any,
    arrays: Any,
    inputs: tuple[Any, ...],
    named: dict[str, Any],
    key: Any,
    train: bool,
) -> Any:
    """`apply` on arrays; a layer with a state gives with it what of it has changed."""
    params = _nested(dict(zip(names[0], arrays[0], strict=True)))
    state = _nested(dict(zip(names[1], arrays[1], strict=True)))
    key = key_or_mask(key)
    output, new = layer.apply(params, state, *inputs, key=key, train=train, **named)
    if not names[1]:
        return output
    if new is state:
        return output, ()
    flat = dict(_flat(new))
    return output, tuple(flat[name] for name in names[1])


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, array in flat.items():
        *parents, name = path.split(".")
        place = tree
        for parent in parents:
            place = place.setdefault(parent, {})
        place[name] = array
    return tree


def _flat(tree: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, branch in tree.items():
        if isinstance(branch, dict):
            yield from _flat(branch, f"{prefix}{name}.")
        else:
            yield prefix + name, branch
