"""Transforms of samples, as `torchvision.transforms.v2`.

They change the image of `(image, target)` or of a dict and pass on the rest. Boxes,
masks and videos have no types of their own here.
"""

from typing import Any, Final

from funcnet.compat.torchvision import transforms as first
from funcnet.compat.torchvision._missing import missing
from funcnet.compat.torchvision.transforms import _v1_overrides as v1
from funcnet.compat.torchvision.transforms._module_adapter import as_module
from funcnet.compat.torchvision.transforms.v2 import _v2_overrides as v2
from funcnet.compat.torchvision.transforms.v2 import functional as functional
from funcnet.compat.torchvision.transforms.v2._samples import (
    SampleContainer,
    SampleModule,
)
from funcnet.compat.torchvision.transforms.v2._v2_overrides import (
    CutMix as CutMix,
)
from funcnet.compat.torchvision.transforms.v2._v2_overrides import (
    Identity as Identity,
)
from funcnet.compat.torchvision.transforms.v2._v2_overrides import (
    MixUp as MixUp,
)
from funcnet.compat.torchvision.transforms.v2._v2_overrides import (
    ToDtype as ToDtype,
)
from funcnet.compat.torchvision.transforms.v2._v2_overrides import (
    ToImage as ToImage,
)
from funcnet.compat.torchvision.transforms.v2._v2_overrides import (
    ToPureTensor as ToPureTensor,
)
from funcnet.data import transforms as native
from funcnet.data.transforms import AutoAugmentPolicy as AutoAugmentPolicy
from funcnet.data.transforms import InterpolationMode as InterpolationMode
from funcnet.data.transforms import _v2_overrides as native_v2

# Attributes that override those of the adapter, by transform.
_OVERRIDES: Final[dict[str, dict[str, Any]]] = {
    "Compose": {"base": SampleContainer},
    "Normalize": {"native": v1.Normalize},
    "RandomApply": {"base": SampleContainer},
    "RandomChoice": {"native": v2.RandomChoice, "base": SampleContainer},
    "RandomCrop": {"native": native_v2.RandomCrop},
    "RandomErasing": {"native": v1.RandomErasing},
    "RandomOrder": {"native": native_v2.RandomOrder, "base": SampleContainer},
}
# Transforms that draw differently in `v2`, or do not exist there.
_LEFT_OUT: Final = {
    *("AugMix", "AutoAugment", "RandAugment", "TrivialAugmentWide"),
    *("ConvertImageDtype", "ElasticTransform", "LinearTransformation"),
}
_NAMES: Final = [name for name in first.__all__ if name not in _LEFT_OUT]

for _name in _NAMES:
    if _name not in globals():
        _settings = {"native": getattr(native, _name), "base": SampleModule}
        globals()[_name] = as_module(
            **(_settings | _OVERRIDES.get(_name, {})), home=__name__
        )

__getattr__ = missing("transforms.v2", globals())

__all__ = [
    *_NAMES,
    *("CutMix", "Identity", "MixUp", "ToDtype", "ToImage", "ToPureTensor"),
]
