"""Dropping of whole samples, as `torchvision.ops`; the networks have it, too."""

from typing import Any

import funcnet.compat as torch
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.module import Module


def stochastic_depth(
    input: Tensor, p: float, mode: str, training: bool = True
) -> Tensor:
    """Zero whole samples at random, as `torchvision.ops.stochastic_depth`.

    Args:
        input: `(batch, *)`.
        p: the probability.
        mode: "row" for each sample by itself, "batch" for all at once.
        training: if False the input is given back.
    """
    if p < 0.0 or p > 1.0:
        raise ValueError(f"drop probability has to be between 0 and 1, but got {p}")
    if mode not in ("batch", "row"):
        raise ValueError(f"mode has to be either 'batch' or 'row', but got {mode}")
    if not training or p == 0.0:
        return input
    count = input.shape[0] if mode == "row" else 1
    shape = (count, *[1] * (input.ndim - 1))
    noise = torch.empty(shape, dtype=input.dtype, device=input.device)
    noise = noise.bernoulli_(1.0 - p)
    if p < 1.0:
        noise.div_(1.0 - p)
    return input * noise


class StochasticDepth(Module):
    """`stochastic_depth` in training, as `torchvision.ops.StochasticDepth`."""

    def __init__(self, p: float, mode: str) -> None:
        super().__init__()
        self.p = p
        self.mode = mode

    def forward(self, input: Tensor) -> Any:
        """Zero samples at random."""
        return stochastic_depth(input, self.p, self.mode, self.training)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p}, mode={self.mode})"
