"""Windows for spectra, as `torch.signal.windows`."""

from funcnet.compat._toplevel.submodule import functions, missing

globals().update(functions("signal.windows"))
__getattr__ = missing("signal.windows", globals())
