"""What is switched on and off around calls: recording of gradients, anomaly mode."""

import functools
import inspect
import threading
from collections.abc import Callable
from typing import Any, Final


class _Modes(threading.local):
    grad = True
    inference = False
    anomaly = False
    check_nan = True
    mutation = False  # of what a gradient keeps, allowed
    saved_hooks: tuple[Any, ...] = ()
    looks = False  # whether one of these three has to do with each function
    autocast: Any = None  # half precisions by kind of device

    @property
    def plain(self) -> bool:
        """Whether operations are recorded as they are, with no look at each."""
        return self.autocast is None and not self.looks

    def change(self, **switches: object) -> None:
        """Set what has to do with each gradient function that is made."""
        vars(self).update(switches)
        self.looks = bool(self.anomaly or self.mutation or self.saved_hooks)


modes = _Modes()


inferring: Final[list[bool]] = []
"""Whether some thread is in `inference_mode`, which is told by `modes.inference`."""


class _Switch:
    """A mode to set inside `with`, or in a function that it decorates."""

    name = "grad"

    def __init__(self, mode: bool) -> None:
        self.mode = bool(mode)
        self.previous: list[bool] = []

    def __enter__(self) -> None:
        self.previous.append(getattr(modes, self.name))
        setattr(modes, self.name, self.mode)

    def __exit__(self, *error: object) -> None:
        setattr(modes, self.name, self.previous.pop())

    def again(self) -> "_Switch":
        """The same switch for another `with`."""
        return type(self)(self.mode)

    def __call__(self, function: Callable[..., Any]) -> Any:
        if inspect.isgeneratorfunction(function):

            @functools.wraps(function)
            def steps(*args: object, **kwargs: object) -> Any:
                generator = function(*args, **kwargs)
                send: Any = None
                while True:
                    with self.again():
                        try:
                            found = generator.send(send)
                        except StopIteration as end:
                            return end.value
                    send = yield found

            return steps

        @functools.wraps(function)
        def wrapped(*args: object, **kwargs: object) -> Any:
            with self.again():
                return function(*args, **kwargs)

        return wrapped


class _Fixed(_Switch):
    """A switch whose direction its class says: `no_grad()` and `@no_grad`."""

    fixed = True

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        made = super().__new__(cls)
        if callable(function):
            made.__init__()  # type: ignore[misc]
            return made(function)
        return made

    def __init__(self, function: Callable[..., Any] | None = None) -> None:
        super().__init__(self.fixed)

    def again(self) -> "_Fixed":
        return type(self)()


class no_grad(_Fixed):  # noqa: N801 - PyTorch's name
    """Record no gradients: `with torch.no_grad():`, or as a decorator."""

    fixed = False


class enable_grad(_Fixed):  # noqa: N801
    """Record gradients again inside `no_grad`."""

    fixed = True


class set_grad_enabled(_Switch):  # noqa: N801
    """Switch the recording of gradients, at once or for a `with` block."""

    def __init__(self, mode: bool) -> None:
        super().__init__(mode)
        self.before = modes.grad
        modes.grad = bool(mode)

    def __enter__(self) -> None:
        self.previous.append(self.before)

    def __call__(self, function: Callable[..., Any]) -> Any:
        modes.grad = self.before
        return super().__call__(function)


class inference_mode(_Switch):  # noqa: N801
    """Record no gradients; what is made inside can never have one."""

    name = "inference"

    def __new__(cls, mode: Any = True) -> Any:
        made = super().__new__(cls)
        if callable(mode):
            made.__init__()  # type: ignore[misc]
            return made(mode)
        return made

    def __init__(self, mode: bool = True) -> None:
        super().__init__(mode)
        self.grads: list[bool] = []

    def __enter__(self) -> None:
        super().__enter__()
        self.grads.append(modes.grad)
        modes.grad = not self.mode
        inferring.append(self.mode)

    def __exit__(self, *error: object) -> None:
        inferring.pop()
        modes.grad = self.grads.pop()
        super().__exit__(*error)


def is_grad_enabled() -> bool:
    """Tell whether gradients are switched on; `inference_mode` records none."""
    return modes.grad


def is_grad_recorded() -> bool:
    """Whether operations recorded now get a place in the gradient graph."""
    return modes.grad and not modes.inference


def is_inference_mode_enabled() -> bool:
    """Tell whether `inference_mode` is on."""
    return modes.inference
