"""Functions of tensors that JAX traces, as those of `torch.pure`."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import jax

from funcnet.compat._core.context import thread
from funcnet.compat._core.device import CPU, device
from funcnet.compat._random.replay import replay_rng, rng_snapshot
from funcnet.compat._tensor.tensor import Tensor, from_array

Flat = list[Any]


def common_device(tensors: Iterable[Any]) -> device:
    """Where tensors lie that are used together: those of the processor may travel."""
    devices = (x.device for x in tensors if isinstance(x, Tensor))
    return next((x for x in devices if x is not CPU), CPU)


@contextlib.contextmanager
def under_jax_transform() -> Iterator[None]:
    """Say that JAX traces what is called inside."""
    context = thread.context
    context.tracing_depth += 1
    try:
        yield
    finally:
        context.tracing_depth -= 1


def call_custom_vjp(
    forward: Callable[..., tuple[Flat, Any]],
    backward: Callable[[Any, list[Tensor]], list[Tensor | None]],
    inputs: Sequence[Tensor],
) -> list[Tensor]:
    """Call a function whose gradient is written by hand, while JAX traces.

    Args:
        forward: gives, of tensors, a list of tensors and what `backward` needs.
        backward: gives the gradients of the inputs, of that and those of the outputs.
        inputs: the tensors.
    """

    snapshot, device = rng_snapshot(), common_device(inputs)

    @jax.custom_vjp
    def run(*arrays: jax.Array) -> Flat:
        outputs, _ = forward(*[from_array(x, device) for x in arrays])
        return [x._array() for x in outputs]

    def keep(*arrays: jax.Array) -> tuple[Flat, Any]:
        return run(*arrays), arrays

    def pull(arrays: tuple[jax.Array, ...], gradients: Flat) -> tuple[Any, ...]:
        # Run again: what a context keeps need not be something that JAX can carry.
        with replay_rng(snapshot):
            _, context = forward(*[from_array(x, device) for x in arrays])
        result = backward(context, [from_array(x, device) for x in gradients])
        return tuple([None if x is None else x._array() for x in result])

    run.defvjp(keep, pull)
    return [from_array(x, device) for x in run(*[x._array() for x in inputs])]
