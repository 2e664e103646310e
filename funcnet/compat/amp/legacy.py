"""Deprecated classes of `torch.cpu.amp` and `torch.cuda.amp`."""

from typing import ClassVar

from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat.amp.autocast_mode import autocast
from funcnet.compat.amp.grad_scaler import GradScaler


@explains_keywords
class LegacyAutocast(autocast):
    """`torch.autocast` for the device type of the class."""

    on: ClassVar[str]

    def __init__(
        self,
        enabled: bool = True,
        dtype: DType | None = None,
        cache_enabled: bool = True,
    ) -> None:
        super().__init__(self.on, dtype, enabled, cache_enabled)


@explains_keywords
class LegacyGradScaler(GradScaler):
    """`torch.amp.GradScaler` for the device type of the class."""

    on: ClassVar[str]

    def __init__(
        self,
        init_scale: float = 2.0**16,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        super().__init__(
            self.on, init_scale, growth_factor, backoff_factor, growth_interval, enabled
        )
