"""Images, calls and transforms that are compared with torchvision's; free of torch.

A call takes `transforms.functional` of torchvision or of compat, a maker takes their
`transforms`; what it makes depends on the library alone.
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

_random = np.random.default_rng(0)
_noise = _random.integers(0, 256, (40, 50, 3), dtype=np.uint8)
_waves = (
    127.5 + 127.5 * np.sin(np.arange(40 * 50 * 3).reshape(40, 50, 3) / [90, 70, 50])
).astype(np.uint8)
PICTURES = {
    "RGB": Image.fromarray(_noise),
    "smooth": Image.fromarray(_waves),
    "L": Image.fromarray(_noise[..., 0]),
}
ARRAYS = {
    "bytes": _noise.transpose(2, 0, 1),
    "smooth bytes": _waves.transpose(2, 0, 1),
    "grey bytes": _noise.transpose(2, 0, 1)[:1],
    "floats": _random.random((3, 40, 50), dtype=np.float32),
    "batch": _random.random((2, 3, 40, 50), dtype=np.float32),
}
_QUAD = ([[0, 0], [49, 0], [49, 39], [0, 39]], [[3, 5], [44, 2], [47, 33], [6, 37]])
_MOVES = (_random.random((1, 40, 50, 2), dtype=np.float32) - 0.5) / 10

CALLS: dict[str, list[Callable[[Any, Any], Any]]] = {
    "resize": [
        lambda F, x: F.resize(x, 20),
        lambda F, x: F.resize(x, [30, 70]),
        lambda F, x: F.resize(x, [17, 23], F.InterpolationMode.BICUBIC),
        lambda F, x: F.resize(x, [57, 23], F.InterpolationMode.BICUBIC),
        lambda F, x: F.resize(x, [17, 77], F.InterpolationMode.NEAREST),
        lambda F, x: F.resize(x, [17, 77], F.InterpolationMode.NEAREST_EXACT),
        lambda F, x: F.resize(x, 30, max_size=35),
        lambda F, x: F.resize(x, 224),
        lambda F, x: F.resize(x, [40, 25]),
        lambda F, x: F.resize(x, [40, 50]),
    ],
    "resize without antialias": [
        lambda F, x: F.resize(x, [13, 31], antialias=False),
        lambda F, x: F.resize(x, [13, 31], F.InterpolationMode.BICUBIC, None, False),
        lambda F, x: F.resize(x, [113, 31], F.InterpolationMode.BICUBIC, None, False),
    ],
    "resize of Pillow": [
        lambda F, x: F.resize(x, [13, 31], F.InterpolationMode.LANCZOS),
        lambda F, x: F.resize(x, [13, 31], F.InterpolationMode.BOX),
        lambda F, x: F.resize(x, [13, 31], F.InterpolationMode.HAMMING),
        lambda F, x: F.resize(x, [13, 31], 1),
    ],
    "crop": [
        lambda F, x: F.crop(x, 3, 4, 20, 30),
        lambda F, x: F.crop(x, -3, 4, 20, 60),
        lambda F, x: F.crop(x, 30, 45, 20, 10),
    ],
    "center_crop": [
        lambda F, x: F.center_crop(x, 24),
        lambda F, x: F.center_crop(x, [25, 31]),
        lambda F, x: F.center_crop(x, [61, 31]),
        lambda F, x: F.center_crop(x, [53, 64]),
    ],
    "five_crop": [lambda F, x: F.five_crop(x, [11, 13])],
    "ten_crop": [
        lambda F, x: F.ten_crop(x, 12),
        lambda F, x: F.ten_crop(x, 12, vertical_flip=True),
    ],
    "resized_crop": [lambda F, x: F.resized_crop(x, 3, 4, 20, 30, [24, 24])],
    "pad": [
        lambda F, x: F.pad(x, 3),
        lambda F, x: F.pad(x, [1, 2], fill=7),
        lambda F, x: F.pad(x, [1, 2, 3, 4], padding_mode="edge"),
        lambda F, x: F.pad(x, [1, 2, 3, 4], padding_mode="reflect"),
        lambda F, x: F.pad(x, (5, 0, 3, 4), padding_mode="symmetric"),
        lambda F, x: F.pad(x, [-1, 2, 3, -4], padding_mode="symmetric"),
        lambda F, x: F.pad(x, [-1, -2, -3, -4]),
    ],
    "hflip": [lambda F, x: F.hflip(x)],
    "vflip": [lambda F, x: F.vflip(x)],
    "rgb_to_grayscale": [
        lambda F, x: F.rgb_to_grayscale(x),
        lambda F, x: F.rgb_to_grayscale(x, 3),
    ],
    "adjust_brightness": [
        lambda F, x: F.adjust_brightness(x, 0.3),
        lambda F, x: F.adjust_brightness(x, 1.7),
    ],
    "adjust_contrast": [
        lambda F, x: F.adjust_contrast(x, 0.3),
        lambda F, x: F.adjust_contrast(x, 1.7),
    ],
    "adjust_saturation": [
        lambda F, x: F.adjust_saturation(x, 0.3),
        lambda F, x: F.adjust_saturation(x, 1.7),
    ],
    "adjust_hue": [
        lambda F, x: F.adjust_hue(x, 0.2),
        lambda F, x: F.adjust_hue(x, -0.37),
        lambda F, x: F.adjust_hue(x, 0.5),
    ],
    "adjust_gamma": [
        lambda F, x: F.adjust_gamma(x, 0.6),
        lambda F, x: F.adjust_gamma(x, 2.2, 1.3),
    ],
    "adjust_sharpness": [
        lambda F, x: F.adjust_sharpness(x, 0.0),
        lambda F, x: F.adjust_sharpness(x, 2.3),
    ],
    "invert": [lambda F, x: F.invert(x)],
    "posterize": [lambda F, x: F.posterize(x, 3), lambda F, x: F.posterize(x, 8)],
    "solarize": [lambda F, x: F.solarize(x, 0.5), lambda F, x: F.solarize(x, 0)],
    "autocontrast": [lambda F, x: F.autocontrast(x)],
    "equalize": [lambda F, x: F.equalize(x)],
    "gaussian_blur": [
        lambda F, x: F.gaussian_blur(x, 3),
        lambda F, x: F.gaussian_blur(x, [5, 7], [0.7, 1.9]),
    ],
    "rotate": [
        lambda F, x: F.rotate(x, 30),
        lambda F, x: F.rotate(x, 90, expand=True),
        lambda F, x: F.rotate(x, -33.3, expand=True, fill=5),
        lambda F, x: F.rotate(x, 17, F.InterpolationMode.BILINEAR, fill=0.3),
        lambda F, x: F.rotate(x, 17.5, center=[3, 9]),
    ],
    "affine": [
        lambda F, x: F.affine(x, 11.5, [3, -4], 1.2, [5.0, -3.0]),
        lambda F, x: F.affine(
            x, -31, [0, 2], 0.7, 8.0, F.InterpolationMode.BILINEAR, fill=1
        ),
        lambda F, x: F.affine(x, 10, [1, 2], 1.0, [0.0, 0.0], center=[0, 0]),
    ],
    "perspective": [
        lambda F, x: F.perspective(x, *_QUAD),
        lambda F, x: F.perspective(x, *_QUAD, F.InterpolationMode.NEAREST, 0.5),
    ],
    "elastic_transform": [
        lambda F, x: F.elastic_transform(x, _tensor_of(F)(_MOVES), fill=0.5),
    ],
    "get_dimensions": [lambda F, x: F.get_dimensions(x)],
    "get_image_size": [lambda F, x: F.get_image_size(x)],
}
PILLOW_ONLY = {"resize of Pillow", "to_tensor", "pil_to_tensor", "to_grayscale"}
CALLS |= {
    "to_tensor": [lambda F, x: F.to_tensor(x), lambda F, x: F.to_tensor(np.array(x))],
    "pil_to_tensor": [lambda F, x: F.pil_to_tensor(x)],
    "to_grayscale": [lambda F, x: F.to_grayscale(x, 3)],
}
ARRAY_ONLY: dict[str, list[Callable[[Any, Any], Any]]] = {
    "to_pil_image": [lambda F, x: F.to_pil_image(x)],
    "normalize": [lambda F, x: F.normalize(x, [0.3, 0.4, 0.5], [0.2, 0.3, 0.4])],
    "erase": [lambda F, x: F.erase(x, 2, 3, 4, 5, _tensor_of(F)(np.ones(1, "f4")))],
    "convert_image_dtype": [
        lambda F, x, kind=kind: F.convert_image_dtype(x, getattr(library_of(F), kind))
        for kind in ("float32", "float64", "uint8", "int16", "int32")
    ],
}
TRANSFORMS: dict[str, list[Callable[[Any], Any]]] = {
    "Compose": [
        lambda T: T.Compose([T.CenterCrop(20), T.ToTensor()]),
        lambda T: T.Compose(
            [
                T.RandomResizedCrop(24),
                T.RandomHorizontalFlip(),
                T.ColorJitter(0.4, 0.4, 0.4, 0.1),
                T.ToTensor(),
                T.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
                T.RandomErasing(0.9),
            ]
        ),
        lambda T: T.Compose(
            [T.RandomCrop(40, padding=4), T.RandomHorizontalFlip(), T.ToTensor()]
        ),
    ],
    "CenterCrop": [lambda T: T.CenterCrop((24, 16))],
    "Resize": [lambda T: T.Resize(24), lambda T: T.Resize([20, 30], max_size=None)],
    "RandomCrop": [
        lambda T: T.RandomCrop(24),
        lambda T: T.RandomCrop((40, 20), padding=(1, 2)),
        lambda T: T.RandomCrop((60, 70), pad_if_needed=True, padding_mode="reflect"),
        lambda T: T.RandomCrop((44, 30), 3, fill=9, padding_mode="constant"),
    ],
    "RandomResizedCrop": [
        lambda T: T.RandomResizedCrop(24),
        lambda T: T.RandomResizedCrop((20, 30), (0.5, 1.0), (2.0, 3.0)),
        lambda T: T.RandomResizedCrop(
            16, scale=(2.0, 3.0), interpolation=T.InterpolationMode.BICUBIC
        ),
    ],
    "RandomHorizontalFlip": [lambda T: T.RandomHorizontalFlip()],
    "RandomVerticalFlip": [lambda T: T.RandomVerticalFlip(0.3)],
    "Pad": [lambda T: T.Pad(3), lambda T: T.Pad((1, 2), 5, "constant")],
    "Grayscale": [lambda T: T.Grayscale(), lambda T: T.Grayscale(3)],
    "RandomGrayscale": [lambda T: T.RandomGrayscale(0.5)],
    "ColorJitter": [
        lambda T: T.ColorJitter(),
        lambda T: T.ColorJitter(0.4, 0.3, 0.2, 0.1),
        lambda T: T.ColorJitter(brightness=(0.5, 2.0), hue=(-0.2, 0.4)),
    ],
    "RandomRotation": [
        lambda T: T.RandomRotation(30),
        lambda T: T.RandomRotation((10, 60), expand=True, fill=3),
        lambda T: T.RandomRotation(45, T.InterpolationMode.BILINEAR, center=[3, 4]),
    ],
    "RandomAffine": [
        lambda T: T.RandomAffine(20),
        lambda T: T.RandomAffine(20, (0.1, 0.2), (0.7, 1.2), 10),
        lambda T: T.RandomAffine(
            0, shear=(-5, 5, -8, 8), fill=2, interpolation=T.InterpolationMode.BILINEAR
        ),
    ],
    "RandomPerspective": [lambda T: T.RandomPerspective(0.6, 0.7)],
    "GaussianBlur": [
        lambda T: T.GaussianBlur(5),
        lambda T: T.GaussianBlur((3, 5), (0.5, 1.5)),
    ],
    "RandomApply": [lambda T: T.RandomApply([T.RandomCrop(20), T.Pad(2)], 0.6)],
    "RandomChoice": [
        lambda T: T.RandomChoice([T.CenterCrop(20), T.RandomCrop(10), T.Pad(1)]),
        lambda T: T.RandomChoice([T.CenterCrop(20), T.Pad(1)], p=[0.2, 0.8]),
    ],
    "RandomOrder": [lambda T: T.RandomOrder([T.RandomCrop(20), T.Pad(1), T.Resize(9)])],
    "Lambda": [lambda T: T.Lambda(_same_image)],
    "FiveCrop": [lambda T: T.FiveCrop(10)],
    "TenCrop": [lambda T: T.TenCrop((10, 12), True)],
    "RandomInvert": [lambda T: T.RandomInvert()],
    "RandomPosterize": [lambda T: T.RandomPosterize(3)],
    "RandomSolarize": [lambda T: T.RandomSolarize(0.5)],
    "RandomAdjustSharpness": [lambda T: T.RandomAdjustSharpness(2.5)],
    "RandomAutocontrast": [lambda T: T.RandomAutocontrast()],
    "RandomEqualize": [lambda T: T.RandomEqualize()],
    "ElasticTransform": [lambda T: T.ElasticTransform(40.0, 2.0)],
    "AutoAugment": [
        lambda T: T.AutoAugment(),
        lambda T: T.AutoAugment(T.AutoAugmentPolicy.CIFAR10, fill=3),
        lambda T: T.AutoAugment(T.AutoAugmentPolicy.SVHN),
    ],
    "RandAugment": [lambda T: T.RandAugment(), lambda T: T.RandAugment(3, 20, fill=7)],
    "TrivialAugmentWide": [lambda T: T.TrivialAugmentWide()],
    "AugMix": [lambda T: T.AugMix(), lambda T: T.AugMix(5, 2, 2, all_ops=False)],
    "RandomErasing": [
        lambda T: T.RandomErasing(),
        lambda T: T.RandomErasing(0.9, (0.1, 0.2), value="random"),
        lambda T: T.RandomErasing(0.9, value=(0.1, 0.2, 0.3)),
    ],
    "Normalize": [lambda T: T.Normalize([0.1, 0.2, 0.3], [0.4, 0.5, 0.6])],
    "ConvertImageDtype": [lambda T: T.ConvertImageDtype(library_of(T).float64)],
    "ToPILImage": [lambda T: T.ToPILImage(), lambda T: T.ToPILImage("RGB")],
    "ToTensor": [lambda T: T.ToTensor()],
    "PILToTensor": [lambda T: T.PILToTensor()],
}


def library_of(part: Any) -> Any:
    """The library, torch or compat, that a part of torchvision belongs to."""
    is_real = part.__name__.startswith("torchvision")
    return sys.modules["torch" if is_real else "funcnet.compat"]


def _tensor_of(functional: Any) -> Any:
    return library_of(functional).from_numpy


def _same_image(image: Any) -> Any:
    return image
