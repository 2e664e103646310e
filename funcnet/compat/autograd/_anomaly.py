"""Anomaly mode: find the operation whose gradient is not a number."""

from typing import Any

from funcnet.compat._modes import modes


class detect_anomaly:  # noqa: N801 - PyTorch's name
    """Check each gradient for NaN, and name the forward call it belongs to."""

    def __init__(self, check_nan: bool = True) -> None:
        self.wanted = (True, check_nan)

    def __enter__(self) -> None:
        self.before = (modes.anomaly, modes.check_nan)
        modes.anomaly, modes.check_nan = self.wanted

    def __exit__(self, *error: object) -> None:
        modes.anomaly, modes.check_nan = self.before


class set_detect_anomaly(detect_anomaly):  # noqa: N801
    """Switch anomaly mode on or off, at once or for a `with` block."""

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self.wanted = (mode, check_nan)
        self.before = (modes.anomaly, modes.check_nan)
        modes.anomaly, modes.check_nan = self.wanted

    def __enter__(self) -> None:
        return


def is_enabled() -> Any:
    """Tell whether anomaly mode is on."""
    return modes.anomaly
