"""Methods of tensors that scripts still name."""

from typing import Any

from funcnet.compat._messages.suggestions import old_spelling
from funcnet.compat._ops.registry import register, register_attribute
from funcnet.compat._tensor.tensor import Tensor


@register("Tensor.resize")
def resize(self: Tensor, *sizes: Any) -> Tensor:
    """`reshape` under the name it had before PyTorch 0.4."""
    old_spelling("x.resize(sizes)", "x.reshape(sizes)")
    return self.reshape(*sizes)


register_attribute("name", lambda self: None)
