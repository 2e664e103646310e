"""Mixed precision on GPUs, as `torch.cuda.amp`: older names of `torch.amp`."""

from collections.abc import Callable
from typing import Any

from funcnet.compat import amp as _amp
from funcnet.compat._core.device import gpus
from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat.amp.legacy import LegacyAutocast, LegacyGradScaler


class autocast(LegacyAutocast):  # noqa: N801 - PyTorch's name
    """`torch.autocast("cuda", ...)`."""

    on = "cuda"


class GradScaler(LegacyGradScaler):
    """`torch.amp.GradScaler("cuda", ...)`."""

    on = "cuda"


@explains_keywords
def custom_fwd(
    fwd: Callable[..., Any] | None = None, *, cast_inputs: DType | None = None
) -> Any:
    """`torch.amp.custom_fwd(..., device_type="cuda")`."""
    return _amp.custom_fwd(fwd, device_type="cuda", cast_inputs=cast_inputs)


def custom_bwd(bwd: Callable[..., Any] | None = None) -> Any:
    """`torch.amp.custom_bwd(..., device_type="cuda")`."""
    return _amp.custom_bwd(bwd, device_type="cuda")


def amp_definitely_not_available() -> bool:
    """Return whether there is no GPU."""
    return not gpus()


__all__ = [
    "GradScaler",
    "amp_definitely_not_available",
    "autocast",
    "custom_bwd",
    "custom_fwd",
]
