"""Transforms of samples, as `torchvision.transforms.v2`.

They change the image of `(image, target)` or of a dict and pass on the rest. Boxes,
masks and videos have no types of their own here.
"""

import functools

from funcnet.compat.torchvision._missing import missing
from funcnet.compat.torchvision.transforms import _own as first
from funcnet.compat.torchvision.transforms._worn import worn
from funcnet.compat.torchvision.transforms.v2 import _own, functional
from funcnet.compat.torchvision.transforms.v2._own import (
    CutMix,
    Identity,
    MixUp,
    ToDtype,
    ToImage,
    ToPureTensor,
)
from funcnet.compat.torchvision.transforms.v2._samples import (
    Sampled,
    SampledContainer,
)
from funcnet.data import transforms as native
from funcnet.data.transforms import AutoAugmentPolicy, InterpolationMode, _second

dress = functools.partial(worn, home=__name__)
CenterCrop = dress(native.CenterCrop, Sampled)
ColorJitter = dress(native.ColorJitter, Sampled)
Compose = dress(native.Compose, SampledContainer)
FiveCrop = dress(native.FiveCrop, Sampled)
GaussianBlur = dress(native.GaussianBlur, Sampled)
Grayscale = dress(native.Grayscale, Sampled)
Lambda = dress(native.Lambda, Sampled)
Normalize = dress(first.Normalize, Sampled)
PILToTensor = dress(native.PILToTensor, Sampled)
Pad = dress(native.Pad, Sampled)
RandomAdjustSharpness = dress(native.RandomAdjustSharpness, Sampled)
RandomAffine = dress(native.RandomAffine, Sampled)
RandomApply = dress(native.RandomApply, SampledContainer)
RandomAutocontrast = dress(native.RandomAutocontrast, Sampled)
RandomChoice = dress(_own.RandomChoice, SampledContainer)
RandomCrop = dress(_second.RandomCrop, Sampled)
RandomEqualize = dress(native.RandomEqualize, Sampled)
RandomErasing = dress(first.RandomErasing, Sampled)
RandomGrayscale = dress(native.RandomGrayscale, Sampled)
RandomHorizontalFlip = dress(native.RandomHorizontalFlip, Sampled)
RandomInvert = dress(native.RandomInvert, Sampled)
RandomOrder = dress(_second.RandomOrder, SampledContainer)
RandomPerspective = dress(native.RandomPerspective, Sampled)
RandomPosterize = dress(native.RandomPosterize, Sampled)
RandomResizedCrop = dress(native.RandomResizedCrop, Sampled)
RandomRotation = dress(native.RandomRotation, Sampled)
RandomSolarize = dress(native.RandomSolarize, Sampled)
RandomVerticalFlip = dress(native.RandomVerticalFlip, Sampled)
Resize = dress(native.Resize, Sampled)
TenCrop = dress(native.TenCrop, Sampled)
ToPILImage = dress(native.ToPILImage, Sampled)
ToTensor = dress(native.ToTensor, Sampled)

__getattr__ = missing("transforms.v2", globals())

__all__ = [
    "AutoAugmentPolicy",
    "CenterCrop",
    "ColorJitter",
    "Compose",
    "CutMix",
    "FiveCrop",
    "GaussianBlur",
    "Grayscale",
    "Identity",
    "InterpolationMode",
    "Lambda",
    "MixUp",
    "Normalize",
    "PILToTensor",
    "Pad",
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
    "ToDtype",
    "ToImage",
    "ToPILImage",
    "ToPureTensor",
    "ToTensor",
    "functional",
]
