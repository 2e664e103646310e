"""Recognise handwritten digits with a small convolutional network.

    python experiments/digits_cnn.py

Two convolutions with batch norm, a pool and two linear layers on the 1,797 digits of
the UCI set, images of 8×8 pixels, a fifth of which is held out. Each training image is
moved by a fraction of a pixel, anew in each epoch, inside the compiled step.
"""

import argparse
import logging

import jax

from funcnet import data, nn, optim, train
from funcnet import functional as F

BATCH_SIZE = 64
LEARNING_RATE = 2e-3
SHIFT = 0.7  # pixels

log = logging.getLogger(__name__)


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


def shifted(key, batch):
    images, labels = batch
    return train.random_shift(key, images, SHIFT), labels


def main(args: argparse.Namespace) -> float:
    net = DigitsCNN()
    log.info("\n%s", net.summary((BATCH_SIZE, 1, 8, 8)))
    training = data.ArrayLoader(
        data.digits("train"), BATCH_SIZE, seed=args.seed, drop_last=True
    )
    schedule = optim.cosine_annealing_lr(LEARNING_RATE, args.epochs * len(training))
    ts, history = train.fit(
        net,
        nn.CrossEntropyLoss(label_smoothing=0.1),
        optim.adamw(schedule, weight_decay=0.05),
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
    train.run_script(main, train.arguments(__doc__, name="digits_cnn", epochs=30))
