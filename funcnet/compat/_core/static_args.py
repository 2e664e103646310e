"""Static arguments of operations as keys, with placeholders for the arrays.

A template is what a call was given, made hashable: compared by value, so that a call
with the same settings is the same call.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any, Final


class Placeholder:
    """Stands in a template for the next array."""

    def __repr__(self) -> str:
        return "_"


PLACEHOLDER: Final = Placeholder()


def bind_args(template: object, arrays: Iterator[Any]) -> Any:
    """The arguments of a template, with the arrays in place of the placeholders."""
    if template is PLACEHOLDER:
        return next(arrays)
    if type(template) is not tuple:
        return template
    if not template or type(template[0]) is not Tag:
        # Most settings are integers: a call for each would take longer than the rest.
        return tuple([x if type(x) is int else bind_args(x, arrays) for x in template])
    tag, *parts = template
    if tag is LIST:
        return [bind_args(part, arrays) for part in parts]
    if tag is DICT:
        return {name: bind_args(part, arrays) for name, part in parts}
    if tag is SLICE:
        return slice(*[bind_args(part, arrays) for part in parts])
    return parts[0]


class Tag:
    """Says what a tuple in a template stands for: 1, 1.0 and True are equal keys."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


LIST: Final = Tag("list")
DICT: Final = Tag("dict")
SLICE: Final = Tag("slice")
SCALAR: Final = {cls: Tag(cls.__name__) for cls in (bool, float, complex)}
NO_KEYWORDS: Final = (DICT,)


def _are_integers(parts: Any) -> bool:
    for part in parts:  # noqa: SIM110 - a third of the time of `all` of a generator
        if type(part) is not int:
            return False
    return True


def freeze_args(
    setting: object, arrays: list[Any], is_array: Callable[[Any], bool]
) -> Any:
    """A template of a setting; what `is_array` says goes into the list, in order."""
    cls = type(setting)
    if cls is int or cls is str or setting is None:
        return setting
    if cls is tuple and _are_integers(setting):
        return setting
    if is_array(setting):
        arrays.append(setting)
        return PLACEHOLDER
    if cls in SCALAR:
        # All NaNs are one key; 0.0 and -0.0 are two.
        if cls is float and setting != setting:
            return (SCALAR[float], math.nan)
        return (
            (SCALAR[cls], setting, str(setting))
            if not setting
            else (SCALAR[cls], setting)
        )
    if isinstance(setting, list):
        return (LIST, *[freeze_args(part, arrays, is_array) for part in setting])
    if isinstance(setting, tuple):
        return tuple([freeze_args(part, arrays, is_array) for part in setting])
    if isinstance(setting, dict):
        pairs = [(k, freeze_args(v, arrays, is_array)) for k, v in setting.items()]
        return (DICT, *pairs)
    if isinstance(setting, slice):
        ends = (setting.start, setting.stop, setting.step)
        return (SLICE, *[freeze_args(end, arrays, is_array) for end in ends])
    return setting
