"""Train a convolutional network on a set of TensorFlow Datasets, without TensorFlow.

    python experiments/tfds_train.py --dataset digits
    python experiments/tfds_train.py --dataset mnist --data-dir FOLDER --download

"digits" is prepared offline from the images that funcnet carries; any other set must
have been prepared as array_record or parquet. mnist, fashion_mnist, kmnist, cifar10,
cifar100 and svhn_cropped are read from their original files, where TFDS needs
TensorFlow.
"""

import argparse
import logging

import jax
import numpy as np

from funcnet import data, nn, optim, train
from funcnet import functional as F
from funcnet.data import transforms as T

BATCH_SIZE, LEARNING_RATE = 64, 2e-3

log = logging.getLogger(__name__)


class CNN(nn.Model):
    def __init__(self, channels, classes, width=32):
        self.conv1 = nn.Conv2d(channels, width, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, 2 * width, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(2 * width)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(2 * width, classes)

    def forward(self, x):  # (batch, channels, height, width) -> (batch, classes)
        x = self.pool(F.relu(self.norm1(self.conv1(x))))
        x = F.relu(self.norm2(self.conv2(x)))
        return self.fc(x.mean((2, 3)))


def as_pair(pair):
    """Make `(channels, height, width)` from 0 to 1 of an image and keep its label."""
    image, label = pair
    return T.functional.to_tensor(image), np.int32(label)


def main(args: argparse.Namespace) -> float:
    part = "[:10%]" if args.smoke and args.dataset != "digits" else ""
    training, testing = (
        data.tfds(
            args.dataset,
            split + part,
            args.data_dir or f"{args.out}/tfds",
            as_supervised=True,
            transform=as_pair,
            download=args.download,
        )
        for split in ("train", "test")
    )
    image, _ = training[0]
    labels = {int(testing[index][1]) for index in range(len(testing))}
    net = CNN(image.shape[0], max(labels) + 1)
    log.info("%d images %s, %d classes", len(training), image.shape, len(labels))
    loader = data.DataLoader(
        training, BATCH_SIZE, True, drop_last=True, num_workers=args.workers,
        seed=args.seed, persistent_workers=args.workers > 0,
    )  # fmt: skip
    schedule = optim.cosine_annealing_lr(LEARNING_RATE, args.epochs * len(loader))
    ts, history = train.fit(
        net,
        F.cross_entropy,
        optim.adamw(schedule, weight_decay=0.05),
        loader,
        jax.random.key(args.seed),
        epochs=args.epochs,
        test_data=data.DataLoader(testing, 256),
        metrics={"accuracy": train.accuracy},
        folder=args.out,
        resume=args.resume,
    )
    train.finish(args.out, ts, history)
    return history[-1]["test_accuracy"]


if __name__ == "__main__":
    parser = train.arguments(__doc__, name="tfds_train", epochs=15)
    parser.add_argument("--dataset", default="digits", help="name of the set (digits)")
    parser.add_argument("--data-dir", help="folder of all sets (in the run's folder)")
    parser.add_argument("--download", action="store_true", help="fetch original files")
    parser.add_argument("--workers", type=int, default=0, help="that read samples (0)")
    train.run_script(main, parser)
