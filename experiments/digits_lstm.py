"""Recognise handwritten digits with an LSTM that reads them row by row.

    python experiments/digits_lstm.py

Each image is a sequence of eight rows of eight pixels, read from above and from below.
A fifth of the 1,797 digits is held out. How the network is trained stands in
`_digits.py`.
"""

import argparse

from _digits import recognise

from funcnet import nn, train


class RowReader(nn.Model):
    def __init__(self, hidden=128):
        self.lstm = nn.LSTM(8, hidden, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(2 * hidden, 10)

    def forward(self, x):  # (batch, 1, 8, 8) -> (batch, 10)
        output, _ = self.lstm(x[:, 0])  # (batch, 8, 2 * hidden)
        return self.head(self.drop(output.max(axis=1)))


def main(args: argparse.Namespace) -> float:
    return recognise(
        RowReader(), args, learning_rate=5e-3, weight_decay=0.01, shift=0.5
    )


if __name__ == "__main__":
    train.run_script(main, train.arguments(__doc__, name="digits_lstm", epochs=60))
