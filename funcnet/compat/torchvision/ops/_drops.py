"""Dropping of blocks of pixels, as `torchvision.ops`."""

import math
from collections.abc import Callable
from typing import Any, ClassVar

import funcnet.compat as torch
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.nn.modules.module import Module


def drop_block2d(
    input: Tensor,
    p: float,
    block_size: int,
    inplace: bool = False,
    eps: float = 1e-6,
    training: bool = True,
) -> Tensor:
    """Zero square blocks of pixels at random, as `torchvision.ops.drop_block2d`.

    Args:
        input: `(batch, channels, height, width)`.
        p: the share of pixels that is zeroed, about.
        block_size: the side of a block, odd.
        inplace: write into the input.
        eps: added to the number of pixels that stay.
        training: if False the input is given back.
    """
    return _drop_block(input, p, block_size, inplace, eps, training, 2)


def drop_block3d(
    input: Tensor,
    p: float,
    block_size: int,
    inplace: bool = False,
    eps: float = 1e-6,
    training: bool = True,
) -> Tensor:
    """Zero cubes of volumes at random, as `torchvision.ops.drop_block3d`."""
    return _drop_block(input, p, block_size, inplace, eps, training, 3)


def _drop_block(
    input: Tensor,
    p: float,
    block_size: int,
    inplace: bool,
    eps: float,
    training: bool,
    dims: int,
) -> Tensor:
    if p < 0.0 or p > 1.0:
        raise ValueError(f"drop probability has to be between 0 and 1, but got {p}.")
    if input.ndim != dims + 2:
        raise ValueError(
            f"input should be {dims + 2} dimensional. Got {input.ndim} dimensions."
        )
    if not training or p == 0.0:
        return input
    sizes = input.shape[2:]
    side = min(block_size, *sizes)
    if side % 2 == 0:
        raise ValueError(f"block size should be odd. Got {side} which is even.")
    centres = [size - side + 1 for size in sizes]
    share = p * math.prod(sizes) / (side**dims * math.prod(centres))
    shape = (*input.shape[:2], *centres)
    noise = torch.empty(shape, dtype=input.dtype, device=input.device)
    noise.bernoulli_(share)
    noise = F.pad(noise, [side // 2] * (2 * dims), value=0)
    pool: Callable[..., Any] = F.max_pool2d if dims == 2 else F.max_pool3d
    kept = 1 - pool(noise, stride=1, kernel_size=side, padding=side // 2)
    scale = kept.numel() / (eps + kept.sum())
    if inplace:
        return input.mul_(kept).mul_(scale)  # type: ignore[no-any-return]
    return input * kept * scale


class DropBlock2d(Module):
    """`drop_block2d` in training, as `torchvision.ops.DropBlock2d`."""

    function: ClassVar[Callable[..., Any]] = staticmethod(drop_block2d)

    def __init__(
        self, p: float, block_size: int, inplace: bool = False, eps: float = 1e-6
    ) -> None:
        super().__init__()
        self.p = p
        self.block_size = block_size
        self.inplace = inplace
        self.eps = eps

    def forward(self, input: Tensor) -> Any:
        """Zero blocks at random."""
        settings = self.p, self.block_size, self.inplace, self.eps
        return type(self).function(input, *settings, self.training)

    def __repr__(self) -> str:
        settings = f"p={self.p}, block_size={self.block_size}, inplace={self.inplace}"
        return f"{type(self).__name__}({settings})"


class DropBlock3d(DropBlock2d):
    """`drop_block3d` in training, as `torchvision.ops.DropBlock3d`."""

    function = staticmethod(drop_block3d)
