"""PyTorch's files of optimizers: a class, and the function that makes one step."""

from typing import Any, Final

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.unsupported import missing

# Where PyTorch's file has another name than the class; None: a file of ours has it.
_FILES: Final = {
    "Adafactor": "_adafactor",
    "Muon": "_muon",
    "SparseAdam": "sparse_adam",
    "LBFGS": None,
    "Optimizer": None,
}
_WITHOUT_FUNCTION: Final = ("_adafactor", "_muon", "sparse_adam")


def show_files(classes: dict[str, type]) -> None:
    """Put the modules `torch.optim.adam` and the like into `sys.modules`."""
    for name, cls in classes.items():
        file = _FILES.get(name, name.lower())
        if file is None:
            continue
        shown: dict[str, Any] = {name: cls}
        if file not in _WITHOUT_FUNCTION:
            shown["__getattr__"] = _function_of(file, shown)
        show_as(f"funcnet.compat.optim.{file}", shown)


def _function_of(file: str, shown: dict[str, Any]) -> Any:
    def look_up(name: str) -> Any:
        if name != file:
            return missing(name, (*shown, file), f"optim.{file}")
        from funcnet.compat.optim._functional import functional

        shown[name] = result = functional(name)
        return result

    return look_up
