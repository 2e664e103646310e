"""Networks that find how pixels move between two images.

As `torchvision.models.optical_flow`.

Example:
    >>> from funcnet import models
    >>> model = models.optical_flow.raft_small()
    >>> model.update_block.hidden_state_size
    96
"""

from .._folders import shown

__all__, __getattr__ = shown(__name__)
