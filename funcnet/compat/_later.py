"""What to say of names that are not here."""

from collections.abc import Iterable
from typing import Any

from funcnet.compat._help import did_you_mean

# What is planned, and what to use until then.
LATER = {
    "distributed": "many devices are not there yet",
    "multiprocessing": "many processes are not there yet",
    "distributions": "probability distributions are not there yet",
    "fx": "graphs of modules are not there: torch.pure(module) gives a function that "
    "jax.make_jaxpr shows",
    "onnx": "ONNX is not written; torch.pure(module) and jax.export give StableHLO",
    "profiler": "a step is one program: trace it with jax.profiler.trace(folder)",
    "hub": "nothing is downloaded; models are classes",
    "sparse": "sparse tensors are not there; JAX has jax.experimental.sparse",
    "sparse_coo_tensor": "sparse tensors are not there; use a dense one",
    "spmm": "sparse tensors are not there; use torch.mm of dense ones",
    "ops": "PyTorch's registry of C++ operators is not there",
    "nn.DataParallel": "many devices are not there yet; call the module itself",
    "nn.parallel": "many devices are not there yet",
    "utils.data.distributed": "many processes are not there yet",
    "utils.tensorboard": "write with tensorboardX, which needs no torch",
    "quantization": "quantized tensors are not there",
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


def missing(name: str, known: Iterable[str], module: str = "") -> Any:
    """Raise AttributeError, with the right name or with what there is instead.

    `module` is the part of torch that was asked, such as "nn".
    """
    path = f"{module}.{name}" if module else name
    text = f"module 'torch{'.' + module if module else ''}' has no attribute {name!r}."
    if path in MEANT:
        text += f" Did you mean {MEANT[path]!r}?"
    elif path in LATER:
        text = f"funcnet.compat has no torch.{path}: {LATER[path]}."
    else:
        text += did_you_mean(name, known)
    raise AttributeError(text)
