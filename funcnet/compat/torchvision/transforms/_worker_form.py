"""Transforms for worker processes: native ones, without tensors.

Workers need not import this package for it.
"""

import dataclasses
from collections.abc import Iterable
from typing import Any, Final

from funcnet._homes import home_of
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
# These differ from the native ones only by writing into a tensor of their own.
_WITHOUT_INPLACE: Final[dict[Any, Any]] = {
    v1.Normalize: native.Normalize,
    v1.RandomErasing: native.RandomErasing,
}


def worker_form(transform: object) -> WithTorchDraws:
    """Return the native transform, for workers, that equals one of this package.

    Raises:
        NeedsTensorsError: it is not known to do that without tensors.
    """
    return WithTorchDraws(_native_form(transform, tensor=False)[0])


def _native_form(transform: Any, *, tensor: bool) -> tuple[native.Transform, bool]:
    """Return a native transform, and whether the result is a tensor.

    Where native transforms take arrays that torchvision's refuse, or take to be
    something else, it matters what comes in.
    """
    cls = _kind(transform)
    if cls is native.Compose:
        steps: list[native.Transform] = []
        for part in _parts(transform):
            step, tensor = _native_form(part, tensor=tensor)
            steps.append(step)
        return native.Compose(steps), tensor
    settings = {
        field.name: as_array(getattr(transform, field.name))
        for field in dataclasses.fields(cls)
    }
    if cls in _CHOICES:
        result = [_native_form(part, tensor=tensor) for part in transform.transforms]
        if any(given != tensor for _, given in result):
            raise NeedsTensorsError("sometimes a tensor, and sometimes an image")
        settings["transforms"] = [step for step, _ in result]
    elif cls in _TO_TENSORS and not tensor:
        if cls is native.ToTensor and get_default_dtype() != float32:
            raise NeedsTensorsError("another dtype")
        tensor = True
    elif not (cls in _OF_BOTH or (cls in _OF_TENSORS and tensor)):
        raise NeedsTensorsError(type(transform).__name__)
    return cls(**settings), tensor


def _kind(transform: object) -> Any:
    """Return the native class of a transform."""
    if isinstance(transform, nn.Module):
        attributes = vars(transform)
        if is_changed(type(transform)):
            raise NeedsTensorsError("a function of the user's in its class")
        if attributes["_forward_hooks"] or attributes["_forward_pre_hooks"]:
            raise NeedsTensorsError("hooks")
        if type(transform) is nn.Sequential:
            return native.Compose
        # A subclass of the user may compute anything.
        if (
            home_of(type(transform)).startswith(_PACKAGE)
            and "forward" not in attributes
        ):
            result: Any = getattr(transform, "_native", None)
            if result is not None:
                return _WITHOUT_INPLACE.get(result, result)
    raise NeedsTensorsError(type(transform).__name__)


def _parts(transform: Any) -> Iterable[Any]:
    return transform if isinstance(transform, nn.Sequential) else transform.transforms
