"""Settings of operations as keys: compared by value, with holes for the arrays."""

import math
from collections.abc import Callable, Iterator
from typing import Any, Final


class Hole:
    """Stands in the settings of a call for the next array."""

    def __repr__(self) -> str:
        return "_"


HOLE: Final = Hole()


def fill(template: object, arrays: Iterator[Any]) -> Any:
    """Put the arrays where the template has holes."""
    if template is HOLE:
        return next(arrays)
    if type(template) is not tuple:
        return template
    if not template or type(template[0]) is not Tag:
        return tuple([fill(part, arrays) for part in template])
    tag, *parts = template
    if tag is LIST:
        return [fill(part, arrays) for part in parts]
    if tag is DICT:
        return {name: fill(part, arrays) for name, part in parts}
    if tag is SLICE:
        return slice(*[fill(part, arrays) for part in parts])
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
SCALAR: Final = {kind: Tag(kind.__name__) for kind in (bool, float, complex)}
NO_KEYWORDS: Final = (DICT,)


def frozen(setting: object, arrays: list[Any], is_array: Callable[[Any], bool]) -> Any:
    """A template of a setting; what `is_array` says goes into the list, in order."""
    kind = type(setting)
    if kind is int or kind is str or setting is None:
        return setting
    if is_array(setting):
        arrays.append(setting)
        return HOLE
    if kind in SCALAR:
        # All NaNs are one key; 0.0 and -0.0 are two.
        if kind is float and setting != setting:
            return (SCALAR[float], math.nan)
        return (
            (SCALAR[kind], setting, str(setting))
            if not setting
            else (SCALAR[kind], setting)
        )
    if isinstance(setting, list):
        return (LIST, *[frozen(part, arrays, is_array) for part in setting])
    if isinstance(setting, tuple):
        return tuple([frozen(part, arrays, is_array) for part in setting])
    if isinstance(setting, dict):
        pairs = [(k, frozen(v, arrays, is_array)) for k, v in setting.items()]
        return (DICT, *pairs)
    if isinstance(setting, slice):
        ends = (setting.start, setting.stop, setting.step)
        return (SLICE, *[frozen(end, arrays, is_array) for end in ends])
    return setting
