"""Write the public names of torch and torchvision, which `funcnet coverage` compares.

Run in the environment that has PyTorch: `.venv-torch/bin/python -m tools.torch_names`.
The file that is written again says which modules: those that PyTorch documents, and the
two classes with the most methods. A line with a module's name and a colon adds one.
"""

import contextlib
import importlib
import inspect
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import torch

OUTPUT: Final = Path(__file__).parents[1] / "funcnet/cli/_coverage/names.txt"


def main() -> None:
    """Write the names, a module a line."""
    warnings.simplefilter("ignore")
    lines = []
    for line in OUTPUT.read_text().splitlines():
        module = line.partition(":")[0]
        try:
            lines.append(f"{module}: {' '.join(_names(module))}")
        except ImportError:  # it needs a package that is not there: as it was
            lines.append(line)
    OUTPUT.write_text("\n".join([*lines, ""]))


def _names(path: str) -> list[str]:
    value = _value(path)
    listed = getattr(value, "__all__", None)
    if listed is not None:
        return sorted({name for name in listed if not name.startswith("_")})
    return sorted(name for name in dir(value) if _is_public(value, name))


def _value(path: str) -> Any:
    if path.startswith("torchvision"):
        with without_compiled_operators():
            return importlib.import_module(path)
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError as error:
        if error.name != path:  # what it imports itself is not installed
            raise
        module, _, name = path.rpartition(".")
        return getattr(importlib.import_module(module), name)


def _is_public(owner: object, name: str) -> bool:
    """Whether a name is meant for users: not a module, nor another package's."""
    if name.startswith("_"):
        return False
    value = inspect.getattr_static(owner, name)
    if isinstance(value, ModuleType):
        return False
    if not isinstance(owner, ModuleType):
        return True
    origin = getattr(value, "__module__", None) or "torch"
    return str(origin).partition(".")[0] in ("torch", "torchvision")


@contextlib.contextmanager
def without_compiled_operators() -> Iterator[None]:
    """Import torchvision also from a wheel whose operators do not load."""
    real = torch.library.register_fake

    def quiet(name: Any, *args: Any, **kwargs: Any) -> Any:
        if str(name).startswith("torchvision::"):
            return lambda function: function
        return real(name, *args, **kwargs)

    torch.library.register_fake = quiet
    try:
        yield
    finally:
        torch.library.register_fake = real


if __name__ == "__main__":
    main()
