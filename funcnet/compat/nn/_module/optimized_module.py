"""What `torch.compile` makes of a module."""

from typing import Any

from funcnet.compat._tiers.compiled_calls import compiled_call
from funcnet.compat.nn.modules.module import Module


class OptimizedModule(Module):
    """Module whose calls are compiled, around the module that was given.

    Its attributes are those of the given module, which is `_orig_mod`; so the names in
    its state begin with `_orig_mod.`, as in PyTorch.
    """

    def __init__(self, mod: Module) -> None:
        super().__init__()
        self._modules["_orig_mod"] = mod

    def forward(self, *args: object, **kwargs: object) -> Any:
        """Call the module; compile what it records at its first use."""
        with compiled_call():
            return self._orig_mod(*args, **kwargs)

    @property
    def training(self) -> bool:
        """Whether the given module is in training."""
        return bool(self._orig_mod.training)

    @training.setter
    def training(self, mode: bool) -> None:
        if "_orig_mod" in self.__dict__.get("_modules", ()):
            self._orig_mod.training = mode

    def __getattr__(self, name: str) -> Any:
        modules = self.__dict__.get("_modules", {})
        if name == "_orig_mod" or "_orig_mod" not in modules:
            return super().__getattr__(name)
        return getattr(modules["_orig_mod"], name)

    def __setattr__(self, name: str, value: object) -> None:
        if name in _OWN or "_orig_mod" not in self.__dict__.get("_modules", {}):
            super().__setattr__(name, value)
        else:
            setattr(self._orig_mod, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._orig_mod, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self._orig_mod)})


_OWN = ("training", "_orig_mod", "_forward_hooks")


__all__ = ["OptimizedModule"]
