"""Dropout: each call draws a mask, or with a key of its own."""

import inspect
import warnings
from collections.abc import Callable
from typing import Any

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._messages.translate import refusal
from funcnet.compat._ops.nn.inplace import with_inplace_argument
from funcnet.compat._ops.random.masks import mask, mask_like
from funcnet.compat._ops.registry import recorded, register, register_kernel
from funcnet.compat._random.keys import key_of
from funcnet.compat._tensor.recording import ScalarInput
from funcnet.compat._tensor.tensor import Tensor
from funcnet.functional._random import keep_mask


def _drawn(name: str) -> Callable[..., Tensor]:
    """The recorded operation, for when something is drawn."""
    native = F.alpha_dropout if "alpha" in name else F.dropout

    def run(
        input: Array, drawn: Any, p: float, shape: tuple[int, ...] | None = None
    ) -> Any:
        if isinstance(drawn, tuple):
            drawn = keep_mask(key_of(*drawn), 1 - p, shape or input.shape)
        return native(input, p, True, key=drawn)

    return recorded(f"nn.functional.{name}", strides=ResultStrides.AS_FIRST_INPUT)(run)


def _channels(name: str, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of a mask of one number for each channel."""
    batched = name not in _BATCHED_RANK or len(shape) == _BATCHED_RANK[name]
    leading = 2 if batched else 1
    if len(shape) < leading:
        raise refusal("dropout.channels", name=name, input=shape)
    return shape[:leading] + (1,) * (len(shape) - leading)


_BY_CHANNELS = (
    *("dropout1d", "dropout2d", "dropout3d"),
    *("feature_dropout", "feature_alpha_dropout"),
)
_BATCHED_RANK = {"dropout1d": 3, "dropout3d": 5}  # of fewer dimensions, one sample
_USUAL = {"dropout2d": (3, 4), "dropout3d": (4, 5)}


def _dropout(name: str, training: bool, in_torch: bool = False) -> None:
    """Register a function of the dropout family; `training` is its default."""
    drawn, default = _drawn(name), training

    def public(input: Tensor, p: float = 0.5, training: bool = default) -> Tensor:
        if not 0 <= p <= 1:
            raise refusal("dropout.p", name=name, p=p)
        if name in _BY_CHANNELS:
            _check_rank(name, input.ndim)
        if not training or p == 0 or 0 in input._spec.shape:
            return input
        p = float(p)
        if p == 1:
            return drawn(input, None, p)
        if name not in _BY_CHANNELS:
            return drawn(input, mask_like(input, p), p)
        shape = _channels(name, input._spec.shape)
        return drawn(input, mask(shape, p, input.device), p, shape)

    def low_level(input: Tensor, p: float, train: bool) -> Tensor:
        return public(input, p, train)

    native = getattr(F, name, F.dropout2d)
    line = (inspect.getdoc(native) or "").partition("\n")[0]
    public.__doc__ = f"{line} As `torch.nn.functional.{name}`."
    with_inplace_argument(name, public)
    if in_torch:
        doc = f"As `torch.nn.functional.{name}`, with the arguments of a kernel."
        register(name, method=False, inplace_function=True, doc=doc)(low_level)


@recorded("native_dropout_backward", strides=ResultStrides.AS_FIRST_INPUT)
def _undropped(grad_output: Array, mask: Array, scale: Array) -> Any:
    return grad_output * (mask.astype(grad_output.dtype) * scale)


@register_kernel("native_dropout_backward")
def native_dropout_backward(grad_output: Tensor, mask: Tensor, scale: float) -> Any:
    """The gradient of dropout: that of what the mask kept, times `scale`."""
    return _undropped(grad_output, mask, ScalarInput(scale))


def _check_rank(name: str, ndim: int) -> None:
    if name == "dropout1d" and ndim not in (2, 3):
        raise RuntimeError(
            f"dropout1d: Expected 2D or 3D input, but received a {ndim}D input. Note "
            "that dropout1d exists to provide channel-wise dropout on inputs with 1 "
            "spatial dimension, a channel dimension, and an optional batch dimension "
            "(i.e. 2D or 3D inputs)."
        )
    if name in _USUAL and ndim not in _USUAL[name]:
        warnings.warn(
            f"{name}: Received a {ndim}-D input to {name}, which is deprecated and "
            "will result in an error in a future release. To retain the behavior and "
            "silence this warning, please use dropout instead.",
            UserWarning,
            stacklevel=outside(),
        )
    elif name == "dropout2d" and ndim == 3:
        warnings.warn(
            "dropout2d: Received a 3D input to dropout2d and assuming that "
            "channel-wise 1D dropout behavior is desired - input is interpreted as "
            "shape (N, C, L), where C is the channel dim. Write dropout1d for it.",
            UserWarning,
            stacklevel=outside(),
        )


for _name in ("dropout", "feature_dropout"):
    _dropout(_name, True, in_torch=True)
for _name in ("dropout1d", "dropout2d", "dropout3d"):
    _dropout(_name, True)
for _name in ("alpha_dropout", "feature_alpha_dropout"):
    _dropout(_name, False, in_torch=True)
