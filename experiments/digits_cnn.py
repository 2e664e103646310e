"""Recognise handwritten digits with a small convolutional network.

    python experiments/digits_cnn.py

Two convolutions with batch norm, a pool and two linear layers on the 1,797 digits of
the UCI set, images of 8×8 pixels, a fifth of which is held out. Each training image is
moved by a fraction of a pixel. How the network is trained stands in `_digits.py`.
"""

import argparse

from _digits import recognise

from funcnet import functional as F
from funcnet import nn, train


class DigitsCNN(nn.Model):
    def __init__(self, channels=32, hidden=128):
        self.conv1 = nn.Conv2d(1, channels, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, 2 * channels, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(2 * channels)
        self.pool = nn.MaxPool2d(2)
        self.drop = nn.Dropout(0.25)
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(2 * channels * 4 * 4, hidden)
        self.fc2 = nn.Linear(hidden, 10)

    def forward(self, x):  # (batch, 1, 8, 8) -> (batch, 10)
        x = F.relu(self.norm1(self.conv1(x)))  # (batch, 32, 8, 8)
        x = F.relu(self.norm2(self.conv2(x)))  # (batch, 64, 8, 8)
        x = self.flatten(self.pool(x))  # (batch, 64 * 4 * 4)
        x = F.relu(self.fc1(self.drop(x)))
        return self.fc2(x)


def main(args: argparse.Namespace) -> float:
    return recognise(
        DigitsCNN(), args, learning_rate=2e-3, weight_decay=0.05, shift=0.7
    )


if __name__ == "__main__":
    train.run_script(main, train.arguments(__doc__, name="digits_cnn", epochs=30))
