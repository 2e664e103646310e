"""Devices that JAX has not: `torch.mps` answers that there are none."""


def is_available() -> bool:
    """No."""
    return False


def device_count() -> int:
    """None."""
    return 0


__all__ = ["device_count", "is_available"]
