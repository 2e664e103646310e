"""Pools: averages, maxima (with their indices if asked), and the way back."""

import inspect
import math
from collections.abc import Sequence
from typing import Any, Final

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.compat._core.annotations import PerDim
from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._ops.nn.inplace import native_operation
from funcnet.compat._ops.random.masks import drawn_on_host
from funcnet.compat._ops.random.sampling import rand
from funcnet.compat._ops.reduce.reduce_at import add_at
from funcnet.compat._ops.registry import (
    operation,
    recorded,
    register,
    register_kernel,
)
from funcnet.compat._random.keys import key_of, next_key
from funcnet.compat._tensor.tensor import Tensor

# Of pools in three dimensions PyTorch gives contiguous results, but of maxima.
_STRIDES: Final = {
    **dict.fromkeys((1, 2), ResultStrides.CHANNELS_LAST),
    3: ResultStrides.CONTIGUOUS,
}

for _dims in (1, 2, 3):
    native_operation(f"lp_pool{_dims}d", strides=_STRIDES[_dims])
    native_operation(f"max_unpool{_dims}d", strides=_STRIDES[_dims])
    native_operation(
        f"adaptive_avg_pool{_dims}d",
        *[f"adaptive_avg_pool{_dims}d"][: _dims == 1],
        strides=_STRIDES[_dims],
    )


def _stride(stride: PerDim | None, kernel_size: PerDim) -> Any:
    """The stride, or where none is given, the size of the windows."""
    return kernel_size if stride is None or stride in ((), []) else stride


def _check_filled(name: str, x: Array) -> None:
    """Raise where there are no channels or indices; a batch may be empty."""
    dims = int(name[-2])
    batched = x.ndim == dims + 2
    if x.ndim not in (dims + 1, dims + 2):
        return  # the pool says so
    empty = [d for d, n in enumerate(x.shape) if n == 0 and d >= batched]
    if not empty:
        return
    shape = list(x.shape)
    if dims == 3:
        name = name if "avg" in name else f"{name}_with_indices_out_cpu_template"
        raise RuntimeError(
            f"{name}(): Expected input's non-batch dimensions to have positive length, "
            f"but input has a shape of {shape} and non-batch dimension "
            f"{max(empty[0] - batched - 1, 0)} has length zero!"
        )
    if name == "avg_pool1d":  # which is one in two dimensions
        shape.insert(-1, 1)
    ranks = "2D or 3D" if name == "max_pool1d" else "3D or 4D"
    raise RuntimeError(
        f"{'max_pool1d: ' * (name == 'max_pool1d')}Expected {ranks} (batch mode) "
        f"tensor with optional 0 dim batch size for input, but got:{shape}"
    )


