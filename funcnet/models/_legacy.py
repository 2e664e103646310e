"""Decorators for builders of networks, with which scripts may write them as earlier."""

import functools
import inspect
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from ._api import WeightsEnum, set_option

__all__ = [
    "_ModelURLs",
    "_ovewrite_named_param",
    "_ovewrite_value_param",
    "handle_legacy_interface",
    "kwonly_to_pos_or_kw",
    "sequence_to_str",
]

Builder = Callable[..., Any]

_ovewrite_named_param = set_option


def _ovewrite_value_param(param: str, actual: Any, expected: Any) -> Any:
    """Return what weights ask for; raise if the caller said otherwise."""
    if actual is not None:
        set_option({param: actual}, param, expected)
    return expected


def sequence_to_str(seq: Sequence[object], separate_last: str = "") -> str:
    """Write a sequence as a list of words, each in quotation marks."""
    words = [f"'{word}'" for word in seq]
    head, last = ", ".join(words[:-1]), "".join(words[-1:])
    comma = "" if separate_last and len(words) == 2 else ","
    return f"{head}{comma} {separate_last}{last}" if head else last


def kwonly_to_pos_or_kw(fn: Builder) -> Builder:
    """Decorate a function: arguments by keyword may be given by position, too.

    That warns.

    Raises:
        TypeError: the function has no argument that is given by keyword only.
    """
    parameters = inspect.signature(fn).parameters
    names = [n for n, one in parameters.items() if one.kind is one.KEYWORD_ONLY]
    if not names:
        raise TypeError(
            f"Found no keyword-only parameter on function '{fn.__name__}'"
        ) from None
    start = list(parameters).index(names[0])
    after = list(parameters)[start:]

    @functools.wraps(fn)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        moved = dict(zip(after, args[start:], strict=False))
        if moved:
            shown = sequence_to_str(tuple(moved), separate_last="and ")
            warnings.warn(
                f"Using {shown} as positional parameter(s) is deprecated since 0.13 "
                "and may be removed in the future. Please use keyword parameter(s) "
                "instead.",
                stacklevel=2,
            )
            kwargs.update(moved)
        return fn(*args[:start], **kwargs)

    return wrapper


def handle_legacy_interface(
    **weights: tuple[str, Any],
) -> Callable[[Builder], Builder]:
    """Decorate a builder: it may be called with `pretrained=True`, as earlier.

    Args:
        weights: of each argument that takes weights, its name earlier, and the weights
            that True stood for; or a function of the arguments that gives them.
    """

    def decorate(builder: Builder) -> Builder:
        @kwonly_to_pos_or_kw
        @functools.wraps(builder)
        def inner_wrapper(*args: Any, **kwargs: Any) -> Any:
            for name, (earlier, default) in weights.items():
                if _is_old(kwargs, name, earlier):
                    _translate(builder.__name__, kwargs, name, earlier, default)
            return builder(*args, **kwargs)

        return inner_wrapper

    return decorate


def _is_old(kwargs: dict[str, Any], name: str, earlier: str) -> bool:
    if name not in kwargs:
        return earlier in kwargs
    given = kwargs[name]
    known = given is None or isinstance(given, WeightsEnum)
    return not known and (not isinstance(given, str) or given == "legacy")


def _translate(
    builder: str, kwargs: dict[str, Any], name: str, earlier: str, default: Any
) -> None:
    """Replace the earlier argument by weights, with torchvision's warnings."""
    by_position = name in kwargs
    if by_position:
        kwargs[earlier] = kwargs.pop(name)
    chosen = None
    if kwargs[earlier]:
        function = callable(default) and not isinstance(default, WeightsEnum)
        chosen = default(kwargs) if function else default
        if not isinstance(chosen, WeightsEnum):
            raise ValueError(f"No weights available for model {builder}")
    if not by_position:
        warnings.warn(
            f"The parameter '{earlier}' is deprecated since 0.13 and may be removed in "
            f"the future, please use '{name}' instead.",
            stacklevel=4,
        )
    text = (
        f"Arguments other than a weight enum or `None` for '{name}' are deprecated "
        "since 0.13 and may be removed in the future. The current behavior is "
        f"equivalent to passing `{name}={chosen}`."
    )
    if kwargs.pop(earlier):
        text += (
            f" You can also use `{name}={type(chosen).__name__}.DEFAULT` to get the "
            "most up-to-date weights."
        )
    warnings.warn(text, stacklevel=4)
    kwargs[name] = chosen


class _ModelURLs(dict[str, str]):
    """Addresses of weights by the names of networks; to read one warns."""

    def __getitem__(self, item: str) -> str:
        warnings.warn(
            "Accessing the model URLs via the internal dictionary of the module is "
            "deprecated since 0.13 and may be removed in the future. Please access "
            "them via the appropriate Weights Enum instead.",
            stacklevel=2,
        )
        return super().__getitem__(item)
