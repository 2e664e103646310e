"""Building extensions in C++, as `torch.utils.cpp_extension`: refused when used."""

import shutil
from typing import Any

from funcnet.compat._messages.unsupported import missing

CUDA_HOME = ROCM_HOME = None
IS_HIP_EXTENSION = False


def is_ninja_available() -> bool:
    """Return whether there is the program `ninja`."""
    return shutil.which("ninja") is not None


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "utils.cpp_extension")


__all__ = ["is_ninja_available"]
