"""Special functions, as `torch.special`."""

from funcnet.compat._toplevel.submodule import functions, missing

globals().update(functions("special"))
__getattr__ = missing("special", globals())
