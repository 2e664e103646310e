"""1-10-1 regression in funcnet."""

from benchmarks.peers.in_funcnet import Network
from funcnet import functional as F
from funcnet import nn, optim


def build() -> Network:
    model = nn.Sequential(nn.Linear(1, 10), nn.ReLU(), nn.Linear(10, 1))
    return Network(model, F.mse_loss, optim.sgd(0.2))
