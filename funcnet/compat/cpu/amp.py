"""Mixed precision on CPUs, as `torch.cpu.amp`: older names of `torch.amp`."""

from funcnet.compat import _dtypes
from funcnet.compat import amp as _amp
from funcnet.compat._dtypes import dtype as DType


class autocast(_amp.autocast):  # noqa: N801 - PyTorch's name
    """`torch.autocast("cpu", ...)`."""

    def __init__(
        self,
        enabled: bool = True,
        dtype: DType = _dtypes.bfloat16,
        cache_enabled: bool = True,
    ) -> None:
        super().__init__("cpu", dtype, enabled, cache_enabled)


class GradScaler(_amp.GradScaler):
    """`torch.amp.GradScaler("cpu", ...)`."""

    def __init__(
        self,
        init_scale: float = 2.0**16,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        super().__init__(
            "cpu", init_scale, growth_factor, backoff_factor, growth_interval, enabled
        )


__all__ = ["GradScaler", "autocast"]
