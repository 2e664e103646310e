"""The short-time Fourier transform and its inverse."""

import warnings
from typing import Any

import jax.numpy as jnp
import numpy as np

from funcnet._types import Array
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.registry import recorded, register
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.view_ops import AS_REAL


def _frames(length: int, n_fft: int, hop: int) -> np.ndarray:
    """The index of each element of each frame, `(frames, n_fft)`."""
    starts = np.arange(0, length - n_fft + 1, hop)
    return starts[:, None] + np.arange(n_fft)


def _centred(window: Array, n_fft: int, like: Array) -> Any:
    """The window, with zeros on both sides up to `n_fft`."""
    if window is None:
        return jnp.ones(n_fft, jnp.real(like).dtype)
    before = (n_fft - window.shape[0]) // 2
    return jnp.pad(window, (before, n_fft - window.shape[0] - before))


@recorded("stft")
def _stft(
    input: Array,
    window: Array,
    n_fft: int,
    hop: int,
    pad_mode: str | None,
    normalized: bool,
    onesided: bool,
) -> Any:
    x = input if input.ndim == 2 else input[None]
    if pad_mode is not None:
        mode = {"constant": "constant", "reflect": "reflect", "replicate": "edge"}
        name = mode.get(pad_mode, "wrap")
        x = jnp.pad(x, ((0, 0), (n_fft // 2, n_fft // 2)), mode=name)
    frames = x[:, _frames(x.shape[1], n_fft, hop)] * _centred(window, n_fft, x)
    norm = "ortho" if normalized else None
    transform = jnp.fft.rfft if onesided else jnp.fft.fft
    spectra = transform(frames, axis=-1, norm=norm).mT  # (batch, frequencies, frames)
    return spectra if input.ndim == 2 else spectra[0]


@register("stft")
def stft(
    input: Tensor,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
    align_to_window: bool | None = None,
) -> Tensor:
    """Transform frames of a signal, as `torch.stft`.

    `(batch, length)` gives `(batch, frequencies, frames)`; the batch may be missing.
    """
    hop = n_fft // 4 if hop_length is None else hop_length
    win_length = n_fft if win_length is None else win_length
    is_complex = input.dtype.is_complex or (
        window is not None and window.dtype.is_complex
    )
    if return_complex is None and not is_complex:
        raise RuntimeError(
            "stft requires the return_complex parameter be given for real inputs, and "
            "will further require that return_complex=True in a future PyTorch release."
        )
    if input.ndim not in (1, 2):
        raise RuntimeError(
            f"stft: expected a 1D or 2D tensor, but got {input.ndim}D tensor"
        )
    padded = input.shape[-1] + (n_fft // 2 * 2 if center else 0)
    if not 0 < n_fft <= padded:
        raise RuntimeError(
            f"stft: expected 0 < n_fft <= {padded}, but got n_fft={n_fft}"
        )
    if hop <= 0:
        raise RuntimeError(f"stft: expected hop_length > 0, but got hop_length={hop}")
    _check_window("stft", window, win_length, n_fft)
    if window is None:
        warnings.warn(
            "A window was not provided. A rectangular window will be applied, which is "
            "known to cause spectral leakage. Other windows such as torch.hann_window "
            "or torch.hamming_window are recommended to reduce spectral leakage.",
            UserWarning,
            stacklevel=outside(),
        )
        if win_length < n_fft:
            window = input.new_ones(win_length)
    onesided = not is_complex if onesided is None else onesided
    mode = pad_mode if center else None
    result: Tensor = _stft(input, window, n_fft, hop, mode, normalized, onesided)
    if return_complex or return_complex is None:
        return result
    shown: Tensor = _as_real(result)
    return shown


_as_real = recorded("view_as_real_copy")(AS_REAL.run)


def _check_window(
    name: str, window: Tensor | None, win_length: int, n_fft: int
) -> None:
    if not 0 < win_length <= n_fft:
        raise RuntimeError(
            f"{name}: expected 0 < win_length <= n_fft, but got win_length={win_length}"
        )
    if window is not None and tuple(window.shape) != (win_length,):
        raise RuntimeError(
            f"{name}: expected a 1D window tensor of size equal to "
            f"win_length={win_length}, but got window with size {list(window.shape)}"
        )


@recorded("istft")
def _istft(
    input: Array,
    window: Array,
    n_fft: int,
    hop: int,
    center: bool,
    normalized: bool,
    onesided: bool,
    length: int | None,
    is_complex: bool,
) -> Any:
    x = (input if input.ndim == 3 else input[None]).mT  # (batch, frames, frequencies)
    norm = "ortho" if normalized else None
    if is_complex:
        frames = jnp.fft.ifft(x, n_fft, norm=norm)
    else:  # of a full spectrum PyTorch reads the first half
        half = x if onesided else x[..., : n_fft // 2 + 1]
        frames = jnp.fft.irfft(half, n_fft, norm=norm)
    window = _centred(window, n_fft, frames)
    total = n_fft + hop * (x.shape[1] - 1)
    indices = _frames(total, n_fft, hop)
    signal = (
        jnp.zeros((len(x), total), frames.dtype).at[:, indices].add(frames * window)
    )
    power = jnp.broadcast_to(window * window, indices.shape)
    envelope = jnp.zeros(total, power.dtype).at[indices].add(power)
    start = n_fft // 2 if center else 0
    end = start + length if length is not None else total - start
    kept = slice(start, min(end, total))
    y = signal[:, kept] / envelope[kept]
    if length is not None and y.shape[1] < length:
        y = jnp.pad(y, ((0, 0), (0, length - y.shape[1])))
    return y if input.ndim == 3 else y[0]


@register("istft")
def istft(
    input: Tensor,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
) -> Tensor:
    """Make the signal of the transforms of its frames, as `torch.istft`.

    `(batch, frequencies, frames)` gives `(batch, length)`; the batch may be missing.
    """
    if not input.dtype.is_complex:
        raise RuntimeError(
            "istft requires a complex-valued input tensor matching the output from "
            "stft with return_complex=True."
        )
    hop = n_fft // 4 if hop_length is None else hop_length
    win_length = n_fft if win_length is None else win_length
    _check_window("istft", window, win_length, n_fft)
    if window is None and win_length < n_fft:
        window = input.real.new_ones(win_length)
    if onesided is None:
        onesided = input.shape[-2] != n_fft
    wanted = n_fft // 2 + 1 if onesided else n_fft
    if input.shape[-2] != wanted:
        raise RuntimeError(
            f"istft: expected the frequency dimension (3rd to the last) of the input "
            f"tensor to match n_fft / 2 + 1 when onesided=True or n_fft, {wanted}, but "
            f"got {input.shape[-2]}"
        )
    settings = (center, normalized, onesided, length, return_complex)
    result: Tensor = _istft(input, window, n_fft, hop, *settings)
    return result
