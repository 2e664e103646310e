"""Transforms of images, as `torchvision.transforms`.

The work is that of `funcnet.data.transforms`; random numbers come from the default
generator in PyTorch's order, so a seed gives the crops and flips that it gives there.
"""

import sys

from funcnet.compat.torchvision._missing import missing
from funcnet.compat.torchvision.transforms import _own, functional
from funcnet.compat.torchvision.transforms._worn import (
    WornContainer,
    WornConversion,
    worn,
)
from funcnet.data import transforms as native
from funcnet.data.transforms import AutoAugmentPolicy, InterpolationMode

AugMix = worn(native.AugMix)
AutoAugment = worn(native.AutoAugment)
CenterCrop = worn(native.CenterCrop)
ColorJitter = worn(native.ColorJitter)
Compose = worn(native.Compose, WornContainer)
ConvertImageDtype = worn(native.ConvertImageDtype, forward=_own.converted)
ElasticTransform = worn(native.ElasticTransform)
FiveCrop = worn(native.FiveCrop)
GaussianBlur = worn(native.GaussianBlur)
Grayscale = worn(native.Grayscale)
Lambda = worn(native.Lambda, WornContainer)
LinearTransformation = worn(_own.LinearTransformation)
Normalize = worn(_own.Normalize, forward=_own.normalized)
PILToTensor = worn(native.PILToTensor, WornConversion)
Pad = worn(native.Pad)
RandAugment = worn(native.RandAugment)
RandomAdjustSharpness = worn(native.RandomAdjustSharpness)
RandomAffine = worn(native.RandomAffine)
RandomApply = worn(native.RandomApply, WornContainer)
RandomAutocontrast = worn(native.RandomAutocontrast)
RandomChoice = worn(native.RandomChoice, WornContainer)
RandomCrop = worn(native.RandomCrop)
RandomEqualize = worn(native.RandomEqualize)
RandomErasing = worn(_own.RandomErasing, forward=_own.erased)
RandomGrayscale = worn(native.RandomGrayscale)
RandomHorizontalFlip = worn(native.RandomHorizontalFlip)
RandomInvert = worn(native.RandomInvert)
RandomOrder = worn(native.RandomOrder, WornContainer)
RandomPerspective = worn(native.RandomPerspective)
RandomPosterize = worn(native.RandomPosterize)
RandomResizedCrop = worn(native.RandomResizedCrop)
RandomRotation = worn(native.RandomRotation)
RandomSolarize = worn(native.RandomSolarize)
RandomVerticalFlip = worn(native.RandomVerticalFlip)
Resize = worn(native.Resize)
TenCrop = worn(native.TenCrop)
ToPILImage = worn(native.ToPILImage, WornConversion, forward=_own.to_pil_image)
ToTensor = worn(native.ToTensor, WornConversion, forward=_own.to_tensor)
TrivialAugmentWide = worn(native.TrivialAugmentWide)

# Scripts also write `from torchvision.transforms import transforms`.
transforms = sys.modules[__name__]
__getattr__ = missing("transforms", globals())

__all__ = [
    "AugMix",
    "AutoAugment",
    "AutoAugmentPolicy",
    "CenterCrop",
    "ColorJitter",
    "Compose",
    "ConvertImageDtype",
    "ElasticTransform",
    "FiveCrop",
    "GaussianBlur",
    "Grayscale",
    "InterpolationMode",
    "Lambda",
    "LinearTransformation",
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
    "TrivialAugmentWide",
    "functional",
]
