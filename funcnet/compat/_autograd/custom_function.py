"""Functions whose gradient the user writes."""

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

from funcnet.compat._autograd.custom_gradient import (
    backward_of,
    checked_gradient,
    connected_results,
    is_unwritten,
    unwritten,
)
from funcnet.compat._autograd.function_context import FunctionCtx, new_context
from funcnet.compat._autograd.jax_bridge import call_custom_vjp
from funcnet.compat._autograd.node import CustomNode
from funcnet.compat._core.context import is_grad_enabled, no_grad, thread
from funcnet.compat._tensor.grad_graph import NOT_SAVED
from funcnet.compat._tensor.tensor import Tensor


class Function(FunctionCtx):
    """Base class of functions with a gradient of their own.

    Equals `torch.autograd.Function`: subclasses define static `forward(ctx, *args)` and
    `backward(ctx, *grads)`, and are called through `apply`.

    Example:
        >>> import funcnet.compat as torch
        >>> class Twice(torch.autograd.Function):
        ...     @staticmethod
        ...     def forward(ctx, x):
        ...         return 2 * x
        ...     @staticmethod
        ...     def backward(ctx, grad):
        ...         return 2 * grad
        >>> x = torch.ones(1, requires_grad=True)
        >>> Twice.apply(x).backward()
        >>> x.grad
        tensor([2.])
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise RuntimeError(
            f"{type(self)} should not be instantiated. Methods on autograd functions "
            "are all static, so you should invoke them on the class itself: "
            f"{type(self).__name__}.apply(x)."
        )

    @staticmethod
    @unwritten
    def forward(*args: Any, **kwargs: Any) -> Any:
        """Compute the outputs; written by the subclass."""
        raise NotImplementedError(
            "You must implement the forward function for custom autograd.Function."
        )

    @staticmethod
    @unwritten
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> Any:
        """Keep what `backward` needs, if `forward` takes no context."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    @unwritten
    def backward(ctx: Any, *grads: Any) -> Any:
        """Compute the gradients of the inputs; written by the subclass, or `vjp` is."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom "
            "autograd.Function to use it with backward mode AD."
        )

    vjp = backward

    @staticmethod
    @unwritten
    def jvp(ctx: Any, *tangents: Any) -> Any:
        """Compute the tangents of the outputs; written by the subclass."""
        raise NotImplementedError(
            "You must implement the jvp function for custom autograd.Function to use "
            "it with forward mode AD."
        )

    @staticmethod
    @unwritten
    def vmap(info: Any, in_dims: tuple[Any, ...], *args: Any) -> Any:
        """Compute the outputs of batches, and their dimensions; see `torch.func`."""
        raise NotImplementedError(
            "To use autograd.Function with vmap, you must either override the vmap "
            "staticmethod or set generate_vmap_rule=True."
        )

    generate_vmap_rule = False

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Run `forward` and connect its outputs to the gradient graph."""
        if isinstance(cls.__dict__.get("forward"), FunctionType):
            raise RuntimeError(
                "Legacy autograd function with non-static forward method is "
                "deprecated. Please use new-style autograd function with static "
                "forward method."
            )
        if thread.context.tracing_depth:
            return _call_traced(cls, args, kwargs)
        if thread.context.levels:
            return thread.context.levels[-1].apply_function(cls, args, kwargs)
        return applied(cls, args, kwargs)[0]


class InplaceFunction(Function):
    """Base class of custom functions that may write to their input, if so asked."""


