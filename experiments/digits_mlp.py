"""Recognise handwritten digits with the network of PyTorch's quickstart.

    python experiments/digits_mlp.py

Two hidden layers of 512 units on images of 8×8 pixels. A fifth of the 1,797 digits is
held out. Moving each training image a little, and asking for 90 % certainty only, keeps
a network that could learn 1,438 images by heart from doing so. How the network is
trained stands in `_digits.py`.
"""

import argparse

from _digits import recognise

from funcnet import nn, train


class QuickstartNetwork(nn.Model):
    def __init__(self, hidden=512):
        self.flatten = nn.Flatten()
        self.linear_relu_stack = nn.Sequential(
            nn.Linear(8 * 8, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, 10),
        )

    def forward(self, x):  # (batch, 1, 8, 8) -> (batch, 10)
        return self.linear_relu_stack(self.flatten(x))


def main(args: argparse.Namespace) -> float:
    return recognise(
        QuickstartNetwork(), args, learning_rate=2e-3, weight_decay=0.05, shift=0.5
    )


if __name__ == "__main__":
    train.run_script(main, train.arguments(__doc__, name="digits_mlp", epochs=60))
