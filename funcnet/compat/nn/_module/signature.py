"""The arguments of modules that are made of descriptions, as PyTorch has them."""

import dataclasses
import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from types import MethodType
from typing import Any

from funcnet.compat._core.annotations import DeviceLike, DType
from funcnet.compat._messages.suggestions import explain_keyword
from funcnet.compat.nn._module.layer import settings_of


def fields_of(layer_class: type) -> dict[str, Any]:
    return {field.name: field for field in dataclasses.fields(layer_class)}


@functools.cache
def positional_names(cls: Any) -> tuple[str, ...]:
    """The arguments that may be given by place.

    The settings, `inplace`, and device and dtype where there are parameters.
    """
    fields = fields_of(cls.native_class)
    names = [n for n in settings_of(cls.native_class) if not fields[n].kw_only]
    names += ["inplace"] * cls.has_inplace
    return (*names, *(["device", "dtype"] if "dtype" in fields else []))


@functools.cache
def signature_of(cls: Any) -> inspect.Signature:
    """The arguments of `__init__`, with their defaults."""
    fields = fields_of(cls.native_class)
    defaults = {name: field.default for name, field in fields.items()}
    defaults |= {"inplace": False, "device": None, "dtype": None}
    positional = positional_names(cls)
    named = [n for n in settings_of(cls.native_class) if n not in positional]

    def argument(name: str, kind: Any) -> inspect.Parameter:
        needed = name in fields and fields[name].default is dataclasses.MISSING
        default = inspect.Parameter.empty if needed else defaults[name]
        return inspect.Parameter(name, kind, default=default)

    kinds = inspect.Parameter
    return inspect.Signature(
        [kinds("self", kinds.POSITIONAL_OR_KEYWORD)]
        + [argument(name, kinds.POSITIONAL_OR_KEYWORD) for name in positional]
        + [argument(name, kinds.KEYWORD_ONLY) for name in named]
    )


def without_first(cls: Any) -> inspect.Signature:
    """The arguments of a lazy layer: those of the other but for its first size."""
    result = signature_of(cls.cls_to_become)
    first, _, *others = result.parameters.values()
    return result.replace(parameters=[first, *others])


@functools.cache
def signature_of_model(cls: Any) -> inspect.Signature:
    """The arguments of a module made of modules: those of `cls.model_class`.

    With what `cls.own_arguments` says of some, and with device and dtype at the end.
    """
    native = inspect.signature(cls.model_class.__init__).parameters
    factory = {"device": (DeviceLike | None, None), "dtype": (DType | None, None)}
    own = cls.own_arguments | factory
    kinds = inspect.Parameter
    result = {p.name: p for p in native.values() if p.name != "dtype"}
    for name, (annotation, default) in own.items():
        result[name] = kinds(
            name, kinds.POSITIONAL_OR_KEYWORD, default=default, annotation=annotation
        )
    return inspect.Signature([*result.values()])


def bind_arguments(
    name: str,
    signature: inspect.Signature,
    args: Sequence[object],
    kwargs: Mapping[str, object],
) -> dict[str, Any]:
    """Return what a function of a name is given, by parameter, with the defaults.

    Raises:
        TypeError: the arguments do not fit; in the words that Python has for it.
    """
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        reason = _reason(signature, error, args, kwargs)
        wrong = TypeError(f"{name}() {reason}")
        explain_keyword(wrong, signature.parameters)
        raise wrong from None
    bound.apply_defaults()
    return bound.arguments


def _reason(
    signature: inspect.Signature,
    error: TypeError,
    args: Sequence[object],
    kwargs: Mapping[str, object],
) -> str:
    """What Python says where it binds the arguments itself."""
    reason = str(error)
    parameters = signature.parameters.values()
    by_position = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    required = [p.name for p in by_position if p.default is p.empty]
    most, least = len(by_position), len(required)
    if reason == "too many positional arguments":
        allowed = f"from {least} to {most}" if most > least else str(most)
        plural = "s" * (most != 1)
        return f"takes {allowed} positional argument{plural} but {len(args)} were given"
    if reason.startswith("multiple values"):
        return f"got {reason}"
    if reason.startswith("missing"):
        missing = [repr(name) for name in required[len(args) :] if name not in kwargs]
        plural = "s" * (len(missing) != 1)
        count = f"{len(missing)} required positional argument{plural}"
        return f"missing {count}: {_listed(missing)}"
    return reason


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    if not others:
        return last
    return f"{', '.join(others)}{',' * (len(others) > 1)} and {last}"


class Initializer:
    """An `__init__` that has the signature of the class it is looked up in."""

    def __init__(
        self,
        run: Callable[..., None],
        signature: Callable[[Any], inspect.Signature] = signature_of,
    ) -> None:
        self.run = run
        self.signature = signature

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        if instance is not None:
            return MethodType(self.run, instance)
        return _Unbound(self.run, owner, self.signature)


class _Unbound:
    """What `Class.__init__` is."""

    def __init__(
        self,
        run: Callable[..., None],
        owner: type | None,
        signature: Callable[[Any], inspect.Signature],
    ) -> None:
        functools.update_wrapper(self, run)
        self._owner = owner
        self._signature = signature

    def __call__(self, module: Any, *args: object, **kwargs: object) -> None:
        self.__wrapped__(module, *args, **kwargs)  # type: ignore[attr-defined]

    @property
    def __signature__(self) -> inspect.Signature:
        return self._signature(self._owner)