class NestedIOFunction(Function):
    """Refuse: custom functions of nested inputs are a leftover of early PyTorch."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise NotImplementedError(
            "NestedIOFunction is not supported: let an autograd.Function take the "
            "tensors one by one."
        )


def applied(
    cls: type[Function], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, FunctionCtx]:
    """The results of a function, connected to the graph, and its context."""
    ctx = new_context(cls, [isinstance(x, Tensor) and x.requires_grad for x in args])
    with no_grad():
        results = _forward(cls, ctx, args, kwargs)
    if is_grad_enabled():
        _check_dirty(ctx)
        if any(ctx.needs_input_grad):
            if ctx._refused:
                raise RuntimeError(NOT_SAVED)
            results = connected_results(cls, ctx, args, results)
            if thread.context.saved_hooks:
                ctx._pack()
    return results, ctx


def _forward(
    cls: type[Function], ctx: FunctionCtx, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    if not has_setup(cls):
        return cls.forward(ctx, *args, **kwargs)
    results = cls.forward(*args, **kwargs)
    cls.setup_context(ctx, args, results)
    return results


def _check_dirty(ctx: FunctionCtx) -> None:
    """Raise where `forward` wrote to a leaf, or to a view of one."""
    for x in ctx._dirty:
        for tensor, what in ((x, "a leaf"), (x._base, "a view of a leaf")):
            if tensor is not None and tensor.requires_grad and tensor.is_leaf:
                raise RuntimeError(
                    f"{what} Variable that requires grad is being used in an in-place "
                    "operation."
                )


def _call_traced(
    cls: type[Function], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Call a function while JAX traces, for a transformation perhaps."""
    indices = [index for index, x in enumerate(args) if isinstance(x, Tensor)]
    single: list[bool] = []

    def forward(*tensors: Tensor) -> tuple[list[Any], FunctionCtx]:
        given = list(args)
        for index, x in zip(indices, tensors, strict=True):
            given[index] = x
        ctx = new_context(
            cls, [isinstance(x, Tensor) and x.dtype.is_inexact for x in args]
        )
        with no_grad():
            results = _forward(cls, ctx, tuple(given), kwargs)
        if ctx._dirty:
            raise RuntimeError(
                f"{cls.__name__} writes to its input (mark_dirty), which JAX does not "
                "trace. Let it return a new tensor."
            )
        single[:] = [not isinstance(results, tuple | list)]
        return [results] if single[0] else list(results), ctx

    def backward(ctx: FunctionCtx, grads: list[Tensor]) -> list[Tensor | None]:
        with no_grad():
            result = backward_of(cls)(ctx, *grads)
        result = result if isinstance(result, tuple) else (result,)
        return [
            checked_gradient(cls, result[index], args[index], i)
            for i, index in enumerate(indices)
        ]

    results = call_custom_vjp(forward, backward, [args[index] for index in indices])
    return results[0] if single[0] else tuple(results)


def has_setup(cls: type[Function]) -> bool:
    """Return whether `forward` takes no context, as `setup_context` is written."""
    return not is_unwritten(cls.setup_context)


MORE = (
    " For more details, please see "
    "https://pytorch.org/docs/main/notes/extending.func.html"
)


def check_setup(cls: type[Function]) -> None:
    """Raise unless a function's `forward` can be called apart from its context."""
    if not has_setup(cls):
        raise RuntimeError(
            "In order to use an autograd.Function with functorch transforms (vmap, "
            "grad, jvp, jacrev, ...), it must override the setup_context staticmethod."
            + MORE
        )


def context_after(
    cls: type[Function],
    needs_input_grad: list[bool],
    inputs: tuple[Any, ...],
    output: Any,
) -> FunctionCtx:
    """The context of a function that was called elsewhere."""
    check_setup(cls)
    ctx = new_context(cls, needs_input_grad)
    with no_grad():
        cls.setup_context(ctx, inputs, output)
    return ctx


def once_differentiable(backward: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a `backward` that cannot be differentiated in turn."""

    @functools.wraps(backward)
    def wrapped(ctx: Any, *grads: Any) -> Any:
        recorded = is_grad_enabled() and any(
            isinstance(grad, Tensor) and grad.requires_grad for grad in grads
        )
        with no_grad():
            result = backward(ctx, *grads)
        if not recorded:
            return result
        results = result if isinstance(result, tuple) else (result,)

        def refuse(_: object) -> Any:
            raise RuntimeError(
                "trying to differentiate twice a function that was marked with "
                "@once_differentiable"
            )

        fn = CustomNode("NotDifferentiable", refuse, (), len(results))
        for index, grad in enumerate(results):
            if isinstance(grad, Tensor) and grad.dtype.is_inexact:
                grad._set_grad_fn(fn, index)
        return result

    return wrapped
