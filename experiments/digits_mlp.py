"""Recognise handwritten digits with the network of PyTorch's quickstart.

    python experiments/digits_mlp.py

Two hidden layers of 512 units on images of 8×8 pixels. A fifth of the 1,797 digits is
held out. Moving each training image a little, and asking for 90 % certainty only, keeps
a network that could learn 1,438 images by heart from doing so.
"""

import argparse
import logging

import jax

from funcnet import data, nn, optim, train

BATCH_SIZE = 64
LEARNING_RATE = 2e-3
SHIFT = 0.5  # pixels

log = logging.getLogger(__name__)


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


def shifted(key, batch):
    images, labels = batch
    return train.random_shift(key, images, SHIFT), labels


def main(args: argparse.Namespace) -> float:
    net = QuickstartNetwork()
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
    train.run_script(main, train.arguments(__doc__, name="digits_mlp", epochs=60))
