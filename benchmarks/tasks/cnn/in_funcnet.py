"""The MNIST network of pytorch/examples, in funcnet."""

from benchmarks.peers.in_funcnet import Network
from funcnet import functional as F
from funcnet import nn, optim


class Net(nn.Model):
    def __init__(self):
        self.conv1 = nn.Conv2d(1, 32, 3, 1)
        self.conv2 = nn.Conv2d(32, 64, 3, 1)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = self.dropout1(F.max_pool2d(x, 2))
        x = F.relu(self.fc1(x.reshape(len(x), -1)))
        return F.log_softmax(self.fc2(self.dropout2(x)), dim=1)


def build() -> Network:
    return Network(Net(), F.nll_loss, optim.sgd(0.01, momentum=0.9))
