"""Compare gradients with finite differences."""

from collections.abc import Callable
from typing import Any

import numpy as np

from funcnet.compat._autograd.grad import grad
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.create.creation import ones_like, tensor
from funcnet.compat._tensor.annotations import TensorOrTensors
from funcnet.compat._tensor.tensor import Tensor


class GradcheckError(RuntimeError):
    """Error of a gradient that disagrees with finite differences."""


@explains_keywords
def gradcheck(
    func: Callable[..., Any],
    inputs: TensorOrTensors,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_batched_forward_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """Check the gradients of a function against finite differences.

    Equals `torch.autograd.gradcheck` for real inputs; they should be float64.

    Raises:
        GradcheckError: they differ, unless `raise_exception` is False.
    """
    args = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    chosen = [x for x in args if isinstance(x, Tensor) and x.requires_grad]
    if not chosen:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none "
            "of the them have requires_grad=True."
        )
    try:
        _compare(func, args, chosen, eps, atol, rtol)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def _compare(
    func: Callable[..., Any],
    args: tuple[Any, ...],
    chosen: list[Any],
    eps: float,
    atol: float,
    rtol: float,
) -> None:
    def outputs() -> list[Any]:
        result = func(*args)
        tensors = [result] if isinstance(result, Tensor) else list(result)
        return [
            y for y in tensors if isinstance(y, Tensor) and y.dtype.is_floating_point
        ]

    for place, y in enumerate(outputs()):
        for which, x in enumerate(chosen):
            slow = _numerical(lambda p=place: outputs()[p], x, eps)  # type: ignore[misc]
            fast = np.zeros_like(slow)
            flat = y.reshape(-1)
            for row in range(slow.shape[0] if y.requires_grad else 0):
                (result,) = grad(flat[row], x, retain_graph=True, allow_unused=True)
                if result is not None:
                    fast[row] = result.detach().numpy().reshape(-1)
            if not np.allclose(fast, slow, rtol, atol):
                raise GradcheckError(
                    f"Jacobian mismatch for output {place} with respect to input "
                    f"{which},\nnumerical:{slow}\nanalytical:{fast}\n"
                )


def _numerical(output: Callable[[], Any], x: Any, eps: float) -> np.ndarray:
    """Return the Jacobian by central differences, `(outputs, inputs)`."""
    values = x.detach().numpy().copy()
    columns = []
    for place in np.ndindex(values.shape):
        sides = []
        for step in (eps, -eps):
            moved = values.copy()
            moved[place] += step
            _set(x, moved)
            sides.append(output().detach().numpy().reshape(-1).copy())
        columns.append((sides[0] - sides[1]) / (2 * eps))
    _set(x, values)
    return np.stack(columns, 1) if columns else np.zeros((output().numel(), 0))


def _set(x: Any, values: np.ndarray) -> None:
    x._storage.write(tensor(values)._value())


def gradgradcheck(
    func: Callable[..., Any],
    inputs: TensorOrTensors,
    grad_outputs: TensorOrTensors | None = None,
    **options: Any,
) -> bool:
    """Check the second gradients of a function against finite differences."""
    args = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    chosen = [x for x in args if isinstance(x, Tensor) and x.requires_grad]

    def slope(*inner: Tensor) -> Any:
        y = func(*inner)
        outputs = [y] if isinstance(y, Tensor) else list(y)
        starts = [ones_like(output) for output in outputs]
        if grad_outputs is not None:
            starts = list(grad_outputs)
        return grad(outputs, chosen, starts, create_graph=True, allow_unused=True)

    def slopes(*inner: Tensor) -> Any:
        return [one for one in slope(*inner) if one is not None]

    return gradcheck(slopes, args, **options)


__all__ = [
    "GradcheckError",
    "gradcheck",
    "gradgradcheck",
]
