"""The functions of neural networks, as `torch.nn.functional`."""

from funcnet.compat._namespace import functions, missing
from funcnet.compat._ops import FUNCTIONS
from funcnet.compat._ops._functional._loss_classes import LinearCrossEntropyOptions

globals().update(functions("nn.functional"))
sigmoid, tanh = FUNCTIONS["sigmoid"], FUNCTIONS["tanh"]  # where they once were
native_channel_shuffle = FUNCTIONS["native_channel_shuffle"]
__getattr__ = missing("nn.functional", globals())

__all__ = ["LinearCrossEntropyOptions"]
