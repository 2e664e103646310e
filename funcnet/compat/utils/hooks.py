"""Handles of hooks, as `torch.utils.hooks`."""

import warnings
from typing import Any

from funcnet.compat._core.removable_handle import RemovableHandle
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._messages.unsupported import missing
from funcnet.compat._tensor.tensor import Tensor


def unserializable_hook(f: Any) -> Any:
    """Mark a hook that is not saved with its tensor."""
    f.__torch_unserializable__ = True
    return f


def warn_if_has_hooks(tensor: Tensor) -> None:
    """Warn if a pickled tensor has hooks, which are not saved."""
    for _, hook in (tensor._backward_hooks or {}).values():
        if not hasattr(hook, "__torch_unserializable__"):
            warnings.warn(
                f"backward hook {hook!r} on tensor will not be serialized. If this is "
                "expected, you can decorate the function with @torch.utils.hooks."
                "unserializable_hook to suppress this warning",
                stacklevel=outside(),
            )


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "utils.hooks")


__all__ = ["RemovableHandle", "unserializable_hook", "warn_if_has_hooks"]
