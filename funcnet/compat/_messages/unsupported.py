"""What to say of names that are not here."""

from collections.abc import Iterable
from typing import Any, Final, NoReturn

from funcnet.compat._messages.suggestions import did_you_mean, users_line

_QUANTIZED = "quantized tensors are not there"
_TORCH_SCRIPT = "there is no TorchScript; torch.jit.script returns what it is given"
_DYNAMO = "every step is compiled already; there is nothing to set"
_TRACES = "a step is one program: trace it with jax.profiler.trace(folder)"
_MANY = "many devices are not there yet"

# What is planned, or will not be, and what to use instead.
LATER = {
    "package": "a package of torch holds pickled code, which is not run here; save a "
    "state_dict, or torch.pure(module) and jax.export",
    "lobpcg": "use torch.linalg.eigh and take some of what it gives",
    "_inductor": _DYNAMO,
    "thread_safe_generator": "pass generators to threads as arguments",
    "utils.data.datapipes": "datapipes are not there; write an IterableDataset",
    "utils.data.IterDataPipe": "datapipes are not there; write an IterableDataset",
    "utils.data.functional_datapipe": "datapipes are not there; write an "
    "IterableDataset",
    "func.rearrange": "use reshape and permute, or einops",
    "func.debug_unwrap": "tensors inside transformations are ordinary ones",
    "jit.CompilationUnit": _TORCH_SCRIPT,
    "jit.ScriptFunction": _TORCH_SCRIPT,
    "jit.export_opnames": _TORCH_SCRIPT,
    "cuda.MemPool": "XLA looks after its memory itself",
    "cuda.nccl": _MANY,
    "cuda.comm": _MANY,
    "cuda.utilization": "ask nvidia-smi",
    "cuda.temperature": "ask nvidia-smi",
    "cuda.memory_usage": "ask nvidia-smi",
    "masked.masked_tensor": "masked tensors are not there; torch.masked has functions",
    "masked.MaskedTensor": "masked tensors are not there; torch.masked has functions",
}
_GROUPS = {
    _QUANTIZED: "quantize_per_tensor quantize_per_channel "
    "dequantize fake_quantize_per_tensor_affine "
    "fake_quantize_per_channel_affine backends.quantized",
}
LATER |= {name: said for said, names in _GROUPS.items() for name in names.split()}

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
    """Raise AttributeError, with the right name or with what there is instead.

    `module` is the part of torch that was asked, such as "nn".
    """
    path = f"{module}.{name}" if module else name
    note_missing(f"torch.{path}")
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
