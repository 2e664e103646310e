"""Pickles for workers: by value what they cannot import, and what a fork would copy."""

import importlib.machinery
import io
import pickle
import sys
import sysconfig
import threading
from collections import ChainMap
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any, Final

import cloudpickle
from cloudpickle import cloudpickle as internals

from funcnet.data._workers import _primitives

_PACKAGE: Final = "funcnet"
_FOLDERS: Final = tuple(
    {sysconfig.get_path(name) for name in ("stdlib", "platstdlib")}
    | {sysconfig.get_path(name) for name in ("purelib", "platlib")}
)
_lock: Final = threading.Lock()


class Pickler(cloudpickle.Pickler):
    """Pickles, and notes which modules what it pickles comes from.

    Attributes:
        modules: the names of modules of the script's own that were met.
        libraries: the names of other modules that were met.
        made: modules of the script's own that no worker can import, by name.
    """

    def __init__(self, file: Any, keep: Callable[[Any], Any] | None = None) -> None:
        # It is read while the pickler is made.
        reducers: Any = _primitives.reducers()
        self.dispatch_table: Any = ChainMap(reducers, internals.Pickler.dispatch_table)
        super().__init__(file, pickle.HIGHEST_PROTOCOL, buffer_callback=keep)
        self.modules: dict[str, ModuleType] = {}
        self.libraries: set[str] = set()

    def reducer_override(self, obj: Any) -> Any:
        """Note modules, and say how some things are pickled."""
        cls = type(obj)
        if cls is FunctionType or issubclass(cls, type):
            if internals._should_pickle_by_reference(obj):
                self._meet(sys.modules.get(obj.__module__ or ""))
        elif issubclass(cls, ModuleType):
            self._meet(obj)
            if is_own(obj) and not is_found(obj):
                return made_module, (obj.__name__, hasattr(obj, "__path__"))
        elif _primitives.is_synchronized(obj):
            return _primitives.synchronized(obj)
        return super().reducer_override(obj)

    def _meet(self, module: ModuleType | None) -> None:
        if module is None or module.__name__ == "__main__":
            return
        if is_own(module):
            self.modules.setdefault(module.__name__, module)
        else:
            self.libraries.add(module.__name__)


class ByValue:
    """While it is entered, modules that cannot be imported are pickled by value."""

    def __enter__(self) -> None:
        _lock.acquire()
        self._names = {
            name
            for name, module in list(sys.modules.items())
            if name != "__main__" and is_own(module) and not is_found(module)
        } - internals._PICKLE_BY_VALUE_MODULES
        internals._PICKLE_BY_VALUE_MODULES.update(self._names)

    def __exit__(self, *error: object) -> None:
        internals._PICKLE_BY_VALUE_MODULES.difference_update(self._names)
        _lock.release()


def trial(value: Any) -> Pickler | None:
    """The pickler that has pickled something, or None where that cannot be done."""
    pickler = Pickler(io.BytesIO(), lambda buffer: False)
    try:
        with _primitives.Sending():
            pickler.dump(value)
    except Exception:
        return None
    return pickler


def made_module(name: str, is_package: bool) -> ModuleType:
    """In a worker, the module that stands for one that was not imported from a file."""
    module = sys.modules.get(name)
    if module is None:
        module = sys.modules[name] = ModuleType(name)
        if is_package:
            module.__path__ = []
    return module


# --- whose a module is ----------------------------------------------------------------


def is_own(module: Any) -> bool:
    """Return whether a module is the script's own: not Python's, not installed."""
    name = getattr(module, "__name__", None)
    known = _known.get(name) if isinstance(name, str) else None
    if known is None or known[0] is not module:
        known = module, _is_own(module)
        if isinstance(name, str):
            _known[name] = known
    return known[1]


_known: Final[dict[str, tuple[Any, bool]]] = {}


def _is_own(module: Any) -> bool:
    if not isinstance(module, ModuleType) or module.__name__ in _NEVER:
        return False
    spec = getattr(module, "__spec__", None)  # compat may call itself torch
    name = getattr(spec, "name", None) or module.__name__
    if name.partition(".")[0] == _PACKAGE:
        return False
    path = getattr(module, "__file__", None)
    if isinstance(path, str):
        return not path.startswith(_FOLDERS) and "site-packages" not in path
    return (
        spec is None and type(module) is ModuleType and not hasattr(module, "__path__")
    )


_NEVER: Final = {"__main__", "__mp_main__", "builtins", "sys"}


def is_found(module: ModuleType) -> bool:
    """Return whether importing a module by its name finds the file it came from."""
    name, path = module.__name__, getattr(module, "__file__", None)
    parent = sys.modules.get(name.rpartition(".")[0]) if "." in name else None
    if path is None or ("." in name and parent is None):
        return False
    if sys.modules.get(name) is not module:
        return False
    paths = None if parent is None else getattr(parent, "__path__", [])
    finders: list[Any] = [importlib.machinery.PathFinder, *sys.meta_path]
    for finder in finders:
        if not getattr(finder, "__module__", "").startswith(_FINDERS):
            continue
        try:
            spec = finder.find_spec(name, paths)
        except Exception:
            continue
        if spec is not None:
            return spec.origin == path or spec.cached == path
    return False


# Other finders, such as that of pytest, are not there in a worker.
_FINDERS: Final = ("importlib", "_frozen_importlib_external", "__editable__")
