"""Reverse mode: gradients and pullbacks of functions."""

from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat._autograd.grad import checked_start
from funcnet.compat._core.annotations import Dims, Tree
from funcnet.compat._func.grad_level import GradLevel
from funcnet.compat._func.inputs import (
    argument_indices,
    check_differentiable,
    check_outputs,
    named_after,
    with_aux,
)
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.writing import copy_into
from funcnet.compat._tensor.tensor import Tensor, wrap
from funcnet.compat._tensor.tree import TreeSpec, tree_flatten, tree_map
from funcnet.compat._tensor.view_ops import ALIAS
from funcnet.compat._tensor.views import view_of


class _Inside:
    """Arguments of a function as tensors of a level."""

    def __init__(self, level: GradLevel) -> None:
        self.level = level
        self.tensors: list[tuple[Tensor, Tensor]] = []

    def wrapped(self, tree: Tree, wanted: bool = False) -> Any:
        """Wrap a tree of arguments; they require gradients if they are `wanted`."""

        def wrapped(x: Any) -> Any:
            if not isinstance(x, Tensor):
                return x
            result = self.level.wrapped(x)
            result._requires_grad = wanted
            self.tensors.append((x, result))
            return result

        return tree_map(wrapped, tree)

    def outside(self, tree: Tree) -> Any:
        """Convert a tree of results to tensors outside the level."""
        given = {id(x) for x, _ in self.tensors}

        def outside(x: Any) -> Any:
            if not isinstance(x, Tensor):
                raise RuntimeError(f"Expected tensors, got unsupported type {type(x)}")
            result = self.level.outside_of(x)
            if id(result) in given:
                result = view_of(result, ALIAS, result._spec.shape)
            return result

        return tree_map(outside, tree)

    def write_back(self) -> None:
        """Write the function's in-place changes to its arguments."""
        for x, inside in self.tensors:
            if inside._storage.version:
                copy_into(x, self.level.outside_of(inside))


def _gradients(
    level: GradLevel,
    outputs: Sequence[Tensor],
    inputs: Sequence[Tensor],
    starts: Sequence[Tensor | None],
    keep: bool = False,
) -> list[Tensor]:
    """Return the gradients outside the level, zeros where there are none."""
    used = [
        index
        for index, y in enumerate(outputs)
        if level.is_own(y._value()) and y.requires_grad
    ]
    given = [
        None if start is None else checked_start(y, start, index)
        for index, (y, start) in enumerate(zip(outputs, starts, strict=True))
    ]
    result = level.gradients(
        [outputs[index] for index in used],
        inputs,
        [given[index] for index in used],
        keep,
    )
    with level.lowered():
        return [
            x.new_zeros(x.shape) if grad is None else grad
            for x, grad in zip(inputs, result, strict=True)
        ]


