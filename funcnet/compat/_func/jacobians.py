"""Jacobians and Hessians of functions."""

from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat._core.annotations import Dims
from funcnet.compat._func.grad import pullback
from funcnet.compat._func.inputs import (
    argument_indices,
    check_differentiable,
    named_after,
)
from funcnet.compat._func.jvp import pushed
from funcnet.compat._func.vmap import vmap
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.registry import FUNCTIONS
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.tree import tree_flatten


def _basis(tensors: Sequence[Tensor]) -> tuple[list[Tensor], list[int]]:
    """Return, for each tensor, a batch of all unit directions; and their sizes."""
    sizes = [x.shape.numel() for x in tensors]
    total, start, result = sum(sizes), 0, []
    for x, size in zip(tensors, sizes, strict=True):
        # From the registry: operations stand above this room.
        eye: Tensor = FUNCTIONS["eye"](total, dtype=x.dtype, device=x.device)
        result.append(eye.narrow(1, start, size).reshape((total, *x.shape)))
        start += size
    return result, sizes


@explains_keywords
def jacrev(
    func: Callable[..., Any],
    argnums: Dims = 0,
    *,
    has_aux: bool = False,
    chunk_size: int | None = None,
    _preallocate_and_copy: bool = False,
) -> Callable[..., Any]:
    """Compute the Jacobian by reverse mode, as `torch.func.jacrev`.

    It has the structure of the output, with the structure of the inputs (of a tuple, if
    `argnums` is one) in each place, and there tensors `(*output, *input)`. The rows are
    computed together, or `chunk_size` at a time.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.func.jacrev(torch.square)(torch.tensor([1.0, 2.0]))
        tensor([[2., 0.],
                [0., 4.]])
    """
    if chunk_size is not None and chunk_size < 1:
        raise ValueError("jacrev: `chunk_size` should be greater than 0.")

    def call(*args: object) -> Any:
        indices = argument_indices(argnums, len(args))
        output, pull, aux, _ = pullback(func, args, indices, has_aux)
        outputs, spec = tree_flatten(output)
        for y in outputs:
            if not y._spec.dtype.is_inexact:
                raise RuntimeError(
                    "vjp(f, ...): All outputs of f must be floating-point or complex "
                    f"Tensors, got Tensor with dtype {y.dtype}"
                )
        basis, sizes = _basis(outputs)
        rows = vmap(lambda starts: pull(spec.unflatten(starts)), chunk_size=chunk_size)(
            basis
        )
        columns, inputs_spec = tree_flatten(
            rows if isinstance(argnums, tuple) else rows[0]
        )
        blocks = [column.split(sizes) for column in columns]
        result = spec.unflatten(
            [
                inputs_spec.unflatten(
                    [
                        parts[index].reshape((*y.shape, *parts[index].shape[1:]))
                        for parts in blocks
                    ]
                )
                for index, y in enumerate(outputs)
            ]
        )
        return (result, aux) if has_aux else result

    return named_after(call, func)


@explains_keywords
def jacfwd(
    func: Callable[..., Any],
    argnums: Dims = 0,
    has_aux: bool = False,
    *,
    randomness: str = "error",
) -> Callable[..., Any]:
    """Compute the Jacobian by forward mode, as `torch.func.jacfwd`; see `jacrev`.

    `randomness` is that of `vmap`, in which the function runs.
    """

    def call(*args: object) -> Any:
        indices = argument_indices(argnums, len(args))
        chosen = tuple([args[index] for index in indices])
        inputs, inputs_spec = tree_flatten(chosen)
        check_differentiable(inputs)
        basis, sizes = _basis(inputs)
        besides: list[Any] = []

        def along(directions: Sequence[Tensor]) -> Any:
            tangents = inputs_spec.unflatten(directions)
            _, tangent, *aux = pushed(func, args, indices, tangents, has_aux=has_aux)
            besides[:] = aux
            return tangent

        columns, spec = tree_flatten(
            vmap(along, out_dims=-1, randomness=randomness)(basis)
        )
        result = spec.unflatten(
            [
                _of_inputs(column, inputs, sizes, inputs_spec, argnums)
                for column in columns
            ]
        )
        return (result, besides[0]) if has_aux else result

    return named_after(call, func)


def _of_inputs(
    column: Tensor, inputs: Sequence[Tensor], sizes: list[int], spec: Any, argnums: Dims
) -> Any:
    """Split the derivatives of an output along all directions by input."""
    parts = column.split(sizes, -1)
    result = spec.unflatten(
        [
            part.reshape((*column.shape[:-1], *x.shape))
            for part, x in zip(parts, inputs, strict=True)
        ]
    )
    return result if isinstance(argnums, tuple) else result[0]


@explains_keywords
def hessian(func: Callable[..., Any], argnums: Dims = 0) -> Callable[..., Any]:
    """Compute the Hessian, as `torch.func.hessian`.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.func.hessian(lambda x: (x**3).sum())(torch.tensor([1.0, 2.0]))
        tensor([[ 6.,  0.],
                [ 0., 12.]])
    """
    return jacfwd(jacrev(func, argnums), argnums)
