"""Names of PyTorch that can be imported, and say what there is instead when used."""

from collections.abc import Callable
from typing import Any, NoReturn


def refused_function(
    name: str, why: str, root: str = "torch"
) -> Callable[..., NoReturn]:
    """A function that raises NotImplementedError when it is called."""

    text = f"{root}.{name} is not there: {why}."

    def refuse(*args: object, **kwargs: object) -> NoReturn:
        raise NotImplementedError(text)

    refuse._why = text  # type: ignore[attr-defined]
    refuse.__name__ = refuse.__qualname__ = name.rpartition(".")[2]
    refuse.__doc__ = f"Refuse: {why}."
    return refuse


class _Refused(type):
    """The type of classes that are not there: their members refuse as well."""

    _why: str

    def __getattr__(cls, name: str) -> NoReturn:
        raise AttributeError(name if name.startswith("_") else cls._why)


def refused_class(name: str, why: str, root: str = "torch") -> type:
    """A class that nothing is an instance of: to make one raises, and so do members."""
    text = f"{root}.{name} is not there: {why}."

    def refuse(self: object, *args: object, **kwargs: object) -> NoReturn:
        raise NotImplementedError(text)

    last = name.rpartition(".")[2]
    members = {"__init__": refuse, "__doc__": f"Not there: {why}.", "_why": text}
    return _Refused(last, (), members)


def refusal(public: object) -> str | None:
    """What is said when it is used, of what is there only to refuse; else None."""
    why = getattr(public, "__dict__", {}).get("_why")
    return why if isinstance(why, str) else None


def refused_name(name: str, why: str, root: str = "torch") -> Any:
    """A refusing class or function, by whether its name begins with a capital."""
    is_class = name.rpartition(".")[2].lstrip("_")[:1].isupper()
    return (refused_class if is_class else refused_function)(name, why, root)


def refused(module: str, why: str, names: str) -> dict[str, Any]:
    """Refusing classes and functions of a module of torch, by name."""
    return {name: refused_name(f"{module}.{name}", why) for name in names.split()}
