"""Linear algebra, as `torch.linalg`."""

from funcnet.compat._ops import FUNCTIONS
from funcnet.compat._ops.linalg.checks import LinAlgError
from funcnet.compat._toplevel.submodule import functions, missing

globals().update(functions("linalg"))
matmul = FUNCTIONS["matmul"]
__getattr__ = missing("linalg", globals())

__all__ = ["LinAlgError"]
