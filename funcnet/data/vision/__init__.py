"""Datasets of images by name, and of folders, in torchvision's layouts on disk."""

from funcnet.data.vision._base import *
from funcnet.data.vision._cifar import *
from funcnet.data.vision._coco import *
from funcnet.data.vision._download import *
from funcnet.data.vision._fake import *
from funcnet.data.vision._files import *
from funcnet.data.vision._folder import *
from funcnet.data.vision._mnist import *
from funcnet.data.vision._stl10 import *
from funcnet.data.vision._svhn import *

__all__ = sorted(name for name in globals() if not name.startswith("_"))
