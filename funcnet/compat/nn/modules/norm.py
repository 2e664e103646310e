"""Norms, as `torch.nn.modules.batchnorm`, `.instancenorm` and `.normalization`."""

from typing import Any, ClassVar

from funcnet import nn
from funcnet.compat._dtypes import int64
from funcnet.compat.nn import init
from funcnet.compat.nn.modules._native import NativeModule


class _Affine(NativeModule):
    """A norm whose weight starts at one and whose bias at zero."""

    optional: ClassVar[tuple[str, ...]] = ("weight", "bias")

    def reset_parameters(self) -> None:
        """Set the weight to one and the bias to zero."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self._parameters.get("bias") is not None:
            init.zeros_(self.bias)


class _NormBase(_Affine):
    """What batch and instance norm have in common: running statistics."""

    bare = "num_features"
    shown = "eps momentum affine track_running_stats"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.track_running_stats:
            for name in ("running_mean", "running_var", "num_batches_tracked"):
                self.register_buffer(name, None)

    def extra_repr(self) -> str:
        """The settings, as PyTorch prints them."""
        affine = f"affine={self.affine}"
        both = f"{affine}, bias={self.bias is not None}"
        return super().extra_repr().replace(affine, both)

    def reset_running_stats(self) -> None:
        """Forget the statistics of all batches."""
        if self.track_running_stats and self._buffers:
            init.zeros_(self.running_mean)
            init.ones_(self.running_var)
            self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Forget the statistics, set the weight to one and the bias to zero."""
        self.reset_running_stats()
        super().reset_parameters()

    def _load_from_state_dict(
        self, state_dict: Any, prefix: str, local_metadata: Any, *others: Any
    ) -> None:
        # States of PyTorch before 0.4.1 have no count of batches.
        key = prefix + "num_batches_tracked"
        version = local_metadata.get("version")
        old = version is None or version < 2
        if old and self.track_running_stats and key not in state_dict:
            state_dict[key] = self.num_batches_tracked.detach().clone().to(int64)
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *others)


class _BatchNorm(_NormBase):
    _version = 2


class BatchNorm1d(_BatchNorm):
    """Normalise channels over the batch, as `torch.nn.BatchNorm1d`."""

    native_class = nn.BatchNorm1d


class BatchNorm2d(_BatchNorm):
    """Normalise channels over the batch of images, as `torch.nn.BatchNorm2d`."""

    native_class = nn.BatchNorm2d


class BatchNorm3d(_BatchNorm):
    """Normalise channels over the batch of volumes, as `torch.nn.BatchNorm3d`."""

    native_class = nn.BatchNorm3d


class SyncBatchNorm(_BatchNorm):
    """Batch norm over all devices, as `torch.nn.SyncBatchNorm`."""

    native_class = nn.SyncBatchNorm


class _InstanceNorm(_NormBase):
    _version = 2


class InstanceNorm1d(_InstanceNorm):
    """Normalise the channels of each sample, as `torch.nn.InstanceNorm1d`."""

    native_class = nn.InstanceNorm1d


class InstanceNorm2d(_InstanceNorm):
    """Normalise the channels of each image, as `torch.nn.InstanceNorm2d`."""

    native_class = nn.InstanceNorm2d


class InstanceNorm3d(_InstanceNorm):
    """Normalise the channels of each volume, as `torch.nn.InstanceNorm3d`."""

    native_class = nn.InstanceNorm3d


class _OverShape(_Affine):
    """A norm over the last dimensions, whose sizes it is told."""

    bare = "normalized_shape"
    shown = "eps elementwise_affine"

    def _setting(self, name: str, value: Any) -> Any:
        if name != "normalized_shape":
            return value
        return (value,) if isinstance(value, int) else tuple(value)


class LayerNorm(_OverShape):
    """Normalise the last dimensions, as `torch.nn.LayerNorm`."""

    native_class = nn.LayerNorm

    def extra_repr(self) -> str:
        """The settings, as PyTorch prints them."""
        return f"{super().extra_repr()}, bias={self.bias is not None}"


class RMSNorm(_OverShape):
    """Divide the last dimensions by their root mean square, as `torch.nn.RMSNorm`."""

    native_class = nn.RMSNorm
    optional = ("weight",)


class GroupNorm(_Affine):
    """Normalise groups of channels, as `torch.nn.GroupNorm`."""

    native_class = nn.GroupNorm
    bare = "num_groups num_channels"
    shown = "eps affine"

    def extra_repr(self) -> str:
        """The settings, as PyTorch prints them."""
        return f"{super().extra_repr()}, bias={self.bias is not None}"


class LocalResponseNorm(NativeModule):
    """Normalise across neighbouring channels, as `torch.nn.LocalResponseNorm`."""

    native_class = nn.LocalResponseNorm
    bare = "size"
    shown = "alpha beta k"


class CrossMapLRN2d(NativeModule):
    """The same for images, as `torch.nn.CrossMapLRN2d`."""

    native_class = nn.CrossMapLRN2d
    bare = "size"
    shown = "alpha beta k"
