"""LeNet-5, as PyTorch's tutorials write it."""

from typing import Any

from funcnet import functional as F
from funcnet import nn
from funcnet._types import Array


class LeNet(nn.Model):
    """LeNet-5: images `(batch, in_channels, 32, 32)` to logits.

    With ReLU and maximum pooling, as it is written today. Images of 28 by 28 pixels are
    taken too: the first convolution then pads them, as in the paper.

    Params: `conv1`, `conv2`, `fc1`, `fc2`, `fc3`, the names of PyTorch's tutorials.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> model = LeNet()
        >>> params, state = model.init(jax.random.key(0))
        >>> model.apply(params, state, jnp.ones((2, 1, 32, 32)))[0].shape
        (2, 10)

    Source: LeCun et al., "Gradient-Based Learning Applied to Document Recognition"
    (1998), http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf
    """

    def __init__(self, num_classes: int = 10, in_channels: int = 1) -> None:
        self.conv1 = nn.Conv2d(in_channels, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, num_classes)

    def forward(self, x: Array) -> Array:
        if x.shape[-2:] == (28, 28):
            x = F.pad(x, (2, 2, 2, 2))
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(F.flatten(x, 1)))
        return self.fc3(F.relu(self.fc2(x)))


def lenet(**options: Any) -> LeNet:
    """LeNet-5; see `LeNet` for the options."""
    return LeNet(**options)
