"""Train a small residual network on a folder of images.

    python experiments/image_folder.py --data FOLDER

FOLDER holds `train` and `val`, and these one folder for each class: `train/dog/1.png`.
Without one, circles, squares and triangles are drawn. The frame is that of PyTorch's
ImageNet example: a learning rate that falls by epochs, `train` and `validate`, and a
checkpoint of the best accuracy, which `--resume` goes on from.
"""

import argparse
import dataclasses
import logging
import shutil
from pathlib import Path

import jax
import numpy as np
from PIL import Image, ImageDraw

from funcnet import checkpoint, data, nn, optim, train
from funcnet import functional as F
from funcnet.data import transforms as T

SIZE, BATCH_SIZE, LEARNING_RATE = 32, 16, 0.03
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

log = logging.getLogger(__name__)


class Block(nn.Model):
    def __init__(self, inputs, outputs, stride):
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, x):  # (batch, inputs, h, w) -> (batch, outputs, h / stride, ...)
        y = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(y)) + self.shortcut(x))


class ResNet(nn.Model):
    def __init__(self, classes, width=16):
        self.stem = nn.Conv2d(3, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.blocks = [Block(width * 2**n, width * 2 ** (n + 1), 2) for n in range(3)]
        self.fc = nn.Linear(width * 8, classes)

    def forward(self, x):  # (batch, 3, height, width) -> (batch, classes)
        x = F.relu(self.norm(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


def draw_images(folder, per_class, seed):
    draw = np.random.default_rng(seed)
    for split, count in (("train", per_class), ("val", per_class // 3)):
        for kind, sides in (("circle", 40), ("square", 4), ("triangle", 3)):
            (folder / split / kind).mkdir(parents=True)
            for n in range(count):
                image = Image.new("RGB", (48, 48), tuple(draw.integers(0, 90, 3)))
                circle = draw.integers([16, 16, 8], [32, 32, 15]).tolist()
                turn, colour = draw.uniform(0, 360), tuple(draw.integers(120, 256, 3))
                pen = ImageDraw.Draw(image)
                pen.regular_polygon(tuple(circle), sides, turn, colour)
                image.save(folder / split / kind / f"{n}.png")


def loaders(folder, args):
    last = [T.ToTensor(), T.Normalize(MEAN, STD)]
    augment = [T.RandomResizedCrop(SIZE, (0.6, 1.0)), T.RandomHorizontalFlip(), *last]
    center = [T.Resize(SIZE), T.CenterCrop(SIZE), *last]
    training = data.vision.ImageFolder(folder / "train", T.Compose(augment))
    validation = data.vision.ImageFolder(folder / "val", T.Compose(center))
    options = {"num_workers": args.workers, "persistent_workers": args.workers > 0}
    options |= {"seed": args.seed, "batch_size": BATCH_SIZE}
    shuffled = data.DataLoader(training, shuffle=True, drop_last=True, **options)
    return shuffled, data.DataLoader(validation, **options)


def adjust_learning_rate(ts, epoch, args):
    """Divide the rate by ten after two thirds of the epochs."""
    rate = LEARNING_RATE * 0.1 ** (3 * epoch // (2 * args.epochs))
    return dataclasses.replace(ts, opt_state=optim.set_lr(ts.opt_state, rate))


def train_epoch(loader, step, ts):
    averages = train.Averages()
    for images, labels in loader:
        ts, measured = step(ts, (images, labels))
        averages.add(measured, len(labels))
    return ts, averages.means()


def save_checkpoint(folder, ts, metadata, is_best):
    checkpoint.save(folder / "last.msgpack", ts, metadata=metadata)
    if is_best:
        shutil.copyfile(folder / "last.msgpack", folder / "best.msgpack")


def main(args: argparse.Namespace) -> float:
    out = Path(args.out)
    folder = Path(args.data) if args.data else out / "images"
    if not args.data and not folder.exists():
        draw_images(folder, 24 if args.smoke else 150, args.seed)
    train_loader, val_loader = loaders(folder, args)
    net = ResNet(len(train_loader.dataset.classes))
    optimizer = optim.sgd(LEARNING_RATE, momentum=0.9, weight_decay=1e-4)
    metrics = {"accuracy": train.accuracy}
    step = train.train_step(net, F.cross_entropy, optimizer, metrics=metrics)
    measure = train.eval_step(net, F.cross_entropy, metrics=metrics)
    ts = train.TrainState.create(net, optimizer, jax.random.key(args.seed))
    best, history = 0.0, []
    if args.resume and (out / "last.msgpack").exists():
        ts = checkpoint.load(out / "last.msgpack", like=ts)
        told = checkpoint.read_metadata(out / "last.msgpack")
        best, history = told["best"], told["history"]
        train_loader.load_state_dict(told["loader"])
    for epoch in range(len(history), args.epochs):
        ts = adjust_learning_rate(ts, epoch, args)
        ts, trained = train_epoch(train_loader, step, ts)
        valid = train.evaluate(measure, ts, val_loader)
        record = {"epoch": epoch + 1, "train_loss": trained["loss"]}
        record |= {f"test_{name}": mean for name, mean in valid.items()}
        log.info("  ".join(f"{name} {mean:.4g}" for name, mean in record.items()))
        history.append(record)
        is_best = valid["accuracy"] > best
        best = max(best, valid["accuracy"])
        told = {"best": best, "history": history, "loader": train_loader.state_dict()}
        save_checkpoint(out, ts, told, is_best)
    train.finish(out, ts, history)
    log.info("best accuracy on the validation images: %.1f %%", 100 * best)
    return best


if __name__ == "__main__":
    parser = train.arguments(__doc__, name="image_folder", epochs=20)
    parser.add_argument("--data", help="folder with train and val (draws shapes)")
    parser.add_argument("--workers", type=int, default=2, help="that read images (2)")
    train.run_script(main, parser)
