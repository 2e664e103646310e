"""Functions whose gradient the user writes."""

import functools
from collections.abc import Callable
from typing import Any

from funcnet.compat._autograd.jax_bridge import call_custom_vjp
from funcnet.compat._autograd.node import CustomNode
from funcnet.compat._autograd.pullback import FREED, modified
from funcnet.compat._core.context import is_grad_enabled, no_grad, thread
from funcnet.compat._tensor.grad_graph import NOT_SAVED, gradient_edge
from funcnet.compat._tensor.recording import CAST, record_op
from funcnet.compat._tensor.storage import Storage
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.view_origin import Origin
from funcnet.compat._tensor.views import alias


class FunctionCtx:
    """What `forward` leaves for `backward`: tensors, and any attribute."""

    needs_input_grad: tuple[bool, ...] = ()
    materialize_grads = True

    def __init__(self) -> None:
        self._saved: tuple[Any, ...] = ()
        self._saved_forward: tuple[Any, ...] = ()
        self._versions: tuple[int, ...] = ()
        self._freed = self._refused = False
        self._packed: list[Any] | None = None
        self._dirty: tuple[Any, ...] = ()
        self._plain: tuple[Any, ...] = ()

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors for `backward`, where they are `saved_tensors`."""
        for index, x in enumerate(tensors):
            if x is not None and not isinstance(x, Tensor):
                raise TypeError(
                    "save_for_backward can only save variables, but argument "
                    f"{index} is of type {type(x).__name__}"
                )
        if any(x is not None and x._storage.is_inference for x in tensors):
            self._refused = True
        self._saved = tensors
        self._versions = tuple([_version(x) for x in tensors])
        self._packed = None
        if thread.context.allows_mutation:  # values never change: keep those of now
            self._saved = tuple([x if x is None else _as_now(x) for x in tensors])
            self._versions = tuple([_version(x) for x in self._saved])

    def _pack(self) -> None:
        """Let what was saved go through `saved_tensors_hooks`."""
        hooks = thread.context.saved_hooks[-1]
        self._packed = [None if x is None else hooks.packed(x) for x in self._saved]
        self._saved = self._versions = ()

    def _free(self) -> None:
        """Let go of what was saved, once it was used."""
        self._freed = bool(self._saved or self._packed)
        self._saved = self._versions = ()
        self._packed = None

    def save_for_forward(self, *tensors: Any) -> None:
        """Keep tensors for `jvp`, where they are `saved_tensors`."""
        self._saved_forward = tensors

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """The tensors that `save_for_backward` kept."""
        if self._freed:
            raise RuntimeError(FREED)
        if self._packed is not None:
            return tuple([None if x is None else x.unpacked() for x in self._packed])
        for x, version in zip(self._saved, self._versions, strict=True):
            if isinstance(x, Tensor) and x._counts().version != version:
                result = x._counts().version
                raise modified(x._spec, x._grad_fn, x._output_nr, result, version)
        return self._saved

    def mark_dirty(self, *tensors: Any) -> None:
        """Say which inputs `forward` wrote to in place."""
        self._dirty = tensors

    def mark_non_differentiable(self, *tensors: Any) -> None:
        """Say which outputs have no gradient."""
        self._plain = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Whether gradients that are missing come as zeros (yes) or as None."""
        self.materialize_grads = value


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError(
            f"{type(self)} should not be instantiated. Methods on autograd functions "
            "are all static, so you should invoke them on the class itself: "
            f"{type(self).__name__}.apply(x)."
        )

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """Compute the outputs; written by the subclass."""
        raise NotImplementedError(
            "You must implement the forward function for custom autograd.Function."
        )

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> Any:
        """Keep what `backward` needs, if `forward` takes no context."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        """Compute the gradients of the inputs; written by the subclass, or `vjp` is."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom "
            "autograd.Function to use it with backward mode AD."
        )

    vjp = backward

    @staticmethod
    def jvp(ctx: Any, *tangents: Any) -> Any:
        """Compute the tangents of the outputs; written by the subclass."""
        raise NotImplementedError(
            "You must implement the jvp function for custom autograd.Function to use "
            "it with forward mode AD."
        )

    @staticmethod
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
        if not isinstance(
            cls.__dict__.get("forward", staticmethod(cls.forward)), staticmethod
        ):
            raise RuntimeError(
                "Legacy autograd function with non-static forward method is "
                "deprecated. Please use new-style autograd function with static "
                "forward method."
            )
        if thread.context.tracing_depth:
            return _traced(cls, args, kwargs)
        if thread.context.levels:
            return thread.context.levels[-1].apply_function(cls, args, kwargs)
        return applied(cls, args, kwargs)[0]


def applied(cls: Any, args: tuple[Any, ...], kwargs: Any) -> tuple[Any, FunctionCtx]:
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


class InplaceFunction(Function):
    """Base class of custom functions that may write to their input, if so asked."""


