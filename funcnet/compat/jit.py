"""`torch.jit`: accepted as it stands, because every step is compiled already."""

from types import SimpleNamespace
from typing import Any, Optional

from funcnet.compat._help import tell_once

_NOTE = "torch.jit.{} returns what it is given: steps are compiled by XLA already."


def script(obj: Any, *args: Any, **kwargs: Any) -> Any:
    """Return the function or module itself."""
    tell_once(_NOTE.format("script"))
    return obj


def trace(func: Any, *args: Any, **kwargs: Any) -> Any:
    """Return the function or module itself."""
    tell_once(_NOTE.format("trace"))
    return func


def ignore(drop: Any = False, **kwargs: Any) -> Any:
    """A decorator without effect."""
    return drop if callable(drop) else lambda function: function


unused = export = ignore


def is_scripting() -> bool:
    """No: there is no TorchScript."""
    return False


def is_tracing() -> bool:
    """No: there is no TorchScript."""
    return False


class _Final:
    def __getitem__(self, item: Any) -> Any:
        return item


Final = _Final()


def annotate(the_type: Any, value: Any) -> Any:
    """Return the value."""
    return value


annotations = SimpleNamespace(List=list, Dict=dict, Tuple=tuple, Optional=Optional)
