"""Transforms of images, as `torchvision.transforms`.

The work is that of `funcnet.data.transforms`; random numbers come from the default
generator in PyTorch's order, so a seed gives the crops and flips that it gives there.
"""

import sys
from typing import Any, Final

from funcnet.compat.torchvision._missing import missing
from funcnet.compat.torchvision.transforms import _v1_overrides as v1
from funcnet.compat.torchvision.transforms import functional as functional
from funcnet.compat.torchvision.transforms._module_adapter import (
    ContainerModule,
    ConversionModule,
    as_module,
)
from funcnet.data import transforms as native
from funcnet.data.transforms import AutoAugmentPolicy as AutoAugmentPolicy
from funcnet.data.transforms import InterpolationMode as InterpolationMode

# Attributes that override those of the adapter, by transform.
_OVERRIDES: Final[dict[str, dict[str, Any]]] = {
    "Compose": {"base": ContainerModule},
    "ConvertImageDtype": {"forward": v1.converted},
    "Lambda": {"base": ContainerModule},
    "LinearTransformation": {"native": v1.LinearTransformation},
    "Normalize": {"native": v1.Normalize, "forward": v1.normalized},
    "PILToTensor": {"base": ConversionModule},
    "RandomApply": {"base": ContainerModule},
    "RandomChoice": {"base": ContainerModule},
    "RandomErasing": {"native": v1.RandomErasing, "forward": v1.erased},
    "RandomOrder": {"base": ContainerModule},
    "ToPILImage": {"base": ConversionModule, "forward": v1.to_pil_image},
    "ToTensor": {"base": ConversionModule, "forward": v1.to_tensor},
}
# Names that torchvision has in `v2` only, and the base class.
_LEFT_OUT: Final = {"CutMix", "MixUp", "Transform"}

for _name in native.__all__:
    if _name not in _LEFT_OUT and _name not in globals():
        _settings = {"native": getattr(native, _name)} | _OVERRIDES.get(_name, {})
        globals()[_name] = as_module(**_settings)

# Scripts also write `from torchvision.transforms import transforms`.
transforms = sys.modules[__name__]
__getattr__ = missing("transforms", globals())

__all__ = [name for name in native.__all__ if name in globals()]
