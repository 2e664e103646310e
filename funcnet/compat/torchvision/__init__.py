"""Images, transforms and datasets, as `torchvision`."""

from funcnet.compat.torchvision import transforms
from funcnet.compat.torchvision._missing import missing

__version__ = "0.28.0+funcnet"
__getattr__ = missing("", globals())

__all__ = ["transforms"]
