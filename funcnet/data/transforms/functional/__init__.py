"""Changes of images as functions, as `torchvision.transforms.functional`.

An image is one of Pillow, or an array `(..., channels, height, width)` whose values are
bytes or floating-point numbers from 0 to 1. Results equal torchvision's: bit by bit on
images of Pillow, within one level or 1e-6 on arrays.
"""

from funcnet.data.transforms._interpolation import InterpolationMode
from funcnet.data.transforms.functional._blur import (
    adjust_sharpness,
    elastic_transform,
    gaussian_blur,
)
from funcnet.data.transforms.functional._color import (
    adjust_brightness,
    adjust_contrast,
    adjust_gamma,
    adjust_hue,
    adjust_saturation,
    rgb_to_grayscale,
    to_grayscale,
)
from funcnet.data.transforms.functional._convert import (
    convert_image_dtype,
    erase,
    normalize,
    pil_to_tensor,
    to_pil_image,
    to_tensor,
)
from funcnet.data.transforms.functional._crop import (
    center_crop,
    crop,
    five_crop,
    hflip,
    ten_crop,
    vflip,
)
from funcnet.data.transforms.functional._image import (
    get_dimensions,
    get_image_num_channels,
    get_image_size,
)
from funcnet.data.transforms.functional._levels import (
    autocontrast,
    equalize,
    invert,
    posterize,
    solarize,
)
from funcnet.data.transforms.functional._pad import pad
from funcnet.data.transforms.functional._resize import resize, resized_crop
from funcnet.data.transforms.functional._warp import affine, perspective, rotate

__all__ = [
    "InterpolationMode",
    "adjust_brightness",
    "adjust_contrast",
    "adjust_gamma",
    "adjust_hue",
    "adjust_saturation",
    "adjust_sharpness",
    "affine",
    "autocontrast",
    "center_crop",
    "convert_image_dtype",
    "crop",
    "elastic_transform",
    "equalize",
    "erase",
    "five_crop",
    "gaussian_blur",
    "get_dimensions",
    "get_image_num_channels",
    "get_image_size",
    "hflip",
    "invert",
    "normalize",
    "pad",
    "perspective",
    "pil_to_tensor",
    "posterize",
    "resize",
    "resized_crop",
    "rgb_to_grayscale",
    "rotate",
    "solarize",
    "ten_crop",
    "to_grayscale",
    "to_pil_image",
    "to_tensor",
    "vflip",
]
