"""Windows for spectra: `torch.hann_window` and `torch.signal.windows`."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DeviceLike, DType, Layout
from funcnet.compat._core.device import resolve_device
from funcnet.compat._core.memory_format import strided
from funcnet.compat._ops.registry import register
from funcnet.compat._tensor.tensor import Tensor, from_array


def _made(
    array: np.ndarray,
    dtype: DType | None = None,
    device: DeviceLike | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of numbers that are made here."""
    dtype = dtype or _dtypes.get_default_dtype()
    if not dtype.is_floating_point:
        raise RuntimeError(f"windows are floating point, not {dtype}")
    result = from_array(array.astype(dtype.numpy), resolve_device(device))
    result._requires_grad = requires_grad
    return result


def _from(
    shape_of: Callable[..., np.ndarray], points: int, sym: bool, *settings: object
) -> np.ndarray:
    """A window of `points`; one that is periodic lacks the last point of a period."""
    if points < 2:
        return np.ones(points)
    return shape_of(points + (not sym), *settings)[:points]


def _cosines(n: int, weights: Sequence[float]) -> np.ndarray:
    angle = 2 * np.pi * np.arange(n) / (n - 1)
    return sum(
        ((-1) ** k * weight * np.cos(k * angle) for k, weight in enumerate(weights)),
        np.zeros(n),
    )


def _sine(n: int) -> np.ndarray:
    return np.sin(np.pi * (np.arange(n) + 0.5) / n)


def _exponential(n: int, center: float | None, tau: float) -> np.ndarray:
    middle = (n - 1) / 2 if center is None else center
    return np.exp(-np.abs(np.arange(n) - middle) / tau)


def _gaussian(n: int, std: float) -> np.ndarray:
    return np.exp(-(((np.arange(n) - (n - 1) / 2) / std) ** 2) / 2)


_BLACKMAN = (0.42, 0.5, 0.08)
_NUTTALL = (0.3635819, 0.4891775, 0.1365995, 0.0106411)


# --- torch.NAME_window -----------------------------------------------------------


def _window(name: str, shape_of: Callable[..., np.ndarray], *settings: Any) -> None:
    title = f"{name}_window"

    def window(
        window_length: int,
        periodic: bool = True,
        *more: Any,
        dtype: DType | None = None,
        layout: Layout | None = None,
        device: DeviceLike | None = None,
        pin_memory: bool = False,
        requires_grad: bool = False,
        **named: object,
    ) -> Tensor:
        if window_length < 0:
            raise RuntimeError(
                f"{title} requires non-negative window_length, got "
                f"window_length={window_length}"
            )
        given = list(settings)
        given[: len(more)] = more
        for index, key in enumerate(_SETTINGS.get(name, ())):
            given[index] = named.pop(key, given[index])
        if named:
            raise TypeError(
                f"{title}() got an unexpected keyword argument {next(iter(named))!r}"
            )
        array = _from(shape_of, window_length, not periodic, *given)
        return _made(array, dtype, device, requires_grad)

    doc = f"The {name.capitalize()} window, as `torch.{title}`."
    register(title, method=False, doc=doc)(window)


_SETTINGS = {"hamming": ("alpha", "beta"), "kaiser": ("beta",)}

_window("hann", lambda n: _cosines(n, (0.5, 0.5)))
_window("hamming", lambda n, alpha, beta: _cosines(n, (alpha, beta)), 0.54, 0.46)
_window("bartlett", np.bartlett)
_window("blackman", lambda n: _cosines(n, _BLACKMAN))
_window("kaiser", np.kaiser, 12.0)


# --- torch.signal.windows.NAME -----------------------------------------------------


# Those that PyTorch makes by its `general_cosine`.
_COSINES = ("hann", "hamming", "blackman", "nuttall", "general_hamming")


