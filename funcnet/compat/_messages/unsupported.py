"""What to say of names that are not here."""

from collections.abc import Iterable
from typing import Any, Final, NoReturn

from funcnet.compat._messages.refused_names import refused_here
from funcnet.compat._messages.suggestions import did_you_mean, users_line

# Modules that are not there, and what to use instead.
LATER = {
    "_inductor": "every step is compiled already; there is nothing to set",
    "backends.quantized": "there are no quantized tensors: compute in bfloat16",
}

# What learners write, and what they mean.
MEANT = {
    "load_state_dic": "model.load_state_dict(torch.load(path))",
    "load_state_dict": "model.load_state_dict(torch.load(path))",
    "state_dict": "model.state_dict()",
    "backward": "loss.backward()",
    "Module": "torch.nn.Module",
    "Linear": "torch.nn.Linear",
    "SGD": "torch.optim.SGD",
    "Adam": "torch.optim.Adam",
    "DataLoader": "torch.utils.data.DataLoader",
    "Dataset": "torch.utils.data.Dataset",
}


ASKED: Final[dict[str, str]] = {}
"""The names that were asked for and are not there, with the lines that asked first."""


def missing(name: str, known: Iterable[str], module: str = "") -> Any:
    """What refuses under this name; else raise AttributeError, with the right name.

    `module` is the part of torch that was asked, such as "nn".
    """
    path = f"{module}.{name}" if module else name
    note_missing(f"torch.{path}")
    refused = refused_here(module, name)
    if refused is not None:
        return refused
    text = f"module 'torch{'.' + module if module else ''}' has no attribute {name!r}."
    if path in MEANT:
        text += f" Did you mean {MEANT[path]!r}?"
    elif path in LATER:
        text = f"funcnet.compat has no torch.{path}: {LATER[path]}."
    else:
        text += did_you_mean(name, known)
    raise AttributeError(text)


def note_missing(path: str) -> None:
    """Note that a name was asked for; not those that Python itself asks for."""
    if not path.rpartition(".")[2].startswith("__"):
        ASKED.setdefault(path, users_line())


def no_module(name: str) -> NoReturn:
    """Raise ModuleNotFoundError for a module of torch, saying what there is instead."""
    note_missing(f"torch.{name}")
    reason = f": {LATER[name]}." if name in LATER else "."
    raise ModuleNotFoundError(
        f"funcnet.compat has no torch.{name}{reason}", name=f"torch.{name}"
    )
