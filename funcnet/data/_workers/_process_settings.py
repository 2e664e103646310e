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
    return {name: get() for name, (get, _) in _SETTINGS.items()}


def restore(saved: dict[str, Any]) -> None:
    """Set the same in this one."""
    for name, value in saved.items():
        with contextlib.suppress(Exception):
            _SETTINGS[name][1](value)


# --- warnings -------------------------------------------------------------------------


def _filters() -> list[Any]:
    """The filters, with the names of the classes of warnings."""
    return [
        (action, message, _path(category), module, line)
        for action, message, category, module, line in warnings.filters
    ]


def _set_filters(saved: list[Any]) -> None:
    known: list[Any] = []
    for action, message, (module, name), line_module, line in saved:
        category = getattr(sys.modules.get(module), name, None)
        if isinstance(category, type):  # else nothing can warn of it here
            known.append((action, message, category, line_module, line))
    warnings.filters[:] = known  # type: ignore[index]
    warnings._filters_mutated()  # type: ignore[attr-defined]


# --- logging --------------------------------------------------------------------------


def _levels() -> Any:
    manager = logging.root.manager
    loggers: dict[str, Any] = {"": logging.root}
    loggers |= {
        name: logger
        for name, logger in manager.loggerDict.items()
        if isinstance(logger, logging.Logger)
    }
    return manager.disable, {
        name: (logger.level, logger.disabled, logger.propagate, _handlers(logger))
        for name, logger in loggers.items()
        if logger.level or logger.disabled or not logger.propagate or logger.handlers
    }


def _handlers(logger: logging.Logger) -> list[Any]:
    """The handlers that write to the streams of the process, or to files."""
    result = []
    for handler in logger.handlers:
        formatter = handler.formatter
        style = formatter and (formatter._fmt, formatter.datefmt)
        if type(handler) is logging.FileHandler:
            result.append((handler.baseFilename, handler.level, style))
        elif type(handler) is logging.StreamHandler:
            for name in ("stderr", "stdout"):
                if handler.stream is getattr(sys, name):
                    result.append((name, handler.level, style))
    return result


def _set_levels(saved: Any) -> None:
    disable, loggers = saved
    logging.disable(disable)
    for name, (level, disabled, propagate, handlers) in loggers.items():
        logger = logging.getLogger(name)
        logger.level, logger.disabled, logger.propagate = level, disabled, propagate
        if not logger.handlers:
            for handler in handlers:
                logger.addHandler(_handler(*handler))
    logging.root.manager._clear_cache()  # type: ignore[attr-defined]


def _handler(target: str, level: int, style: Any) -> logging.Handler:
    result: logging.Handler
    if target in ("stderr", "stdout"):
        result = logging.StreamHandler(getattr(sys, target))
    else:
        result = logging.FileHandler(target)
    result.setLevel(level)
    if style is not None:
        result.setFormatter(logging.Formatter(*style))
    return result


# --- the rest -------------------------------------------------------------------------


def _context() -> Any:
    module: Any = sys.modules.get("decimal")
    return module and module.getcontext()


def _set_context(saved: Any) -> None:
    if saved is not None:
        sys.modules["decimal"].setcontext(saved)


def _locale() -> str:
    return locale.setlocale(locale.LC_ALL)


def _set_locale(saved: str) -> None:
    if saved != _locale():
        locale.setlocale(locale.LC_ALL, saved)


def _limits() -> Any:
    """How many files may be open, and how deep calls go."""
    try:
        import resource

        files: Any = resource.getrlimit(resource.RLIMIT_NOFILE)
    except ImportError:
        files = None
    return sys.getrecursionlimit(), files


def _set_limits(saved: Any) -> None:
    sys.setrecursionlimit(saved[0])
    if saved[1] is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, saved[1])


def _printing() -> Any:
    options = dict(np.get_printoptions())
    options.pop("override_repr", None)
    return options if options.get("formatter") is None else None


def _set_printing(saved: Any) -> None:
    if saved is not None:
        np.set_printoptions(**saved)


def _opencv() -> Any:
    module: Any = sys.modules.get("cv2")
    if module is None:
        return None
    return module.getNumThreads(), bool(module.ocl.useOpenCL())


def _set_opencv(saved: Any) -> None:
    def set_both(module: ModuleType) -> None:
        cv2: Any = module
        cv2.setNumThreads(saved[0])
        cv2.ocl.setUseOpenCL(saved[1])

    if saved is not None:
        after_import("cv2", set_both)


def _formats() -> dict[str, Any]:
    """The image formats that were registered with Pillow."""
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


def _set_formats(saved: dict[str, Any]) -> None:
    import importlib

    for name, (module, factory, accept) in saved.items():
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
    "numpy errors": (np.geterr, lambda saved: np.seterr(**saved)),
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
