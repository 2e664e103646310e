"""Reductions over the elements that a mask keeps, as `torch.masked`."""

from funcnet.compat._toplevel.submodule import functions, missing

globals().update(functions("masked"))
__getattr__ = missing("masked", globals())
