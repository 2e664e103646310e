"""What draws random numbers, compared by the statistics of many draws.

The generators differ, so single draws cannot be equal. Compared are, element by element
of output and gradient, the mean, the standard deviation, and the smallest and largest
value of thousands of draws, and the standard deviation of the mean over all elements:
it tells whether elements are drawn one by one or whole channels at a time.
"""

import inspect
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch

from funcnet import functional
from tests.parity import adapters
from tests.parity.bridge import argument
from tests.reference.cases import leaves_of, resolve, weights

DRAWS = 3000
# Standard errors of a mean, and shares of a spread, that chance may make.
SIGMAS, SPREAD = 6.0, 0.15


def is_random(name: str, args: Any, kwargs: dict[str, Any]) -> bool:
    """Whether this call of a function of torch.nn.functional draws numbers."""
    given = bound(name, args, kwargs)
    if name == "gumbel_softmax":
        return True
    if name == "rrelu":
        return given["training"]
    chance = given.get("p", given.get("dropout_p", 0.0))
    return chance > 0 and given.get("training", True)


def bound(name: str, args: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments by name, defaults filled in."""
    try:
        signature = inspect.signature(getattr(adapters.home(name), name))
    except ValueError:  # written in C++: its samples name what matters here
        return kwargs
    call = signature.bind(*args, **kwargs)
    call.apply_defaults()
    return call.arguments


def compare_function(name: str, args: Any, kwargs: dict[str, Any]) -> None:
    """Compare draws of one call of a function of torch."""
    native, *native_call = adapters.function_call(name, args, kwargs)
    reference = getattr(adapters.home(name), name)
    function = getattr(functional, native)
    word = adapters.KEY_NAMES.get(native, "key")
    leaves, tree = leaves_of(*native_call)
    arrays = [argument(x, False) for x in leaves]

    def run(first: Any, key: Any) -> Any:
        native_args, native_kwargs = tree.unflatten([first, *arrays[1:]])
        return function(*resolve(native_args), **resolve(native_kwargs), **{word: key})

    compare_draws(lambda x: reference(x, *args[1:], **kwargs), args[0], run, arrays[0])


def compare_draws(
    reference: Callable[[torch.Tensor], Any],
    torch_input: torch.Tensor,
    run: Callable[[Any, Any], Any],
    input: np.ndarray,
) -> None:
    """Compare the statistics of outputs and of gradients."""

    def draw(key: Any) -> Any:
        output, pullback = jax.vjp(lambda x: _first(run(x, key)), jnp.array(input))
        return output, *pullback(jnp.asarray(weights(output.shape), output.dtype))

    result = jax.jit(jax.vmap(draw))(jax.random.split(jax.random.key(0), DRAWS))
    torch.manual_seed(0)
    wanted: list[tuple[Any, Any]] = []
    for _ in range(DRAWS):
        x = torch_input.detach().clone().requires_grad_()
        output = _first(reference(x))
        grad = torch.zeros_like(x)
        if output.requires_grad:
            factors = torch.tensor(weights(output.shape), dtype=output.dtype)
            (grad,) = torch.autograd.grad((output * factors).sum(), x)
        wanted.append((output.detach().numpy(), grad.numpy()))
    for what, ours, theirs in zip(
        ("output", "gradient"), result, zip(*wanted, strict=True), strict=True
    ):
        compare_statistics(what, np.asarray(ours), np.stack(theirs))


def _first(output: Any) -> Any:
    return output[0] if isinstance(output, tuple) else output


def compare_statistics(what: str, found: np.ndarray, wanted: np.ndarray) -> None:
    """Compare draws that are stacked along the first axis."""
    assert found.shape == wanted.shape, f"{what}: {found.shape}, {wanted.shape}"
    if not found.size:
        return
    found, wanted = (x.reshape(len(x), -1).astype(np.float64) for x in (found, wanted))
    scale = np.abs(wanted).max() + 1e-30
    spread = wanted.std(0)
    most = np.maximum(spread, found.std(0))
    error = SIGMAS * most * np.sqrt(2 / len(found)) + 1e-6 * scale
    within(f"mean of {what}", found.mean(0), wanted.mean(0), error)
    error = SPREAD * spread + 1e-6 * scale
    within(f"spread of {what}", found.std(0), spread, error)
    for name in ("min", "max"):
        ours, theirs = (getattr(x, name)() for x in (found, wanted))
        reach = wanted.max() - wanted.min()
        within(f"{name} of {what}", ours, theirs, 0.1 * reach + 1e-6 * scale)
    together = wanted.mean(1).std()
    error = SPREAD * together + 1e-6 * scale
    within(f"joint spread of {what}", found.mean(1).std(), together, error)


def within(what: str, found: Any, wanted: Any, error: Any) -> None:
    worst = np.max(np.abs(found - wanted) - error)
    assert worst <= 0, f"{what} differs by {worst:.3g} more than chance explains"
