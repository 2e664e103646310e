"""Networks that classify each pixel, as `torchvision.models.segmentation`.

Example:
    >>> from funcnet import models
    >>> model = models.segmentation.fcn_resnet50(num_classes=3)
    >>> model.classifier[4].out_channels
    3
"""

from .deeplabv3 import *
from .fcn import *
from .lraspp import *

__all__ = sorted(
    name for name, value in globals().items() if name[:1] != "_" and callable(value)
)
