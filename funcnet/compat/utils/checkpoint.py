"""Recomputation in the backward pass, as `torch.utils.checkpoint`.

The arguments mean what they mean in PyTorch, but nothing is run twice: forward and
backward are one program, and XLA decides what it keeps.
"""

import contextlib
import enum
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

from funcnet.compat._core.context import no_grad
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import outside, tell_once
from funcnet.compat._messages.unsupported import missing
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.views import alias
from funcnet.compat.nn.modules.container import Sequential

Contexts = tuple[AbstractContextManager[Any], AbstractContextManager[Any]]


class CheckpointError(RuntimeError):
    """Error of a recomputation that differs from the first run, in PyTorch."""


def noop_context_fn() -> Contexts:
    """Return two contexts that do nothing."""
    return contextlib.nullcontext(), contextlib.nullcontext()


def checkpoint(
    function: Callable[..., Any],
    *args: object,
    use_reentrant: bool | None = None,
    context_fn: Callable[[], Contexts] = noop_context_fn,
    determinism_check: str = "default",
    debug: bool = False,
    early_stop: bool = True,
    preserve_rng_state: bool = True,
    **kwargs: object,
) -> Any:
    """Call the function; XLA decides itself what it recomputes.

    Args:
        function: what is called with `args` and `kwargs`.
        use_reentrant: True (also None, with a warning) takes no keywords, and gives no
            gradient where no argument requires one.
        context_fn: gives two contexts; the first is entered for the call, the second
            would be for its recomputation, which there is not.
        determinism_check: "default" or "none".
        debug, early_stop, preserve_rng_state: accepted.

    Raises:
        ValueError: keywords, `context_fn` or `debug` with `use_reentrant=True`, or
            another `determinism_check`.

    Example:
        >>> import warnings
        >>> import funcnet.compat as torch
        >>> from funcnet.compat.utils.checkpoint import checkpoint
        >>> warnings.simplefilter("ignore")
        >>> x = torch.ones(2, requires_grad=True)
        >>> checkpoint(torch.sin, x, use_reentrant=False).sum().backward()
        >>> x.grad
        tensor([0.5403, 0.5403])
    """
    use_reentrant = _chosen(use_reentrant, "checkpoint")
    if determinism_check not in ("default", "none"):
        raise ValueError(
            "determinism_check should be one of ['default', 'none'], but got "
            f"{determinism_check}"
        )
    tell_once(
        "torch.utils.checkpoint.checkpoint calls the function as it is: XLA decides "
        "what is kept for the backward pass."
    )
    if not use_reentrant:
        with context_fn()[0]:
            return function(*args, **kwargs)
    _no_keywords(kwargs)
    if context_fn is not noop_context_fn or debug:
        raise ValueError(
            "Passing `context_fn` or `debug` is only supported when "
            "use_reentrant=False."
        )
    check_backward_validity(args)
    if any(isinstance(x, Tensor) and x.requires_grad for x in args):
        return function(*args)
    with no_grad():
        return function(*args)


def checkpoint_sequential(
    functions: Sequential | Sequence[Callable[..., Any]],
    segments: int,
    input: Any,
    use_reentrant: bool | None = None,
    preserve_rng_state: bool = True,
    **kwargs: object,
) -> Any:
    """Run functions in a row, in segments, as `checkpoint_sequential` of PyTorch.

    Raises:
        ValueError: there are other keywords, or more segments than functions.
    """
    use_reentrant = _chosen(use_reentrant, "checkpoint_sequential")
    _no_keywords(kwargs)
    parts: Sequence[Callable[..., Any]] = (
        list(functions.children()) if isinstance(functions, Sequential) else functions
    )
    size = len(parts) // segments
    ends = list(range(size, size * segments, size))
    for start, end in zip([0, *ends], [*ends, len(parts)], strict=True):
        part = _in_a_row(parts[start:end])
        last = end == len(parts)
        input = (
            part(input)
            if last
            else checkpoint(part, input, use_reentrant=use_reentrant)
        )
    return input


