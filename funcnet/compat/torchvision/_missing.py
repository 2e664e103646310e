"""Errors for names of torchvision that are not supported, in imports too."""

import dis
import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from funcnet.compat._messages.suggestions import did_you_mean
from funcnet.compat._messages.unsupported import note_missing

_FROM = dis.opmap["IMPORT_FROM"]

# Names that are not supported yet, and what to use until then.
LATER = {
    "models": "there are no quantized numbers; use the network of the same name in "
    "torchvision.models, in float32 or bfloat16",
    "tv_tensors": "images, boxes and masks with types of their own are not there; "
    "transforms take plain tensors and images of Pillow",
    "io.read_video": "videos are not decoded",
    "io.VideoReader": "videos are not decoded",
    "transforms.v2.AutoAugment": "use transforms.AutoAugment; the draws of v2 differ",
    "transforms.v2.AugMix": "use transforms.AugMix; the draws of v2 differ",
}
_READ = "its files are not read; put the images into folders and use ImageFolder"
LATER |= {
    f"datasets.{name}": _READ
    for name in (
        *("Caltech101", "Caltech256", "CelebA", "Cityscapes", "Country211", "DTD"),
        *("EMNIST", "EuroSAT", "FER2013", "FGVCAircraft", "Flickr30k", "Flowers102"),
        *("Food101", "GTSRB", "ImageNet", "Imagenette", "Kitti", "LFWPeople", "LSUN"),
        *("Omniglot", "OxfordIIITPet", "PCAM", "Places365", "QMNIST", "SBDataset"),
        *("StanfordCars", "SUN397", "USPS", "VOCDetection", "VOCSegmentation"),
    )
}


def missing(module: str, known: Mapping[str, Any]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a part of torchvision.

    It raises AttributeError with the right name, or with what there is instead; inside
    `from torchvision... import name`, ImportError, whose text Python would drop else.
    """

    def find(name: str) -> Any:
        path = f"{module}.{name}" if module else name
        where = f"torchvision.{module}" if module else "torchvision"
        note_missing(f"torchvision.{path}")
        if path in LATER:
            text = f"funcnet.compat has no torchvision.{path}: {LATER[path]}."
        else:
            public = [one for one in known if not one.startswith("_")]
            text = f"module {where!r} has no attribute {name!r}."
            text += did_you_mean(name, public)
        if not name.startswith("__") and _is_import(sys._getframe(1)):
            raise ImportError(text, name=where)
        raise AttributeError(text)

    return find


def no_module(name: str) -> NoReturn:
    """Raise ModuleNotFoundError, naming the alternative."""
    note_missing(name)
    part = name.partition(".")[2]
    reason = f": {LATER[part]}." if part in LATER else "."
    raise ModuleNotFoundError(f"funcnet.compat has no {name}{reason}", name=name)


def _is_import(frame: Any) -> bool:
    """Return whether a frame is at `from ... import name`."""
    return frame.f_code.co_code[frame.f_lasti] == _FROM
