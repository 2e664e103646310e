"""`torch.ao.quantization`: only the stubs are supported."""

from typing import Any, Final

from funcnet.compat._messages.refused import refused
from funcnet.compat._messages.unsupported import missing
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.module import Module

_WHY: Final = (
    "quantized tensors are not there. Compute in bfloat16 (model.bfloat16()), or "
    "quantize the arrays that torch.pure(model) gives"
)


class QuantStub(Module):
    """Identity, where a quantized model would begin."""

    def __init__(self, qconfig: object = None) -> None:
        super().__init__()
        if qconfig:
            self.qconfig = qconfig

    def forward(self, x: Tensor) -> Any:
        """Return the input."""
        return x


class DeQuantStub(QuantStub):
    """Identity, where a quantized model would end."""


_refused = refused(
    "ao.quantization",
    _WHY,
    "quantize quantize_dynamic prepare prepare_qat convert fuse_modules "
    "fuse_modules_qat get_default_qconfig get_default_qat_qconfig "
    "get_default_qconfig_mapping swap_module default_eval_fn QConfig "
    "QConfigMapping "
    "FakeQuantize FakeQuantizeBase ObserverBase MinMaxObserver HistogramObserver "
    "PerChannelMinMaxObserver MovingAverageMinMaxObserver PlaceholderObserver "
    "QuantWrapper",
)
globals().update(_refused)


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "ao.quantization")


__all__ = sorted(["DeQuantStub", "QuantStub", *_refused])
