"""Grids of images, as `torchvision.utils`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Unpack

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision._arrays import as_array, as_tensor
from funcnet.compat.torchvision._missing import missing
from funcnet.data import images
from funcnet.data.images._grid import GridOptions


def make_grid(
    tensor: Tensor | Sequence[Tensor],
    nrow: int = 8,
    padding: int = 2,
    normalize: bool = False,
    value_range: tuple[float, float] | None = None,
    scale_each: bool = False,
    pad_value: float = 0.0,
) -> Tensor:
    """Arrange images in a grid, as `torchvision.utils.make_grid`."""
    options = (nrow, padding, normalize, value_range, scale_each, pad_value)
    return as_tensor(images.make_grid(_plain(tensor), *options), tensor)


def save_image(
    tensor: Tensor | Sequence[Tensor],
    fp: str | Path | BinaryIO,
    format: str | None = None,
    **kwargs: Unpack[GridOptions],
) -> None:
    """Save a grid of images to a file, as `torchvision.utils.save_image`."""
    images.save_image(_plain(tensor), fp, format, **kwargs)


def _plain(tensor: Any) -> Any:
    """Convert tensors to arrays; nobody needs the gradient of a picture."""
    if isinstance(tensor, Tensor):
        return as_array(tensor.detach())
    if isinstance(tensor, list | tuple):
        return [_plain(image) for image in tensor]
    raise TypeError(f"tensor or list of tensors expected, got {type(tensor)}")


__getattr__ = missing("utils", globals())

__all__ = ["make_grid", "save_image"]
