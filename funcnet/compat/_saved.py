"""What a gradient needs that PyTorch keeps as tensors, not as numbers.

There a tensor that was kept and is written to in place before `backward` is an error;
here the numbers stay what they were, and the error is raised all the same. A rule says
by the names of an operation's arguments what the gradient with respect to each needs,
"input: other; other: input", with `result` for what the operation gives, and `*` for
all other arguments. "inputs" and "result" alone are what all gradients need, "factors"
is the others where the gradient of one argument is asked for, else all.
"""

import inspect
from collections.abc import Callable
from typing import Any, TypeAlias

from funcnet.compat._template import fill

Places: TypeAlias = tuple[int, ...]
Rule: TypeAlias = str | Callable[[Any, Places], Places]
"""As text, or as a function of a `Call` and of what is differentiated."""


def kept_places(call: Any, wanted: Places) -> Places:
    """What PyTorch keeps of a call for the gradients of these inputs.

    Inputs are given by their places, outputs as ~place.
    """
    rule: Rule = call.op.saves
    if not rule:
        return ()
    if not isinstance(rule, str):
        return rule(call, wanted)
    inputs = tuple([place for place, one in enumerate(call.avals) if not one.number])
    results = tuple([~place for place in range(len(call.outs))])
    if rule == "inputs":
        return inputs
    if rule == "result":
        return results
    if rule == "factors":
        alone = wanted[0] if len(wanted) == 1 else -1
        return tuple([place for place in inputs if place != alone])
    places = named_places(call)
    kept: set[int] = set()
    needed = dict(part.split(":") for part in rule.replace(" ", "").split(";"))
    for name, own in places.items():
        if any(place in own for place in wanted):
            for what in needed.get(name, needed.get("*", "")).split(","):
                if what == "result":
                    kept.update(results)
                elif what.startswith("result"):
                    kept.add(~int(what[6:]))
                else:
                    kept.update(places.get(what, ()))
    return tuple([place for place in (*inputs, *results) if place in kept])


def named_places(call: Any) -> dict[str, Places]:
    """The places of a call's inputs by the argument in which they are given."""
    args, kwargs = fill(
        call.template, iter([_Place(p) for p in range(len(call.avals))])
    )
    given = inspect.signature(call.op.run).bind(*args, **kwargs).arguments
    return {name: tuple(_places_in(value)) for name, value in given.items()}


class _Place(int):
    """A place, in what may also hold numbers."""


def _places_in(value: Any) -> list[int]:
    if isinstance(value, _Place):
        return [int(value)]
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, tuple | list):
        return []
    return [place for part in value for place in _places_in(part)]
