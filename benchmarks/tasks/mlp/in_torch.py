"""784-512-512-10 in PyTorch."""

import torch
from torch import nn
from torch.nn import functional as F

from benchmarks.peers.in_torch import Network


def build() -> Network:
    model = nn.Sequential(
        nn.Linear(784, 512),
        nn.ReLU(),
        nn.Linear(512, 512),
        nn.ReLU(),
        nn.Linear(512, 10),
    )
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    return Network(model, lambda model, x, y: F.cross_entropy(model(x), y), optimizer)
