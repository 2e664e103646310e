"""Networks that classify each pixel, as `torchvision.models.segmentation`.

Example:
    >>> from funcnet import models
    >>> model = models.segmentation.fcn_resnet50(num_classes=3)
    >>> model.classifier[4].out_channels
    3
"""

from .._folders import shown

__all__, __getattr__ = shown(__name__)