@explains_keywords
def grad_and_value(
    func: Callable[..., Any], argnums: Dims = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """Compute the gradient and the value, as `torch.func.grad_and_value`."""

    def call(*args: object, **kwargs: object) -> Any:
        indices = argument_indices(argnums, len(args))
        level = GradLevel()
        inside = _Inside(level)
        given = list(args)
        leaves, spec = tree_flatten([args[index] for index in indices])
        check_differentiable(leaves)
        with level.entered():
            for index, x in enumerate(args):
                given[index] = inside.wrapped(x, wanted=index in indices)
            named = inside.wrapped(kwargs)
            inputs, _ = tree_flatten([given[index] for index in indices])
            result = func(*given, **named)
            aux = None
            what = "grad_and_value(f)(*args)"
            if has_aux:
                result, aux = with_aux(result, what)
            _check_scalar(result, what)
            grads = _gradients(level, [result], inputs, [None])
            gradients = spec.unflatten(grads)
            single = not isinstance(argnums, tuple)
            gradient = gradients[0] if single else tuple(gradients)
            with level.lowered():
                value, aux = inside.outside((result, aux if has_aux else ()))
            for x in inputs:
                level.track(x)
            level.release()
        inside.write_back()
        return (gradient, (value, aux)) if has_aux else (gradient, value)

    return named_after(call, func)


def _check_scalar(result: object, what: str) -> None:
    if not isinstance(result, Tensor):
        raise RuntimeError(
            f"{what}: Expected f(*args) to return a Tensor, got {type(result)}"
        )
    if result._spec.shape:
        raise RuntimeError(
            f"{what}: Expected f(*args) to return a scalar Tensor, got tensor with "
            f"{result.ndim} dims. Maybe you wanted to use the vjp or jacrev APIs "
            "instead?"
        )


@explains_keywords
def grad(
    func: Callable[..., Any], argnums: Dims = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """Compute the gradient of a function of a scalar result, as `torch.func.grad`.

    The function runs once, as it would outside: it may look at values, keep them and
    write to buffers.

    Args:
        func: takes trees of tensors, and gives a tensor without dimensions; with
            `has_aux` a tuple of that and something else, which is given back, too.
        argnums: the places of the arguments by which to differentiate.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.func.grad(torch.sin)(torch.tensor(0.0))
        tensor(1.)
    """
    both = grad_and_value(func, argnums, has_aux)

    def call(*args: object, **kwargs: object) -> Any:
        gradient, value = both(*args, **kwargs)
        return (gradient, value[1]) if has_aux else gradient

    return named_after(call, func)


@explains_keywords
def vjp(
    func: Callable[..., Any], *primals: Tree, has_aux: bool = False
) -> tuple[Any, ...]:
    """Compute the value and the vector-Jacobian product, as `torch.func.vjp`.

    That takes gradients in the structure of the output, and gives a tuple with one for
    each of `primals`. The function runs once.
    """
    output, pull, aux, _ = pullback(func, primals, range(len(primals)), has_aux)
    return (output, pull, aux) if has_aux else (output, pull)


def pullback(
    func: Callable[..., Any], args: Sequence[Any], indices: Sequence[int], has_aux: bool
) -> tuple[Any, Callable[..., Any], Any, list[Tensor]]:
    """Compute the output of a function, its pullback and its auxiliary result.

    Also the leaves of those arguments.
    """
    level = GradLevel()
    inside = _Inside(level)
    what = "vjp(f, *primals)"
    leaves, spec = tree_flatten(tuple([args[index] for index in indices]))
    check_differentiable(leaves)
    aux = ()
    with level.entered():
        given = [
            inside.wrapped(x, wanted=index in indices) for index, x in enumerate(args)
        ]
        inputs, _ = tree_flatten([given[index] for index in indices])
        result = func(*given)
        if has_aux:
            result, aux = with_aux(result, what)
        results, output_spec = tree_flatten(result)
        check_outputs(results, what)
        # New tensors, as those of the function are released with the level.
        outputs = [_kept(y) for y in results]
        with level.lowered():
            output, aux = inside.outside((result, aux))
        level.release()
    inside.write_back()

    def pulled(
        cotangents: Tree, retain_graph: bool = True, create_graph: bool | None = None
    ) -> Any:
        del retain_graph, create_graph
        starts, cotangent_spec = tree_flatten(cotangents)
        if cotangent_spec != output_spec:
            raise RuntimeError(
                "Expected pytree structure of cotangents to be the same as pytree "
                "structure of outputs to the function. cotangents: "
                f"{_shown(cotangent_spec)}, primal output: {_shown(output_spec)}"
            )
        with level.entered():
            grads = _gradients(level, outputs, inputs, starts, keep=True)
        return spec.unflatten(grads)

    return output, pulled, aux, leaves


def _kept(y: Tensor) -> Tensor:
    """Return a new tensor of the same value and gradient edge."""
    if y._grad_fn is None:
        return y
    result = wrap(y._value())
    result._set_grad_fn(y._grad_fn, y._output_nr)
    return result


def _shown(spec: TreeSpec) -> str:
    if spec.is_leaf():
        return "*"
    return repr(spec.unflatten([_Star()] * spec.num_leaves))


class _Star:
    def __repr__(self) -> str:
        return "*"
