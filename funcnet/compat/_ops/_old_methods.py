"""Methods of tensors that scripts still name: old ones, and those of sparse tensors."""

from typing import Any

from funcnet.compat._help import old_spelling
from funcnet.compat._ops._table import METHODS
from funcnet.compat._tensor import Tensor


def _resize(self: Tensor, *sizes: Any) -> Tensor:
    """`reshape` under the name it had before PyTorch 0.4."""
    old_spelling("x.resize(sizes)", "x.reshape(sizes)")
    return self.reshape(*sizes)


def _to_sparse(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """Refuse: there are no sparse tensors here."""
    raise NotImplementedError(
        "funcnet.compat has no sparse tensors. Keep the tensor dense, or use "
        "jax.experimental.sparse on torch.pure(module)."
    )


_members: dict[str, Any] = {
    "resize": _resize,
    "to_sparse": _to_sparse,
    "name": property(lambda self: None),
}
METHODS.update(_members)
