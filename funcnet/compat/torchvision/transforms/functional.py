"""Transforms as functions, as `torchvision.transforms.functional`."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeGuard

import numpy as np

from funcnet.compat._core.dtype import get_default_dtype
from funcnet.compat._ops.shape.rearrange import flip
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision._arrays import as_array, as_tensor
from funcnet.compat.torchvision._missing import missing
from funcnet.data.transforms import functional as native


def _of_tensors(function: Callable[..., Any]) -> Any:
    @functools.wraps(function)
    def call(img: object, *args: object, **kwargs: object) -> Any:
        if isinstance(img, np.ndarray):
            raise TypeError(f"Unexpected type {type(img)}: make a tensor of it first.")
        given = {name: as_array(x) for name, x in kwargs.items()}
        return as_tensor(function(as_array(img), *map(as_array, args), **given), img)

    return call


def to_tensor(pic: Any) -> Tensor:
    """Convert an image to a tensor `(C, H, W)` from 0 to 1, as `to_tensor`."""
    if isinstance(pic, Tensor):
        raise TypeError(f"pic should be PIL Image or ndarray. Got {type(pic)}.")
    return as_tensor(native.to_tensor(pic, get_default_dtype().numpy))


def to_pil_image(pic: Any, mode: str | None = None) -> Any:
    """Convert a tensor `(C, H, W)` or an array `(H, W, C)`, as `to_pil_image`."""
    if isinstance(pic, np.ndarray) and pic.ndim == 3:
        pic = pic.transpose(2, 0, 1)
    elif isinstance(pic, Tensor):
        pic = as_array(pic.detach())
    return native.to_pil_image(pic, mode)


def normalize(
    tensor: Tensor,
    mean: Sequence[float] | Tensor,
    std: Sequence[float] | Tensor,
    inplace: bool = False,
) -> Tensor:
    """Normalize channels, `(tensor - mean) / std`, as `normalize`; differentiable."""
    if isinstance(tensor, Tensor) and (
        tensor.requires_grad or tensor.device.type != "cpu"
    ):
        return _normalized(tensor, mean, std, inplace)
    if not isinstance(tensor, Tensor):
        raise TypeError(f"img should be Tensor Image. Got {type(tensor)}")
    result = native.normalize(as_array(tensor), as_array(mean), as_array(std))
    return put(tensor, result) if inplace else as_tensor(result, tensor)


def _normalized(
    tensor: Tensor,
    mean: Sequence[float] | Tensor,
    std: Sequence[float] | Tensor,
    inplace: bool,
) -> Tensor:
    """Normalize by recorded operations, on the tensor's device."""
    if not tensor.dtype.is_floating_point:
        raise TypeError(
            f"Input tensor should be a float tensor. Got {tensor.dtype}. Put "
            "ToTensor() or ConvertImageDtype(...) before Normalize."
        )
    columns = []
    for values in (mean, std):
        column = np.asarray(as_array(values), tensor.dtype.numpy)
        column = column[:, None, None] if column.ndim == 1 else column
        columns.append(as_tensor(column.copy(), tensor))
    if (np.asarray(as_array(std), np.float64) == 0).any():
        raise ValueError(
            f"std evaluated to zero after conversion to {tensor.dtype}, leading to "
            "division by zero."
        )
    if inplace:
        return tensor.sub_(columns[0]).div_(columns[1])
    return (tensor - columns[0]) / columns[1]


def erase(
    img: Any, i: int, j: int, h: int, w: int, v: Tensor | float, inplace: bool = False
) -> Tensor:
    """Replace a rectangle of an image by `v`, as `erase`."""
    result = native.erase(as_array(img), i, j, h, w, as_array(v))
    return put(img, result) if inplace else as_tensor(result, img)


def put(img: Tensor, result: np.ndarray) -> Tensor:
    """Write the result into the input."""
    return img.copy_(as_tensor(result, img))


def hflip(img: object) -> Any:
    """Flip an image horizontally, as `hflip`; differentiable."""
    return flip(img, [-1]) if _records(img) else _hflip(img)


def vflip(img: object) -> Any:
    """Flip an image vertically, as `vflip`; differentiable."""
    return flip(img, [-2]) if _records(img) else _vflip(img)


def _records(img: object) -> TypeGuard[Tensor]:
    return isinstance(img, Tensor) and img.requires_grad


_hflip, _vflip = _of_tensors(native.hflip), _of_tensors(native.vflip)
for _name in native.__all__:
    if _name not in globals():
        globals()[_name] = _of_tensors(getattr(native, _name))

__getattr__ = missing("transforms.functional", globals())

__all__ = list(native.__all__)
