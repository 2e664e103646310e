"""`__torch_function__`: classes and modes that are asked before a function computes.

As long as there is none, public functions are what they are. When the first subclass of
a tensor is made, or a mode is entered, each public function gets other code, which asks
first: the function stays the same object, wherever it was imported to, and costs
nothing before. When the last mode is left and there was no subclass, all is as it was.
"""

import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from types import CodeType, FunctionType
from typing import Any, Final

from funcnet.compat._messages.suggestions import outside


class _State(threading.local):
    """What is switched in this thread."""

    def __init__(self) -> None:
        self.modes: list[Any] = []
        self.classes_off = 0
        self.all_off = 0


state: Final = _State()


def disabled_torch_function(
    cls: Any,
    func: Callable[..., Any],
    types: Sequence[type],
    args: tuple[Any, ...] = (),
    kwargs: dict[str, Any] | None = None,
) -> Any:
    """Compute as if the class had no `__torch_function__`: the sign of such a class."""
    return func(*args, **(kwargs or {}))


disabled_torch_function._known = ()  # type: ignore[attr-defined] # told by identity


def own_copy(found: object) -> Any:
    """A method or property that is told from the function with which it shares code."""
    if isinstance(found, property):
        return property(*[own_copy(x) for x in (found.fget, found.fset, found.fdel)])
    return copied(found) if isinstance(found, FunctionType) else found


# --- who is asked --------------------------------------------------------------------

_asked: dict[type, bool] = {}
plain_classes: Final[set[type]] = set()
"""Classes of tensors that are never asked: `Tensor` itself."""


def is_asked(kind: type) -> bool:
    """Tell whether the class of an argument has a `__torch_function__` to be asked."""
    found = _asked.get(kind)
    if found is None:
        own = getattr(kind, "__torch_function__", None)
        off = getattr(own, "__func__", own) is disabled_torch_function
        found = own is not None and not off and kind not in plain_classes
        _asked[kind] = found
    return found


def overriding(values: Iterable[Any]) -> list[Any]:
    """The arguments to ask, one of each class, subclasses before their bases."""
    found: list[Any] = []
    for x in values:
        kind = type(x)
        if kind is tuple or kind is list:
            for part in x:
                if is_asked(type(part)):
                    _insert(found, part)
        elif is_asked(kind):
            _insert(found, x)
    return found


def _insert(found: list[Any], x: object) -> None:
    kind = type(x)
    place = len(found)
    for i, other in enumerate(found):
        if type(other) is kind:
            return
        if place == len(found) and issubclass(kind, type(other)):
            place = i
    found.insert(place, x)


def _arguments(args: Sequence[Any], kwargs: dict[str, Any]) -> Iterator[Any]:
    yield from args
    yield from kwargs.values()


# --- asking --------------------------------------------------------------------------


class Leave:
    """Take a mode off the stack for a block: what it calls is not shown to it."""

    def __init__(self, modes: list[Any]) -> None:
        self.modes = modes

    def __enter__(self) -> Any:
        self.mode = self.modes.pop()
        return self.mode

    def __exit__(self, *error: object) -> None:
        self.modes.append(self.mode)


def ask(
    function: Callable[..., Any],
    found: list[Any],
    args: Sequence[Any],
    kwargs: dict[str, Any],
) -> Any:
    """Ask the innermost mode, then the arguments; NotImplemented if all decline."""
    types = tuple([type(x) for x in found])
    if state.modes and not state.all_off:
        with Leave(state.modes) as mode:
            result = mode.__torch_function__(function, types, args, kwargs)
        if result is not NotImplemented:
            return result
    for x in found:
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


def _asks_first(
    function: Callable[..., Any],
    operator: bool,
    of_data: bool,
    original: Any,
) -> Callable[..., Any]:
    """The function that asks before the original computes; `function` is the public."""

    def called(*args: object, **kwargs: object) -> Any:
        if state.all_off:
            return original(*args, **kwargs)
        found: list[Any] = []
        if not (of_data or state.classes_off):
            found = overriding(_arguments(args, kwargs))
        if not found and not state.modes:
            return original(*args, **kwargs)
        result = ask(function, found, args, kwargs)
        if result is NotImplemented and not operator:
            raise TypeError(_nobody(function, found))
        return result

    return called


def _nobody(function: Callable[..., Any], found: list[Any]) -> str:
    handlers = [f"  - mode object {state.modes[-1]!r}\n"] if state.modes else []
    handlers += [f"  - tensor subclass {type(x)}\n" for x in found]
    return (
        f"Multiple dispatch failed for '{name_of(function)}'; all __torch_function__ "
        "handlers returned NotImplemented:\n\n" + "".join(handlers) + "\n"
        "For more information, try re-running with TORCH_LOGS=not_implemented"
    )


