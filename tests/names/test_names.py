"""Every public name of torch is there with evidence, or refuses with what to do."""

import enum
import functools
import inspect
import json
from pathlib import Path
from typing import Any

import pytest

from funcnet.cli._coverage import _module, _value, coverage, known_names
from funcnet.compat._messages.refused import refusal
from tests.names.evidence import is_used

FACTS = json.loads((Path(__file__).parent / "facts.json").read_text())
MODULES = {m: n for m, n in known_names().items() if not m.startswith("torchvision")}


@functools.cache
def there(module: str) -> list[str]:
    return coverage(module, MODULES[module]).there


@pytest.mark.parametrize("module", MODULES)
def test_what_is_refused_says_what_to_do(module: str) -> None:
    owner = _module(module)
    for name in coverage(module, MODULES[module]).refused:
        value: Any = _value(owner, name)
        why = refusal(value)
        assert why is not None, name
        assert len(why.partition(": ")[2].split()) >= 3, why
        with pytest.raises(NotImplementedError) as error:
            value()
        assert str(error.value) == why


@pytest.mark.parametrize("module", MODULES)
def test_no_name_is_absent(module: str) -> None:
    absent = coverage(module, MODULES[module]).absent
    assert set(absent) <= {"common_notes", "FlexKernelOptions"}


@pytest.mark.parametrize("module", MODULES)
def test_what_is_there_is_used_by_tests_or_is_what_pytorch_has(module: str) -> None:
    owner = _module(module)
    unknown, different = [], []
    for name in there(module):
        if is_used(name):
            continue
        known = FACTS.get(f"{module}.{name}")
        if known is None:
            unknown.append(name)
        elif not _agrees(_value(owner, name), known):
            different.append((name, known))
    assert not unknown, "use them in a test, or run tools.torch_facts"
    assert not different


def _agrees(value: Any, fact: list[Any]) -> bool:
    kind, *rest = fact
    if kind == "enum":
        return isinstance(value, enum.EnumMeta) and set(rest) >= set(value.__members__)
    if kind == "error":
        return isinstance(value, type) and issubclass(value, Exception)
    if kind == "function":
        return callable(value) and _takes(value, rest)
    if kind == "constant":
        return bool(value == rest[0])
    return True


def _takes(value: Any, names: list[str]) -> bool:
    """Whether a function takes at least as many arguments by position."""
    try:
        parameters = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return True
    if any(x.kind is x.VAR_POSITIONAL for x in parameters):
        return True
    return sum(x.kind in (0, 1) for x in parameters) >= len(names)
