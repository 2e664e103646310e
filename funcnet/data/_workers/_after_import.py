"""Call something when a module has been imported."""

import importlib.abc
import importlib.util
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

Call = Callable[[ModuleType], object]
_waiting: dict[str, list[Call]] = {}


def after_import(name: str, call: Call) -> None:
    """Call with the module of this name, now or as soon as it has been imported."""
    module = sys.modules.get(name)
    if module is not None:
        call(module)
        return
    if not _waiting:
        sys.meta_path.insert(0, _Watching())
    _waiting.setdefault(name, []).append(call)


class _Watching(importlib.abc.MetaPathFinder):
    """Find the modules that callbacks wait for, by the other finders."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return the spec of the other finders, with the callbacks after its import."""
        calls = _waiting.pop(fullname, None)
        if calls is None:
            return None
        spec = importlib.util.find_spec(fullname)
        loader = spec and spec.loader
        if spec is None or loader is None or not hasattr(loader, "exec_module"):
            return spec
        execute = loader.exec_module

        def execute_and_call(module: ModuleType) -> None:
            execute(module)
            for call in calls:
                call(module)

        loader.exec_module = execute_and_call  # type: ignore[method-assign]
        return spec
