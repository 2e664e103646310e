"""Formatting of tensors, as `torch._tensor_str`."""

from typing import Any

from funcnet.compat._tensor import printing as _print
from funcnet.compat._tensor.tensor import Tensor


class _Options:
    """Settings of `torch.set_printoptions`."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_print._options, name)

    def __setattr__(self, name: str, value: Any) -> None:
        _print.set_printoptions(**{name: value})


PRINT_OPTS = _Options()


def _str(self: Tensor, *, tensor_contents: str | None = None) -> str:
    """Format a tensor."""
    return repr(self)


def _tensor_str(self: Tensor, indent: int) -> str:
    """Format the values of a tensor."""
    text = repr(self.detach())
    start = text.index("(") + 1
    end = text.rindex("]") + 1 if "]" in text else text.rindex(")")
    return text[start:end].replace("\n       ", "\n" + " " * indent)
