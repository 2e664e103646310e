"""PyTorch's files of optimizers: a class, and the function that makes one step."""

import sys
from collections.abc import Callable
from typing import Any

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.unsupported import missing
from funcnet.compat.optim._update import RuleOptimizer


def show_files(classes: dict[str, type]) -> None:
    """Put the modules `torch.optim.adam` and the like into `sys.modules`.

    `lbfgs` and `optimizer` are files here, too.
    """
    for name, cls in classes.items():
        file = getattr(cls, "file", None) or name.lower()
        if f"funcnet.compat.optim.{file}" in sys.modules:
            continue
        shown: dict[str, Any] = {name: cls}
        if issubclass(cls, RuleOptimizer) and cls.functional:
            shown["__getattr__"] = _function_of(cls, file, shown)
        module = show_as(f"funcnet.compat.optim.{file}", shown)
        if "__getattr__" in shown:
            vars(module)["__all__"].append(file)


def _function_of(
    cls: type[RuleOptimizer], file: str, shown: dict[str, Any]
) -> Callable[[str], Any]:
    """The `__getattr__` of such a module: it makes the function on demand."""

    def look_up(name: str) -> Any:
        if name != file:
            return missing(name, (*shown, file), f"optim.{file}")
        from funcnet.compat.optim._functional import functional

        shown[name] = result = functional(cls, name)
        return result

    return look_up
