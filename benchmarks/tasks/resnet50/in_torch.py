"""ResNet-50 of torchvision."""

import torch
from torch.nn import functional as F
from torchvision.models import resnet50

from benchmarks.peers.in_torch import Network


def build() -> Network:
    model = resnet50()
    settings = {"lr": 0.01, "momentum": 0.9, "weight_decay": 1e-4}
    optimizer = torch.optim.SGD(model.parameters(), **settings)
    return Network(model, lambda model, x, y: F.cross_entropy(model(x), y), optimizer)
