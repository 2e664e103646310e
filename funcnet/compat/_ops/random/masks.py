"""What decides at random which elements a layer keeps.

On the CPU it is PyTorch's own mask, drawn on the host by the default generator when the
layer is called, and an input of the program. Elsewhere, or if `set_mask_source` says
so, it is a key with which the program draws.
"""

import math
from typing import Any

import numpy as np

from funcnet import _random
from funcnet.compat._core.device import device
from funcnet.compat._ops.random.draws import laid_out, order_of
from funcnet.compat._random import keys as _random_key
from funcnet.compat._random import mask_source as _mask_source
from funcnet.compat._random.generator import engine_of
from funcnet.compat._random.keys import next_key
from funcnet.compat._tensor.level_draws import drawn
from funcnet.compat._tensor.tensor import Tensor, from_array


def drawn_on_host(where: device) -> bool:
    """Whether what a layer draws on a device is drawn on the host, as in PyTorch."""
    pytorchs = _mask_source.get_mask_source() == "pytorch"
    return pytorchs and where.type == "cpu" and not _random_key.is_given()


def mask_like(x: Tensor, p: float) -> Any:
    """What says which elements of a tensor are kept if each is dropped with `p`."""
    where = x.device
    if not drawn_on_host(where):
        return next_key()
    return mask(x._spec.shape, p, where, order_of(x))


def mask(
    shape: tuple[int, ...], p: float, where: device, order: list[int] | None = None
) -> Any:
    """A mask of a shape, drawn in this order of the dimensions, or a key; see above.

    Nothing is drawn if everything is dropped, as in PyTorch.
    """
    if p == 1 or not drawn_on_host(where):
        return next_key()

    def make(every: tuple[int, ...]) -> Tensor:
        kept = _random.bernoulli(engine_of(None), math.prod(every), 1 - p)
        placed = order if len(every) == len(shape) else None  # batches lie in order
        return from_array(laid_out(kept, every, placed), where)

    return drawn(shape, make)


def packed_mask(batch_sizes: np.ndarray, width: int, p: float) -> Tensor:
    """A mask `(time, batch, width)` that is drawn for packed sequences.

    Nothing is drawn for their padding; `batch_sizes` are those of a `PackedSequence`.
    """
    is_there = np.arange(batch_sizes[0]) < batch_sizes[:, None]
    total = int(batch_sizes.sum()) * width

    def make(shape: tuple[int, ...]) -> Tensor:
        masks = np.ones((math.prod(shape[:-3]), *shape[-3:]), bool)
        for member in masks:
            kept = _random.bernoulli(engine_of(None), total, 1 - p)
            member[is_there] = kept.reshape(-1, width)
        return from_array(masks.reshape(shape))

    result: Tensor = drawn((*is_there.shape, width), make)
    return result
