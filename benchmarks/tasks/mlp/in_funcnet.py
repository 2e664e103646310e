"""784-512-512-10 in funcnet."""

from benchmarks.peers.in_funcnet import Network
from funcnet import functional as F
from funcnet import nn, optim


def build() -> Network:
    model = nn.Sequential(
        nn.Linear(784, 512),
        nn.ReLU(),
        nn.Linear(512, 512),
        nn.ReLU(),
        nn.Linear(512, 10),
    )
    return Network(model, F.cross_entropy, optim.sgd(0.01, momentum=0.9))
