"""Layers of `funcnet.nn` as modules: their settings, mathematics and parameters.

Such a module holds the parameters; it computes its layer's `apply`, recorded as one
operation. PyTorch reads each attribute at each call: where one differs from the layer's
setting, the module's `_formula` computes from attributes.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final

import jax

from funcnet._errors import InputError, InputTypeError
from funcnet._homes import home_of
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DeviceLike, DType, FactoryKwargs
from funcnet.compat._core.overriding import NOT_OVERRIDDEN, dispatch
from funcnet.compat._messages.suggestions import explain_keyword
from funcnet.compat._messages.translate import code_of, to_pytorch_error
from funcnet.compat._ops.create.creation import zeros
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn._module.functional_forms import function_of
from funcnet.compat.nn._module.layer import (
    Interned,
    Members,
    interned,
    members,
    run_on,
    settings_of,
)
from funcnet.compat.nn._module.overriding import ask_layer
from funcnet.compat.nn._module.saved_inputs import numbers_of_layer
from funcnet.compat.nn._module.signature import Initializer, fields_of, positional_names
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.parameter import Parameter
from funcnet.nn import Layer

# A setting that a script changes more often has another value at each step: the layer
# would be another one each time, whereas a number that a function gets is an input.
_MOST_CHANGES: Final = 2


def _initialize(self: Any, *args: object, **kwargs: object) -> None:
    """Make the layer of the arguments, and register its parameters."""
    Module.__init__(self)
    cls: Any = type(self)
    names = positional_names(cls)
    if len(args) > len(names):
        raise TypeError(
            f"{cls.__name__}.__init__() takes at most {len(names) + 1} positional "
            f"arguments but {len(args) + 1} were given"
        )
    settings = settings_of(cls.native_class)
    count = sum(name in settings for name in names)
    for name, value in zip(names[count:], args[count:], strict=False):
        if name in kwargs:
            raise TypeError(
                f"{cls.__name__}.__init__() got multiple values for argument {name!r}"
            )
        kwargs[name] = value
    args = args[:count]
    if "device" in names:
        device, dtype = kwargs.pop("device", None), kwargs.pop("dtype", None)
    else:
        device = dtype = None
    if self.has_inplace:
        self.__dict__["inplace"] = bool(kwargs.pop("inplace", False))
    try:
        native = self.native_class(*args, **kwargs)
    except (InputError, InputTypeError) as error:
        raise to_pytorch_error(error, otherwise=ValueError) from None
    except TypeError as error:
        explain_keyword(error, {*names, *settings})
        raise
    given = dict(zip(settings, args, strict=False)) | kwargs
    self._bind_layer(native, given, device, dtype)
    self.reset_parameters()


class NativeModule(Module):
    """A module whose mathematics is that of a layer of `funcnet.nn`.

    Attributes:
        native_class: the layer's class.
        repr_positional: the settings that are printed first, without their names.
        repr_fields: those printed as `name=value`; of an optional parameter, whether
            there is one.
        repr_if_changed: those printed so where they do not have their default.
        optional: parameters that are None where a setting switches them off;
        optional_first: they come before the others; optional_state: buffers so.
        none_means: settings that have the value of another one where they are None.
        per_dimension: settings that are shown as a tuple of length `dims`.
        has_inplace: whether there is an argument `inplace`, after all others.
        is_fusable: whether its `forward` does nothing but run the layer.
        steps: methods of PyTorch's class that `_formula` calls and scripts override.
        left_to_formula: the codes of what the layer refuses and `_formula` may take, as
            PyTorch's functions take integers.
    """

    native_class: ClassVar[type[Layer]]
    repr_fields: ClassVar[str] = ""
    repr_positional: ClassVar[str] = ""
    repr_if_changed: ClassVar[str] = ""
    optional: ClassVar[tuple[str, ...]] = ()
    optional_state: ClassVar[tuple[str, ...]] = ()
    optional_first: ClassVar[bool] = False
    none_means: ClassVar[Mapping[str, str]] = MappingProxyType({})
    per_dimension: ClassVar[tuple[str, ...]] = ()
    dims: ClassVar[int]
    has_inplace: ClassVar[bool] = False
    is_fusable: ClassVar[bool] = True
    steps: ClassVar[tuple[str, ...]] = ()
    left_to_formula: ClassVar[frozenset[str]] = frozenset({"dtype.floating"})
    inplace: bool = False
    _by_formula: bool = False

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        ours = home_of(cls).startswith("funcnet.compat.nn.modules.")
        if not ours or ("forward" in vars(cls) and "is_fusable" not in vars(cls)):
            cls.is_fusable = False
        if not ours and _overrides(cls):
            cls._by_formula = True

    __init__ = Initializer(_initialize)

    def _bind_layer(
        self,
        native: Layer,
        given: dict[str, Any],
        device: DeviceLike | None = None,
        dtype: DType | None = None,
    ) -> None:
        """Bind a layer: settings become attributes, arrays are registered."""
        for name, other in self.none_means.items():
            if getattr(native, name) is None:
                value = getattr(native, other)
                native = native.replace(**{name: value})
                given = given | {name: given.get(other, value)}
        self.__dict__["_native"] = interned(native)
        params, state = members(native)
        for name in settings_of(type(native)):
            if name not in params and name not in self.optional:
                value = self._setting(name, given.get(name, getattr(native, name)))
                if self._by_formula and _is_set_by_class(type(self), name):
                    setattr(self, name, value)
                else:
                    self.__dict__[name] = value
        dtype = dtype or _dtypes.get_default_dtype()
        in_order = [*self.optional, *params] if self.optional_first else [*params]
        for name in dict.fromkeys([*in_order, *self.optional]):
            if isinstance(params.get(name), dict):
                continue  # a child's, which the subclass makes
            shape = params[name].shape if name in params else None
            empty = (
                None
                if shape is None
                else Parameter(zeros(shape, dtype=dtype, device=device))
            )
            self.register_parameter(name, empty)
        for name, struct in state.items():
            integer = not jax.numpy.issubdtype(struct.dtype, jax.numpy.floating)
            result = zeros(
                struct.shape, dtype=_dtypes.int64 if integer else dtype, device=device
            )
            self.register_buffer(name, result)
        self._complete(native, FactoryKwargs(device=device, dtype=dtype))

    def _complete(self, native: Any, factory_kwargs: FactoryKwargs) -> None:
        """Add what the module has besides the settings and arrays of its layer."""

    def _setting(self, name: str, value: object) -> Any:
        """A setting as PyTorch's module shows it."""
        if name not in self.per_dimension or isinstance(value, str):
            return value
        return tuple(value) if isinstance(value, Iterable) else (value,) * self.dims

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        native = self.__dict__.get("_native")
        if native is None:
            return
        if name in self.steps:
            self.__dict__["_by_formula"] = True
        elif name in settings_of(type(native.layer)):
            if name in self._parameters or name == "bias":
                return
            if name in numbers_of_layer(type(native.layer).__name__):
                self._count_change(getattr(native.layer, name) != value)
            try:
                self.__dict__["_native"] = interned(
                    native.layer.replace(**{name: value})
                )
            except (TypeError, ValueError):
                self.__dict__["_by_formula"] = True  # an error comes with the call

    def _count_change(self, changes: bool) -> None:
        """Compute from attributes, as numbers, once one was changed several times."""
        count = self.__dict__.get("_changes", 0) + changes
        self.__dict__["_changes"] = count
        if count >= _MOST_CHANGES and self._is_function():
            self.__dict__["_by_formula"] = True

    def reset_parameters(self) -> None:
        """Draw the parameters anew, as PyTorch does."""

    def forward(self, input: Tensor) -> Any:
        """Compute the layer's output."""
        return self._run((input,))

    def _run(
        self,
        inputs: tuple[Any, ...],
        named: dict[str, Any] | None = None,
        asks: bool = True,
    ) -> Any:
        """Run the layer on its tensors, or compute from attributes."""
        if dispatch.active and asks:
            result = ask_layer(self, inputs, named or {})
            if result is not NOT_OVERRIDDEN:
                return result
        if self._by_formula:
            return self._formula(*inputs, **(named or {}))
        tensors = self._registered()
        if tensors is None:
            return self._formula(*inputs, **(named or {}))
        try:
            known = self.__dict__["_native"]
            drawn = None
            if known.draws[self.training]:
                drawn = self._drawn(*inputs, **(named or {}))
            return run_on(known, tensors, self.training, inputs, named or {}, drawn)
        except (RuntimeError, TypeError) as error:
            if code_of(error) not in self.left_to_formula:
                raise
        return self._formula(*inputs, **(named or {}))

    def _registered(self) -> Members | None:
        """The layer's tensors, if they are what the module has under their names."""
        attributes = self.__dict__
        native: Interned = attributes["_native"]
        own = attributes["_parameters"]
        if native.names == tuple(own) and not (
            attributes["_buffers"] or attributes["_modules"]
        ):  # most layers; faster
            for name, p in own.items():
                if p is None or name in attributes:
                    break
            else:
                return own, {}
        for name in self.optional:  # one that is None is registered too
            if name not in attributes["_parameters"] or name in attributes:
                return None
        for name in self.optional_state:
            if name not in attributes["_buffers"] or name in attributes:
                return None
        return native.registered(self)

    def _drawn(self, *inputs: object, **named: object) -> Any:
        """Masks that are drawn for this call; None if the layer draws with a key."""
        return None

    def _formula(self, *inputs: object, **named: object) -> Any:
        """Compute from the attributes as they are now, by functions of tensors.

        Where there is no such function, by a layer of the current settings.
        """
        function = function_of(type(self))
        if function is not None:
            return function(self, *inputs)
        layer = self.__dict__["_native"].layer
        known = interned(layer.replace(**self._current(layer)))
        tensors = known.attributes(self, self.optional)
        drawn = None
        if known.draws[self.training]:
            drawn = self._drawn(*inputs, **named)
        return run_on(known, tensors, self.training, inputs, named, drawn)

    def _is_function(self) -> bool:
        """Whether `_formula` calls public functions."""
        cls = type(self)
        return cls._formula is not NativeModule._formula or bool(function_of(cls))

    def _current(self, layer: Layer) -> dict[str, Any]:
        """The settings that attributes have now."""
        arrays = {*members(layer)[0], *self.optional}
        names = [n for n in settings_of(type(layer)) if n not in arrays]
        return {n: getattr(self, n) for n in names if hasattr(self, n)}

    def _repr_value(self, name: str) -> Any:
        value = getattr(self, name)
        return value is not None if name in self.optional else value

    def _is_changed(self, name: str) -> bool:
        field = fields_of(self.native_class).get(name)
        if field is None:
            return False
        return bool(self._repr_value(name) != self._setting(name, field.default))

    def extra_repr(self) -> str:
        """The settings, as PyTorch prints them."""
        changed = filter(self._is_changed, self.repr_if_changed.split())
        names = [*self.repr_fields.split(), *changed]
        parts = [f"{getattr(self, name)}" for name in self.repr_positional.split()]
        parts += [f"{name}={self._repr_value(name)}" for name in names]
        if self.has_inplace and self.inplace:
            parts.append("inplace=True")
        return ", ".join(parts)


def _overrides(cls: type[NativeModule]) -> bool:
    """Return whether a user's class computes attributes in its own way."""
    if cls.__getattribute__ is not object.__getattribute__:
        return True
    own = [base for base in cls.__mro__ if base.__module__ == cls.__module__]
    native = getattr(cls, "native_class", None)  # a base of PyTorch's may have none
    settings = settings_of(native) if native is not None else ()
    names = {*cls.steps, *cls.optional, "weight", *settings}
    return any(not names.isdisjoint(vars(base)) for base in own)


def _is_set_by_class(cls: type, name: str) -> bool:
    return hasattr(getattr(cls, name, None), "__set__")
