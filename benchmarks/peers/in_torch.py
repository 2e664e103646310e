"""PyTorch: zero_grad, loss, backward, step; `compiled` compiles the loss."""

import os
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch

from benchmarks.peers import Training

torch.set_num_threads(len(os.sched_getaffinity(0)))


class Network(NamedTuple):
    """A module, its `loss(model, x, y)` and the optimizer of its parameters."""

    model: torch.nn.Module
    loss: Callable[..., torch.Tensor]
    optimizer: torch.optim.Optimizer
    clip_norm: float | None = None


def training(
    network: Network, x: np.ndarray, y: np.ndarray, compiled: bool = False
) -> Training:
    """Train `network` on one batch."""
    model, loss_of, optimizer, clip_norm = network
    inputs = torch.from_numpy(x)
    labels = torch.from_numpy(y if y.dtype == np.float32 else y.astype(np.int64))
    if inputs.dtype == torch.int32:
        inputs = inputs.long()
    if compiled:
        loss_of = torch.compile(loss_of)
    model.train()

    def step() -> torch.Tensor:
        optimizer.zero_grad()
        loss = loss_of(model, inputs, labels)
        loss.backward()
        if clip_norm is not None:
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
        optimizer.step()
        return loss.detach()

    return Training(step, float, sum(p.numel() for p in model.parameters()))
