"""Discrete Fourier transforms, as `torch.fft`."""

from funcnet.compat._toplevel.submodule import functions, missing

globals().update(functions("fft"))
__getattr__ = missing("fft", globals())
