"""ViT-B/16 of torchvision, in funcnet."""

from benchmarks.peers.in_funcnet import Network
from funcnet import functional as F
from funcnet import models, optim


def build() -> Network:
    optimizer = optim.adamw(1e-4, weight_decay=0.1)
    return Network(models.vit_b_16(), F.cross_entropy, optimizer)
