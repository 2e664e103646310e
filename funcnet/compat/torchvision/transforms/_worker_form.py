"""The form of a transform for workers: native, without tensors.

Workers need not import this package for it.
"""

import dataclasses
from collections.abc import Iterable
from typing import Any, Final

from funcnet.compat import nn
from funcnet.compat._core.dtype import float32, get_default_dtype
from funcnet.compat.torchvision._arrays import as_array
from funcnet.compat.torchvision.transforms import _v1_overrides as v1
from funcnet.compat.utils.data._workers import NeedsTensorsError, is_changed
from funcnet.data import transforms as native
from funcnet.data.transforms import _v2_overrides as v2
from funcnet.data.transforms._torch_draws import WithTorchDraws

_PACKAGE: Final = "funcnet.compat.torchvision."

_TO_TENSORS: Final = (native.ToTensor, native.PILToTensor)
_OF_TENSORS: Final = (native.ConvertImageDtype, native.Normalize, native.RandomErasing)
_CHOICES: Final = (
    *(native.RandomApply, native.RandomChoice, native.RandomOrder),
    v2.RandomOrder,
)
_OF_BOTH: Final = (
    *(native.AugMix, native.AutoAugment, native.CenterCrop, native.ColorJitter),
    *(native.ElasticTransform, native.GaussianBlur, native.Grayscale, native.Pad),
    *(native.RandAugment, native.RandomAdjustSharpness, native.RandomAffine),
    *(native.RandomAutocontrast, native.RandomCrop, native.RandomEqualize),
    *(native.RandomGrayscale, native.RandomHorizontalFlip, native.RandomInvert),
    *(native.RandomPerspective, native.RandomPosterize, native.RandomResizedCrop),
    *(native.RandomRotation, native.RandomSolarize, native.RandomVerticalFlip),
    *(native.Resize, native.TrivialAugmentWide, v2.RandomCrop),
)
# What these have of their own is to write into a tensor that only they have.
_WITHOUT_INPLACE: Final[dict[Any, Any]] = {
    v1.Normalize: native.Normalize,
    v1.RandomErasing: native.RandomErasing,
}


def worker_form(transform: object) -> WithTorchDraws:
    """What does to an image of Pillow, in a worker, what a transform does here.

    Raises:
        NeedsTensorsError: it is not known to do that without tensors.
    """
    return WithTorchDraws(_native_form(transform, tensor=False)[0])


def _native_form(transform: Any, *, tensor: bool) -> tuple[native.Transform, bool]:
    """The transform of a tensor, or of an image, and whether it gives a tensor.

    Where native transforms take arrays that torchvision's refuse, or take to be
    something else, it matters what comes in.
    """
    kind = _kind(transform)
    if kind is native.Compose:
        steps: list[native.Transform] = []
        for part in _parts(transform):
            step, tensor = _native_form(part, tensor=tensor)
            steps.append(step)
        return native.Compose(steps), tensor
    settings = {
        field.name: as_array(getattr(transform, field.name))
        for field in dataclasses.fields(kind)
    }
    if kind in _CHOICES:
        result = [_native_form(part, tensor=tensor) for part in transform.transforms]
        if any(given != tensor for _, given in result):
            raise NeedsTensorsError("sometimes a tensor, and sometimes an image")
        settings["transforms"] = [step for step, _ in result]
    elif kind in _TO_TENSORS and not tensor:
        if kind is native.ToTensor and get_default_dtype() != float32:
            raise NeedsTensorsError("another dtype")
        tensor = True
    elif not (kind in _OF_BOTH or (kind in _OF_TENSORS and tensor)):
        raise NeedsTensorsError(type(transform).__name__)
    return kind(**settings), tensor


def _kind(transform: object) -> Any:
    """The native class that does all that a transform does."""
    if isinstance(transform, nn.Module):
        places = vars(transform)
        if is_changed(type(transform)):
            raise NeedsTensorsError("a function of the user's in its class")
        if places["_forward_hooks"] or places["_forward_pre_hooks"]:
            raise NeedsTensorsError("hooks")
        if type(transform) is nn.Sequential:
            return native.Compose
        # Subclasses live elsewhere, and do what they like.
        if type(transform).__module__.startswith(_PACKAGE) and "forward" not in places:
            result: Any = getattr(transform, "_native", None)
            if result is not None:
                return _WITHOUT_INPLACE.get(result, result)
    raise NeedsTensorsError(type(transform).__name__)


def _parts(transform: Any) -> Iterable[Any]:
    return transform if isinstance(transform, nn.Sequential) else transform.transforms
