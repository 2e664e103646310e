"""Names of PyTorch that can be imported, and say what there is instead when used."""

from collections.abc import Callable
from typing import Any, NoReturn


def refused_function(name: str, why: str) -> Callable[..., NoReturn]:
    """A function that raises NotImplementedError when it is called."""

    def refuse(*args: object, **kwargs: object) -> NoReturn:
        raise NotImplementedError(f"torch.{name} is not there: {why}.")

    refuse.__name__ = refuse.__qualname__ = name.rpartition(".")[2]
    refuse.__doc__ = f"Refuse: {why}."
    return refuse


def refused_class(name: str, why: str) -> type:
    """A class that nothing is an instance of: to make one raises."""

    def refuse(self: object, *args: object, **kwargs: object) -> NoReturn:
        raise NotImplementedError(f"torch.{name} is not there: {why}.")

    last = name.rpartition(".")[2]
    return type(last, (), {"__init__": refuse, "__doc__": f"Not there: {why}."})


def refused(module: str, why: str, names: str) -> dict[str, Any]:
    """Refusing classes and functions, by whether their names begin with a capital."""
    result = {}
    for name in names.split():
        make = refused_class if name.lstrip("_")[:1].isupper() else refused_function
        result[name] = make(f"{module}.{name}", why)
    return result
