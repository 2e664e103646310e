"""Parts of the gradient graph, as `torch.autograd.graph`."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from funcnet.compat._tensor import AccumulateGrad, Function, Tensor, edge

Node = Function


class GradientEdge(NamedTuple):
    """Where a gradient goes: to a function, as which of its outputs."""

    node: Any
    output_nr: int


def get_gradient_edge(tensor: Tensor) -> GradientEdge:
    """Where the gradient of a tensor goes."""
    if not tensor.requires_grad:
        raise RuntimeError(
            "It is not possible to get the gradient edge for a Tensor that does not "
            "require gradients"
        )
    target, place = edge(tensor)
    return GradientEdge(
        AccumulateGrad(target) if isinstance(target, Tensor) else target, place
    )


def increment_version(tensor: Any) -> None:
    """Say that a tensor was written to, so that gradients that need it are refused."""
    for one in [tensor] if isinstance(tensor, Tensor) else tensor:
        one._count_write()


class _Handles:
    """Hooks of several tensors, removed together."""

    def __init__(self, handles: Sequence[Any]) -> None:
        self.handles = handles

    def remove(self) -> None:
        """Take all of them away."""
        for handle in self.handles:
            handle.remove()

    def __enter__(self) -> "_Handles":
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()


def register_multi_grad_hook(
    tensors: Sequence[Any],
    fn: Callable[[Any], Any],
    *,
    mode: Literal["all", "any"] = "all",
) -> _Handles:
    """Call `fn` when the gradients of several tensors are known.

    With "all" it gets the list of them, with "any" the first one that is known, once.
    """
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    found: list[Any] = [None] * len(tensors)
    called = False

    def hook_of(place: int) -> Callable[[Any], None]:
        def hook(grad: Any) -> None:
            nonlocal called
            if mode == "any":
                if not called:
                    called = True
                    fn(grad)
                return
            found[place] = grad
            if all(one is not None for one in found):
                known = list(found)
                found[:] = [None] * len(found)
                fn(known)

        return hook

    return _Handles([x.register_hook(hook_of(i)) for i, x in enumerate(tensors)])


@contextlib.contextmanager
def save_on_cpu(pin_memory: bool = False, device_type: str = "cuda") -> Iterator[None]:
    """Accepted: forward and backward are one program, and XLA plans its memory."""
    yield


@contextlib.contextmanager
def disable_saved_tensors_hooks(error_message: str) -> Iterator[None]:
    """Accepted: there are no such hooks."""
    yield


class saved_tensors_hooks:  # noqa: N801 - PyTorch's name
    """Refuse: what a gradient needs is kept by the program, not as tensors."""

    def __init__(self, pack_hook: Any, unpack_hook: Any) -> None:
        raise NotImplementedError(
            "funcnet.compat calls no hooks on saved tensors: forward and backward run "
            "as one program, in which XLA decides what is kept. To keep less, use "
            "torch.utils.checkpoint.checkpoint."
        )


__all__ = [
    "GradientEdge",
    "Node",
    "disable_saved_tensors_hooks",
    "get_gradient_edge",
    "increment_version",
    "register_multi_grad_hook",
    "save_on_cpu",
    "saved_tensors_hooks",
]
