"""What is recorded, traced and switched on in a thread, and the switches of gradients.

No thread sees what another has recorded and not run, the levels of `torch.func` and of
forward-mode AD that it has open, its default device or its modes. What is the whole
process's, in PyTorch too, such as the default dtype, is not here.
"""

import functools
import inspect
import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

from funcnet.compat._messages.keyword_errors import explains_keywords

_F = TypeVar("_F", bound=Callable[..., Any])


class Context:
    """The state of one thread.

    Attributes:
        pending: what was recorded and has not run, in order: nodes with their outputs.
        levels: the open levels of `torch.func` and forward mode, the innermost last;
            they decide what a node is recorded as.
        forward_level: the level of `forward_ad.dual_level`, if it is open.
        tracing_depth: how many functions of tensors JAX is tracing, one in another.
        call_dtype: the default dtype of the call that is being traced, if one is.
        grad: whether gradients are recorded, but for `inference`.
        inference: whether `inference_mode` is on.
        autocast: half precisions by type of device, None if there are none.
        autocast_dtypes: those to switch on, where they are not the usual ones.
        default_devices: where tensors are made when no device is named: the last, or on
            the CPU if there is none. A `with` block adds one.
        random_engine: what draws in place of the default generator's engine, if any.
        random_keys: seed and counter of keys in place of the process's, if any.
        keys_are_given: whether `torch.pure` was given the keys.
        tier: how programs are run (`_tiers`); None: the environment says it.
        compiles: whether a call that `torch.compile` was given is open.
        mask_source: who draws masks of dropout; None: the environment says it.
        anomaly, check_nan: what `detect_anomaly` looks for.
        allows_mutation: whether what a gradient keeps may be written to.
        saved_hooks: pairs of functions that pack and unpack what a gradient keeps.
        saved_hooks_refusals: what is said to who sets some, where they are disabled.
        inspects_nodes: whether one of these three has to do with each gradient node.
        checks, unread_checks: see `_engine.deferred_errors`.
        dropped_gradients: see `_engine.buffer_reuse`.
    """

    __slots__ = (
        "allows_mutation",
        "anomaly",
        "autocast",
        "autocast_dtypes",
        "call_dtype",
        "check_nan",
        "checks",
        "compiles",
        "default_devices",
        "dropped_gradients",
        "forward_level",
        "grad",
        "inference",
        "inspects_nodes",
        "keys_are_given",
        "levels",
        "mask_source",
        "pending",
        "random_engine",
        "random_keys",
        "saved_hooks",
        "saved_hooks_refusals",
        "tier",
        "tracing_depth",
        "unread_checks",
    )

    inference_ever = False
    """Whether any thread ever was in `inference_mode`: else no memory need ask."""

    def __init__(self) -> None:
        self.pending: list[Any] = []
        self.levels: list[Any] = []
        self.forward_level: Any = None
        self.tracing_depth = 0
        self.call_dtype: Any = None
        self.grad = True
        self.inference = False
        self.autocast: dict[str, Any] | None = None
        self.autocast_dtypes: dict[str, Any] = {}
        self.default_devices: list[Any] = []
        self.random_engine: Any = None
        self.random_keys: Any = None
        self.keys_are_given = False
        self.tier: str | None = None
        self.compiles = False
        self.mask_source: str | None = None
        self.anomaly = False
        self.check_nan = True
        self.allows_mutation = False
        self.saved_hooks: tuple[Any, ...] = ()
        self.saved_hooks_refusals: list[str] = []
        self.inspects_nodes = False
        self.checks: dict[Any, Any] = {}
        self.unread_checks: list[Any] = []
        self.dropped_gradients: list[Any] = []

    @property
    def is_plain(self) -> bool:
        """Return whether operations are recorded without a check of each."""
        return self.autocast is None and not self.inspects_nodes

    @property
    def records_grad(self) -> bool:
        """Return whether operations get a node in the gradient graph."""
        return self.grad and not self.inference

    def change(self, **switches: object) -> None:
        """Set what has to do with each gradient node that is made."""
        for name, value in switches.items():
            setattr(self, name, value)
        self.inspects_nodes = bool(
            self.anomaly or self.allows_mutation or self.saved_hooks
        )


class _Thread(threading.local):
    """Holds the context of the calling thread.

    To ask costs some 30 ns, as much as three lists: what records an operation asks
    once and keeps the answer.
    """

    def __init__(self) -> None:
        self.context = Context()


thread = _Thread()


def run_in(make: Callable[[], Any], function: _F) -> _F:
    """A function that runs in a context made anew; a generator leaves it to yield."""
    if inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def steps(*args: object, **kwargs: object) -> Any:
            generator = function(*args, **kwargs)
            send: Any = None
            while True:
                with make():
                    try:
                        result = generator.send(send)
                    except StopIteration as end:
                        return end.value
                send = yield result

        return cast(_F, steps)

    @functools.wraps(function)
    def wrapped(*args: object, **kwargs: object) -> Any:
        with make():
            return function(*args, **kwargs)

    return cast(_F, wrapped)


class _Switch:
    """A mode to set inside `with`, or in a function that it decorates."""

    name = "grad"

    def __init__(self, mode: bool) -> None:
        self.mode = bool(mode)
        self.previous: list[bool] = []

    def __enter__(self) -> None:
        self.previous.append(getattr(thread.context, self.name))
        setattr(thread.context, self.name, self.mode)

    def __exit__(self, *error: object) -> None:
        setattr(thread.context, self.name, self.previous.pop())

    def again(self) -> "_Switch":
        """The same switch for another `with`."""
        return type(self)(self.mode)

    def __call__(self, function: _F) -> _F:
        return run_in(self.again, function)


class _Fixed(_Switch):
    """A switch whose direction its class says: `no_grad()` and `@no_grad`."""

    fixed = True

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        result = super().__new__(cls)
        if callable(function):
            result.__init__()  # type: ignore[misc]
            return result(function)
        return result

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


@explains_keywords
class set_grad_enabled(_Switch):  # noqa: N801
    """Switch the recording of gradients, at once or for a `with` block."""

    def __init__(self, mode: bool) -> None:
        super().__init__(mode)
        self.before = thread.context.grad
        thread.context.grad = bool(mode)

    def __enter__(self) -> None:
        self.previous.append(self.before)

    def __call__(self, function: _F) -> _F:
        thread.context.grad = self.before
        return super().__call__(function)


@explains_keywords
class inference_mode(_Switch):  # noqa: N801
    """Record no gradients; what is made inside can never have one."""

    name = "inference"

    def __new__(cls, mode: Any = True) -> Any:
        result = super().__new__(cls)
        if callable(mode):
            result.__init__()  # type: ignore[misc]
            return result(mode)
        return result

    def __init__(self, mode: bool = True) -> None:
        super().__init__(mode)
        self.grads: list[bool] = []

    def __enter__(self) -> None:
        Context.inference_ever = True
        super().__enter__()
        self.grads.append(thread.context.grad)
        thread.context.grad = not self.mode

    def __exit__(self, *error: object) -> None:
        thread.context.grad = self.grads.pop()
        super().__exit__(*error)


def is_grad_enabled() -> bool:
    """Return whether gradients are switched on; `inference_mode` records none."""
    return thread.context.grad


def is_grad_recorded() -> bool:
    """Return whether operations recorded now get a node in the gradient graph."""
    return thread.context.grad and not thread.context.inference


def is_inference_mode_enabled() -> bool:
    """Return whether `inference_mode` is on."""
    return thread.context.inference
