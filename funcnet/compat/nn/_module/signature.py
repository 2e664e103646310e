"""The arguments of modules that are made of descriptions, as PyTorch has them."""

import dataclasses
import functools
import inspect
from collections.abc import Callable
from types import MethodType
from typing import Any

from funcnet.compat.nn._module.layer import settings_of


def fields_of(layer_class: type) -> dict[str, Any]:
    return {field.name: field for field in dataclasses.fields(layer_class)}


@functools.cache
def places_of(cls: Any) -> tuple[str, ...]:
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
    places = places_of(cls)
    named = [n for n in settings_of(cls.native_class) if n not in places]

    def argument(name: str, kind: Any) -> inspect.Parameter:
        needed = name in fields and fields[name].default is dataclasses.MISSING
        default = inspect.Parameter.empty if needed else defaults[name]
        return inspect.Parameter(name, kind, default=default)

    kinds = inspect.Parameter
    return inspect.Signature(
        [kinds("self", kinds.POSITIONAL_OR_KEYWORD)]
        + [argument(name, kinds.POSITIONAL_OR_KEYWORD) for name in places]
        + [argument(name, kinds.KEYWORD_ONLY) for name in named]
    )


def without_first(cls: Any) -> inspect.Signature:
    """The arguments of a lazy layer: those of the other but for its first size."""
    result = signature_of(cls.cls_to_become)
    one, _, *others = result.parameters.values()
    return result.replace(parameters=[one, *others])


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
