"""Gradients of convolutions as functions, as `torch.nn.grad`.

They take the arguments of the convolution but for two: in the place of the tensor that
the gradient is of stands its size, in the place of the bias the gradient of the output.
"""

import inspect
from collections.abc import Callable
from typing import Any, Final

from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._core.context import set_grad_enabled
from funcnet.compat._ops import FUNCTIONS
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.autograd import grad
from funcnet.compat.nn._module.signature import bind_arguments

_INPUT: Final = 0
_WEIGHT: Final = 1
_BIAS: Final = 2


def _gradient(dims: int, index: int) -> Callable[..., Any]:
    """The gradient of a convolution with respect to the argument at an index.

    It is differentiable where its sources are.
    """
    convolve = FUNCTIONS[f"nn.functional.conv{dims}d"]
    parameters = [*inspect.signature(convolve).parameters.values()]
    source = parameters[index].name
    name = f"conv{dims}d_{source}"
    parameters[index] = inspect.Parameter(
        f"{source}_size", parameters[index].kind, annotation=ShapeLike
    )
    parameters[_BIAS] = inspect.Parameter(
        "grad_output", parameters[_BIAS].kind, annotation=Tensor
    )
    signature = inspect.Signature(parameters, return_annotation=Tensor)

    def gradient(*args: object, **kwargs: object) -> Any:
        given = [*bind_arguments(name, signature, args, kwargs).values()]
        sources, grad_output, settings = given[:_BIAS], given[_BIAS], given[_BIAS + 1 :]
        sources[index] = sources[1 - index].new_zeros(tuple(sources[index]))
        further = any(x.requires_grad for x in (*sources, grad_output))
        with set_grad_enabled(True):
            wanted = sources[index] = sources[index].detach().requires_grad_()
            output = convolve(*sources, None, *settings)
            (result,) = grad(output, wanted, grad_output, create_graph=further)
        return result

    gradient.__name__ = gradient.__qualname__ = name
    gradient.__doc__ = f"Gradient of `conv{dims}d` with respect to its {source}."
    gradient.__signature__ = signature  # type: ignore[attr-defined]
    return gradient


conv1d_input, conv1d_weight = _gradient(1, _INPUT), _gradient(1, _WEIGHT)
conv2d_input, conv2d_weight = _gradient(2, _INPUT), _gradient(2, _WEIGHT)
conv3d_input, conv3d_weight = _gradient(3, _INPUT), _gradient(3, _WEIGHT)

__all__ = [
    "conv1d_input",
    "conv1d_weight",
    "conv2d_input",
    "conv2d_weight",
    "conv3d_input",
    "conv3d_weight",
]
