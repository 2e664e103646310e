"""What the operators share, as `torchvision.ops._utils`."""

from collections.abc import Callable, Sequence
from typing import Any

import funcnet.compat as torch
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.module import Module


def _cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join tensors; of one tensor nothing is copied."""
    result: Tensor = tensors[0] if len(tensors) == 1 else torch.cat(list(tensors), dim)
    return result


def convert_boxes_to_roi_format(boxes: Sequence[Tensor]) -> Tensor:
    """Join the corners of all images, with the image's index in front of them."""
    counts = [len(one) for one in boxes]
    indices = torch.arange(len(counts), dtype=boxes[0].dtype, device=boxes[0].device)
    column = indices.repeat_interleave(
        torch.tensor(counts, device=boxes[0].device), output_size=sum(counts)
    )
    result: Tensor = torch.cat([column[:, None], _cat(boxes)], 1)
    return result


def check_roi_boxes_shape(boxes: Any) -> None:
    """Raise AssertionError unless boxes are `(k, 5)`, or `(k, 4)` for each image."""
    if isinstance(boxes, list | tuple):
        for one in boxes:
            assert one.size(1) == 4, (
                "The shape of the tensor in the boxes list is not correct as "
                "List[Tensor[L, 4]]"
            )
    elif isinstance(boxes, Tensor):
        assert boxes.size(1) == 5, (
            "The boxes tensor shape is not correct as Tensor[K, 5]"
        )
    else:
        raise AssertionError(
            "boxes is expected to be a Tensor[L, 5] or a List[Tensor[K, 4]]"
        )


def in_full_precision(run: Callable[..., Any], *args: Any) -> Any:
    """Run an operator of tensors of the same dtype; in float32 inside `autocast`."""
    input = args[0]
    dtype = input.dtype
    tensors = [x for x in args if isinstance(x, Tensor)]
    if torch.is_autocast_enabled(input.device.type) and dtype is not _dtypes.float64:
        run_args = [x.float() if isinstance(x, Tensor) else x for x in args]
        result = run(*run_args)
        if isinstance(result, tuple):
            return (result[0].to(dtype), *result[1:])
        return result.to(dtype)
    for other in tensors[1:]:
        if other.dtype is not dtype:
            raise RuntimeError(
                f"Expected tensors of one dtype, but got {dtype} and {other.dtype}; "
                "convert one with .to()"
            )
    return run(*args)


def split_normalization_params(
    model: Module, norm_classes: Sequence[type[Module]] | None = None
) -> tuple[list[Tensor], list[Tensor]]:
    """Part a model's parameters into those of normalization layers and the others."""
    layers = torch.nn.modules
    norms = tuple(norm_classes or ()) or (
        *(layers.batchnorm._BatchNorm, layers.instancenorm._InstanceNorm),
        *(torch.nn.LayerNorm, torch.nn.GroupNorm, torch.nn.LocalResponseNorm),
    )
    for kind in norms:
        if not issubclass(kind, Module):
            raise ValueError(f"Class {kind} is not a subclass of nn.Module.")
    of_norms: list[Tensor] = []
    others: list[Tensor] = []
    for module in model.modules():
        is_leaf = next(module.children(), None) is None
        chosen = of_norms if is_leaf and isinstance(module, norms) else others
        own = module.parameters(recurse=is_leaf and isinstance(module, norms))
        chosen.extend(one for one in own if one.requires_grad)
    return of_norms, others


def _upcast(t: Tensor) -> Tensor:
    """At least 32 bits, so that products of sides do not overflow."""
    if t.is_floating_point():
        wide = t.dtype in (_dtypes.float32, _dtypes.float64)
        result: Tensor = t if wide else t.float()
    else:
        result = t if t.dtype in (_dtypes.int32, _dtypes.int64) else t.int()
    return result


def _upcast_non_float(t: Tensor) -> Tensor:
    """In float32 or float64."""
    result: Tensor = t if t.dtype in (_dtypes.float32, _dtypes.float64) else t.float()
    return result
