"""Norms, as `torch.nn.modules.batchnorm`, `.instancenorm` and `.normalization`."""

import warnings
from typing import Any, ClassVar

from funcnet import nn
from funcnet.compat._core.annotations import FactoryKwargs
from funcnet.compat._core.dtype import int64
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.nn import init
from funcnet.compat.nn._module.native_module import NativeModule
from funcnet.compat.nn.modules.utils import _public_modules


class _Affine(NativeModule):
    """A norm whose weight starts at one and whose bias at zero."""

    optional: ClassVar[tuple[str, ...]] = ("weight", "bias")
    # Where there is no weight, PyTorch normalises any number of channels.
    left_to_formula: ClassVar[frozenset[str]] = frozenset(
        {"dtype.floating", "norm.channels"}
    )

    def reset_parameters(self) -> None:
        """Set the weight to one and the bias to zero."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self._parameters.get("bias") is not None:
            init.zeros_(self.bias)


class _NormBase(_Affine):
    """What batch and instance norm have in common: running statistics."""

    repr_positional = "num_features"
    repr_fields = "eps momentum affine bias track_running_stats"
    optional_state = ("running_mean", "running_var", "num_batches_tracked")
    ranks: ClassVar[tuple[int, ...]]
    steps: ClassVar[tuple[str, ...]] = ("_check_input_dim",)
    left_to_formula = _Affine.left_to_formula | {"rank"}  # which that step looks at

    def _complete(self, native: Any, factory_kwargs: FactoryKwargs) -> None:
        if not self.track_running_stats:
            for name in self.optional_state:
                self.register_buffer(name, None)

    def _check_input_dim(self, input: Tensor) -> None:
        """Raise unless the input has a rank that the norm is for."""
        ranks = self.ranks
        if input.dim() not in ranks:
            wanted = " or ".join(f"{rank}D" for rank in ranks)
            raise ValueError(f"expected {wanted} input (got {input.dim()}D input)")

    def reset_running_stats(self) -> None:
        """Reset the running statistics."""
        if self.track_running_stats and self._buffers:
            init.zeros_(self.running_mean)
            init.ones_(self.running_var)
            self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Reset the statistics, set the weight to one and the bias to zero."""
        self.reset_running_stats()
        super().reset_parameters()

    def _load_from_state_dict(
        self,
        state_dict: dict[str, Any],
        prefix: str,
        local_metadata: dict[str, Any],
        *others: Any,
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
    native_class: ClassVar[type[nn.Layer]] = nn.BatchNorm1d

    def _formula(self, input: Tensor) -> Any:
        self._check_input_dim(input)
        momentum = 0.0 if self.momentum is None else self.momentum
        tracks = self.training and self.track_running_stats
        if tracks and self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:  # all batches weigh the same
                momentum = 1.0 / float(self.num_batches_tracked)
        mean = var = None
        if tracks or not self.training:
            mean, var = self.running_mean, self.running_var
        of_batch = self.training or (mean is None and var is None)
        affine = (self.weight, self.bias)
        return F.batch_norm(input, mean, var, *affine, of_batch, momentum, self.eps)


class BatchNorm1d(_BatchNorm):
    """Batch normalization of features or sequences, as `torch.nn.BatchNorm1d`."""

    native_class = nn.BatchNorm1d
    ranks = (2, 3)


class BatchNorm2d(_BatchNorm):
    """Batch normalization of images, as `torch.nn.BatchNorm2d`."""

    native_class = nn.BatchNorm2d
    ranks = (4,)


class BatchNorm3d(_BatchNorm):
    """Batch normalization of volumes, as `torch.nn.BatchNorm3d`."""

    native_class = nn.BatchNorm3d
    ranks = (5,)


class SyncBatchNorm(_BatchNorm):
    """Batch normalization over all devices, as `torch.nn.SyncBatchNorm`."""

    native_class = nn.SyncBatchNorm

    def _check_input_dim(self, input: Tensor) -> None:
        if input.dim() < 2:
            raise ValueError(f"expected at least 2D input (got {input.dim()}D input)")

    @classmethod
    def convert_sync_batchnorm(cls, module: Any, process_group: object = None) -> Any:
        """Replace each batch norm of a module by a `SyncBatchNorm`."""
        result = module
        if isinstance(module, _BatchNorm):
            settings = (module.eps, module.momentum, module.affine)
            result = cls(module.num_features, *settings, module.track_running_stats)
            if module.affine:
                result.weight, result.bias = module.weight, module.bias
            for name in ("running_mean", "running_var", "num_batches_tracked"):
                setattr(result, name, getattr(module, name))
            result.training = module.training
        for name, child in module.named_children():
            result.add_module(name, cls.convert_sync_batchnorm(child, process_group))
        return result


class _InstanceNorm(_NormBase):
    _version = 2
    native_class: ClassVar[type[nn.Layer]] = nn.InstanceNorm1d

    def _formula(self, input: Tensor) -> Any:
        self._check_input_dim(input)
        rank = self._get_no_batch_dim()
        dim = input.dim() - rank
        channels = input.size(dim)
        if channels != self.num_features:
            if self.affine:
                raise ValueError(
                    f"expected input's size at dim={dim} to match num_features "
                    f"({self.num_features}), but got: {channels}."
                )
            warnings.warn(
                f"input's size at dim={dim} does not match num_features. You can "
                "silence this warning by not passing in num_features, which is not "
                "used because affine=False",
                stacklevel=outside(),
            )
        if dim:
            return self._normalized(input)
        return self._normalized(input.unsqueeze(0)).squeeze(0)

    def _normalized(self, input: Tensor) -> Any:
        return F.instance_norm(
            input,
            *(self.running_mean, self.running_var, self.weight, self.bias),
            self.training or not self.track_running_stats,
            0.0 if self.momentum is None else self.momentum,
            self.eps,
        )

    def _get_no_batch_dim(self) -> int:
        return self.ranks[0]


class InstanceNorm1d(_InstanceNorm):
    """Instance normalization of sequences, as `torch.nn.InstanceNorm1d`."""

    native_class = nn.InstanceNorm1d
    ranks = (2, 3)


class InstanceNorm2d(_InstanceNorm):
    """Instance normalization of images, as `torch.nn.InstanceNorm2d`."""

    native_class = nn.InstanceNorm2d
    ranks = (3, 4)


class InstanceNorm3d(_InstanceNorm):
    """Instance normalization of volumes, as `torch.nn.InstanceNorm3d`."""

    native_class = nn.InstanceNorm3d
    ranks = (4, 5)


class _OverShape(_Affine):
    """A norm over the last dimensions, of given sizes."""

    repr_positional = "normalized_shape"
    repr_fields = "eps elementwise_affine"

    def _setting(self, name: str, value: Any) -> Any:
        if name != "normalized_shape":
            return value
        return (value,) if isinstance(value, int) else tuple(value)


class LayerNorm(_OverShape):
    """Layer normalization over the last dimensions, as `torch.nn.LayerNorm`."""

    native_class = nn.LayerNorm
    repr_fields = "eps elementwise_affine bias"

    def _formula(self, input: Tensor) -> Any:
        affine = (self.weight, self.bias)
        return F.layer_norm(input, self.normalized_shape, *affine, self.eps)


class RMSNorm(_OverShape):
    """RMS normalization over the last dimensions, as `torch.nn.RMSNorm`."""

    native_class = nn.RMSNorm
    optional = ("weight",)
    is_fusable = True

    def forward(self, x: Tensor) -> Any:
        """Normalise."""
        return self._run((x,))

    def _formula(self, input: Tensor) -> Any:
        return F.rms_norm(input, self.normalized_shape, self.weight, self.eps)


class GroupNorm(_Affine):
    """Group normalization over groups of channels, as `torch.nn.GroupNorm`."""

    native_class = nn.GroupNorm
    repr_positional = "num_groups num_channels"
    repr_fields = "eps affine bias"

    def _formula(self, input: Tensor) -> Any:
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)


class LocalResponseNorm(NativeModule):
    """Local response normalization, as `torch.nn.LocalResponseNorm`."""

    native_class = nn.LocalResponseNorm
    repr_positional = "size"
    repr_fields = "alpha beta k"


class CrossMapLRN2d(NativeModule):
    """Local response normalization of images, as `torch.nn.CrossMapLRN2d`."""

    native_class = nn.CrossMapLRN2d
    repr_positional = "size"
    repr_fields = "alpha beta k"


__all__ = _public_modules(globals())
