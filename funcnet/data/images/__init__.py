"""Images in files, and side by side in grids.

Arrays are `(channels, height, width)`.
"""

from funcnet.data.images._grid import make_grid, save_image
from funcnet.data.images._read import (
    ImageError,
    ImageReadMode,
    decode_image,
    open_image,
    read_image,
)
from funcnet.data.images._write import (
    encode_jpeg,
    encode_png,
    write_jpeg,
    write_png,
)

__all__ = [
    "ImageError",
    "ImageReadMode",
    "decode_image",
    "encode_jpeg",
    "encode_png",
    "make_grid",
    "open_image",
    "read_image",
    "save_image",
    "write_jpeg",
    "write_png",
]
