"""Automatic mixed precision, as `torch.amp.autocast_mode`."""

import functools
import warnings
from collections.abc import Callable
from typing import Any, Final

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.autocast_policy import LOW_DTYPES
from funcnet.compat._core.context import thread
from funcnet.compat._core.device import device, gpus
from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import did_you_mean, outside
from funcnet.compat._ops.registry import METHODS
from funcnet.compat._tensor.tensor import Tensor

_SUPPORTED: Final = (_dtypes.bfloat16, _dtypes.float16)


@explains_keywords
class autocast:  # noqa: N801 - PyTorch's name
    """Automatic mixed precision in a `with` block or function, as `torch.autocast`.

    For a `with` block or as a decorator. On CPUs the half precision is bfloat16, on
    GPUs float16, unless `dtype` says otherwise.

    Example:
        >>> import funcnet.compat as torch
        >>> with torch.autocast("cpu"):
        ...     y = torch.ones(2, 2) @ torch.ones(2, 2)
        >>> y.dtype
        torch.bfloat16
    """

    def __init__(
        self,
        device_type: str,
        dtype: DType | None = None,
        enabled: bool = True,
        cache_enabled: bool | None = None,
    ) -> None:
        if not isinstance(device_type, str):
            raise ValueError(
                "Expected `device_type` of type `str`, got: "
                f"`{type(device_type)}`. Write autocast('cuda', ...)."
            )
        if device_type not in LOW_DTYPES:
            raise RuntimeError(
                f"User specified an unsupported autocast device_type '{device_type}'."
                + did_you_mean(device_type, LOW_DTYPES)
            )
        self.device = device_type
        self.fast_dtype = dtype or _low_dtype(device_type)
        if enabled and device_type == "cuda" and not gpus():
            warnings.warn(
                "User provided device_type of 'cuda', but CUDA is not available. "
                "Disabling",
                stacklevel=outside(),
            )
            enabled = False
        if enabled and self.fast_dtype not in _SUPPORTED:
            warnings.warn(
                f"In {device_type.upper()} autocast, but the target dtype "
                f"{self.fast_dtype} is not supported. Disabling autocast.",
                stacklevel=outside(),
            )
            enabled = False
        self._enabled = enabled
        self._before: list[Any] = []

    def __enter__(self) -> "autocast":
        self._before.append(thread.context.autocast)
        switch(self.device, self.fast_dtype if self._enabled else None)
        return self

    def __exit__(self, *error: object) -> None:
        thread.context.autocast = self._before.pop()

    def __call__(self, func: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(func)
        def wrapped(*args: object, **kwargs: object) -> Any:
            with self:
                return func(*args, **kwargs)

        return wrapped


def switch(device_type: str, low: DType | None) -> None:
    """Switch `autocast` on or off for a device type."""
    now = dict(thread.context.autocast or {})
    now.pop(device_type, None)
    if low is not None:
        now[device_type] = low
    thread.context.autocast = now or None


def _low_dtype(device_type: str) -> DType:
    """Return the half precision that is set in this thread, or the default one."""
    return thread.context.autocast_dtypes.get(device_type) or LOW_DTYPES[device_type]


def is_autocast_available(device_type: str) -> bool:
    """Return whether `autocast` supports a device type."""
    return device_type in LOW_DTYPES


def is_autocast_enabled(device_type: str = "cuda") -> bool:
    """Return whether `autocast` is on for a device type."""
    return device_type in (thread.context.autocast or {})


def is_autocast_cpu_enabled() -> bool:
    """Return whether `autocast` is on for CPUs."""
    return is_autocast_enabled("cpu")


def set_autocast_enabled(*args: Any) -> None:
    """Switch `autocast`: `(device_type, enabled)`, or for GPUs `(enabled)`."""
    device_type, enabled = args if len(args) == 2 else ("cuda", *args)
    switch(device_type, _low_dtype(device_type) if enabled else None)


def set_autocast_cpu_enabled(enabled: bool) -> None:
    """Switch `autocast` on or off for CPUs."""
    set_autocast_enabled("cpu", enabled)


def get_autocast_dtype(device_type: str) -> DType:
    """Return the half precision of `autocast` on a device type."""
    return (thread.context.autocast or {}).get(device_type) or _low_dtype(device_type)


def get_autocast_cpu_dtype() -> DType:
    """Return the half precision of `autocast` on CPUs."""
    return get_autocast_dtype("cpu")


def get_autocast_gpu_dtype() -> DType:
    """Return the half precision of `autocast` on GPUs."""
    return get_autocast_dtype("cuda")


@explains_keywords
def set_autocast_dtype(device_type: str, dtype: DType) -> None:
    """Set the half precision of `autocast` on a device type."""
    thread.context.autocast_dtypes[device_type] = dtype
    if is_autocast_enabled(device_type):
        switch(device_type, dtype)


def set_autocast_cpu_dtype(dtype: DType) -> None:
    """Set the half precision of `autocast` on CPUs."""
    set_autocast_dtype("cpu", dtype)


def set_autocast_gpu_dtype(dtype: DType) -> None:
    """Set the half precision of `autocast` on GPUs."""
    set_autocast_dtype("cuda", dtype)


def is_autocast_cache_enabled() -> bool:
    """Return True: a program casts a weight once, however often it is used."""
    return True


def set_autocast_cache_enabled(enabled: bool) -> None:
    """Do nothing: a program casts a weight once."""


def clear_autocast_cache() -> None:
    """Do nothing: there is no cache outside a program."""


@explains_keywords
def custom_fwd(
    fwd: Callable[..., Any] | None = None,
    *,
    device_type: str,
    cast_inputs: DType | None = None,
) -> Any:
    """Decorate the `forward` of an `autograd.Function`, as `torch.amp.custom_fwd`.

    With `cast_inputs` its floating-point tensors are cast so, and `autocast` is off
    inside; without, it runs as `autocast` stands, and so does its `backward`.
    """
    _check_type(device_type)
    if fwd is None:
        return functools.partial(
            custom_fwd, device_type=device_type, cast_inputs=cast_inputs
        )

    @functools.wraps(fwd)
    def decorated(ctx: Any, *args: object, **kwargs: object) -> Any:
        enabled = is_autocast_enabled(device_type)
        ctx._dtype = get_autocast_dtype(device_type)
        ctx._fwd_used_autocast = enabled and cast_inputs is None
        if cast_inputs is None or not enabled:
            return fwd(ctx, *args, **kwargs)
        with autocast(device_type, enabled=False):
            cast = _cast((args, kwargs), device_type, cast_inputs)
            return fwd(ctx, *cast[0], **cast[1])

    return decorated


@explains_keywords
def custom_bwd(bwd: Callable[..., Any] | None = None, *, device_type: str) -> Any:
    """Decorate the `backward` that belongs to a `custom_fwd`."""
    _check_type(device_type)
    if bwd is None:
        return functools.partial(custom_bwd, device_type=device_type)

    @functools.wraps(bwd)
    def decorated(ctx: Any, *grads: Any) -> Any:
        with autocast(device_type, ctx._dtype, ctx._fwd_used_autocast):
            return bwd(ctx, *grads)

    return decorated


def _check_type(device_type: object) -> None:
    if not isinstance(device_type, str):
        raise ValueError(
            f"Expected `device_type` of type `str`, got: `{type(device_type)}`"
        )


def _cast(value: Any, device_type: str, dtype: DType) -> Any:
    """Cast the floating-point tensors, but float64, of a device type in a tree."""
    if isinstance(value, Tensor):
        where: device = value.device
        fits = value.dtype.is_floating_point and value.dtype is not _dtypes.float64
        return (
            METHODS["to"](value, dtype) if fits and where.type == device_type else value
        )
    if isinstance(value, dict):
        return {
            _cast(key, device_type, dtype): _cast(one, device_type, dtype)
            for key, one in value.items()
        }
    if isinstance(value, list | tuple):
        parts = [_cast(one, device_type, dtype) for one in value]
        return parts if isinstance(value, list) else tuple(parts)
    return value


__all__ = [
    "autocast",
    "custom_bwd",
    "custom_fwd",
    "is_autocast_available",
]
