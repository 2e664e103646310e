"""Linear algebra, as `torch.linalg`."""

from funcnet.compat._namespace import functions, missing
from funcnet.compat._ops import FUNCTIONS
from funcnet.compat._ops._linalg_checks import LinAlgError

globals().update(functions("linalg"))
matmul = FUNCTIONS["matmul"]
__getattr__ = missing("linalg", globals())

__all__ = ["LinAlgError"]
