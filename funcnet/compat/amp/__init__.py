"""Mixed precision, as `torch.amp`."""

from funcnet.compat.amp import autocast_mode, grad_scaler
from funcnet.compat.amp.autocast_mode import (
    autocast,
    custom_bwd,
    custom_fwd,
    is_autocast_available,
)
from funcnet.compat.amp.grad_scaler import GradScaler

__all__ = [
    "GradScaler",
    "autocast",
    "autocast_mode",
    "custom_bwd",
    "custom_fwd",
    "grad_scaler",
    "is_autocast_available",
]