def _check_signal(name: str, settings: dict[str, Any], sym: bool) -> None:
    """Raise for settings that make no window."""
    if name == "exponential":
        tau = settings.get("tau", 1.0)
        if tau <= 0:
            raise ValueError(f"Tau must be positive, got: {tau} instead.")
        if sym and settings.get("center") is not None:
            raise ValueError("Center must be None for symmetric windows")
    elif name == "gaussian" and settings.get("std", 1.0) <= 0:
        raise ValueError(
            f"Standard deviation must be positive, got: {settings['std']} instead."
        )
    elif name == "kaiser" and settings.get("beta", 12.0) < 0:
        raise ValueError(f"beta must be non-negative, got: {settings['beta']} instead.")
    elif name == "general_cosine":
        if not isinstance(settings["a"], list | tuple):
            raise TypeError("Coefficients must be a list/tuple")
        if not settings["a"]:
            raise ValueError("Coefficients cannot be empty")


def _signal_window(
    name: str, shape_of: Callable[..., np.ndarray], **defaults: Any
) -> None:
    def window(
        M: int,
        *,
        sym: bool = True,
        dtype: DType | None = None,
        layout: Layout | None = None,
        device: DeviceLike | None = None,
        requires_grad: bool = False,
        **named: object,
    ) -> Tensor:
        unknown = set(named) - set(defaults)
        if unknown:
            raise TypeError(
                f"{name}() got an unexpected keyword argument {unknown.pop()!r}"
            )
        if M < 0:
            raise ValueError(f"{name} requires non-negative window length, got M={M}")
        settings = [named.get(key, value) for key, value in defaults.items()]
        if None in settings and name == "general_cosine":
            raise TypeError("general_cosine() missing 1 required argument: 'a'")
        title = "general_cosine" if name in _COSINES else name
        dtype = dtype or _dtypes.get_default_dtype()
        if layout not in (None, strided):
            raise ValueError(
                f"{title} is implemented for strided tensors only, got: {layout}"
            )
        if dtype not in (_dtypes.float32, _dtypes.float64):
            raise ValueError(f"{title} expects float32 or float64 dtypes, got: {dtype}")
        _check_signal(name, named, sym)
        array = _from(shape_of, M, sym, *settings)
        return _made(array, dtype, device, requires_grad)

    path = f"signal.windows.{name}"
    register(path, doc=f"The window `torch.{path}` of `M` points.")(window)


_signal_window("bartlett", np.bartlett)
_signal_window("blackman", lambda n: _cosines(n, _BLACKMAN))
_signal_window("cosine", _sine)
_signal_window("exponential", _exponential, center=None, tau=1.0)
_signal_window("gaussian", _gaussian, std=1.0)
_signal_window("general_cosine", _cosines, a=None)
_signal_window(
    "general_hamming", lambda n, alpha: _cosines(n, (alpha, 1 - alpha)), alpha=0.54
)
_signal_window("hamming", lambda n: _cosines(n, (0.54, 0.46)))
_signal_window("hann", lambda n: _cosines(n, (0.5, 0.5)))
_signal_window("kaiser", np.kaiser, beta=12.0)
_signal_window("nuttall", lambda n: _cosines(n, _NUTTALL))


# --- torch.fft.NAMEfreq --------------------------------------------------------------


def _frequencies(name: str, frequencies: Callable[..., np.ndarray]) -> None:
    def freq(
        n: int,
        d: float = 1.0,
        *,
        out: Any = None,
        dtype: DType | None = None,
        layout: Layout | None = None,
        device: DeviceLike | None = None,
        requires_grad: bool = False,
    ) -> Tensor:
        return _made(frequencies(n, d), dtype, device, requires_grad)

    path = f"fft.{name}"
    doc = f"The frequencies of a transform of `n` points, as `torch.{path}`."
    register(path, doc=doc)(freq)


_frequencies("fftfreq", np.fft.fftfreq)
_frequencies("rfftfreq", np.fft.rfftfreq)