class NestedIOFunction(Function):
    """Refuse: custom functions of nested inputs are a leftover of early PyTorch."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError(
            "NestedIOFunction is not there: let an autograd.Function take the tensors "
            "one by one."
        )


def backward_of(cls: Any) -> Callable[..., Any]:
    """What the user wrote of the two names of the same thing."""
    if cls.vjp is Function.vjp:
        return cls.backward
    if cls.backward is not Function.backward:
        raise RuntimeError(
            "Implementing both 'backward' and 'vjp' for a custom Function is not "
            "allowed. You should only implement one of them."
        )
    return cls.vjp


def _check_dirty(ctx: FunctionCtx) -> None:
    """Raise where `forward` wrote to a leaf, or to a view of one."""
    for x in ctx._dirty:
        for tensor, what in ((x, "a leaf"), (x._base, "a view of a leaf")):
            if tensor is not None and tensor.requires_grad and tensor.is_leaf:
                raise RuntimeError(
                    f"{what} Variable that requires grad is being used in an in-place "
                    "operation."
                )


def new_context(cls: Any, needs_input_grad: list[bool]) -> FunctionCtx:
    ctx = FunctionCtx.__new__(_context_of(cls))
    FunctionCtx.__init__(ctx)
    ctx.needs_input_grad = tuple(needs_input_grad)
    return ctx


def has_setup(cls: Any) -> bool:
    """Whether `forward` of a function does without the context."""
    return cls.setup_context is not Function.setup_context


MORE = (
    " For more details, please see "
    "https://pytorch.org/docs/main/notes/extending.func.html"
)


def check_setup(cls: Any) -> None:
    """Raise unless a function's `forward` can be called apart from its context."""
    if not has_setup(cls):
        raise RuntimeError(
            "In order to use an autograd.Function with functorch transforms (vmap, "
            "grad, jvp, jacrev, ...), it must override the setup_context staticmethod."
            + MORE
        )


def context_after(
    cls: Any, needs_input_grad: list[bool], inputs: Any, output: Any
) -> FunctionCtx:
    """The context of a function that was called elsewhere."""
    check_setup(cls)
    ctx = new_context(cls, needs_input_grad)
    with no_grad():
        cls.setup_context(ctx, inputs, output)
    return ctx


def _forward(cls: Any, ctx: FunctionCtx, args: Any, kwargs: Any) -> Any:
    if not has_setup(cls):
        return cls.forward(ctx, *args, **kwargs)
    results = cls.forward(*args, **kwargs)
    cls.setup_context(ctx, args, results)
    return results


def _traced(cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
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
            _checked(cls, result[index], args[index], i)
            for i, index in enumerate(indices)
        ]

    results = call_custom_vjp(forward, backward, [args[index] for index in indices])
    return results[0] if single[0] else tuple(results)


class BackwardCFunction(FunctionCtx):
    """Base class of the contexts of custom functions."""


def _make_context(cls: Any) -> type[FunctionCtx]:
    """The class of the context, named as PyTorch names the `grad_fn`."""
    return type(f"{cls.__name__}Backward", (BackwardCFunction,), {"_function": cls})


_context_of: Callable[[Any], Any] = functools.cache(_make_context)


def connected_results(
    cls: Any, ctx: FunctionCtx, args: tuple[Any, ...], results: Any
) -> Any:
    """The results with a place in the graph, where `backward` gives the gradients."""
    single = not isinstance(results, tuple | list)
    outputs = [results] if single else list(results)
    inputs = [x for x in args if isinstance(x, Tensor)]
    edges = tuple(
        gradient_edge(x) if needed else (None, 0)
        for x, needed in zip(args, ctx.needs_input_grad, strict=True)
        if isinstance(x, Tensor)
    )
    shapes = [x._spec if isinstance(x, Tensor) else None for x in outputs]

    def pull(grads: list[Any]) -> list[Any]:
        if ctx.materialize_grads:
            grads = [
                _zeros(spec) if grad is None and spec is not None else grad
                for grad, spec in zip(grads, shapes, strict=True)
            ]
        result = backward_of(cls)(ctx, *grads)
        result = result if isinstance(result, tuple) else (result,)
        extra = result[len(args) :]
        if len(result) < len(args) or any(grad is not None for grad in extra):
            raise RuntimeError(
                f"function {cls.__name__}Backward returned an incorrect number of "
                f"gradients (expected {len(args)}, got {len(result)})"
            )
        tensors = [(g, x) for g, x in zip(result, args, strict=False) if _is_tensor(x)]
        return [_checked(cls, g, x, index) for index, (g, x) in enumerate(tensors)]

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


def tangents_pushed(cls: Any, ctx: FunctionCtx, tangents: Any) -> tuple[Any, ...]:
    """The tangents of the outputs, which the user's `jvp` computes."""
    if ctx.materialize_grads:
        tangents = [
            _zeros(x._spec) if isinstance(x, Tensor) and tangent is None else tangent
            for x, tangent in tangents
        ]
    else:
        tangents = [tangent for _, tangent in tangents]
    saved, ctx._saved = ctx._saved, ctx._saved_forward or ctx._saved
    versions, ctx._versions = ctx._versions, tuple([_version(x) for x in ctx._saved])
    try:
        result = cls.jvp(ctx, *tangents)
    finally:
        ctx._saved, ctx._versions = saved, versions
    return tuple(result) if isinstance(result, tuple | list) else (result,)


def _as_now(x: Tensor) -> Tensor:
    """A tensor that keeps what this one holds now, at its place in the graph."""
    result = object.__new__(Tensor)
    result.__dict__.update(x.__dict__)
    result._show(Storage(x._value()))
    return result


def _version(x: Any) -> int:
    return x._counts().version if isinstance(x, Tensor) else 0


def _zeros(spec: Any) -> Tensor:
    from funcnet.compat._ops.registry import FUNCTIONS

    return FUNCTIONS["zeros"](spec.shape, dtype=spec.dtype, device=spec.device)


def _is_tensor(x: Any) -> bool:
    return isinstance(x, Tensor)


def _checked(cls: Any, grad: Any, x: Tensor, index: int) -> Any:
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

        def refuse(_: Any) -> Any:
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
