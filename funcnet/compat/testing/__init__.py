"""Testing, as `torch.testing`."""

from funcnet.compat.testing._close import assert_allclose, assert_close
from funcnet.compat.testing._make import make_tensor

__all__ = ["assert_allclose", "assert_close", "make_tensor"]
