"""What is set for a whole process: how numpy warns, what is logged, the locale, ..."""

import contextlib
import locale
import logging
import os
import sys
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

import numpy as np

from funcnet.data._workers._after_import import after_import


def settings() -> dict[str, Any]:
    """What is set in this process."""
    return {name: take() for name, (take, _) in _SETTINGS.items()}


def restore(found: dict[str, Any]) -> None:
    """Set the same in this one."""
    for name, value in found.items():
        with contextlib.suppress(Exception):
            _SETTINGS[name][1](value)


# --- warnings -------------------------------------------------------------------------


def _filters() -> list[Any]:
    """The filters, with the names of the classes of warnings."""
    return [
        (action, message, _path(kind), module, line)
        for action, message, kind, module, line in warnings.filters
    ]


def _set_filters(found: list[Any]) -> None:
    known: list[Any] = []
    for action, message, (module, name), where, line in found:
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type):  # else nothing can warn of it here
            known.append((action, message, kind, where, line))
    warnings.filters[:] = known  # type: ignore[index]
    warnings._filters_mutated()  # type: ignore[attr-defined]


# --- logging --------------------------------------------------------------------------


def _levels() -> Any:
    manager = logging.root.manager
    loggers: dict[str, Any] = {"": logging.root}
    loggers |= {
        name: one
        for name, one in manager.loggerDict.items()
        if isinstance(one, logging.Logger)
    }
    return manager.disable, {
        name: (one.level, one.disabled, one.propagate, _handlers(one))
        for name, one in loggers.items()
        if one.level or one.disabled or not one.propagate or one.handlers
    }


def _handlers(logger: logging.Logger) -> list[Any]:
    """The handlers that write to the streams of the process, or to files."""
    result = []
    for one in logger.handlers:
        formatter = one.formatter
        style = formatter and (formatter._fmt, formatter.datefmt)
        if type(one) is logging.FileHandler:
            result.append((one.baseFilename, one.level, style))
        elif type(one) is logging.StreamHandler:
            for name in ("stderr", "stdout"):
                if one.stream is getattr(sys, name):
                    result.append((name, one.level, style))
    return result


def _set_levels(found: Any) -> None:
    disable, loggers = found
    logging.disable(disable)
    for name, (level, disabled, propagate, handlers) in loggers.items():
        logger = logging.getLogger(name)
        logger.level, logger.disabled, logger.propagate = level, disabled, propagate
        if not logger.handlers:
            for one in handlers:
                logger.addHandler(_handler(*one))
    logging.root.manager._clear_cache()  # type: ignore[attr-defined]


def _handler(where: str, level: int, style: Any) -> logging.Handler:
    result: logging.Handler
    if where in ("stderr", "stdout"):
        result = logging.StreamHandler(getattr(sys, where))
    else:
        result = logging.FileHandler(where)
    result.setLevel(level)
    if style is not None:
        result.setFormatter(logging.Formatter(*style))
    return result


# --- the rest -------------------------------------------------------------------------


def _context() -> Any:
    module: Any = sys.modules.get("decimal")
    return module and module.getcontext()


def _set_context(found: Any) -> None:
    if found is not None:
        sys.modules["decimal"].setcontext(found)


def _locale() -> str:
    return locale.setlocale(locale.LC_ALL)


def _set_locale(found: str) -> None:
    if found != _locale():
        locale.setlocale(locale.LC_ALL, found)


def _limits() -> Any:
    """How many files may be open, and how deep calls go."""
    try:
        import resource

        files: Any = resource.getrlimit(resource.RLIMIT_NOFILE)
    except ImportError:
        files = None
    return sys.getrecursionlimit(), files


def _set_limits(found: Any) -> None:
    sys.setrecursionlimit(found[0])
    if found[1] is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, found[1])


def _printing() -> Any:
    options = dict(np.get_printoptions())
    options.pop("override_repr", None)
    return options if options.get("formatter") is None else None


def _set_printing(found: Any) -> None:
    if found is not None:
        np.set_printoptions(**found)


def _opencv() -> Any:
    module: Any = sys.modules.get("cv2")
    if module is None:
        return None
    return module.getNumThreads(), bool(module.ocl.useOpenCL())


def _set_opencv(found: Any) -> None:
    def set_both(module: ModuleType) -> None:
        cv2: Any = module
        cv2.setNumThreads(found[0])
        cv2.ocl.setUseOpenCL(found[1])

    if found is not None:
        after_import("cv2", set_both)


def _formats() -> dict[str, Any]:
    """The formats of images that somebody has told Pillow of."""
    images: Any = sys.modules.get("PIL.Image")
    if images is None:
        return {}
    return {
        name: (factory.__module__, factory.__qualname__, accept and _path(accept))
        for name, (factory, accept) in images.OPEN.items()
        if not factory.__module__.startswith("PIL.")
    }


def _path(function: Any) -> tuple[str, str]:
    return function.__module__, function.__qualname__


def _set_formats(found: dict[str, Any]) -> None:
    import importlib

    for name, (module, factory, accept) in found.items():
        images: Any = sys.modules["PIL.Image"]
        make = getattr(importlib.import_module(module), factory)
        test = accept and getattr(importlib.import_module(accept[0]), accept[1])
        images.register_open(name, make, test)


_SETTINGS: Final[dict[str, tuple[Callable[[], Any], Callable[[Any], object]]]] = {
    "warnings": (_filters, _set_filters),
    "logging": (_levels, _set_levels),
    "decimal": (_context, _set_context),
    "locale": (_locale, _set_locale),
    "limits": (_limits, _set_limits),
    "numpy errors": (np.geterr, lambda found: np.seterr(**found)),
    "numpy printing": (_printing, _set_printing),
    "cv2": (_opencv, _set_opencv),
    "formats of images": (_formats, _set_formats),
}


# --- the environment ------------------------------------------------------------------


def enter(context: dict[str, Any]) -> None:
    """Have the environment, folder and paths of the main process."""
    for name in set(os.environ) - set(context["environ"]):
        del os.environ[name]
    os.environ.update(context["environ"])
    sys.path[:], sys.argv[:] = context["path"], context["argv"]
    os.chdir(context["folder"])
