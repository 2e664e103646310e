"""Transforms of images, with torchvision's names and numbers.

An image is one of Pillow, or an array `(channels, height, width)` whose values are
bytes or floating-point numbers from 0 to 1; `ToTensor` leads from the first to the
second. Random transforms take `generator=`, a seed or a `numpy.random.Generator`, and
draw from NumPy's global stream without it.
"""

from funcnet.data.transforms import functional
from funcnet.data.transforms._auto import (
    AugMix,
    AutoAugment,
    RandAugment,
    TrivialAugmentWide,
)
from funcnet.data.transforms._base import Transform
from funcnet.data.transforms._color import (
    ColorJitter,
    ElasticTransform,
    GaussianBlur,
    Grayscale,
    RandomGrayscale,
)
from funcnet.data.transforms._compose import (
    Compose,
    Lambda,
    RandomApply,
    RandomChoice,
    RandomOrder,
)
from funcnet.data.transforms._convert import (
    ConvertImageDtype,
    LinearTransformation,
    Normalize,
    PILToTensor,
    ToPILImage,
    ToTensor,
)
from funcnet.data.transforms._crop import (
    CenterCrop,
    FiveCrop,
    RandomCrop,
    RandomResizedCrop,
    TenCrop,
)
from funcnet.data.transforms._erasing import RandomErasing
from funcnet.data.transforms._geometry import (
    Pad,
    RandomHorizontalFlip,
    RandomVerticalFlip,
    Resize,
)
from funcnet.data.transforms._interpolation import InterpolationMode
from funcnet.data.transforms._levels import (
    RandomAdjustSharpness,
    RandomAutocontrast,
    RandomEqualize,
    RandomInvert,
    RandomPosterize,
    RandomSolarize,
)
from funcnet.data.transforms._mix import CutMix, MixUp
from funcnet.data.transforms._policies import AutoAugmentPolicy
from funcnet.data.transforms._warp import (
    RandomAffine,
    RandomPerspective,
    RandomRotation,
)

__all__ = [
    "AugMix",
    "AutoAugment",
    "AutoAugmentPolicy",
    "CenterCrop",
    "ColorJitter",
    "Compose",
    "ConvertImageDtype",
    "CutMix",
    "ElasticTransform",
    "FiveCrop",
    "GaussianBlur",
    "Grayscale",
    "InterpolationMode",
    "Lambda",
    "LinearTransformation",
    "MixUp",
    "Normalize",
    "PILToTensor",
    "Pad",
    "RandAugment",
    "RandomAdjustSharpness",
    "RandomAffine",
    "RandomApply",
    "RandomAutocontrast",
    "RandomChoice",
    "RandomCrop",
    "RandomEqualize",
    "RandomErasing",
    "RandomGrayscale",
    "RandomHorizontalFlip",
    "RandomInvert",
    "RandomOrder",
    "RandomPerspective",
    "RandomPosterize",
    "RandomResizedCrop",
    "RandomRotation",
    "RandomSolarize",
    "RandomVerticalFlip",
    "Resize",
    "TenCrop",
    "ToPILImage",
    "ToTensor",
    "Transform",
    "TrivialAugmentWide",
    "functional",
]
