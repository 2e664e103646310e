"""Discrete Fourier transforms, as `torch.fft`."""

from funcnet.compat._namespace import functions, missing

globals().update(functions("fft"))
__getattr__ = missing("fft", globals())
