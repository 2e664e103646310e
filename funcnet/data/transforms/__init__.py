"""Transforms of images, with torchvision's names and numbers.

An image is one of Pillow, or an array `(channels, height, width)` whose values are
bytes or floating-point numbers from 0 to 1; `ToTensor` leads from the first to the
second. Random transforms take `generator=`, a seed or a `numpy.random.Generator`, and
draw from NumPy's global stream without it.
"""

from funcnet.data.transforms import functional as functional
from funcnet.data.transforms._auto import *
from funcnet.data.transforms._base import *
from funcnet.data.transforms._color import *
from funcnet.data.transforms._compose import *
from funcnet.data.transforms._convert import *
from funcnet.data.transforms._crop import *
from funcnet.data.transforms._erasing import *
from funcnet.data.transforms._geometry import *
from funcnet.data.transforms._interpolation import *
from funcnet.data.transforms._levels import *
from funcnet.data.transforms._mix import *
from funcnet.data.transforms._policies import *
from funcnet.data.transforms._warp import *

__all__ = sorted(name for name in globals() if not name.startswith("_"))
