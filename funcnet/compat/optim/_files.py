"""PyTorch's files of optimizers: a class, and the function that makes one step."""

from typing import Any, Final

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.unsupported import missing

_FILES: Final = {
    "_adafactor": "Adafactor",
    "_muon": "Muon",
    "adadelta": "Adadelta",
    "adagrad": "Adagrad",
    "adam": "Adam",
    "adamax": "Adamax",
    "adamw": "AdamW",
    "asgd": "ASGD",
    "nadam": "NAdam",
    "radam": "RAdam",
    "rmsprop": "RMSprop",
    "rprop": "Rprop",
    "sgd": "SGD",
    "sparse_adam": "SparseAdam",
}
_WITHOUT_FUNCTION: Final = ("_adafactor", "_muon", "sparse_adam")


def show_files(classes: dict[str, Any]) -> None:
    """Put the modules `torch.optim.adam` and the like into `sys.modules`."""
    for file, name in _FILES.items():
        shown = {name: classes[name]}
        if file not in _WITHOUT_FUNCTION:
            shown["__getattr__"] = _function_of(file, shown)
        show_as(f"funcnet.compat.optim.{file}", shown)


def _function_of(file: str, shown: dict[str, Any]) -> Any:
    def look_up(name: str) -> Any:
        if name != file:
            return missing(name, (*shown, file), f"optim.{file}")
        from funcnet.compat.optim._functional import functional

        shown[name] = found = functional(name)
        return found

    return look_up
