"""Layers that only move elements: flattening, folding, shuffling, resizing, padding."""

from collections.abc import Sequence
from typing import Any, ClassVar

from funcnet import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn._module.native_module import NativeModule
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.modules.utils import _public_modules


class Flatten(Module):
    """Flatten dimensions into one, as `torch.nn.Flatten`; a view where possible."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, input: Tensor) -> Any:
        """Flatten the dimensions."""
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        """The dimensions."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """Unflatten a dimension into several, as `torch.nn.Unflatten`."""

    def __init__(
        self,
        dim: int | str,
        unflattened_size: Sequence[int] | Sequence[tuple[str, int]],
    ) -> None:
        super().__init__()
        if not isinstance(dim, int):
            raise TypeError(
                "unflattened_size must be tuple of ints and dim an int; named "
                "dimensions do not exist here."
            )
        self.dim = dim
        self.unflattened_size = tuple(unflattened_size)

    def forward(self, input: Tensor) -> Any:
        """Unflatten the dimension."""
        sizes: Any = self.unflattened_size
        return input.unflatten(self.dim, sizes)

    def extra_repr(self) -> str:
        """The dimension and the sizes."""
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"


class Fold(NativeModule):
    """Fold: sum sliding windows into images (col2im), as `torch.nn.Fold`."""

    native_class = nn.Fold
    repr_fields = "output_size kernel_size dilation padding stride"


class Unfold(NativeModule):
    """Unfold: extract sliding windows of images (im2col), as `torch.nn.Unfold`."""

    native_class = nn.Unfold
    repr_fields = "kernel_size dilation padding stride"


class PixelShuffle(NativeModule):
    """Pixel shuffle: turn channels into pixels, as `torch.nn.PixelShuffle`."""

    native_class = nn.PixelShuffle
    repr_fields = "upscale_factor"


class PixelUnshuffle(NativeModule):
    """Pixel unshuffle: turn pixels into channels, as `torch.nn.PixelUnshuffle`."""

    native_class = nn.PixelUnshuffle
    repr_fields = "downscale_factor"


class ChannelShuffle(NativeModule):
    """Channel shuffle: interleave groups, as `torch.nn.ChannelShuffle`."""

    native_class = nn.ChannelShuffle
    repr_fields = "groups"


class Upsample(NativeModule):
    """Upsampling of images, as `torch.nn.Upsample`."""

    native_class: ClassVar[Any] = nn.Upsample

    def _setting(self, name: str, value: Any) -> Any:
        if name != "scale_factor" or value is None:
            return value
        return tuple(map(float, value)) if isinstance(value, tuple) else float(value)

    def extra_repr(self) -> str:
        """The size or the factor, and the mode."""
        size = f"size={self.size}" if self.scale_factor is None else None
        return f"{size or f'scale_factor={self.scale_factor}'}, mode={self.mode!r}"


class UpsamplingNearest2d(Upsample):
    """Nearest-neighbour upsampling, as `torch.nn.UpsamplingNearest2d`."""

    native_class = nn.UpsamplingNearest2d
    mode = "nearest"


class UpsamplingBilinear2d(Upsample):
    """Bilinear upsampling, as `torch.nn.UpsamplingBilinear2d`."""

    native_class = nn.UpsamplingBilinear2d
    mode = "bilinear"


class CosineSimilarity(NativeModule):
    """Cosine similarity of vectors, as `torch.nn.CosineSimilarity`."""

    native_class = nn.CosineSimilarity

    def forward(self, x1: Tensor, x2: Tensor) -> Any:
        """Compute the cosines."""
        return self._run((x1, x2))

    def extra_repr(self) -> str:
        """Nothing."""
        return ""


class PairwiseDistance(NativeModule):
    """Pairwise p-norm distance of vectors, as `torch.nn.PairwiseDistance`."""

    native_class = nn.PairwiseDistance

    def forward(self, x1: Tensor, x2: Tensor) -> Any:
        """Compute the distances."""
        return self._run((x1, x2))

    def extra_repr(self) -> str:
        """Nothing."""
        return ""


class _PadNd(NativeModule):
    repr_positional = "padding"

    def _setting(self, name: str, value: object) -> Any:
        return getattr(self._native.layer, name)


class _CircularPadNd(_PadNd):
    """Pad with the other end."""


class CircularPad1d(_CircularPadNd):
    """Apply 1D circular padding, as `torch.nn.CircularPad1d`."""

    native_class = nn.CircularPad1d


class CircularPad2d(_CircularPadNd):
    """Apply 2D circular padding, as `torch.nn.CircularPad2d`."""

    native_class = nn.CircularPad2d


class CircularPad3d(_CircularPadNd):
    """Apply 3D circular padding, as `torch.nn.CircularPad3d`."""

    native_class = nn.CircularPad3d


class _ConstantPadNd(_PadNd):
    repr_positional = ""
    repr_fields = "padding value"


class ConstantPad1d(_ConstantPadNd):
    """Apply 1D constant padding, as `torch.nn.ConstantPad1d`."""

    native_class = nn.ConstantPad1d


class ConstantPad2d(_ConstantPadNd):
    """Apply 2D constant padding, as `torch.nn.ConstantPad2d`."""

    native_class = nn.ConstantPad2d


class ConstantPad3d(_ConstantPadNd):
    """Apply 3D constant padding, as `torch.nn.ConstantPad3d`."""

    native_class = nn.ConstantPad3d


class _ReflectionPadNd(_PadNd):
    """Pad with a mirror image."""


class ReflectionPad1d(_ReflectionPadNd):
    """Apply 1D reflection padding, as `torch.nn.ReflectionPad1d`."""

    native_class = nn.ReflectionPad1d


class ReflectionPad2d(_ReflectionPadNd):
    """Apply 2D reflection padding, as `torch.nn.ReflectionPad2d`."""

    native_class = nn.ReflectionPad2d


class ReflectionPad3d(_ReflectionPadNd):
    """Apply 3D reflection padding, as `torch.nn.ReflectionPad3d`."""

    native_class = nn.ReflectionPad3d


class _ReplicationPadNd(_PadNd):
    """Pad with the border."""


class ReplicationPad1d(_ReplicationPadNd):
    """Apply 1D replication padding, as `torch.nn.ReplicationPad1d`."""

    native_class = nn.ReplicationPad1d


class ReplicationPad2d(_ReplicationPadNd):
    """Apply 2D replication padding, as `torch.nn.ReplicationPad2d`."""

    native_class = nn.ReplicationPad2d


class ReplicationPad3d(_ReplicationPadNd):
    """Apply 3D replication padding, as `torch.nn.ReplicationPad3d`."""

    native_class = nn.ReplicationPad3d


class ZeroPad1d(_PadNd):
    """Apply 1D zero padding, as `torch.nn.ZeroPad1d`."""

    native_class = nn.ZeroPad1d


class ZeroPad2d(_PadNd):
    """Apply 2D zero padding, as `torch.nn.ZeroPad2d`."""

    native_class = nn.ZeroPad2d


class ZeroPad3d(_PadNd):
    """Apply 3D zero padding, as `torch.nn.ZeroPad3d`."""

    native_class = nn.ZeroPad3d


__all__ = _public_modules(globals())
