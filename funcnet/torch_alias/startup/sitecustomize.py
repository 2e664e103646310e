"""Run by Python when it starts in a child process of `funcnet run`.

Another `sitecustomize` that would have been found is run, too.
"""

import importlib.machinery
import importlib.util
import os
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_ROOT = str(_HERE.parents[2])


def _elsewhere() -> list[str]:
    return [path for path in sys.path if os.path.realpath(path or ".") != str(_HERE)]


def _run_next() -> None:
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", _elsewhere())
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


sys.path[:] = _elsewhere()
if importlib.util.find_spec("funcnet") is None:
    sys.path.append(_ROOT)
importlib.import_module("funcnet.torch_alias").install(even_if_installed=True)
_run_next()
