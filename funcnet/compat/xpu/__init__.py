"""Devices that JAX has not: `torch.xpu` answers that there are none."""


def is_available() -> bool:
    """No."""
    return False


def device_count() -> int:
    """None."""
    return 0


def is_current_stream_capturing() -> bool:
    """No."""
    return False


__all__ = ["device_count", "is_available", "is_current_stream_capturing"]
