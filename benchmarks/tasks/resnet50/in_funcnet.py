"""ResNet-50 of torchvision, in funcnet."""

from benchmarks.peers.in_funcnet import Network
from funcnet import functional as F
from funcnet import models, optim


def build() -> Network:
    optimizer = optim.sgd(0.01, momentum=0.9, weight_decay=1e-4)
    return Network(models.resnet50(), F.cross_entropy, optimizer)
