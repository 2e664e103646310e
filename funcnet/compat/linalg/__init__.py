"""Linear algebra, as `torch.linalg`."""

from funcnet.compat._ops.linalg.checks import LinAlgError
from funcnet.compat._surface import publish, suggestions

__all__ = ["LinAlgError"]
__all__ += publish(__name__)
__getattr__ = suggestions(__name__)
