"""The leaky ReLU whose slopes are drawn at random."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._messages.translate import refusal
from funcnet.compat._ops.nn.inplace import with_inplace_argument
from funcnet.compat._ops.random.masks import drawn_on_host
from funcnet.compat._ops.registry import recorded, register
from funcnet.compat._random.generator import engine_of
from funcnet.compat._random.keys import key_of, next_key
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.transform_levels import refuse_mapped


@recorded("nn.functional.rrelu")
def _run(input: Array, drawn: Array | None, lower: float, upper: float) -> Any:
    if drawn is None:
        return F.rrelu(input, lower, upper)
    if isinstance(drawn, tuple):
        return F.rrelu(input, lower, upper, True, key=key_of(*drawn))
    return jnp.where(input <= 0, drawn * input, input)


def _slopes(input: Tensor, lower: float, upper: float) -> Any:
    """A slope for each element: one is drawn where it is not positive, as in PyTorch.

    So the input has to be computed first.
    """
    if not drawn_on_host(input.device):
        return next_key()
    x = input._array()
    if isinstance(x, jax.core.Tracer):
        return next_key()
    leaks = np.asarray(x) <= 0
    slopes = np.ones(x.shape, x.dtype)
    drawn = engine_of(None).doubles(int(leaks.sum()))
    slopes[leaks] = drawn * (upper - lower) + lower
    return from_array(slopes)


def rrelu(
    input: Tensor, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False
) -> Tensor:
    """Multiply negatives by random slopes, as `torch.nn.functional.rrelu`.

    How many slopes PyTorch draws depends on the input, so that in training the input
    is computed before; not with `torch.random.set_mask_source("fast")`.
    """
    if lower > upper:
        raise refusal("rrelu.limits", name="rrelu", lower=lower, upper=upper)
    if training:
        refuse_mapped(input, "vmap: we do not yet support aten::rrelu.")
    drawn = _slopes(input, lower, upper) if training else None
    result: Tensor = _run(input, drawn, lower, upper)
    return result


with_inplace_argument("rrelu", rrelu, "rrelu_")
register("rrelu", method=False)(rrelu)
