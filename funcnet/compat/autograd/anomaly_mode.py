"""`torch.autograd.anomaly_mode`."""

from funcnet.compat.autograd._anomaly import detect_anomaly, set_detect_anomaly

__all__ = ["detect_anomaly", "set_detect_anomaly"]
