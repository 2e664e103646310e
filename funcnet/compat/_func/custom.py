"""Custom functions inside the levels of `torch.func`."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from funcnet.compat._autograd.custom_function import (
    MORE,
    Function,
    check_setup,
    context_after,
)
from funcnet.compat._autograd.custom_gradient import (
    backward_of,
    connected_results,
    is_unwritten,
)
from funcnet.compat._autograd.function_context import new_context
from funcnet.compat._core.annotations import Tree
from funcnet.compat._func.beside import edge_outside
from funcnet.compat._tensor.tensor import Tensor, wrap
from funcnet.compat._tensor.tree import tree_map


class VmapInfo(NamedTuple):
    """Information for the `vmap` rule of a custom function."""

    batch_size: int
    randomness: str


def in_gradients(
    level: Any, cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Call a custom function inside a gradient transform.

    It runs outside, where it may be differentiated in turn, and gets a place in the
    graph of this level besides.
    """
    check_setup(cls)
    passed = [_passed(level, x) for x in args]
    with level.lowered():
        results = cls.apply(*passed, **kwargs)
    own = [isinstance(x, Tensor) and level.is_own(x._value()) for x in args]
    if not any(own):
        return results
    indices = {id(x): index for index, x in enumerate(passed) if isinstance(x, Tensor)}

    def inside(y: Tensor) -> Any:
        if not isinstance(y, Tensor):
            return y
        index = indices.get(id(y))
        if index is None:
            return level.wrapped(y)
        if y._storage.version:  # written in place
            args[index]._write(level.wrapped(y)._value())
        return args[index]

    values = results if isinstance(results, tuple | list) else (results,)
    wrapped = tuple([inside(y) for y in values])
    outputs = wrapped if isinstance(results, tuple | list) else wrapped[0]
    needs = [is_own and x.requires_grad for is_own, x in zip(own, args, strict=True)]
    ctx = context_after(cls, needs, args, outputs)
    return connected_results(cls, ctx, args, outputs) if any(needs) else outputs


def _passed(level: Any, x: object) -> Any:
    """Return an argument outside, as a new tensor that may be written to."""
    if not isinstance(x, Tensor) or not level.is_own(x._value()):
        return x
    outside = level.outside_of(x)
    result = wrap(outside._value())
    result._set_grad_fn(*edge_outside(outside))
    return result


def in_batch(
    level: Any, cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Call a custom function on a batch, by its own or a generated rule."""
    check_setup(cls)
    batches = [level.unwrapped(x) if isinstance(x, Tensor) else None for x in args]
    if all(x is None for x in batches):
        with level.lowered():
            return cls.apply(*args, **kwargs)
    outside = [
        x if batch is None else batch for x, batch in zip(args, batches, strict=True)
    ]
    in_dims = tuple([None if batch is None else 0 for batch in batches])
    own_rule = not is_unwritten(cls.vmap)
    start = f"You tried to vmap over {cls.__name__}, but it "
    if cls.generate_vmap_rule:
        if own_rule:
            raise RuntimeError(
                f"{start}has both generate_vmap_rule=True and an overridden vmap "
                "staticmethod. Please set generate_vmap_rule=False or delete the "
                f"overridden vmap staticmethod to avoid ambiguity.{MORE}"
            )
        with level.lowered():
            result = _on_batches(cls, level, in_dims).apply(*outside, **kwargs)
            return tree_map(level.member, result)
    if not own_rule:
        raise RuntimeError(
            f"{start}does not have vmap support. Please override and implement the "
            f"vmap staticmethod or set generate_vmap_rule=True.{MORE}"
        )
    info = VmapInfo(level.size, level.randomness)
    with level.lowered():
        result, dims = cls.vmap(info, in_dims, *outside, **kwargs)
        if not isinstance(dims, tuple | list):
            dims = tree_map(lambda _: dims, result)
        return tree_map(
            lambda y, dim: y if dim is None else level.member(y, dim % y.ndim),
            result,
            dims,
        )


def _on_batches(cls: Any, outer: Any, dims: tuple[Any, ...]) -> Any:
    """Make the custom function that maps another one over the first dimension."""

    def level() -> Any:
        return type(outer)(outer.size, outer.randomness)

    def members(
        inner: Any, tensors: Sequence[Any], dims: Sequence[int | None]
    ) -> list[Any]:
        return [
            x if dim is None or not isinstance(x, Tensor) else inner.member(x)
            for x, dim in zip(tensors, dims, strict=True)
        ]

    def called(inner: Any, run: Callable[..., Any], *args: object) -> Any:
        with inner.entered():
            results = run(*args)
            return tree_map(
                lambda y: inner.batch(y) if isinstance(y, Tensor) else y, results
            )

    def all_mapped(results: Any) -> list[Any]:
        values = results if isinstance(results, tuple | list) else (results,)
        return [0] * len(values)

    class OnBatches(Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(*args: object, **kwargs: object) -> Any:
            inner = level()
            given = members(inner, args, dims)
            return called(inner, lambda *xs: cls.forward(*xs, **kwargs), *given)

        @staticmethod
        def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
            ctx.level = inner = level()
            ctx.inner = new_context(cls, list(ctx.needs_input_grad))
            values = output if isinstance(output, tuple | list) else (output,)
            outputs = members(inner, values, all_mapped(output))
            with inner.entered():
                cls.setup_context(
                    ctx.inner,
                    tuple(members(inner, inputs, dims)),
                    tuple(outputs) if values is output else outputs[0],
                )
            ctx.materialize_grads = ctx.inner.materialize_grads
            plain = ctx.inner._plain
            ctx.mark_non_differentiable(
                *[
                    y
                    for y, member in zip(values, outputs, strict=True)
                    if any(member is one for one in plain)
                ]
            )

        @staticmethod
        def backward(ctx: Any, *grads: Any) -> Any:
            given = members(ctx.level, grads, all_mapped(grads))
            run = functools.partial(backward_of(cls), ctx.inner)
            results = called(ctx.level, run, *given)
            results = results if isinstance(results, tuple) else (results,)
            return tuple(
                [
                    grad.sum(0) if dim is None and isinstance(grad, Tensor) else grad
                    for grad, dim in zip(results, dims, strict=False)
                ]
            )

        @staticmethod
        def jvp(ctx: Any, *tangents: Tree) -> Any:
            given = members(ctx.level, tangents, dims)
            kept = ctx.inner._saved
            ctx.inner._saved = ctx.inner._saved_forward or kept
            try:
                return called(ctx.level, lambda *ts: cls.jvp(ctx.inner, *ts), *given)
            finally:
                ctx.inner._saved = kept

    OnBatches.__name__ = OnBatches.__qualname__ = f"Vmapped{cls.__name__}"
    return OnBatches