def _in_a_row(functions: Sequence[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    def run(x: Any) -> Any:
        for function in functions:
            x = function(x)
        return x

    return run


def _chosen(use_reentrant: bool | None, name: str) -> bool:
    if use_reentrant is not None:
        return use_reentrant
    warnings.warn(
        f"torch.utils.checkpoint.{name}: the use_reentrant parameter should be passed "
        "explicitly. use_reentrant=False is recommended, but if you need to preserve "
        "the current default behavior, you can pass use_reentrant=True.",
        stacklevel=outside(),
    )
    return True


def _no_keywords(kwargs: dict[str, Any]) -> None:
    if kwargs:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))


def check_backward_validity(inputs: Iterable[Any]) -> None:
    """Warn where no argument requires a gradient."""
    if not any(isinstance(x, Tensor) and x.requires_grad for x in inputs):
        warnings.warn(
            "None of the inputs have requires_grad=True. Gradients will be None",
            stacklevel=outside(),
        )


def detach_variable(inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """Detach tensors, keeping `requires_grad`."""
    if not isinstance(inputs, tuple):
        raise RuntimeError(
            "Only tuple of tensors is supported. Got Unsupported input type: "
            f"{type(inputs).__name__}"
        )
    result = []
    for x in inputs:
        if isinstance(x, Tensor):
            detached = alias(x)
            detached._requires_grad = x.requires_grad
            x = detached
        result.append(x)
    return tuple(result)


def get_device_states(*args: object) -> tuple[list[int], list[Tensor]]:
    """Return the generators of GPUs: none, as one generator draws for all devices."""
    return [], []


@explains_keywords
def set_device_states(
    devices: Sequence[int], states: Sequence[Tensor], *, device_type: str | None = None
) -> None:
    """Do nothing: `get_device_states` returns no states."""


@contextlib.contextmanager
def set_checkpoint_early_stop(enable: bool) -> Iterator[None]:
    """Do nothing in a `with` block: nothing is recomputed here."""
    yield


@contextlib.contextmanager
def set_checkpoint_debug_enabled(enabled: bool | None) -> Iterator[None]:
    """Do nothing in a `with` block: nothing is recomputed here."""
    yield


class CheckpointPolicy(enum.Enum):
    """Decision of a policy about an operation; XLA decides itself."""

    MUST_SAVE = 0
    PREFER_SAVE = 1
    MUST_RECOMPUTE = 2
    PREFER_RECOMPUTE = 3
    MUST_CPU_OFFLOAD = 4
    PREFER_CPU_OFFLOAD = 5


@explains_keywords
def create_selective_checkpoint_contexts(
    policy_fn_or_list: object, allow_cache_entry_mutation: bool = False
) -> Contexts:
    """Return two contexts that do nothing: XLA decides itself what it keeps."""
    tell_once(
        "torch.utils.checkpoint: policies are not asked; XLA decides what is kept."
    )
    return noop_context_fn()


class DefaultDeviceType:
    """The kind of device of which a checkpoint keeps the state of random numbers."""

    _kind = "cuda"

    @staticmethod
    def set_device_type(device: str = "cuda") -> None:
        """Set the kind."""
        DefaultDeviceType._kind = device

    @staticmethod
    def get_device_type() -> str:
        """Return the kind."""
        return DefaultDeviceType._kind


class SelectiveCheckpointContext:
    """What a policy is told of: whether the call is a recomputation, which none is."""

    def __init__(self, *, is_recompute: bool, op_output: object = None) -> None:
        self.is_recompute, self.op_output = is_recompute, op_output


SAC_IGNORED_OPS: frozenset[Any] = frozenset()


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "utils.checkpoint")


__all__ = [
    "SAC_IGNORED_OPS",
    "CheckpointError",
    "CheckpointPolicy",
    "DefaultDeviceType",
    "SelectiveCheckpointContext",
    "check_backward_validity",
    "checkpoint",
    "checkpoint_sequential",
    "create_selective_checkpoint_contexts",
    "detach_variable",
    "get_device_states",
    "noop_context_fn",
    "set_checkpoint_debug_enabled",
    "set_checkpoint_early_stop",
    "set_device_states",
]
