"""Every public name of torch.nn, its functional, init, optim and schedulers is here."""

import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import torch

import funcnet
from tests.parity import adapters
from tests.parity.report import Tally, Trial


def trials(tally: Tally) -> Iterator[Trial]:
    for room, module, wanted in ROOMS:
        native = getattr(funcnet, room)
        excluded = adapters.EXCLUDED_NAMES[room]
        for name in sorted(n for n in dir(module) if wanted(module, n)):
            full = f"{room}.{name}"
            reason = excluded.get(name)
            if reason:
                tally.excluded[full] = reason
                continue
            yield Trial(full, "name", _has(native, adapters.native_name(room, name)))


def _has(native: Any, name: str) -> Callable[[], None]:
    def run() -> None:
        assert name in native.__all__, f"{native.__name__} has no {name}"

    return run


def _is_module(module: ModuleType, name: str) -> bool:
    result = getattr(module, name)
    return inspect.isclass(result) and issubclass(result, torch.nn.Module)


def _is_function(module: ModuleType, name: str) -> bool:
    result = getattr(module, name)
    typing = getattr(result, "__module__", "") in ("typing", "collections.abc")
    return (
        not name.startswith("_")
        and callable(result)
        and not inspect.isclass(result)
        and not typing
    )


def _is_initializer(module: ModuleType, name: str) -> bool:
    return name == "calculate_gain" or (name.endswith("_") and name[0] != "_")


def _is_optimizer(module: ModuleType, name: str) -> bool:
    result = getattr(module, name)
    return inspect.isclass(result) and issubclass(result, torch.optim.Optimizer)


def _is_scheduler(module: ModuleType, name: str) -> bool:
    return name in module.__all__


Wanted = Callable[[ModuleType, str], bool]
ROOMS: list[tuple[str, ModuleType, Wanted]] = [
    ("nn", torch.nn, _is_module),
    ("functional", torch.nn.functional, _is_function),
    ("init", torch.nn.init, _is_initializer),
    ("optim", torch.optim, _is_optimizer),
    ("optim", torch.optim.lr_scheduler, _is_scheduler),
]
