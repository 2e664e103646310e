"""Discrete Fourier transforms, as `torch.fft`."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core.annotations import Dims, ShapeLike
from funcnet.compat._core.shapes import no_dimension
from funcnet.compat._ops.checks import as_tuple, dimension, dimensions, type_name
from funcnet.compat._ops.promote import floating
from funcnet.compat._ops.registry import operation

_NORMS = (None, "backward", "forward", "ortho")
_SWAPPED = {None: "forward", "backward": "forward", "forward": "backward"}


def _checked(norm: str | None) -> str | None:
    if norm not in _NORMS:
        raise RuntimeError(f'Invalid normalization mode: "{norm}"')
    return norm


def _points(n: int | None) -> int | None:
    if n is not None and n < 1:
        raise RuntimeError(f"Invalid number of data points ({n}) specified")
    return n


def _real(name: str, x: Array) -> Any:
    if jnp.iscomplexobj(x):
        raise RuntimeError(
            f"{name} expects a real input tensor, but got {type_name(x)}"
        )
    return floating(x)


def _hfft(x: Any, n: int | None, dim: int, norm: str | None) -> Any:
    """The transform of half a Hermitian signal is real: `irfft` of the conjugate."""
    return jnp.fft.irfft(jnp.conj(x), n, dim, _SWAPPED.get(norm, norm))


def _ihfft(x: Any, n: int | None, dim: int, norm: str | None) -> Any:
    return jnp.conj(jnp.fft.rfft(x, n, dim, _SWAPPED.get(norm, norm)))


# Of each: how it runs, whether it takes real numbers only, and what it does.
_ONE: dict[str, tuple[Callable[..., Any], bool, str]] = {
    "fft": (jnp.fft.fft, False, "Transform"),
    "ifft": (jnp.fft.ifft, False, "Transform back"),
    "rfft": (jnp.fft.rfft, True, "Transform real numbers, to half of the spectrum"),
    "irfft": (jnp.fft.irfft, False, "Transform half of a spectrum back"),
    "hfft": (_hfft, False, "Transform half of a Hermitian signal"),
    "ihfft": (_ihfft, True, "Transform a real spectrum back, to half of the signal"),
}


def _along_one(name: str) -> None:
    native, is_real, what = _ONE[name]

    def run(
        input: Array, n: int | None = None, dim: int = -1, norm: str | None = None
    ) -> Any:
        dimension(dim, input.ndim)
        if not input.ndim:
            raise IndexError(no_dimension(dim, 0))
        x = _real(name, input) if is_real else floating(input)
        return native(x, _points(n), dim, _checked(norm))

    doc = f"{what} along one dimension, as `torch.fft.{name}`."
    operation(f"fft.{name}", grad_name=_grad_name(name), doc=doc)(run)


def _grad_name(name: str) -> str:
    kinds = {"r": "FftR2CBackward0", "irfft": "FftC2RBackward0"}
    return kinds.get(name, kinds.get(name[0], "FftC2CBackward0"))


def _along_many(name: str, default: Any) -> None:
    """Several dimensions: the last by the function for one, the others by `fft`."""
    base = name[: -len("2" if name.endswith("2") else "n")]
    last, is_real, what = _ONE[base]
    backward = "i" in base
    others = jnp.fft.ifft if backward else jnp.fft.fft

    def run(
        input: Array,
        s: ShapeLike | None = None,
        dim: Dims = default,
        norm: str | None = None,
    ) -> Any:
        _checked(norm)
        x = _real(name, input) if is_real else floating(input)
        dims, sizes = _which(x, s, dim)
        if not dims:
            return x.astype(jnp.result_type(x, jnp.complex64)) if base != "hfft" else x
        # What halves a dimension goes first on the way there, last on the way back.
        rest = [(others, *each) for each in zip(sizes[:-1], dims[:-1], strict=True)]
        final = [(last, sizes[-1], dims[-1])]
        steps = final + rest if base in ("rfft", "ihfft") else rest + final
        for transform, size, index in steps:
            x = transform(x, size, index, norm)
        return x

    doc = f"{what} along several dimensions, as `torch.fft.{name}`."
    operation(f"fft.{name}", grad_name=_grad_name(base), doc=doc)(run)


def _which(
    x: Array, s: ShapeLike | None, dim: Dims
) -> tuple[tuple[int, ...], list[int | None]]:
    """The dimensions to transform and their sizes, None where they stay."""
    if dim is None:
        count = x.ndim if s is None else len(as_tuple(s))
        if count > x.ndim:
            raise RuntimeError(
                f"Got shape with {count} values but input tensor only has {x.ndim} "
                "dimensions."
            )
        dims = tuple(range(x.ndim - count, x.ndim))
    else:
        dims = dimensions(dim, x.ndim)
        if dims and not x.ndim:
            raise IndexError(no_dimension(dims[0], 0))
    if s is None:
        return dims, [None] * len(dims)
    sizes = as_tuple(s)
    if len(sizes) != len(dims):
        raise RuntimeError(
            "When given, dim and shape arguments must have the same length"
        )
    return dims, [None if size == -1 else _points(size) for size in sizes]


for _name in _ONE:
    _along_one(_name)
    _along_many(f"{_name}2", (-2, -1))
    _along_many(f"{_name}n", None)


@operation("fft.fftshift")
def fftshift(input: Array, dim: Dims | None = None) -> Any:
    """Move the zero frequency to the middle, as `torch.fft.fftshift`."""
    return jnp.fft.fftshift(input, None if dim is None else as_tuple(dim))


@operation("fft.ifftshift")
def ifftshift(input: Array, dim: Dims | None = None) -> Any:
    """Undo `fftshift`, as `torch.fft.ifftshift`."""
    return jnp.fft.ifftshift(input, None if dim is None else as_tuple(dim))
