"""Transformations of functions of tensors, as `torch.func`: those of JAX."""

from collections.abc import Callable
from typing import Any, Final

import jax
import numpy as np

from funcnet.compat._devices import computing, device
from funcnet.compat._draws import drawing_from, draws
from funcnet.compat._jax_function import (
    apply_jax,
    holding_instead,
    noting_what_is_read,
    together,
)
from funcnet.compat._pure import is_tensor, on_arrays, to_arrays
from funcnet.compat._tensor import from_array, is_grad_recorded
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.modules.norm import _BatchNorm
from funcnet.compat.nn.utils.stateless import functional_call


def _transformed(transform: Callable[..., Any], func: Any, **options: Any) -> Any:
    """The transformed function, on tensors, with results in the gradient graph."""

    def call(*args: Any, **kwargs: Any) -> Any:
        leaves, structure = jax.tree.flatten((args, kwargs), is_leaf=is_tensor)
        where = together(leaves)
        run = transform(on_arrays(func, where), **options)
        with jax.enable_x64(True), computing(where):
            if not is_grad_recorded():
                found = run(*to_arrays(args), **to_arrays(kwargs))
                return _results(found, where)
            start = draws()
            with noting_what_is_read() as read:
                noting = transform(on_arrays(func, where, recorded=True), **options)
                found = noting(*to_arrays(args), **to_arrays(kwargs))
        smooth = [p for p, x in enumerate(leaves) if is_tensor(x) and x.requires_grad]
        if not smooth and not read:
            return _results(found, where)
        outputs, output_structure = jax.tree.flatten(found)
        kept = [p for p, x in enumerate(outputs) if isinstance(x, _ARRAYS)]

        def on_inputs(*arrays: Any) -> list[Any]:
            given = to_arrays(leaves)
            for place, array in zip(smooth, arrays, strict=False):
                given[place] = array
            args, kwargs = jax.tree.unflatten(structure, given)
            instead = holding_instead(read, arrays[len(smooth) :])
            with instead, drawing_from(start):
                found = jax.tree.leaves(run(*args, **kwargs))
            return [found[place] for place in kept]

        tensors = apply_jax(on_inputs, [*(leaves[p] for p in smooth), *read])
        for place, made in zip(kept, tensors, strict=True):
            outputs[place] = made
        return jax.tree.unflatten(output_structure, outputs)

    return call


_ARRAYS: Final = (jax.Array, np.ndarray)


def _results(found: Any, where: device) -> Any:
    """A tree with tensors in place of the arrays, which may be of numpy."""
    return jax.tree.map(
        lambda x: from_array(x, where) if isinstance(x, _ARRAYS) else x, found
    )


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
    """The value and a function that pulls gradients back, as `torch.func.vjp`.

    That gives a tuple, with a gradient for each of `primals`.
    """
    result = func(*primals)
    output, *aux = result if has_aux else (result,)

    def pulling(run: Any) -> Any:
        def pull(primals: Any, cotangents: Any) -> Any:
            result: Any = jax.vjp(run, *primals, has_aux=has_aux)  # type: ignore[call-overload]
            return result[1](cotangents)

        return pull

    def pulled(*cotangents: Any) -> Any:
        given = cotangents[0] if len(cotangents) == 1 else cotangents
        return _transformed(pulling, func)(primals, given)

    return (output, pulled, *aux)


def jvp(
    func: Any,
    primals: Any,
    tangents: Any,
    *,
    strict: bool = False,
    has_aux: bool = False,
) -> Any:
    """Value and directional derivative, as `torch.func.jvp`."""

    def pushing(run: Any) -> Any:
        return lambda primals, tangents: jax.jvp(run, primals, tangents, has_aux)

    return _transformed(pushing, func)(tuple(primals), tuple(tangents))


def linearize(func: Any, *primals: Any) -> Any:
    """The value, and a function of directions that gives derivatives along them.

    Equals `torch.func.linearize`.

    Example:
        >>> import funcnet.compat as torch
        >>> y, push = torch.func.linearize(torch.sin, torch.zeros(2))
        >>> push(torch.tensor([1.0, 2.0]))
        tensor([1., 2.])
    """

    def pushed(*tangents: Any) -> Any:
        return jvp(func, primals, tangents)[1]

    return func(*primals), pushed


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
    """Stack the state of equal modules, as `torch.func.stack_module_state`.

    The parameters are leaves of their own, which want gradients if the first's do.
    """
    from funcnet.compat._ops import FUNCTIONS

    def stacked(members: str) -> dict[str, Any]:
        every = [dict(getattr(model, members)()) for model in models]
        found = {}
        for name, first in every[0].items():
            made = FUNCTIONS["stack"]([one[name].detach() for one in every])
            found[name] = made.requires_grad_(first.requires_grad)
        return found

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
