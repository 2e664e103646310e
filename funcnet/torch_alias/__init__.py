"""`import torch` that gives `funcnet.compat`, in this process and in its children.

Nothing here imports the package itself: a process that never asks for torch starts as
fast as without.
"""

from funcnet.torch_alias.children import install_in_children
from funcnet.torch_alias.finder import install
from funcnet.torch_alias.versions import VERSIONS

__all__ = ["VERSIONS", "install", "install_in_children"]
