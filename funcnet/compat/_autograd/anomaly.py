"""Anomaly mode: find the operation whose gradient is not a number."""

from funcnet.compat._core.context import thread
from funcnet.compat._messages.keyword_errors import explains_keywords


def _set(anomaly: bool, check_nan: bool) -> None:
    thread.context.change(anomaly=anomaly, check_nan=check_nan)


@explains_keywords
class detect_anomaly:  # noqa: N801 - PyTorch's name
    """Check each gradient for NaN, and name the forward call it belongs to."""

    def __init__(self, check_nan: bool = True) -> None:
        self.wanted = (True, check_nan)

    def __enter__(self) -> None:
        self.before = (thread.context.anomaly, thread.context.check_nan)
        _set(*self.wanted)

    def __exit__(self, *error: object) -> None:
        _set(*self.before)


@explains_keywords
class set_detect_anomaly(detect_anomaly):  # noqa: N801
    """Switch anomaly mode on or off, at once or for a `with` block."""

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self.wanted = (mode, check_nan)
        self.before = (thread.context.anomaly, thread.context.check_nan)
        _set(*self.wanted)

    def __enter__(self) -> None:
        return


def is_anomaly_enabled() -> bool:
    """Return whether anomaly mode is on."""
    return thread.context.anomaly


def is_anomaly_check_nan_enabled() -> bool:
    """Return whether anomaly mode, if it is on, looks for NaN."""
    return thread.context.check_nan


@explains_keywords
def set_anomaly_enabled(enabled: bool, check_nan: bool = True) -> None:
    """Switch anomaly mode on or off, as `torch.autograd.set_detect_anomaly`."""
    _set(bool(enabled), check_nan)
