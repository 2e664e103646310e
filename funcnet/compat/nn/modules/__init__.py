"""All modules, as `torch.nn.modules`."""

from funcnet.compat.nn.modules import (
    activation,
    adaptive,
    container,
    conv,
    dropout,
    lazy,
    linear,
    loss,
    norm,
    pooling,
    rnn,
    shape,
    sparse,
    transformer,
)
from funcnet.compat.nn.modules.module import Module

# The names under which PyTorch has some of these files.
batchnorm = instancenorm = normalization = norm
flatten = fold = padding = pixelshuffle = upsampling = distance = channelshuffle = shape

_FILES = (
    activation,
    adaptive,
    container,
    conv,
    dropout,
    lazy,
    linear,
    loss,
    norm,
    pooling,
    rnn,
    shape,
    sparse,
    transformer,
)
CLASSES = {
    name: found
    for file in _FILES
    for name, found in vars(file).items()
    if isinstance(found, type)
    and issubclass(found, Module)
    and found.__module__ == file.__name__
    and not name.startswith("_")
}
globals().update(CLASSES)

__all__ = ["CLASSES", "Module"]
