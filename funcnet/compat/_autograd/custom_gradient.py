"""How the gradients and tangents that a user writes enter the gradient graph."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from funcnet.compat._autograd.function_context import FunctionCtx, version_of
from funcnet.compat._autograd.node import CustomNode
from funcnet.compat._engine.op import TensorSpec
from funcnet.compat._tensor.grad_graph import gradient_edge
from funcnet.compat._tensor.recording import CAST, record_op
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.view_origin import Origin
from funcnet.compat._tensor.views import alias

_F = TypeVar("_F", bound=Callable[..., Any])


def unwritten(method: _F) -> _F:
    """Mark a method of `Function` that a subclass is to write."""
    method.is_unwritten = True  # type: ignore[attr-defined]
    return method


def is_unwritten(method: Callable[..., Any]) -> bool:
    """Return whether a subclass left a method as `Function` has it."""
    return getattr(method, "is_unwritten", False)


def backward_of(cls: Any) -> Callable[..., Any]:
    """Return what the user wrote: `backward`, or `vjp`, which means the same."""
    if is_unwritten(cls.vjp):
        return cls.backward
    if not is_unwritten(cls.backward):
        raise RuntimeError(
            "Implementing both 'backward' and 'vjp' for a custom Function is not "
            "allowed. You should only implement one of them."
        )
    return cls.vjp


def connected_results(
    cls: Any, ctx: FunctionCtx, args: tuple[Any, ...], results: Any
) -> Any:
    """Connect the results to the graph by a node that calls `backward`."""
    single = not isinstance(results, tuple | list)
    outputs = [results] if single else list(results)
    inputs = [x for x in args if isinstance(x, Tensor)]
    edges = tuple(
        gradient_edge(x) if needed else (None, 0)
        for x, needed in zip(args, ctx.needs_input_grad, strict=True)
        if isinstance(x, Tensor)
    )
    specs = [x._spec if isinstance(x, Tensor) else None for x in outputs]
    pull = functools.partial(_input_gradients, cls, ctx, args, specs)
    fn = CustomNode(f"{cls.__name__}Backward", pull, edges, len(outputs))
    fn.context = ctx
    connected = []
    for index, x in enumerate(outputs):
        plain = any(x is tensor for tensor in ctx._plain)
        if not isinstance(x, Tensor) or plain or not x.dtype.is_inexact:
            connected.append(x)
            continue
        written = any(x is tensor for tensor in ctx._dirty)
        if not written and (x._steps or any(x is tensor for tensor in inputs)):
            x = alias(x)
            creation = "custom" if single else "several"
            x._origin = Origin(creation, index, x._counts().version)
        x._set_grad_fn(fn, index)
        connected.append(x)
    return connected[0] if single else tuple(connected)


def _input_gradients(
    cls: Any,
    ctx: FunctionCtx,
    args: tuple[Any, ...],
    specs: list[TensorSpec | None],
    grads: list[Tensor | None],
) -> list[Tensor | None]:
    """Call `backward`; check the number, shapes and dtypes of what it returns.

    `specs` are those of the outputs, `grads` their gradients.
    """
    if ctx.materialize_grads:
        grads = [
            _zeros(spec) if grad is None and spec is not None else grad
            for grad, spec in zip(grads, specs, strict=True)
        ]
    result = backward_of(cls)(ctx, *grads)
    result = result if isinstance(result, tuple) else (result,)
    extra = result[len(args) :]
    if len(result) < len(args) or any(grad is not None for grad in extra):
        raise RuntimeError(
            f"function {cls.__name__}Backward returned an incorrect number of "
            f"gradients (expected {len(args)}, got {len(result)})"
        )
    pairs = [
        (grad, x)
        for grad, x in zip(result, args, strict=False)
        if isinstance(x, Tensor)
    ]
    return [checked_gradient(cls, g, x, i) for i, (g, x) in enumerate(pairs)]


def checked_gradient(cls: Any, grad: Any, x: Tensor, index: int) -> Any:
    """A gradient in the shape and dtype of its input, which may have been broadcast.

    `index` is that of the input among the tensors.
    """
    if grad is None:
        return None
    if not isinstance(grad, Tensor):
        raise RuntimeError(f"expected Variable or None (got {type(grad).__name__})")
    if grad._spec.dtype is not x._spec.dtype:
        grad = record_op(CAST, (grad, x._spec.dtype))
    if grad._spec.shape == x._spec.shape:
        return grad
    try:
        return grad.sum_to_size(x._spec.shape)
    except RuntimeError:
        raise RuntimeError(
            f"Function {cls.__name__}Backward returned an invalid gradient at index "
            f"{index} - got {list(grad.shape)} but expected shape compatible with "
            f"{list(x.shape)}"
        ) from None


def call_user_jvp(
    cls: Any, ctx: FunctionCtx, tangents: Sequence[tuple[Any, Tensor | None]]
) -> tuple[Any, ...]:
    """Return the tangents of the outputs, which the user's `jvp` computes."""
    if ctx.materialize_grads:
        given = [
            _zeros(x._spec) if isinstance(x, Tensor) and tangent is None else tangent
            for x, tangent in tangents
        ]
    else:
        given = [tangent for _, tangent in tangents]
    saved, ctx._saved = ctx._saved, ctx._saved_forward or ctx._saved
    versions, ctx._versions = ctx._versions, tuple([version_of(x) for x in ctx._saved])
    try:
        result = cls.jvp(ctx, *given)
    finally:
        ctx._saved, ctx._versions = saved, versions
    return tuple(result) if isinstance(result, tuple | list) else (result,)


def _zeros(spec: TensorSpec) -> Tensor:
    from funcnet.compat._ops.registry import FUNCTIONS

    return FUNCTIONS["zeros"](spec.shape, dtype=spec.dtype, device=spec.device)
