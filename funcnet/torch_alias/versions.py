"""The versions of PyTorch and torchvision whose names there are."""

from typing import Final

VERSIONS: Final = {"torch": "2.13.0+funcnet", "torchvision": "0.28.0+funcnet"}
