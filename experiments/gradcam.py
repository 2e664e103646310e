"""Where a network looks: Grad-CAM by hooks on a layer of a module of compat.

    python experiments/gradcam.py

A small network learns to see circles, squares and triangles in cluttered images. The
gradient of a class's score says how much each channel of the last convolution counts;
the channels' sum, weighted so, is a map of where the class was seen. A forward hook
keeps the channels, a hook on their tensor the gradients. Writes `gradcam.png`.

Paper: Selvaraju et al., Grad-CAM (2017), https://arxiv.org/abs/1610.02391
"""

import argparse
import logging
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

import funcnet.compat as torch
from funcnet import train
from funcnet.compat import nn
from funcnet.compat.nn import functional as F

SIZE, BATCH_SIZE, LEARNING_RATE, RADIUS = 32, 32, 3e-3, 6
SHAPES = {"circle": 40, "square": 4, "triangle": 3}

log = logging.getLogger(__name__)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.conv3 = nn.Conv2d(32, 64, 3, padding=1)
        self.fc = nn.Linear(64, len(SHAPES))

    def forward(self, x):  # (batch, 3, 32, 32) -> (batch, classes)
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(F.relu(self.conv3(x)).amax((2, 3)))


def draw_images(count, seed, empty):
    """Images with lines and one shape, or with none; the classes and the centres."""
    draw = np.random.default_rng(seed)
    images, labels = [], draw.integers(0, len(SHAPES) + empty, count)
    centers = draw.uniform(RADIUS, SIZE - RADIUS, (count, 2))
    for label, center in zip(labels, centers, strict=True):
        image = Image.new("RGB", (SIZE, SIZE), tuple(draw.integers(0, 80, 3)))
        pen = ImageDraw.Draw(image)
        for ends in draw.integers(0, SIZE, (4, 4)):
            pen.line(ends.tolist(), tuple(draw.integers(80, 200, 3)))
        if label < len(SHAPES):
            sides, turn = list(SHAPES.values())[label], draw.uniform(0, 360)
            colour = tuple(draw.integers(120, 256, 3))
            pen.regular_polygon((*center.tolist(), RADIUS), sides, turn, colour)
        images.append(np.asarray(image).transpose(2, 0, 1) / 127.5 - 1)
    return np.stack(images).astype("float32"), labels, centers


def grad_cam(model, layer, images, classes):
    """Maps `(batch, height, width)`, from 0 to 1, of where each class was seen."""
    kept = {}

    def keep(module, inputs, output):
        kept["channels"] = output
        output.register_hook(lambda grad: kept.update(grads=grad))

    handle = layer.register_forward_hook(keep)
    scores = model(images)
    scores.gather(1, classes[:, None]).sum().backward()
    handle.remove()
    channels, grads = kept["channels"].detach(), kept["grads"]
    weights = grads.mean((2, 3), keepdim=True)  # (batch, channels, 1, 1)
    maps = F.relu((weights * channels).sum(1, keepdim=True))
    maps = F.interpolate(maps, size=images.shape[2:], mode="bilinear")[:, 0]
    return maps / maps.amax((1, 2), keepdim=True).clamp(min=1e-6)


def write_picture(path, images, maps, labels):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, len(images), figsize=(1.6 * len(images), 3.6))
    for image, heat, label, (above, below) in zip(
        images, maps, labels, axes.T, strict=True
    ):
        picture = image.transpose(1, 2, 0) / 2 + 0.5
        above.imshow(picture)
        above.set_title(list(SHAPES)[label])
        below.imshow(picture)
        below.imshow(heat, cmap="jet", alpha=0.5)
        above.axis("off")
        below.axis("off")
    figure.savefig(path, dpi=120, bbox_inches="tight")
    plt.close(figure)


def main(args: argparse.Namespace) -> float:
    torch.manual_seed(args.seed)
    images, labels, _ = draw_images(128 if args.smoke else 1536, args.seed, empty=1)
    targets = np.eye(len(SHAPES) + 1, dtype="float32")[labels, :-1]
    test_images, test_labels, centers = draw_images(64, args.seed + 1, empty=0)
    model = Net()
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    pairs = torch.utils.data.TensorDataset(torch.tensor(images), torch.tensor(targets))
    loader = torch.utils.data.DataLoader(pairs, BATCH_SIZE, shuffle=True)
    for epoch in range(args.epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss = F.binary_cross_entropy_with_logits(model(x), y)
            loss.backward()
            optimizer.step()
        log.info("epoch %d  loss of the last batch %.3f", epoch + 1, loss.item())
    x, y = torch.tensor(test_images), torch.tensor(test_labels)
    right = 100 * (model(x).argmax(1) == y).float().mean().item()
    maps = grad_cam(model, model.conv3, x, y).numpy()
    peaks = [np.unravel_index(heat.argmax(), heat.shape)[::-1] for heat in maps]
    # A position of the maps is four pixels wide.
    near = np.mean(np.abs(np.array(peaks) - centers).max(1) <= RADIUS + 4)
    log.info(
        "accuracy %.0f %%, maps that point at the shape %.0f %%", right, 100 * near
    )
    picture = Path(args.out) / "gradcam.png"
    write_picture(picture, test_images[:8], maps[:8], test_labels[:8])
    return float(near)


if __name__ == "__main__":
    train.run_script(main, train.arguments(__doc__, name="gradcam", epochs=6))
