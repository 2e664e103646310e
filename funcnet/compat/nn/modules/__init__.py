"""All modules, as `torch.nn.modules`."""

from importlib import import_module

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat.nn.modules import loss, norm, shape
from funcnet.compat.nn.modules import utils as utils
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.modules.utils import _public_modules

_FILES = [
    import_module(f"{__name__}.{name}")
    for name in (
        *("activation", "adaptive", "container", "conv", "dropout", "lazy", "linear"),
        *("loss", "norm", "pooling", "rnn", "shape", "sparse", "transformer"),
    )
]
CLASSES = {
    name: vars(file)[name] for file in _FILES for name in _public_modules(vars(file))
}
globals().update(CLASSES)

# The names under which PyTorch has some of these files.
for _file, _names in {
    norm: ("batchnorm", "instancenorm", "normalization"),
    loss: ("linear_cross_entropy",),
    shape: (
        *("flatten", "fold", "padding", "pixelshuffle", "upsampling", "distance"),
        "channelshuffle",
    ),
}.items():
    for _name in _names:
        show_as(
            f"{__name__}.{_name}",
            {name: x for name, x in vars(_file).items() if name[:2] != "__"},
        )

__all__ = [*CLASSES, "Module"]
