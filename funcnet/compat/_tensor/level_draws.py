"""Random numbers inside the levels of `torch.func`: for which shape to draw.

What draws calls one of these with a function that does draw, which is called where no
level is open, with the shape (or with the tensors) of all members of the batches.
"""

from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat._core.context import thread


def drawn(shape: tuple[int, ...], draw: Callable[[tuple[int, ...]], Any]) -> Any:
    """Draw values of a shape by `draw`: a tensor.

    Inside `vmap(randomness="different")` it makes those of all members at once.
    """
    levels = thread.context.levels
    return levels[-1].drawn(shape, draw) if levels else draw(shape)


def drawn_into(x: Any, draw: Callable[[tuple[int, ...]], Any]) -> Any:
    """Draw values to be written into a tensor."""
    value, levels = x._value(), thread.context.levels
    if not levels:
        return draw(value.spec.shape)
    return levels[-1].drawn_into(value, value.spec.shape, draw)


def drawn_of(tensors: Sequence[Any], draw: Callable[..., Any]) -> Any:
    """Draw values by `draw` of tensors, element by element or row by row."""
    levels = thread.context.levels
    return levels[-1].drawn_of(tensors, draw) if levels else draw(*tensors)


def computed_of(tensors: Sequence[Any], run: Callable[..., Any]) -> Any:
    """Compute by `run` from the values of tensors on the host, element by element."""
    levels = thread.context.levels
    return levels[-1].computed_of(tensors, run) if levels else run(*tensors)