def _avg_pool(dims: int) -> None:
    name = f"avg_pool{dims}d"
    native = getattr(F, name)

    def avg_pool(
        input: Array,
        kernel_size: PerDim,
        stride: PerDim | None = None,
        padding: PerDim = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> Any:
        _check_filled(name, input)
        stride = _stride(stride, kernel_size)
        more = () if dims == 1 else (divisor_override,)
        return native(
            input, kernel_size, stride, padding, ceil_mode, count_include_pad, *more
        )

    avg_pool.__doc__ = (
        f"Average over windows, as `torch.nn.functional.{name}`.\n\n"
        "`(batch, channels, *spatial)` gives the same with the pooled sizes; the\n"
        "batch may be missing."
    )
    operation(
        f"nn.functional.{name}",
        *[name][: dims == 1],
        method=False,
        strides=_STRIDES[dims],
    )(avg_pool)


def _max_pool(dims: int) -> None:
    name = f"max_pool{dims}d"

    def pooled(name: str) -> Any:
        native = getattr(F, name)

        def run(
            input: Array,
            kernel_size: PerDim,
            stride: PerDim,
            padding: PerDim,
            dilation: PerDim,
            ceil_mode: bool,
        ) -> Any:
            _check_filled(f"max_pool{dims}d", input)
            stride = _stride(stride, kernel_size)
            settings = (kernel_size, stride, padding, dilation, ceil_mode)
            return _with_long_indices(native(input, *settings))

        return recorded(f"nn.functional.{name}", strides=ResultStrides.CHANNELS_LAST)(
            run
        )

    plain, both = pooled(name), pooled(f"{name}_with_indices")

    def max_pool(
        input: Tensor,
        kernel_size: PerDim,
        stride: PerDim | None = None,
        padding: PerDim = 0,
        dilation: PerDim = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> Any:
        run = both if return_indices else plain
        return run(input, kernel_size, stride, padding, dilation, ceil_mode)

    max_pool.__doc__ = (
        f"Take the maxima of windows, as `torch.nn.functional.{name}`.\n\n"
        "With `return_indices` also their indices in the input, flattened."
    )
    _register(name, max_pool, name)


def _with_long_indices(result: Any) -> Any:
    if not isinstance(result, tuple):
        return result
    values, indices = result
    return values, indices.astype(jnp.int64)


def _adaptive_max_pool(dims: int) -> None:
    name = f"adaptive_max_pool{dims}d"

    def pooled(name: str) -> Any:
        native = getattr(F, name)

        def run(input: Array, output_size: PerDim) -> Any:
            if not math.prod(input.shape[-dims - 1 :]):
                raise InputError("empty", name=name, input=input.shape)
            return _with_long_indices(native(input, output_size))

        return recorded(f"nn.functional.{name}", strides=_STRIDES[dims])(run)

    plain, both = pooled(name), pooled(f"{name}_with_indices")

    def adaptive_max_pool(
        input: Tensor, output_size: PerDim, return_indices: bool = False
    ) -> Any:
        return (both if return_indices else plain)(input, output_size)

    adaptive_max_pool.__doc__ = (
        f"Take maxima to a given size, as `torch.nn.functional.{name}`.\n\n"
        "With `return_indices` also their indices in the input, flattened."
    )
    _register(name, adaptive_max_pool)
    if dims == 1:
        register(name, method=False, doc=adaptive_max_pool.__doc__ or "")(both)


def _fractional_pool(dims: int) -> None:
    name = f"fractional_max_pool{dims}d"
    native = getattr(F, f"{name}_with_indices")

    @recorded(f"nn.functional.{name}")
    def pooled(
        input: Array,
        samples: Array,
        kernel_size: PerDim,
        output_size: PerDim,
        output_ratio: float | Sequence[float],
    ) -> Any:
        sizes = (kernel_size, output_size, output_ratio)
        key = None
        if isinstance(samples, tuple):
            key, samples = key_of(*samples), None
        return _with_long_indices(native(input, *sizes, samples, key=key))

    def fractional_max_pool(
        input: Tensor,
        kernel_size: PerDim,
        output_size: PerDim | None = None,
        output_ratio: float | Sequence[float] | None = None,
        return_indices: bool = False,
        _random_samples: Tensor | None = None,
    ) -> Any:
        if output_size is not None:
            output_ratio = None
        samples: Any = _random_samples
        if samples is None and drawn_on_host(input.device):
            batch = input.shape[0] if input.ndim == dims + 2 else 1
            size = (batch, input.shape[-dims - 1], dims)
            samples = rand(*size, dtype=input.dtype, device=input.device)
        elif samples is None:
            samples = next_key()
        result = pooled(input, samples, kernel_size, output_size, output_ratio)
        return result if return_indices else result[0]

    fractional_max_pool.__doc__ = (
        f"Take maxima of random windows, as `torch.nn.functional.{name}`.\n\n"
        "With `return_indices` also their indices in the input, flattened."
    )
    _register(name, fractional_max_pool)


def _register(name: str, public: Any, *others: str) -> None:
    """Register a pool, and the form of it that always gives the indices too."""

    def with_indices(*args: object, **kwargs: object) -> Any:
        if len(args) <= index:
            kwargs["return_indices"] = True
        return public(*args, **kwargs)

    index = list(inspect.signature(public).parameters).index("return_indices")
    path = f"nn.functional.{name}"
    register(path, *others, method=False)(public)
    register(f"{path}_with_indices", doc=public.__doc__ or "")(with_indices)


@recorded("max_pool2d_with_indices_backward", strides=ResultStrides.CHANNELS_LAST)
def _gradient_at(grad_output: Array, input: Array, indices: Array) -> Any:
    planes = math.prod(input.shape[:-2])
    flat = jnp.zeros((planes, math.prod(input.shape[-2:])), grad_output.dtype)
    places = (jnp.arange(planes)[:, None], indices.reshape(planes, -1))
    return add_at(flat, places, grad_output.reshape(planes, -1)).reshape(input.shape)


@register_kernel("max_pool2d_with_indices_backward")
def max_pool2d_with_indices_backward(
    grad_output: Tensor,
    self: Tensor,
    kernel_size: PerDim,
    stride: PerDim,
    padding: PerDim,
    dilation: PerDim,
    ceil_mode: bool,
    indices: Tensor,
) -> Any:
    """The gradient of `max_pool2d`: each number goes to where the maximum was."""
    return _gradient_at(grad_output, self, indices)


for _dims in (1, 2, 3):
    _avg_pool(_dims)
    _max_pool(_dims)
    _adaptive_max_pool(_dims)
for _dims in (2, 3):
    _fractional_pool(_dims)
