"""Functions of JAX as operations that `backward` goes through.

What `torch.func` makes is computed by JAX at once. Its results belong in the gradient
graph all the same: gradients flow to the arguments, and to every tensor that the
function reads besides, such as the parameters of a module.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import jax

from funcnet.compat._autograd import CustomFunction
from funcnet.compat._call import is_differentiable
from funcnet.compat._devices import CPU, computing, device
from funcnet.compat._draws import drawing_from, draws
from funcnet.compat._graph import constant, next_number, transforming
from funcnet.compat._storage import Storage
from funcnet.compat._tensor import (
    Tensor,
    edge,
    from_array,
    is_grad_recorded,
    reading,
    saved_of,
)

Flat = list[Any]


def together(tensors: Iterable[Any]) -> device:
    """Where tensors lie that are used together: those of the processor may travel."""
    places = (x.device for x in tensors if isinstance(x, Tensor))
    return next((one for one in places if one is not CPU), CPU)


def apply_jax(run: Callable[..., Flat], inputs: Sequence[Tensor]) -> list[Tensor]:
    """Call a function of arrays with tensors; connect its results to them.

    Args:
        run: gives a list of arrays, and is differentiable by JAX.
        inputs: tensors that are differentiable.
    """
    where = together(inputs)
    with jax.enable_x64(True), computing(where):
        results = [from_array(x, where) for x in run(*[x._array() for x in inputs])]
    wanted = [place for place, x in enumerate(inputs) if x.requires_grad]
    if not is_grad_recorded() or not wanted:
        return results
    if reading:
        reading[0](inputs, wanted)
    smooth = [p for p, x in enumerate(results) if is_differentiable(x.dtype)]

    def pull(grads: list[Tensor | None]) -> list[Tensor | None]:
        given = [place for place in smooth if grads[place] is not None]
        cotangents = [grad for grad in grads if grad is not None]

        def pulled(*arrays: Any) -> Flat:
            primals, cotangents = arrays[: len(inputs)], arrays[len(inputs) :]
            chosen = lambda *xs: [run(*xs)[place] for place in given]  # noqa: E731
            return list(jax.vjp(chosen, *primals)[1](list(cotangents)))

        return list(apply_jax(pulled, [*inputs, *cotangents]))

    edges = tuple(edge(x) if x.requires_grad else (None, 0) for x in inputs)
    fn = CustomFunction("JaxBackward0", pull, edges, len(results))
    fn.saved = saved_of(inputs, range(len(inputs)))
    for place in smooth:
        results[place]._fn, results[place]._output = fn, place
    return results


@contextlib.contextmanager
def noting_what_is_read() -> Iterator[list[Tensor]]:
    """Note the tensors from before that are read inside and want gradients."""
    start, found = next_number(), dict[int, Tensor]()

    def note(inputs: Any, wanted: Sequence[int]) -> None:
        for place in wanted:
            x = inputs[place]
            if x._fn is None or x._fn.number < start:
                found[id(x)] = x

    kept: list[Tensor] = []
    reading.insert(0, note)
    try:
        yield kept
    finally:
        reading.remove(note)
        kept += found.values()


@contextlib.contextmanager
def holding_instead(tensors: Sequence[Tensor], arrays: Sequence[Any]) -> Iterator[None]:
    """Let tensors hold other arrays, traced perhaps, for a while."""
    names = ("_storage", "_steps", "_base", "_taken", "_taken_at", "_fn", "_counter")
    before = [[getattr(x, name) for name in names] for x in tensors]
    try:
        for x, array in zip(tensors, arrays, strict=True):
            x._storage = Storage(constant(array, x.device))
            x._steps, x._base, x._taken, x._fn = (), None, None, None
            x._counter = None
        yield
    finally:
        for x, values in zip(tensors, before, strict=True):
            for name, value in zip(names, values, strict=True):
                setattr(x, name, value)


@contextlib.contextmanager
def being_traced() -> Iterator[None]:
    """Say that JAX traces what is called inside."""
    transforming.append(None)
    try:
        yield
    finally:
        transforming.pop()


def with_own_gradient(
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

    start, where = draws(), together(inputs)

    @jax.custom_vjp
    def run(*arrays: Any) -> Flat:
        outputs, _ = forward(*[from_array(x, where) for x in arrays])
        return [x._array() for x in outputs]

    def keep(*arrays: Any) -> tuple[Flat, Any]:
        return run(*arrays), arrays

    def pull(arrays: Any, gradients: Flat) -> tuple[Any, ...]:
        # Run again: what a context keeps need not be something that JAX can carry.
        with drawing_from(start):
            _, context = forward(*[from_array(x, where) for x in arrays])
        found = backward(context, [from_array(x, where) for x in gradients])
        return tuple([None if x is None else x._array() for x in found])

    run.defvjp(keep, pull)
    wanted = [place for place, x in enumerate(inputs) if x.requires_grad]
    if reading and wanted:
        reading[0](inputs, wanted)
    return [from_array(x, where) for x in run(*[x._array() for x in inputs])]