# --- exchanging code -----------------------------------------------------------------

names: Final[dict[Any, str]] = {}
"""How public functions are called: "torch.add", "torch.Tensor.add"."""

Asking = Callable[[Any], Callable[..., Any]]
Public = tuple[FunctionType, Any, str]

collect: list[Callable[[], Iterable[Public]]] = []
"""Gives what asks: the function, what it is shown as, and the name of that."""

special: Final[list[tuple[Callable[..., Any], Asking]]] = []
"""What asks in a way of its own: a function that makes it, of the original."""

_lock = threading.Lock()
_exchanged: list[tuple[FunctionType, CodeType, CodeType]] = []
_users = 0


def name_of(function: Callable[..., Any]) -> str:
    """The name of a public function, for errors."""
    list_names()
    return names.get(function) or str(getattr(function, "__name__", function))


def list_names() -> None:
    """Fill `names`, which is done when somebody asks."""
    if not _exchanged:
        _prepare()


def activate() -> None:
    """Let public functions ask from now on; called once for each user."""
    global _users
    with _lock:
        _users += 1
        if _users == 1:
            _prepare()
            for function, _, asking in _exchanged:
                function.__code__ = asking


def deactivate() -> None:
    """Take one user away; after the last the functions compute at once again."""
    global _users
    with _lock:
        _users -= 1
        if not _users:
            for function, code, _ in _exchanged:
                function.__code__ = code


_had_subclass = False


def made_instance(kind: type) -> None:
    """Say that there is a tensor of a subclass, which may want to be asked."""
    global _had_subclass
    if not _had_subclass and is_asked(kind):
        _had_subclass = True
        activate()


def keeps_class(function: Callable[..., Any]) -> bool:
    """Tell whether what a function gives is left in its own class: the gradient."""
    return name_of(function) == "torch.Tensor.grad.__get__"


def is_active() -> bool:
    """Tell whether functions ask."""
    return _users > 0


def rescued(args: Sequence[Any], kwargs: dict[str, Any]) -> bool:
    """Tell whether a function failed because nobody knew that it had to ask.

    Objects that are no tensors come without notice. If there is one among the
    arguments, functions ask from now on, and the caller should call again: the
    outermost of them, which the user called.
    """
    if _had_subclass or state.all_off or state.classes_off:
        return False
    caller = sys._getframe(2).f_globals.get("__name__", "")
    if caller.startswith("funcnet.compat."):
        return False
    found = overriding(_arguments(args, kwargs))
    if not found:
        return False
    made_instance(type(found[0]))
    return True


def _prepare() -> None:
    if _exchanged:
        return
    seen: set[int] = set()
    for function, shown, name in collect[0]():
        names.setdefault(shown, name)
        if id(function) not in seen:
            seen.add(id(function))
            operator = function.__name__ in _OPERATORS
            of_data = name in _OF_DATA
            _prepare_one(function, partial(_asks_first, shown, operator, of_data))
    for one, asking in special:
        _prepare_one(one, asking)


def _prepare_one(function: Any, asking: Asking) -> None:
    original = copied(function)
    called = asking(original)
    _exchanged.append((function, function.__code__, _calling(called, function)))
    if not hasattr(function, "__wrapped__"):
        function.__wrapped__ = original


def copied(function: FunctionType) -> FunctionType:
    """Another object that does the same."""
    made = FunctionType(
        function.__code__,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    made.__kwdefaults__ = function.__kwdefaults__
    made.__dict__.update(function.__dict__)
    made.__qualname__, made.__doc__ = function.__qualname__, function.__doc__
    return made


_OPERATORS: Final = frozenset(
    f"__{side}{name}__"
    for name in (
        *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"),
        *("and", "or", "xor", "lshift", "rshift"),
    )
    for side in ("", "r", "i")
) | {f"__{name}__" for name in ("eq", "ne", "lt", "le", "gt", "ge")}


# What takes data of any kind asks modes only.
_OF_DATA: Final = frozenset(("torch.tensor", "torch.as_tensor", "torch.asarray"))


def _template(*args: object, **kwargs: object) -> Any:
    called: Any = "the function that asks"
    return called(*args, **kwargs)


def _calling(called: Callable[..., Any], function: FunctionType) -> CodeType:
    """Code that calls a function with all it is given, for another to be given it."""
    template = _template.__code__
    parts = ("the function that asks", called)
    constants = tuple(
        parts[1] if one == parts[0] else one for one in template.co_consts
    )
    return template.replace(
        co_consts=constants,
        co_freevars=function.__code__.co_freevars,
        co_name=function.__code__.co_name,
    )
