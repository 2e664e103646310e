"""PyTorch's names of what funcnet.compat has, as files have them."""

from typing import Any, Final

from funcnet._homes import home_of
from funcnet.checkpoint import CheckpointError
from funcnet.checkpoint.pth._pickle.pickler import Name
from funcnet.compat import optim
from funcnet.compat.nn import functional
from funcnet.compat.nn.modules import CLASSES
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.optim import lr_scheduler

_NN: Final = "torch.nn.modules"

# Where PyTorch keeps classes that lie in files of other names here.
_FILES: Final = {
    "adaptive": "AdaptiveLogSoftmaxWithLoss",
    "batchnorm": "BatchNorm1d BatchNorm2d BatchNorm3d SyncBatchNorm",
    "instancenorm": "InstanceNorm1d InstanceNorm2d InstanceNorm3d",
    "normalization": "LayerNorm RMSNorm GroupNorm LocalResponseNorm CrossMapLRN2d",
    "flatten": "Flatten Unflatten",
    "fold": "Fold Unfold",
    "pixelshuffle": "PixelShuffle PixelUnshuffle",
    "channelshuffle": "ChannelShuffle",
    "upsampling": "Upsample UpsamplingNearest2d UpsamplingBilinear2d",
    "distance": "CosineSimilarity PairwiseDistance",
    "padding": "CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d "
    "ConstantPad3d ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d "
    "ReplicationPad2d ReplicationPad3d ZeroPad1d ZeroPad2d ZeroPad3d",
}
_FILE_OF: Final = {
    name: file for file, names in _FILES.items() for name in names.split()
}

MODULES: Final = {
    f"{_NN}.{_FILE_OF.get(name, home_of(cls).rpartition('.')[2])}.{name}": cls
    for name, cls in CLASSES.items()
    if not name.startswith("Lazy")
} | {f"{_NN}.linear._LinearWithBias": CLASSES["NonDynamicallyQuantizableLinear"]}
"""The classes of modules by PyTorch's full name."""

FUNCTIONS: Final = {
    "torch.nn.functional.relu": functional.relu,
    "torch.nn.functional.gelu": functional.gelu,
    "torch._C._nn.gelu": functional.gelu,
}
"""Functions that modules hold in their fields."""

_NAME_OF: Final[dict[Any, str]] = {
    value: name for name, value in (*MODULES.items(), *FUNCTIONS.items())
} | {
    CLASSES["NonDynamicallyQuantizableLinear"]: f"{_NN}.linear."
    "NonDynamicallyQuantizableLinear",
    Module: f"{_NN}.module.Module",
}


def pytorch_name(value: object) -> Name | None:
    """The name under which PyTorch knows a class or function; None for others'.

    Raises:
        CheckpointError: it is one of funcnet's that PyTorch does not have.
    """
    home = str(getattr(value, "__module__", ""))
    if isinstance(value, type):
        home = home_of(value)
    if not home.startswith("funcnet."):
        return None
    if value in _NAME_OF:
        module, _, name = _NAME_OF[value].rpartition(".")
        return Name(module, name)
    word = getattr(value, "__name__", "")
    if getattr(optim, word, None) is value:
        return Name(f"torch.optim.{word.lower()}", word)
    if getattr(lr_scheduler, word, None) is value:
        return Name("torch.optim.lr_scheduler", word)
    raise CheckpointError(
        f"{home}.{word} has no name in PyTorch's files. Save a state_dict."
    )
