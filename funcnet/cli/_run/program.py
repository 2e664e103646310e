"""A script, a module or a string of code, run as Python itself runs it."""

import importlib.machinery
import io
import os
import runpy
import sys
from pathlib import Path
from types import CodeType, ModuleType
from typing import NamedTuple


class Program(NamedTuple):
    """What is to be run.

    Attributes:
        kind: "script", a file or a folder with `__main__.py`; "module"; or "code".
        name: the path, the name of the module, or the code.
        arguments: those that the program gets.
    """

    kind: str
    name: str
    arguments: list[str]

    def run(self) -> None:
        """Run it as `__main__`; what it raises comes out.

        Raises:
            FileNotFoundError: there is no such script.
            ImportError: there is no such module.
        """
        if self.kind == "module":
            self._run_module()
        elif self.kind == "code":
            sys.argv = ["-c", *self.arguments]
            sys.path.insert(0, "")
            _run_as_main(compile(self.name, "<string>", "exec"), None)
        else:
            self._run_script()

    def _run_script(self) -> None:
        path = Path(self.name)
        sys.argv = [self.name, *self.arguments]
        if path.is_dir() or path.suffix in (".zip", ".pyz"):
            runpy.run_path(self.name, run_name="__main__")
            return
        with io.open_code(os.fspath(path.absolute())) as file:
            source = file.read()
        sys.path.insert(0, os.fspath(path.resolve().parent))
        _run_as_main(compile(source, self.name, "exec"), os.fspath(path.absolute()))

    def _run_module(self) -> None:
        sys.argv = ["-m", *self.arguments]
        sys.path.insert(0, os.getcwd())
        runpy.run_module(self.name, run_name="__main__", alter_sys=True)


def _run_as_main(code: CodeType, path: str | None) -> None:
    """Run code in a module of its own, which is `__main__` from now on.

    Others look it up there by name: pickle, and the processes of `multiprocessing`.
    """
    module = ModuleType("__main__")
    vars(module)["__builtins__"] = __builtins__
    if path is not None:
        module.__file__ = path
        vars(module)["__cached__"] = None
        module.__loader__ = importlib.machinery.SourceFileLoader("__main__", path)
    sys.modules["__main__"] = module
    exec(code, vars(module))
