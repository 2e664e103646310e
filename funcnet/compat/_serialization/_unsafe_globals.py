"""`torch.load(weights_only=False)`: whatever the file names is imported and called."""

import _compat_pickle
import importlib
from typing import Any

from funcnet.checkpoint.pth._pickle.values import Known
from funcnet.compat._serialization._globals_table import TensorGlobals, _set_state
from funcnet.compat.nn import Module


class UnsafeGlobals(TensorGlobals):
    """Knows every name that can be imported; PyTorch's are those of funcnet.compat."""

    unsafe = True

    def find(self, module: str, name: str) -> Any:
        old = (module, name)
        module, name = _compat_pickle.NAME_MAPPING.get(old, old)
        module = _compat_pickle.IMPORT_MAPPING.get(module, module)
        full = f"{module}.{name}"
        if full in self.safe:
            return self.safe[full]
        if full in self.table:
            return self.table[full]
        if module.split(".")[0] == "torch":
            return _ours(module, name)
        result = importlib.import_module(module)
        for part in name.split("."):
            result = getattr(result, part)
        return result

    def build(self, target: Any, state: Any) -> None:
        known = isinstance(target, Module) or type(target).__module__ in _CHECKED
        if known:
            super().build(target, state)
        else:
            _set_state(target, state)

    def key(self, key: object) -> Any:
        return key

    def is_allowed(self, value: object) -> bool:
        return not isinstance(value, Known)

    def check(self, value: object) -> None:
        """Nothing: the file is trusted."""


_CHECKED = ("numpy", "collections", "argparse")


def _ours(module: str, name: str) -> Any:
    """What funcnet.compat has under a name of PyTorch's."""
    result: Any = importlib.import_module("funcnet.compat")
    for part in module.split(".")[1:]:
        result = getattr(result, part, result)  # torch.optim.sgd.SGD is optim.SGD here
    return getattr(result, name)
