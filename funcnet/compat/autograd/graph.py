"""Parts of the gradient graph, as `torch.autograd.graph`."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, Self

from funcnet.compat._autograd.edges import GradientEdge, get_gradient_edge
from funcnet.compat._autograd.node import Node
from funcnet.compat._autograd.saved_tensor_hooks import SavedTensorHooks
from funcnet.compat._core.context import thread
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.unsupported import missing
from funcnet.compat._tensor.tensor import Tensor


def increment_version(tensor: Tensor | Iterable[Tensor]) -> None:
    """Increment a tensor's version, so that gradients that need it raise."""
    tensors = [tensor] if isinstance(tensor, Tensor) else list(tensor)
    for x in tensors:
        x._count_write()


class _MultiHandle:
    """Handle of the hooks of several tensors."""

    def __init__(self, handles: Sequence[Any]) -> None:
        self.handles = handles

    def remove(self) -> None:
        """Remove all hooks."""
        for handle in self.handles:
            handle.remove()

    def __enter__(self) -> "_MultiHandle":
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()


@explains_keywords
def register_multi_grad_hook(
    tensors: Sequence[Any],
    fn: Callable[[Any], Any],
    *,
    mode: Literal["all", "any"] = "all",
) -> _MultiHandle:
    """Register a hook that is called when the gradients of several tensors are known.

    With "all" it gets the list of them, with "any" the first one that is known, once.
    """
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    result: list[Any] = [None] * len(tensors)
    called = False

    def hook_of(place: int) -> Callable[[Any], None]:
        def hook(grad: Tensor) -> None:
            nonlocal called
            if mode == "any":
                if not called:
                    called = True
                    fn(grad)
                return
            result[place] = grad
            if all(one is not None for one in result):
                known = list(result)
                result[:] = [None] * len(result)
                fn(known)

        return hook

    return _MultiHandle([x.register_hook(hook_of(i)) for i, x in enumerate(tensors)])


@contextlib.contextmanager
def save_on_cpu(pin_memory: bool = False, device_type: str = "cuda") -> Iterator[None]:
    """Do nothing: forward and backward are one program, and XLA plans its memory."""
    yield


@explains_keywords
class saved_tensors_hooks:  # noqa: N801 - PyTorch's name
    """Pack and unpack saved tensors by two functions in a `with` block.

    Equals `torch.autograd.graph.saved_tensors_hooks`: `pack_hook(tensor)` is called for
    each tensor that an operation keeps for its gradient, and may give anything; of this
    `unpack_hook` makes a tensor again when the gradient is computed, from its values.
    Which tensors an operation keeps is what its gradient depends on; PyTorch keeps some
    results and statistics besides.

    Example:
        >>> import funcnet.compat as torch
        >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
        >>> seen = []
        >>> def pack(t):
        ...     seen.append(tuple(t.shape))
        ...     return t.detach().half()
        >>> with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t.float()):
        ...     y = (x**2).sum()
        >>> y.backward()
        >>> x.grad, seen
        (tensor([2., 4.]), [(2,)])
    """

    def __init__(
        self, pack_hook: Callable[[Any], Any], unpack_hook: Callable[[Any], Any]
    ) -> None:
        self.pack_hook = pack_hook
        self.unpack_hook = unpack_hook

    def __enter__(self) -> None:
        context = thread.context
        if context.saved_hooks_refusals:
            raise RuntimeError(context.saved_hooks_refusals[-1])
        hooks = SavedTensorHooks(self.pack_hook, self.unpack_hook)
        context.change(saved_hooks=(*context.saved_hooks, hooks))

    def __exit__(self, *error: object) -> None:
        thread.context.change(saved_hooks=thread.context.saved_hooks[:-1])


@contextlib.contextmanager
def disable_saved_tensors_hooks(error_message: str) -> Iterator[None]:
    """Make `saved_tensors_hooks` raise with this message in a `with` block."""
    if thread.context.saved_hooks:
        raise RuntimeError(error_message)
    refusals = thread.context.saved_hooks_refusals
    refusals.append(error_message)
    try:
        yield
    finally:
        refusals.pop()


class _Mutable:
    """Switch the version checks of saved tensors off."""

    def __enter__(self) -> Self:
        self.before = thread.context.allows_mutation
        thread.context.change(allows_mutation=True)
        return self

    def __exit__(self, *error: object) -> None:
        thread.context.change(allows_mutation=self.before)

    def clear(self) -> None:
        """Do nothing: no copies are kept."""


def allow_mutation_on_saved_tensors() -> _Mutable:
    """Allow in-place writes to saved tensors in a `with` block.

    Equals `torch.autograd.graph.allow_mutation_on_saved_tensors`: the gradient is that
    of the values before. Values never change here, so nothing is copied for it.
    """
    return _Mutable()


def set_override_stale_capture_stream(enabled: bool) -> None:
    """Accepted: gradients are on no stream of their own."""


def set_warn_on_accumulate_grad_stream_mismatch(enabled: bool) -> None:
    """Accepted: gradients are on no stream of their own."""


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "autograd.graph")


__all__ = [
    "GradientEdge",
    "Node",
    "allow_mutation_on_saved_tensors",
    "disable_saved_tensors_hooks",
    "get_gradient_edge",
    "increment_version",
    "register_multi_grad_hook",
    "save_on_cpu",
    "saved_tensors_hooks",
    "set_override_stale_capture_stream",
    "set_warn_on_accumulate_grad_stream_mismatch",
]
