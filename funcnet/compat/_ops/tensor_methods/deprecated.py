"""Methods of tensors that scripts still name."""

from typing import Any

from funcnet.compat._messages.suggestions import old_spelling
from funcnet.compat._ops.registry import METHODS
from funcnet.compat._tensor.tensor import Tensor


def _resize(self: Tensor, *sizes: Any) -> Tensor:
    """`reshape` under the name it had before PyTorch 0.4."""
    old_spelling("x.resize(sizes)", "x.reshape(sizes)")
    return self.reshape(*sizes)


_members: dict[str, Any] = {
    "resize": _resize,
    "name": property(lambda self: None),
}
METHODS.update(_members)
