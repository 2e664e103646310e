"""Mixed precision on CPUs, as `torch.cpu.amp`: older names of `torch.amp`."""

from funcnet.compat.amp.legacy import LegacyAutocast, LegacyGradScaler


class autocast(LegacyAutocast):  # noqa: N801 - PyTorch's name
    """`torch.autocast("cpu", ...)`."""

    on = "cpu"


class GradScaler(LegacyGradScaler):
    """`torch.amp.GradScaler("cpu", ...)`."""

    on = "cpu"


__all__ = ["GradScaler", "autocast"]
