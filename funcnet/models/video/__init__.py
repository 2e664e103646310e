"""Networks that classify videos, as `torchvision.models.video`.

A video is `(batch, 3, frames, height, width)`.

Example:
    >>> from funcnet import models
    >>> model = models.video.r3d_18(num_classes=3)
    >>> model.fc.out_features
    3
"""

from .._folders import shown

__all__, __getattr__ = shown(__name__)
