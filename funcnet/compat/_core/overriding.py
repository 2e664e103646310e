"""`__torch_function__`: classes and modes that override public functions.

Each public function dispatches first, where it is registered:

    if dispatch.active:
        result = dispatch_override(public, args, kwargs)
        if result is not NOT_OVERRIDDEN:
            return result

As long as there is no tensor of a subclass and no mode, `dispatch.active` is false, and
the function costs nothing more.
"""

import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Self

from funcnet.compat._messages.suggestions import outside


class _State(threading.local):
    """What is switched in this thread."""

    def __init__(self) -> None:
        self.modes: list[Any] = []
        self.classes_off = 0
        self.all_off = 0


state: Final = _State()


class _Dispatch:
    """Whether functions dispatch: while there is a mode, or once there was a subclass.

    Attributes:
        active: read by each public function when it is called.
    """

    __slots__ = ("_lock", "_users", "active")

    def __init__(self) -> None:
        self.active = False
        self._users = 0
        self._lock = threading.Lock()

    def activate(self) -> None:
        """Make public functions dispatch; called once for each user of it."""
        with self._lock:
            self._users += 1
            self.active = True

    def deactivate(self) -> None:
        """Take one user away; after the last the functions compute at once again."""
        with self._lock:
            self._users -= 1
            self.active = self._users > 0


dispatch: Final = _Dispatch()


class _NotOverridden:
    """The type of `NOT_OVERRIDDEN`."""

    __slots__ = ()


NOT_OVERRIDDEN: Final = _NotOverridden()
"""What `dispatch_override` gives where nothing overrides the function."""


def disabled_torch_function(
    cls: Any,
    func: Callable[..., Any],
    types: Sequence[type],
    args: tuple[Any, ...] = (),
    kwargs: dict[str, Any] | None = None,
) -> Any:
    """Compute as if the class had no `__torch_function__`: the sign of such a class."""
    return func(*args, **(kwargs or {}))


class Mode:
    """Base of the modes in which a class of the user's sees calls in a `with` block."""

    def _intercept(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Compute a call; written by the subclass."""
        raise NotImplementedError

    @classmethod
    def push(cls, *args: object, **kwargs: object) -> Self:
        """Return a new mode; an old way to enter it."""
        return cls(*args, **kwargs)


# --- what overrides -------------------------------------------------------------------

_overrides: dict[type, bool] = {}
plain_classes: Final[set[type]] = set()
"""Classes of tensors that never override: `Tensor` itself."""


def overrides_functions(cls: type) -> bool:
    """Return whether a class has an active `__torch_function__`."""
    result = _overrides.get(cls)
    if result is None:
        own = getattr(cls, "__torch_function__", None)
        off = getattr(own, "__func__", own) is disabled_torch_function
        result = own is not None and not off and cls not in plain_classes
        _overrides[cls] = result
    return result


def overriding_args(values: Iterable[Any]) -> list[Any]:
    """Return arguments that override, one a class, subclasses before bases."""
    result: list[Any] = []
    for x in values:
        cls = type(x)
        if cls is tuple or cls is list:
            for part in x:
                if overrides_functions(type(part)):
                    _insert(result, part)
        elif overrides_functions(cls):
            _insert(result, x)
    return result


def _insert(overriders: list[Any], x: object) -> None:
    cls = type(x)
    index = len(overriders)
    for i, other in enumerate(overriders):
        if type(other) is cls:
            return
        if index == len(overriders) and issubclass(cls, type(other)):
            index = i
    overriders.insert(index, x)


# --- dispatch ------------------------------------------------------------------------


class Leave:
    """Take a mode off the stack for a block: what it calls is not shown to it."""

    def __init__(self, modes: list[Any]) -> None:
        self.modes = modes

    def __enter__(self) -> Any:
        self.mode = self.modes.pop()
        return self.mode

    def __exit__(self, *error: object) -> None:
        self.modes.append(self.mode)


def call_overrides(
    function: Any, overriders: list[Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    """Call the innermost mode, then the arguments; NotImplemented: all decline."""
    types = tuple([type(x) for x in overriders])
    if state.modes and not state.all_off:
        with Leave(state.modes) as mode:
            result = mode.__torch_function__(function, types, args, kwargs)
        if result is not NotImplemented:
            return result
    for x in overriders:
        own = x.__torch_function__
        if getattr(own, "__self__", None) is x:
            warnings.warn(
                "Defining your `__torch_function__` as a plain method is deprecated "
                "and will be an error in future, please define it as a classmethod.",
                DeprecationWarning,
                stacklevel=outside(),
            )
        result = own(function, types, args, kwargs)
        if result is not NotImplemented:
            return result
    return NotImplemented


def dispatch_override(
    function: Any,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    operator: bool = False,
    of_data: bool = False,
) -> Any:
    """Return what an override gives for a call; `NOT_OVERRIDDEN` without one.

    Args:
        function: the public function.
        args, kwargs: what it was called with.
        operator: all may decline: Python then tries the other operand.
        of_data: takes data of any type, so that only modes override.

    Raises:
        TypeError: all overrides gave NotImplemented.
    """
    if state.all_off:
        return NOT_OVERRIDDEN
    overriders: list[Any] = []
    if not (of_data or state.classes_off):
        overriders = overriding_args((*args, *kwargs.values()) if kwargs else args)
    if not overriders and not state.modes:
        return NOT_OVERRIDDEN
    result = call_overrides(function, overriders, args, kwargs)
    if result is NotImplemented and not operator:
        raise TypeError(_declined_message(function, overriders))
    return result


def _declined_message(function: object, overriders: list[Any]) -> str:
    handlers = [f"  - mode object {state.modes[-1]!r}\n"] if state.modes else []
    handlers += [f"  - tensor subclass {type(x)}\n" for x in overriders]
    return (
        f"Multiple dispatch failed for '{name_of(function)}'; all __torch_function__ "
        "handlers returned NotImplemented:\n\n" + "".join(handlers) + "\n"
        "For more information, try re-running with TORCH_LOGS=not_implemented"
    )


def torch_name(function: Any) -> str | None:
    """The name of a public function, "torch.add"; None for others.

    Of an attribute of tensors `function` is the property's `__get__` or `__set__`.
    """
    owner = getattr(function, "__self__", None)
    if isinstance(owner, property):
        step = function.__name__
        name = getattr(owner.fget if step == "__get__" else owner.fset, _NAME, None)
        return f"{name}.{step}" if name else None
    name = getattr(function, _NAME, None)
    return name if isinstance(name, str) else None


_NAME: Final = "_torch_name"


def name_of(function: object) -> str:
    """The name of a public function, for errors."""
    return torch_name(function) or str(getattr(function, "__name__", function))


_had_subclass = False


def note_instance(cls: type) -> None:
    """Note that there is a tensor of a subclass, which may override functions."""
    global _had_subclass
    if not _had_subclass and overrides_functions(cls):
        _had_subclass = True
        dispatch.activate()


def rescued(args: Sequence[Any], kwargs: dict[str, Any]) -> bool:
    """Return whether a function failed because it did not dispatch.

    Objects that are no tensors come without notice. If there is one among the
    arguments, functions dispatch from now on, and the caller should call again: the
    outermost of them, which the user called.
    """
    if _had_subclass or state.all_off or state.classes_off:
        return False
    caller = sys._getframe(2).f_globals.get("__name__", "")
    if caller.startswith("funcnet.compat."):
        return False
    result = overriding_args((*args, *kwargs.values()))
    if not result:
        return False
    note_instance(type(result[0]))
    return True
