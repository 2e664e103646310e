"""An image read row by row, in PyTorch."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from benchmarks.peers.in_torch import Network


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(28, 128, num_layers=2, batch_first=True)
        self.fc = nn.Linear(128, 10)

    def forward(self, x: Tensor) -> Tensor:
        outputs, _ = self.lstm(x)  # (batch, rows, 128)
        return self.fc(outputs[:, -1])


def build() -> Network:
    model = Net()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    return Network(model, lambda model, x, y: F.cross_entropy(model(x), y), optimizer)
