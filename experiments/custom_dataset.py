"""Train on a dataset of your own: a table of labels, and a folder of images.

    python experiments/custom_dataset.py --labels labels.csv --images FOLDER

Each line of the table is the name of an image and its label, `7.png,3`. Without one,
the digits that funcnet carries are written to such files. A dataset is any class with
`__len__` and `__getitem__`; this one gives dicts, which the loader makes batches of.
"""

import argparse
import csv
import logging
from pathlib import Path

import jax
import numpy as np

from funcnet import checkpoint, data, nn, optim, train
from funcnet import functional as F
from funcnet.data import transforms as T
from funcnet.data.images import read_image, write_png

BATCH_SIZE, LEARNING_RATE = 32, 3e-3

log = logging.getLogger(__name__)


class CustomImageDataset(data.Dataset):
    """Images in a folder, with the labels of a table."""

    def __init__(self, labels, folder, transform=None, target_transform=None):
        with open(labels, newline="") as file:
            self.rows = [(name, int(label)) for name, label in csv.reader(file)]
        self.folder = Path(folder)
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        name, label = self.rows[index]
        image = read_image(self.folder / name)  # uint8 (channels, height, width)
        if self.transform:
            image = self.transform(image)
        if self.target_transform:
            label = self.target_transform(label)
        return {"image": image, "label": label}


def write_digits(folder: Path, count: int) -> tuple[Path, Path]:
    """Write digits as a table and images."""
    folder.mkdir(parents=True, exist_ok=True)
    images, labels = (array[:count] for array in data.digits("train"))
    levels = np.rint(255 * images).astype(np.uint8)
    for number, image in enumerate(levels):
        write_png(image, folder / f"{number}.png")
    table = folder.parent / "labels.csv"
    with table.open("w", newline="") as file:
        rows = ((f"{n}.png", int(label)) for n, label in enumerate(labels))
        csv.writer(file).writerows(rows)
    return table, folder


def main(args: argparse.Namespace) -> float:
    labels, images = args.labels, args.images
    if labels is None:
        folder = Path(args.out) / "images"
        labels, images = write_digits(folder, 320 if args.smoke else 1438)
    change = T.Compose([T.ConvertImageDtype(np.float32), T.Normalize([0.3], [0.4])])
    dataset = CustomImageDataset(labels, images, transform=change)
    training, held_out = data.random_split(dataset, [0.8, 0.2], seed=args.seed)
    loader = data.DataLoader(training, BATCH_SIZE, shuffle=True, seed=args.seed)

    first = dataset[0]["image"]
    classes = 1 + max(label for _, label in dataset.rows)
    net = nn.Sequential(
        nn.Flatten(), nn.Linear(first.size, 64), nn.ReLU(), nn.Linear(64, classes)
    )
    optimizer = optim.adamw(LEARNING_RATE)
    metrics = {"accuracy": train.accuracy}
    step = train.train_step(net, F.cross_entropy, optimizer, metrics=metrics)
    measure = train.eval_step(net, F.cross_entropy, metrics=metrics)
    ts = train.TrainState.create(net, optimizer, jax.random.key(args.seed))
    history, last = [], Path(args.out) / "last.msgpack"
    if args.resume and last.exists():
        ts = checkpoint.load(last, like=ts)
        told = checkpoint.read_metadata(last)
        history = told["history"]
        loader.load_state_dict(told["loader"])
    for epoch in range(len(history) + 1, args.epochs + 1):
        trained, tested = train.Averages(), train.Averages()
        for batch in loader:
            ts, measured = step(ts, (batch["image"], batch["label"]))
            trained.add(measured, len(batch["label"]))
        for batch in data.DataLoader(held_out, len(held_out)):
            measured = measure(ts, (batch["image"], batch["label"]))
            tested.add(measured, len(batch["label"]))
        record = {"epoch": epoch, "train_loss": trained.means()["loss"]}
        record |= {f"test_{name}": mean for name, mean in tested.means().items()}
        history.append(record)
        log.info("%s", "  ".join(f"{k} {v:.4g}" for k, v in record.items()))
        told = {"history": history, "loader": loader.state_dict()}
        checkpoint.save(last, ts, metadata=told)
    train.finish(args.out, ts, history)
    return history[-1]["test_accuracy"]


if __name__ == "__main__":
    parser = train.arguments(__doc__, name="custom_dataset", epochs=10)
    parser.add_argument("--labels", help="table of names and labels (writes digits)")
    parser.add_argument("--images", help="folder of the images")
    train.run_script(main, parser)
