"""An image read row by row, in funcnet."""

from benchmarks.peers.in_funcnet import Network
from funcnet import functional as F
from funcnet import nn, optim


class Net(nn.Model):
    def __init__(self):
        self.lstm = nn.LSTM(28, 128, num_layers=2, batch_first=True)
        self.fc = nn.Linear(128, 10)

    def forward(self, x):
        outputs, _ = self.lstm(x)  # (batch, rows, 128)
        return self.fc(outputs[:, -1])


def build() -> Network:
    return Network(Net(), F.cross_entropy, optim.adam(1e-3))
