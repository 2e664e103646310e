"""Mixed precision on CPUs, as `torch.cpu.amp`: older names of `torch.amp`."""

from funcnet.compat.amp._of_device import AutocastOf, GradScalerOf


class autocast(AutocastOf):  # noqa: N801 - PyTorch's name
    """`torch.autocast("cpu", ...)`."""

    on = "cpu"


class GradScaler(GradScalerOf):
    """`torch.amp.GradScaler("cpu", ...)`."""

    on = "cpu"


__all__ = ["GradScaler", "autocast"]
