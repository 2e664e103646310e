"""The functions of neural networks, as `torch.nn.functional`."""

from funcnet.compat._namespace import functions, missing
from funcnet.compat._ops._functional._loss_classes import LinearCrossEntropyOptions

globals().update(functions("nn.functional"))
__getattr__ = missing("nn.functional", globals())

__all__ = ["LinearCrossEntropyOptions"]
