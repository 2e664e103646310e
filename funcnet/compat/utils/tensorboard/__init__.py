"""Event files for TensorBoard, as `torch.utils.tensorboard`."""

from funcnet.compat.utils.tensorboard.writer import SummaryWriter

__all__ = ["SummaryWriter"]
