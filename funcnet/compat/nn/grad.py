"""Gradients of convolutions as functions, as `torch.nn.grad`."""

from collections.abc import Callable
from typing import Any

from funcnet.compat._core.annotations import PerDim, ShapeLike
from funcnet.compat._core.context import set_grad_enabled
from funcnet.compat._ops import FUNCTIONS
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.autograd import grad


def _pair(dims: int) -> tuple[Callable[..., Any], Callable[..., Any]]:
    convolve = FUNCTIONS[f"nn.functional.conv{dims}d"]

    def of_input(
        input_size: ShapeLike,
        weight: Tensor,
        grad_output: Tensor,
        stride: PerDim = 1,
        padding: PerDim | str = 0,
        dilation: PerDim = 1,
        groups: int = 1,
    ) -> Any:
        empty = weight.new_zeros(tuple(input_size))
        settings = (stride, padding, dilation, groups)
        return _gradient(convolve, (empty, weight), 0, grad_output, settings)

    def of_weight(
        input: Tensor,
        weight_size: ShapeLike,
        grad_output: Tensor,
        stride: PerDim = 1,
        padding: PerDim | str = 0,
        dilation: PerDim = 1,
        groups: int = 1,
    ) -> Any:
        empty = input.new_zeros(tuple(weight_size))
        settings = (stride, padding, dilation, groups)
        return _gradient(convolve, (input, empty), 1, grad_output, settings)

    for run, what in ((of_input, "input"), (of_weight, "weight")):
        run.__name__ = run.__qualname__ = f"conv{dims}d_{what}"
        run.__doc__ = f"Gradient of `conv{dims}d` with respect to its {what}."
    return of_input, of_weight


def _gradient(
    convolve: Callable[..., Any],
    sources: tuple[Any, Any],
    place: int,
    grad_output: Tensor,
    settings: tuple[Any, ...],
) -> Any:
    """The gradient of a convolution, differentiable where its sources are."""
    further = any(x.requires_grad for x in (*sources, grad_output))
    with set_grad_enabled(True):
        wanted = sources[place].detach().requires_grad_()
        given = [wanted if i == place else x for i, x in enumerate(sources)]
        output = convolve(*given, None, *settings)
        (result,) = grad(output, wanted, grad_output, create_graph=further)
    return result


conv1d_input, conv1d_weight = _pair(1)
conv2d_input, conv2d_weight = _pair(2)
conv3d_input, conv3d_weight = _pair(3)

__all__ = [
    "conv1d_input",
    "conv1d_weight",
    "conv2d_input",
    "conv2d_weight",
    "conv3d_input",
    "conv3d_weight",
]
