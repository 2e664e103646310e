"""Settings that update rules share: which values are allowed, and what they mean.

A check is made once and used by both halves of the package, so its message is
PyTorch's; a native function adds its own name and what is needed instead.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from funcnet._errors import InputError


class Violation(NamedTuple):
    """A setting outside its range: PyTorch's message, and what is needed instead."""

    message: str
    needed: str


Check: TypeAlias = Callable[[Mapping[str, Any]], Violation | None]
"""All settings of a rule -> the violation of the one that it checks, if any."""


def in_range(
    name: str, holds: Callable[[Any], bool], message: str, needed: str
) -> Check:
    """Check one setting; `message` has `{}` for its value."""

    def check(settings: Mapping[str, Any]) -> Violation | None:
        value = settings[name]
        if not is_number(value) or holds(value):
            return None
        return Violation(message.format(value), f"it must be {needed}")

    return check


def at_least_zero(name: str, message: str | None = None) -> Check:
    """Check that a setting is not negative."""
    message = message or f"Invalid {name} value: {{}}"
    return in_range(name, lambda value: value >= 0.0, message, "at least 0")


def _check_betas(settings: Mapping[str, Any]) -> Violation | None:
    for index, beta in enumerate(settings["betas"]):
        if is_number(beta) and not 0.0 <= beta < 1.0:
            message = f"Invalid beta parameter at index {index}: {beta}"
            return Violation(message, "it must be at least 0 and below 1")
    return None


LR: Final = at_least_zero("lr", "Invalid learning rate: {}")
EPS: Final = at_least_zero("eps", "Invalid epsilon value: {}")
MOMENTUM: Final = at_least_zero("momentum")
WEIGHT_DECAY: Final = at_least_zero("weight_decay")
BETAS: Final[Check] = _check_betas


def violation(checks: Iterable[Check], settings: Mapping[str, Any]) -> Violation | None:
    """The first violation that the checks find."""
    return next((v for check in checks if (v := check(settings))), None)


def check_settings(
    name: str, checks: Iterable[Check], settings: Mapping[str, Any]
) -> None:
    """Raise, with the name of a native function, if a setting is out of its range."""
    if wrong := violation(checks, settings):
        raise InputError(f"{name}: {wrong.message}; {wrong.needed}.")


def is_number(value: Any) -> bool:
    """Return whether a setting can be checked: no schedule, no array, no tensor."""
    if isinstance(value, np.generic):
        return True
    return value is not None and not callable(value) and not hasattr(value, "dtype")


def is_zero(value: Any) -> bool:
    """Return whether a setting is a plain zero, so that its term can be left out."""
    return isinstance(value, int | float) and value == 0


# --- documentation --------------------------------------------------------------------

DESCRIPTIONS: Final = {
    "lr": "learning rate, or a schedule of it.",
    "betas": "decay of the first moment, which may be a schedule, and of the second.",
    "eps": "added to the root of the second moment.",
    "weight_decay": "L2 penalty, added to the gradient.",
    "maximize": "maximize the objective (negate the gradient).",
    "decoupled_weight_decay": "take the decay off the parameters themselves, as AdamW.",
}
_RAISES: Final = ["    InputError: a setting is out of its range."]
_SECTIONS: Final = ("", "Args", "Returns", "Raises", "Example")


def documented(function: Callable[..., Any]) -> str:
    """The docstring of a rule, with what all rules share written out.

    In the source `Args:` lists what is particular to a rule; settings that it leaves
    out are described as in `DESCRIPTIONS`.
    """
    sections = dict.fromkeys(_SECTIONS, "")
    parts = re.split(r"^(\w+):\n", inspect.getdoc(function) or "", flags=re.M)
    sections |= dict(zip(["", *parts[1::2]], parts[::2], strict=True))
    own = re.split(r"^    (?=\S)", sections["Args"], flags=re.M)[1:]
    described = {entry.split(":")[0]: f"    {entry.rstrip()}" for entry in own}
    sections["Args"] = "\n".join(
        described.get(name) or f"    {name}: {DESCRIPTIONS[name]}"
        for name in inspect.signature(function).parameters
    )
    sections["Raises"] = sections["Raises"] or "\n".join(_RAISES)
    return "\n\n".join(
        f"{title}:\n{body.rstrip()}" if title else body.rstrip()
        for title, body in sections.items()
        if body
    )
