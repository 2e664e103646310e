"""1-10-1 regression in PyTorch."""

import torch
from torch import nn
from torch.nn import functional as F

from benchmarks.peers.in_torch import Network


def build() -> Network:
    model = nn.Sequential(nn.Linear(1, 10), nn.ReLU(), nn.Linear(10, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
    return Network(model, lambda model, x, y: F.mse_loss(model(x), y), optimizer)
