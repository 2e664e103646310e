"""Modules in other dtypes and on other devices."""

from collections.abc import Callable, Iterator
from typing import Any, Self

from funcnet.compat._core.annotations import DeviceLike, DType
from funcnet.compat._core.device import META, resolve_device
from funcnet.compat._ops.create.creation import empty_like
from funcnet.compat._ops.keywords import canonical_kwargs
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.parameter import Parameter


class Converted:
    """What changes the dtype or the device of all parameters and buffers."""

    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]

    def children(self) -> Iterator[Any]:
        """Yield the modules directly inside."""
        raise NotImplementedError

    def _apply(self, fn: Callable[[Any], Any], recurse: bool = True) -> Self:
        """Replace all parameters and buffers by the results of `fn`."""
        if recurse:
            for child in self.children():
                child._apply(fn)
        for param in self._parameters.values():
            if param is not None:
                _become(param, fn(param.detach()))
                if param._grad is not None:
                    param._grad = fn(param._grad.detach())
        for name, buffer in self._buffers.items():
            if buffer is not None:
                self._buffers[name] = fn(buffer)
        return self

    def to(self, *args: object, **kwargs: object) -> Self:
        """Move or cast parameters and buffers; only floating-point ones are cast."""
        device, dtype = _to_arguments(args, kwargs)

        def convert(x: Tensor) -> Any:
            cast = dtype if dtype is not None and x.dtype.is_inexact else None
            if device is None and cast is None:
                return x
            if x.is_meta and device is not None and resolve_device(device) is not META:
                raise NotImplementedError(
                    "Cannot copy out of meta tensor; no data! Please use "
                    "torch.nn.Module.to_empty() instead of torch.nn.Module.to() when "
                    "moving module from meta to a different device."
                )
            return x.to(device=device, dtype=cast)

        return self._apply(convert)

    def cuda(self, device: DeviceLike | None = None) -> Self:
        """Move parameters and buffers to a GPU."""
        return self._apply(lambda x: x.cuda(device))

    def xpu(self, device: DeviceLike | None = None) -> Self:
        """Refuse where there are parameters: there are no GPUs of Intel's here."""
        return self._apply(lambda x: x.xpu(device))

    def ipu(self, device: DeviceLike | None = None) -> Self:
        """Refuse where there are parameters: there are no processors of that kind."""
        return self._apply(lambda x: x.ipu(device))

    def mtia(self, device: DeviceLike | None = None) -> Self:
        """Refuse where there are parameters: there are no processors of that kind."""
        return self._apply(lambda x: x.mtia(device))

    def cpu(self) -> Self:
        """Move parameters and buffers to the CPU."""
        return self._apply(lambda x: x.cpu())

    def type(self, dst_type: DType | str | type) -> Self:
        """Cast all parameters and buffers."""
        return self._apply(lambda x: x.type(dst_type))

    def float(self) -> Self:
        """Cast floating-point parameters and buffers to float32."""
        return self._apply(lambda x: x.float() if x.dtype.is_inexact else x)

    def double(self) -> Self:
        """Cast floating-point parameters and buffers to float64."""
        return self._apply(lambda x: x.double() if x.dtype.is_inexact else x)

    def half(self) -> Self:
        """Cast floating-point parameters and buffers to float16."""
        return self._apply(lambda x: x.half() if x.dtype.is_inexact else x)

    def bfloat16(self) -> Self:
        """Cast floating-point parameters and buffers to bfloat16."""
        return self._apply(lambda x: x.bfloat16() if x.dtype.is_inexact else x)

    def to_empty(self, *, device: DeviceLike, recurse: bool = True) -> Self:
        """Move to a device without the values: all are 0, and are to be set."""
        empty = empty_like
        return self._apply(lambda x: empty(x, device=device), recurse)


def _become(param: Parameter, new: Tensor) -> None:
    """Give a parameter other values, perhaps of another dtype or device."""
    if new._storage is param._storage:
        return
    param._show_same(new)


_TO_NAMES = frozenset(
    ("device", "dtype", "non_blocking", "memory_format", "tensor", "copy")
)


def _to_arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """Device and dtype from the many ways to call `to`."""
    kwargs = canonical_kwargs("to", kwargs, _TO_NAMES)
    device, dtype = kwargs.get("device"), kwargs.get("dtype")
    args = (*args, kwargs.get("tensor"))
    for arg in args:
        if isinstance(arg, DType):
            dtype = arg
        elif isinstance(arg, Tensor):
            device, dtype = arg.device, arg.dtype
        elif not isinstance(arg, bool) and arg is not None:
            device = arg
    if dtype is not None and not dtype.is_inexact:
        raise TypeError(
            "nn.Module.to only accepts floating point or complex dtypes, but got "
            f"desired dtype={dtype}"
        )
    return device, dtype
