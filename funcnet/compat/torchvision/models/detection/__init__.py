"""Networks that find objects, as `torchvision.models.detection`.

They are there in compat only: which boxes are kept depends on their values, and lists
of images and boxes go in and come out, which fits no pure function of arrays.

Example:
    >>> from funcnet.compat.torchvision.models import detection
    >>> model = detection.ssd300_vgg16(weights_backbone=None)  # doctest: +SKIP
"""

from funcnet.compat.torchvision.models.detection.faster_rcnn import *
from funcnet.compat.torchvision.models.detection.fcos import *
from funcnet.compat.torchvision.models.detection.keypoint_rcnn import *
from funcnet.compat.torchvision.models.detection.mask_rcnn import *
from funcnet.compat.torchvision.models.detection.retinanet import *
from funcnet.compat.torchvision.models.detection.ssd import *
from funcnet.compat.torchvision.models.detection.ssdlite import *

__all__ = sorted(
    name for name in globals() if name[:1] != "_" and name != "annotations"
)
