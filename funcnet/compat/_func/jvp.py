"""Forward mode: directional derivatives of functions."""

from collections.abc import Callable
from typing import Any

from funcnet.compat._autograd.forward_mode import ForwardLevel
from funcnet.compat._core.annotations import Tree
from funcnet.compat._func.grad import pullback
from funcnet.compat._func.inputs import check_outputs, with_aux
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._tensor.recording import CAST, record_op
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.tree import tree_flatten, tree_map, tree_unflatten


class TangentLevel(ForwardLevel):
    """The level of one call of `jvp`."""

    transforms = True


@explains_keywords
def jvp(
    func: Callable[..., Any],
    primals: tuple[Tree, ...],
    tangents: tuple[Tree, ...],
    *,
    strict: bool = False,
    has_aux: bool = False,
) -> tuple[Any, ...]:
    """Compute the value and the Jacobian-vector product, as `torch.func.jvp`.

    Args:
        func: takes trees of tensors and gives one.
        primals: the arguments, a tuple.
        tangents: the direction, in the same structure.
        strict: whether an output that does not depend on the inputs is an error.
        has_aux: whether the function gives something else besides, which is given back.

    Example:
        >>> import funcnet.compat as torch
        >>> x = torch.tensor([1.0, 2.0])
        >>> torch.func.jvp(torch.square, (x,), (torch.ones(2),))[1]
        tensor([2., 4.])
    """
    _check_tuples(primals, tangents)
    indices = tuple(range(len(primals)))
    return pushed(func, primals, indices, tangents, strict, has_aux)


def _check_tuples(primals: object, tangents: object) -> None:
    start = "jvp(f, primals, tangents): Expected "
    if not isinstance(primals, tuple):
        raise RuntimeError(
            f"{start}primals to be a tuple. E.g. it should be valid to call "
            "f(*primals)."
        )
    leaves, spec = tree_flatten(primals)
    _, other = tree_flatten(tangents)
    if spec != other:
        raise RuntimeError(
            f"{start}primals and tangents to have the same python structure. For "
            "example, if primals is a tuple of 3 tensors, tangents also must be. Got "
            f"primals with structure {spec} and tangents with structure {other}"
        )
    if not leaves:
        raise RuntimeError(f"{start}primals to contain at least one Tensor.")


def pushed(
    func: Callable[..., Any],
    args: tuple[Tree, ...],
    indices: tuple[int, ...],
    tangents: tuple[Tree, ...],
    strict: bool = False,
    has_aux: bool = False,
) -> tuple[Any, ...]:
    """Compute a function's value and its derivative along a direction."""
    what = "jvp(f, primals, tangents)"
    level = TangentLevel()
    aux = None
    with level.entered():
        given = list(args)
        for index, tangent in zip(indices, tangents, strict=True):
            given[index] = tree_map(
                lambda x, t: _dual(level, x, t), args[index], tangent
            )
        output = func(*given)
        if has_aux:
            output, aux = with_aux(output, what)
        leaves, spec = tree_flatten(output)
        check_outputs(leaves, what)
        result = [level.of(y._value()) for y in leaves]
        if strict and any(tangent is None for tangent in result):
            raise RuntimeError(
                "jvp(f, primals, tangents, strict=True): The output of f is "
                "independent of the inputs. This is not allowed with strict=True."
            )
        with level.lowered():
            derivatives = [
                y.new_zeros(y.shape) if tangent is None else tangent
                for y, tangent in zip(leaves, result, strict=True)
            ]
    derivative = spec.unflatten(derivatives)
    return (output, derivative, aux) if has_aux else (output, derivative)


def _dual(level: ForwardLevel, x: Tensor, tangent: Tensor) -> Any:
    """Return an argument as a dual tensor."""
    for name, tensor in (("primal", x), ("tangent", tangent)):
        if not isinstance(tensor, Tensor):
            raise ValueError(
                f"Thing passed to transform API must be Tensor, got {type(tensor)}"
            )
        if not (tensor.is_floating_point() or tensor.is_complex()):
            raise ValueError(
                f"Expected {name} to be floating point or complex, but got: "
                f"{tensor.dtype}"
            )
    if x._spec.shape != tangent._spec.shape:
        raise RuntimeError(
            "Trying to set a forward gradient that has a different size than that of "
            "the original Tensor, this is not supported. Tensor is of size "
            f"{list(x.shape)} while the given forward gradient is of size "
            f"{list(tangent.shape)}."
        )
    if tangent._spec.dtype is not x._spec.dtype:
        with level.lowered():
            tangent = record_op(CAST, (tangent, x._spec.dtype))
    dual = level.primal(x)
    level.set_tangent(dual._value(), tangent)
    return dual


def linearize(func: Callable[..., Any], *primals: Tree) -> tuple[Any, Any]:
    """Compute the value, and the derivative as a linear function of the direction.

    Equals `torch.func.linearize`. The function runs once: a derivative along a
    direction is the gradient of the gradient, which is linear in what it starts from.

    Example:
        >>> import funcnet.compat as torch
        >>> y, push = torch.func.linearize(torch.sin, torch.zeros(2))
        >>> push(torch.tensor([1.0, 2.0]))
        tensor([1., 2.])
    """
    output, pull, _, leaves = pullback(func, primals, range(len(primals)), False)
    results, result_spec = tree_flatten(output)
    _, spec = tree_flatten(primals)

    def along(*tangents: Tree) -> Any:
        directions, other = tree_flatten(tangents)
        if other != spec:
            raise RuntimeError(
                f"Expected the tangents {other} to have the same argspec as the "
                f"primals {spec}"
            )
        for index, (x, t) in enumerate(zip(leaves, directions, strict=True)):
            for what in ("shape", "dtype"):
                one, wanted = getattr(t, what), getattr(x, what)
                if one != wanted:
                    raise RuntimeError(
                        f"tangent:{index} with {what} {one} in flattened pytree "
                        f"doesn't match the {what} {wanted} of the corresponding "
                        "primal."
                    )
        zeros = [y.detach().new_zeros(y.shape) for y in results]
        transposed = pullback(
            lambda *starts: pull(tree_unflatten(starts, result_spec)),
            zeros,
            range(len(zeros)),
            False,
        )[1]
        return tree_unflatten(transposed(tangents), result_spec)

    return output, along
