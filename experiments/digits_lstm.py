"""Recognise handwritten digits with an LSTM that reads them row by row.

    python experiments/digits_lstm.py

Each image is a sequence of eight rows of eight pixels, read from above and from below.
A fifth of the 1,797 digits is held out.
"""

import argparse
import logging

import jax

from funcnet import data, nn, optim, train

BATCH_SIZE = 64
LEARNING_RATE = 5e-3
SHIFT = 0.5  # pixels

log = logging.getLogger(__name__)


class RowReader(nn.Model):
    def __init__(self, hidden=128):
        self.lstm = nn.LSTM(8, hidden, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(2 * hidden, 10)

    def forward(self, x):  # (batch, 1, 8, 8) -> (batch, 10)
        output, _ = self.lstm(x[:, 0])  # (batch, 8, 2 * hidden)
        return self.head(self.drop(output.max(axis=1)))


def shifted(key, batch):
    images, labels = batch
    return train.random_shift(key, images, SHIFT), labels


def main(args: argparse.Namespace) -> float:
    net = RowReader()
    log.info("\n%s", net.summary((BATCH_SIZE, 1, 8, 8)))
    training = data.ArrayLoader(
        data.digits("train"), BATCH_SIZE, seed=args.seed, drop_last=True
    )
    schedule = optim.cosine_annealing_lr(LEARNING_RATE, args.epochs * len(training))
    ts, history = train.fit(
        net,
        nn.CrossEntropyLoss(label_smoothing=0.1),
        optim.adamw(schedule),
        training,
        jax.random.key(args.seed),
        epochs=args.epochs,
        test_data=data.ArrayLoader(data.digits("test"), 359, shuffle=False),
        metrics={"accuracy": train.accuracy},
        augment=shifted,
        folder=args.out,
        resume=args.resume,
    )
    train.finish(args.out, ts, history)
    accuracy = history[-1]["test_accuracy"]
    log.info("accuracy on the 359 held-out digits: %.2f %%", 100 * accuracy)
    return accuracy


if __name__ == "__main__":
    train.run_script(main, train.arguments(__doc__, name="digits_lstm", epochs=60))
