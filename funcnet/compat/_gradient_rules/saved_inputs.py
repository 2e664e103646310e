"""What PyTorch keeps for a gradient as tensors, where here numbers are kept.

There a tensor that was kept and is written to in place before `backward` is an error;
here the numbers stay what they were, and the error is raised all the same.

A rule says by the names of an operation's arguments what the gradient with respect to
each of them needs, "input: other; other: input", or what all gradients need, "input,
result". `first` is the first argument, `inputs` are all, `others` all but the one whose
gradient alone is asked for; `result` is what the operation gives, `result1` the second
part of that.
"""

import inspect
from collections.abc import Iterable
from typing import Any

from funcnet.compat._core.static_args import bind_args
from funcnet.compat._gradient_rules.saved_choices import (
    Given,
    Named,
    Place,
    Places,
    Rule,
)
from funcnet.compat._gradient_rules.saved_rules import RULES


def kept_places(name: str, call: Any, wanted: Places) -> Places:
    """What PyTorch keeps of a call for the gradients of these inputs.

    Inputs are given by their places, outputs as ~place.
    """
    rule = RULES.get(name)
    if not rule:
        return ()
    given = given_to(call)
    named = {name: places_in(value) for name, value in given.items()}
    return kept_by(rule, given, named, wanted, len(call.output_specs))


def kept_by(
    rule: Rule,
    given: Given,
    named: Named,
    wanted: Places,
    results: int,
) -> Places:
    """What a rule says of inputs whose places are known by name."""
    every = [place for places in named.values() for place in places]
    meanings: dict[str, Iterable[int]] = {
        "inputs": every,
        "others": [place for place in every if len(wanted) > 1 or place not in wanted],
        "first": next(iter(named.values()), ()),
        "result": [~place for place in range(results)],
    }
    meanings |= {f"result{place}": (~place,) for place in range(results)}
    meanings |= named
    kept: set[int] = set()
    for part in (rule if isinstance(rule, str) else rule(given)).split(";"):
        whose, colon, what = part.rpartition(":")
        if not colon or set(named.get(whose.strip(), ())) & set(wanted):
            for name in what.split(","):
                kept.update(meanings.get(name.strip(), ()))
    return tuple(sorted(kept, reverse=True))


def given_to(call: Any) -> Given:
    """The arguments of a call by name, with places for tensors and None for numbers."""
    places = [
        None if one.weak_type else Place(p) for p, one in enumerate(call.input_specs)
    ]
    for place, one in zip(places, call.input_specs, strict=True):
        if place is not None:
            place.spec = one
    args, kwargs = bind_args(call.template, iter(places))
    return inspect.signature(call.op.run).bind(*args, **kwargs).arguments


def places_in(value: object) -> Places:
    """The places of the tensors in an argument."""
    if isinstance(value, Place):
        return (int(value),)
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, tuple | list):
        return ()
    return tuple([place for part in value for place in places_in(part)])
