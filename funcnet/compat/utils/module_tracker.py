"""Which module runs, as `torch.utils.module_tracker`."""

import logging
from typing import Any, Self

from funcnet.compat.nn.modules.module import (
    Module,
    register_module_forward_hook,
    register_module_forward_pre_hook,
)

_log = logging.getLogger(__name__)


class ModuleTracker:
    """Context that knows which modules run: the set `parents` of their names.

    Names begin with the class of the module that was called first. A module's part of a
    backward pass is one program with all others, so `is_bw` is always False.

    Example:
        >>> import funcnet.compat as torch
        >>> from funcnet.compat.utils.module_tracker import ModuleTracker
        >>> model = torch.nn.Sequential(torch.nn.Linear(2, 1))
        >>> tracker, seen = ModuleTracker(), []
        >>> def note(*_):
        ...     seen.extend(sorted(tracker.parents))
        >>> handle = model[0].register_forward_pre_hook(note)
        >>> with tracker:
        ...     y = model(torch.ones(1, 2))
        >>> seen
        ['Global', 'Sequential', 'Sequential.0']
    """

    def __init__(self) -> None:
        self.parents: set[str] = {"Global"}
        self._names: dict[int, str] = {}
        self._seen: list[Any] = []
        self._handles: list[Any] = []

    @property
    def is_bw(self) -> bool:
        """Return False: modules run forward."""
        return False

    def name_of(self, module: Module) -> str:
        """The name of a module, which names those in it when it is new."""
        if id(module) not in self._names:
            root = type(module).__name__
            for path, inner in module.named_modules():
                full = f"{root}.{path}" if path else root
                self._names.setdefault(id(inner), full)
            self._seen.append(module)
        return self._names[id(module)]

    def _enter(self, module: Module, args: object) -> None:
        name = self.name_of(module)
        if name in self.parents:
            _log.info("The module hierarchy tracking seems to be messed up.")
        self.parents.add(name)

    def _leave(self, module: Module, args: object, result: object) -> None:
        self.parents.discard(self.name_of(module))

    def __enter__(self) -> Self:
        self._handles = [
            register_module_forward_pre_hook(self._enter),
            register_module_forward_hook(self._leave, always_call=True),
        ]
        return self

    def __exit__(self, *error: object) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles = []
        self.parents = {"Global"}


__all__ = ["ModuleTracker"]
