"""What a user sets on a tensor, apart from the fields that lie beside it.

The fields of a tensor lie in the object itself. PyTorch's lie in C++, so that a package
which copies `tensor.__dict__`, or replaces it, means the user's attributes alone.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

T = TypeVar("T", bound=type)


class Fielded:
    """An object with fields and attributes, which `__dict__` would show together."""


fields_of: Final[Callable[[Any], dict[str, Any]]] = vars(Fielded)["__dict__"].__get__
"""All that lies in a tensor: its fields and what its user set."""

_FIELDS: Final[set[str]] = set()


def with_fields(cls: T) -> T:
    """Keep what a class of tensors declares apart from what users set."""
    _FIELDS.update(cls.__annotations__)
    return cls


def user_attributes(x: object) -> dict[str, Any]:
    """What the user of a tensor has set on it."""
    fields = fields_of(x)
    return {name: fields[name] for name in fields if name not in _FIELDS}


class Attributes(dict[str, Any]):
    """What was set on a tensor; to write to it is to write to the tensor."""

    __slots__ = ("_fields",)

    def __init__(self, x: object) -> None:
        super().__init__(user_attributes(x))
        self._fields = fields_of(x)

    def __setitem__(self, name: str, value: object) -> None:
        super().__setitem__(name, value)
        if name not in _FIELDS:
            self._fields[name] = value

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        del self._fields[name]

    def update(self, *others: Any, **named: object) -> None:
        """Set several."""
        for name, value in dict(*others, **named).items():
            self[name] = value

    def __ior__(self, other: Mapping[str, object]) -> "Attributes":  # type: ignore[override, misc]
        self.update(other)
        return self

    def setdefault(self, name: str, default: object = None) -> Any:
        """Set one that is not there."""
        if name not in self:
            self[name] = default
        return self[name]

    def pop(self, name: str, *default: object) -> Any:
        """Remove one, and return what it was."""
        if name in self:
            del self._fields[name]
        return super().pop(name, *default)

    def popitem(self) -> tuple[str, Any]:
        """Remove the last one."""
        name, value = super().popitem()
        del self._fields[name]
        return name, value

    def clear(self) -> None:
        """Remove all."""
        for name in self:
            del self._fields[name]
        super().clear()

    def copy(self) -> dict[str, Any]:
        """An ordinary dictionary of them."""
        return dict(self)

    def __reduce__(self) -> Any:
        return dict, (dict(self),)

    def __copy__(self) -> dict[str, Any]:
        return dict(self)


def _replace(x: object, attributes: Mapping[str, Any]) -> None:
    fields = fields_of(x)
    kept = {name: fields[name] for name in fields if name in _FIELDS}
    given = {name: attributes[name] for name in attributes if name not in _FIELDS}
    fields.clear()
    fields.update(kept | given)


shown_attributes: Final = property(Attributes, _replace)
"""What packages read and replace as `tensor.__dict__`; the fields stay."""


class _Shown:
    """What stands before a class whose own `__dict__` would show the fields."""

    __dict__ = shown_attributes  # type: ignore[assignment]


def keep_attributes_apart(cls: type) -> None:
    """Have a subclass show attributes alone, whatever other classes it stands on."""
    for one in cls.__mro__:
        found = vars(one).get("__dict__")
        if found is not None:
            if found is not shown_attributes:
                cls.__bases__ = (_Shown, *cls.__bases__)
            return
