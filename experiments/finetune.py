"""Fine-tune a residual network from a `.pth` on a folder of images.

    python experiments/finetune.py --weights resnet18-f37072fd.pth --data FOLDER

FOLDER holds `train` and `val`, and these one folder for each class: `train/dog/1.png`.
The head is new; the first layers are frozen, and the rates of the others fall towards
the input. The weights are those of a network of torchvision's (`--model resnet18`).
Without weights a small network learns drawn pentagons and stars, and is written as a
`.pth`; without a folder it is fine-tuned on circles, squares and triangles. With
`--scratch` it starts from random parameters, to compare.
"""

import argparse
import logging
from pathlib import Path

import jax
import numpy as np
from PIL import Image, ImageDraw

from funcnet import checkpoint, data, models, nn, optim, train, tree
from funcnet import functional as F
from funcnet.data import transforms as T

SIZE, BATCH_SIZE, LEARNING_RATE = 32, 16, 0.03
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
FROZEN = ("conv1.*", "bn1.*")
# Corners, and how far from the centre every second one is.
SHAPES = {"circle": (40, 1.0), "square": (4, 1.0), "triangle": (3, 1.0)}
OTHERS = {"pentagon": (5, 1.0), "hexagon": (6, 1.0), "dart": (6, 0.4)}
OTHERS |= {"cross": (8, 0.4), "star": (10, 0.5), "gear": (24, 0.7)}

log = logging.getLogger(__name__)


class Block(nn.Model):
    def __init__(self, inputs, outputs):
        self.conv1 = nn.Conv2d(inputs, outputs, 3, 2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = nn.Conv2d(inputs, outputs, 1, 2, bias=False)

    def forward(self, x):  # (batch, inputs, h, w) -> (batch, outputs, h / 2, w / 2)
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.downsample(x))


class SmallResNet(nn.Model):
    def __init__(self, num_classes):
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1, self.layer2, self.layer3 = (
            Block(16, 32),
            Block(32, 64),
            Block(64, 128),
        )
        self.fc = nn.Linear(128, num_classes)

    def forward(self, x):  # (batch, 3, height, width) -> (batch, classes)
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))


def draw_images(folder, shapes, per_class, seed):
    draw = np.random.default_rng(seed)
    for split, count in (("train", per_class), ("val", per_class // 3)):
        for kind, (corners, inner) in shapes.items():
            (folder / split / kind).mkdir(parents=True)
            for n in range(count):
                image = Image.new("RGB", (48, 48), tuple(draw.integers(0, 90, 3)))
                angles = 2 * np.pi * (draw.random() + np.arange(corners) / corners)
                radii = draw.uniform(8, 15) * np.where(np.arange(corners) % 2, inner, 1)
                outline = np.stack([np.cos(angles), np.sin(angles)], 1) * radii[:, None]
                points = [tuple(p) for p in outline + draw.uniform(16, 32, 2)]
                colour = tuple(draw.integers(120, 256, 3))
                ImageDraw.Draw(image).polygon(points, colour)
                image.save(folder / split / kind / f"{n}.png")


def loaders(folder, args):
    last = [T.ToTensor(), T.Normalize(MEAN, STD)]
    augment = [T.RandomResizedCrop(SIZE, (0.6, 1.0)), T.RandomHorizontalFlip(), *last]
    center = [T.Resize(SIZE), T.CenterCrop(SIZE), *last]
    training = data.vision.ImageFolder(folder / "train", T.Compose(augment))
    validation = data.vision.ImageFolder(folder / "val", T.Compose(center))
    options = {"seed": args.seed, "batch_size": BATCH_SIZE}
    shuffled = data.DataLoader(training, shuffle=True, drop_last=True, **options)
    return shuffled, data.DataLoader(validation, **options)


def fit(net, optimizer, images, args, epochs=None, **options):
    """Train, and return the last state and the records of the epochs."""
    training, validation = loaders(images, args)
    key = jax.random.key(args.seed)
    options |= {"epochs": epochs or args.epochs, "test_data": validation}
    options |= {"metrics": {"accuracy": train.accuracy}}
    return train.fit(net, F.cross_entropy, optimizer, training, key, **options)


def sgd(rate):
    return optim.sgd(rate, momentum=0.9, weight_decay=1e-4)


def pretrain(path, args):
    """Write the weights of a network that knows other shapes."""
    folder, net = path.parent / "others", SmallResNet(len(OTHERS))
    if not folder.exists():
        draw_images(folder, OTHERS, 24 if args.smoke else 150, args.seed + 1)
    ts, _ = fit(net, sgd(LEARNING_RATE), folder, args, epochs=1 if args.smoke else 8)
    checkpoint.save(path, tree.merge(ts.params, ts.state))


def main(args: argparse.Namespace) -> float:
    out = Path(args.out)
    folder = Path(args.data) if args.data else out / "images"
    if not folder.exists():
        draw_images(folder, SHAPES, 24 if args.smoke else 150, args.seed)
    classes = len(list((folder / "train").iterdir()))
    builder = models.get_model_builder(args.model) if args.model else SmallResNet
    net, optimizer, start = builder(num_classes=classes), sgd(LEARNING_RATE), None
    if not args.scratch:
        weights = Path(args.weights or out / "pretrained.pth")
        if not args.weights and not weights.exists():
            pretrain(weights, args)
        stages = [f"{name}.*" for name in net.children() if name[:5] in ("layer", "fc")]
        optimizer = optim.by_depth(sgd, LEARNING_RATE, [*stages[:0:-1], "*"])
        net = nn.Frozen(net, FROZEN)
        key = jax.random.key(args.seed)
        start, report = models.load(net, weights, strict=False, key=key)
        log.info(
            "%d arrays of %s fit; others:\n%s", len(report.loaded), weights, report
        )
    options = {"start": start, "folder": out, "resume": args.resume}
    ts, history = fit(net, optimizer, folder, args, **options)
    train.finish(out, ts, history)
    checkpoint.save(out / "finetuned.pth", tree.merge(ts.params, ts.state))
    log.info("accuracy %.1f %%", 100 * history[-1]["test_accuracy"])
    return history[-1]["test_accuracy"]


if __name__ == "__main__":
    parser = train.arguments(__doc__, name="finetune", epochs=5)
    parser.add_argument("--data", help="folder with train and val (draws shapes)")
    parser.add_argument("--weights", help="a .pth of the network (trains one)")
    parser.add_argument("--model", help="resnet18 or another ResNet of torchvision's")
    parser.add_argument("--scratch", action="store_true", help="random parameters")
    train.run_script(main, parser)
