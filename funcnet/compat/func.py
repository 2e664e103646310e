"""Transformations of functions of tensors, as `torch.func`: those of JAX."""

from collections.abc import Callable
from typing import Any

import jax

from funcnet.compat._pure import on_arrays, to_arrays, to_tensors
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.modules.norm import _BatchNorm
from funcnet.compat.nn.utils.stateless import functional_call


def _transformed(transform: Callable[..., Any], func: Any, **options: Any) -> Any:
    run = transform(on_arrays(func), **options)

    def call(*args: Any, **kwargs: Any) -> Any:
        with jax.enable_x64(True):
            return to_tensors(run(*to_arrays(args), **to_arrays(kwargs)))

    return call


def grad(func: Any, argnums: Any = 0, has_aux: bool = False) -> Any:
    """The gradient of a function with one number, as `torch.func.grad`."""
    return _transformed(jax.grad, func, argnums=argnums, has_aux=has_aux)


def grad_and_value(func: Any, argnums: Any = 0, has_aux: bool = False) -> Any:
    """Gradient and value of a function, as `torch.func.grad_and_value`."""
    both = _transformed(jax.value_and_grad, func, argnums=argnums, has_aux=has_aux)

    def call(*args: Any, **kwargs: Any) -> Any:
        value, slope = both(*args, **kwargs)
        return slope, value

    return call


def vmap(
    func: Any,
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Any:
    """Map a function over a dimension, as `torch.func.vmap`."""
    del randomness, chunk_size
    return _transformed(jax.vmap, func, in_axes=in_dims, out_axes=out_dims)


def jacrev(func: Any, argnums: Any = 0, *, has_aux: bool = False, **others: Any) -> Any:
    """The Jacobian, row by row, as `torch.func.jacrev`."""
    return _transformed(jax.jacrev, func, argnums=argnums, has_aux=has_aux)


def jacfwd(func: Any, argnums: Any = 0, has_aux: bool = False, **others: Any) -> Any:
    """The Jacobian, column by column, as `torch.func.jacfwd`."""
    return _transformed(jax.jacfwd, func, argnums=argnums, has_aux=has_aux)


def hessian(func: Any, argnums: Any = 0) -> Any:
    """The matrix of second derivatives, as `torch.func.hessian`."""
    return _transformed(jax.hessian, func, argnums=argnums)


def vjp(func: Any, *primals: Any, has_aux: bool = False) -> Any:
    """The value and a function that pulls gradients back, as `torch.func.vjp`."""
    with jax.enable_x64(True):
        result: Any = jax.vjp(  # type: ignore[call-overload]
            on_arrays(func), *to_arrays(primals), has_aux=has_aux
        )
    output, pull, *aux = result

    def pulled(*cotangents: Any) -> Any:
        given = cotangents[0] if len(cotangents) == 1 else cotangents
        with jax.enable_x64(True):
            found = to_tensors(pull(to_arrays(given)))
        return found[0] if len(primals) == 1 else found

    return (to_tensors(output), pulled, *to_tensors(aux))


def jvp(
    func: Any,
    primals: Any,
    tangents: Any,
    *,
    strict: bool = False,
    has_aux: bool = False,
) -> Any:
    """Value and directional derivative, as `torch.func.jvp`."""
    with jax.enable_x64(True):
        return to_tensors(
            jax.jvp(on_arrays(func), to_arrays(primals), to_arrays(tangents), has_aux)
        )


def linearize(func: Any, *primals: Any) -> Any:
    """The value, and a function of directions that gives derivatives along them.

    Equals `torch.func.linearize`: the function is worth having where there are many
    directions at one point.

    Example:
        >>> import funcnet.compat as torch
        >>> y, push = torch.func.linearize(torch.sin, torch.zeros(2))
        >>> push(torch.tensor([1.0, 2.0]))
        tensor([1., 2.])
    """
    with jax.enable_x64(True):
        output, push = jax.linearize(on_arrays(func), *to_arrays(primals))

    def pushed(*tangents: Any) -> Any:
        with jax.enable_x64(True):
            return to_tensors(push(*to_arrays(tangents)))

    return to_tensors(output), pushed


def functionalize(func: Any, *, remove: str = "mutations") -> Any:
    """Return the function: writing in place is recorded as a function already."""
    del remove
    return func


def replace_all_batch_norm_modules_(root: Module) -> Module:
    """Let batch norms keep no running statistics, as transforms need it.

    Equals `torch.func.replace_all_batch_norm_modules_`; the module is changed and
    returned.
    """
    for module in root.modules():
        if isinstance(module, _BatchNorm):
            module.running_mean = module.running_var = None
            module.num_batches_tracked = None
            module.track_running_stats = False
    return root


def stack_module_state(models: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Stack the state of equal modules, as `torch.func.stack_module_state`."""
    from funcnet.compat._ops import FUNCTIONS

    def stacked(members: str) -> dict[str, Any]:
        every = [dict(getattr(model, members)()) for model in models]
        return {
            name: FUNCTIONS["stack"]([one[name].detach() for one in every])
            for name in every[0]
        }

    return stacked("named_parameters"), stacked("named_buffers")


__all__ = [
    "functional_call",
    "functionalize",
    "grad",
    "grad_and_value",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "linearize",
    "replace_all_batch_norm_modules_",
    "stack_module_state",
    "vjp",
    "vmap",
]
