"""Functions with gradients of their own inside the levels of `torch.func`."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from funcnet.compat._autograd.custom_function import (
    MORE,
    Function,
    backward_of,
    check_setup,
    connected_results,
    context_after,
    new_context,
)
from funcnet.compat._core.annotations import Tree
from funcnet.compat._func.beside import edge_outside
from funcnet.compat._tensor.tensor import Tensor, wrap
from funcnet.compat._tensor.tree import tree_map


class VmapInfo(NamedTuple):
    """What the `vmap` of a custom function is told."""

    batch_size: int
    randomness: str


def in_gradients(
    level: Any, cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Call a custom function where gradients are taken.

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
    places = {id(x): place for place, x in enumerate(passed) if isinstance(x, Tensor)}

    def inside(y: Tensor) -> Any:
        if not isinstance(y, Tensor):
            return y
        place = places.get(id(y))
        if place is None:
            return level.wrapped(y)
        if y._storage.version:  # written in place
            args[place]._write(level.wrapped(y)._value())
        return args[place]

    count = results if isinstance(results, tuple | list) else (results,)
    wrapped = tuple([inside(y) for y in count])
    outputs = wrapped if isinstance(results, tuple | list) else wrapped[0]
    needs = [one and x.requires_grad for one, x in zip(own, args, strict=True)]
    ctx = context_after(cls, needs, args, outputs)
    return connected_results(cls, ctx, args, outputs) if any(needs) else outputs


def _passed(level: Any, x: object) -> Any:
    """An argument outside: a tensor of its own, should the function write to it."""
    if not isinstance(x, Tensor) or not level.is_own(x._value()):
        return x
    outside = level.outside_of(x)
    result = wrap(outside._value())
    result._set_grad_fn(*edge_outside(outside))
    return result


def in_batch(
    level: Any, cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Call a custom function on a batch: by its rule, or by one made for it."""
    check_setup(cls)
    batches = [level.unwrapped(x) if isinstance(x, Tensor) else None for x in args]
    if all(x is None for x in batches):
        with level.lowered():
            return cls.apply(*args, **kwargs)
    outside = [x if one is None else one for x, one in zip(args, batches, strict=True)]
    in_dims = tuple([None if one is None else 0 for one in batches])
    own_rule = getattr(cls, "vmap", None) is not Function.vmap
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
    """The custom function that is another one, mapped over the first dimension."""

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
            found = run(*args)
            return tree_map(
                lambda y: inner.batch(y) if isinstance(y, Tensor) else y, found
            )

    def all_mapped(found: Any) -> list[Any]:
        count = found if isinstance(found, tuple | list) else (found,)
        return [0] * len(count)

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
            count = output if isinstance(output, tuple | list) else (output,)
            outputs = members(inner, count, all_mapped(output))
            with inner.entered():
                cls.setup_context(
                    ctx.inner,
                    tuple(members(inner, inputs, dims)),
                    tuple(outputs) if count is output else outputs[0],
                )
            ctx.materialize_grads = ctx.inner.materialize_grads
            plain = ctx.inner._plain
            ctx.mark_non_differentiable(
                *[
                    y
                    for y, member in zip(count, outputs, strict=True)
                    if any(member is one for one in plain)
                ]
            )

        @staticmethod
        def backward(ctx: Any, *grads: Any) -> Any:
            given = members(ctx.level, grads, all_mapped(grads))
            run = functools.partial(backward_of(cls), ctx.inner)
            found = called(ctx.level, run, *given)
            found = found if isinstance(found, tuple) else (found,)
            return tuple(
                [
                    grad.sum(0) if dim is None and isinstance(grad, Tensor) else grad
                    for grad, dim in zip(found, dims, strict=False)
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
