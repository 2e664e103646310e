"""ViT-B/16 of torchvision."""

import torch
from torch.nn import functional as F
from torchvision.models import vit_b_16

from benchmarks.peers.in_torch import Network


def build() -> Network:
    model = vit_b_16()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.1)
    return Network(model, lambda model, x, y: F.cross_entropy(model(x), y), optimizer)
