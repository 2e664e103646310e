"""Style transfer: optimise an image, not a network.

    python experiments/style_transfer.py --content photo.jpg --style painting.jpg
        --weights vgg19-dcbb9e9d.pth

The image keeps the features of the content and takes on the style's correlations
between features (Gram matrices). They are those of VGG-19, from a `.pth`; without one,
of random filters of three sizes, which serve textures. Without pictures two are drawn.
Writes `style_transfer.png` with all three.

Papers: Gatys et al. (2015), https://arxiv.org/abs/1508.06576; with random filters,
Ustyuzhaninov et al. (2016), https://arxiv.org/abs/1606.00021
"""

import argparse
import logging
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from PIL import Image, ImageDraw

from funcnet import functional as F
from funcnet import models, nn, optim, train

LEARNING_RATE, STYLE, SMOOTH = 0.03, 30.0, 0.02
VGG_LAYERS = (1, 6, 11, 20, 29)  # after a ReLU of each stage

log = logging.getLogger(__name__)


class RandomFilters(nn.Model):
    """Features of random filters of several sizes, seen at three scales."""

    def __init__(self, width=48):
        self.filters = [nn.Conv2d(3, width, k, padding=k // 2) for k in (3, 5, 9)]

    def forward(self, x):  # (1, 3, height, width) -> a list of features
        scales = [x, F.avg_pool2d(x, 2), F.avg_pool2d(x, 4)]
        return [F.relu(conv(x)) for x in scales for conv in self.filters]


class VGGFeatures(nn.Model):
    def __init__(self):
        self.features = models.vgg19().features
        self.classifier = models.vgg19().classifier  # so that the file fits

    def forward(self, x):  # (1, 3, height, width) -> a list of features
        result = []
        for n, layer in enumerate(self.features):
            x = layer(x)
            if n in VGG_LAYERS:
                result.append(x)
        return result


def gram(features):  # (1, channels, height, width) -> (channels, channels)
    rows = features.reshape(features.shape[1], -1)
    return rows @ rows.T / rows.shape[1]


def draw_content(size):
    image = Image.new("RGB", (size, size), (40, 60, 110))
    pen = ImageDraw.Draw(image)
    pen.ellipse([size * 0.1, size * 0.1, size * 0.55, size * 0.55], (240, 210, 90))
    pen.polygon([(size * 0.3, size * 0.9), (size * 0.65, size * 0.35),
                 (size * 0.95, size * 0.9)], (190, 70, 60))  # fmt: skip
    return image


def draw_style(size, seed):
    draw = np.random.default_rng(seed)
    image = Image.new("RGB", (size, size), (245, 240, 225))
    pen = ImageDraw.Draw(image)
    for x, y in draw.uniform(-10, size, (size * 2, 2)):
        colour = [(20, 90, 90), (210, 120, 30), (120, 20, 60)][draw.integers(3)]
        pen.line([(x, y), (x + 12, y + 7)], colour, 3)
    return image


def as_array(image, size):  # -> (1, 3, size, size) from -1 to 1
    pixels = np.asarray(image.convert("RGB").resize((size, size)), "float32")
    return jnp.asarray(pixels.transpose(2, 0, 1)[None] / 127.5 - 1)


def as_pixels(x):
    pixels = np.asarray(x[0]).transpose(1, 2, 0) * 127.5 + 127.5
    return pixels.clip(0, 255).astype("uint8")


def main(args: argparse.Namespace) -> float:
    size = 32 if args.smoke else args.size
    content = Image.open(args.content) if args.content else draw_content(size)
    style = Image.open(args.style) if args.style else draw_style(size, args.seed)
    content, style = as_array(content, size), as_array(style, size)
    net = VGGFeatures() if args.weights else RandomFilters()
    if args.weights:
        params, state = models.load(net, args.weights)
    else:
        params, state = net.init(jax.random.key(args.seed))

    def features(x):
        return net.apply(params, state, x)[0]

    wanted = features(content)
    wanted_grams = [gram(y) for y in features(style)]

    def objective(x):
        seen = features(x)
        kept = sum(F.mse_loss(y, z) for y, z in zip(seen, wanted, strict=True))
        grams = [gram(y) for y in seen]
        pairs = zip(grams, wanted_grams, strict=True)
        styled = sum(jnp.mean((y - z) ** 2) / jnp.mean(z**2) for y, z in pairs)
        rough = jnp.abs(jnp.diff(x, axis=2)).mean() + jnp.abs(jnp.diff(x)).mean()
        return kept + STYLE / len(grams) * styled + SMOOTH * rough, styled

    optimizer = optim.adam(LEARNING_RATE)

    @jax.jit
    def step(x, opt_state):
        (loss, styled), grad = jax.value_and_grad(objective, has_aux=True)(x)
        updates, opt_state = optimizer.update(grad, opt_state, x)
        return jnp.clip(x + updates, -1, 1), opt_state, loss, styled

    x, opt_state = content, optimizer.init(content)
    first = float(objective(x)[1])
    for n in range(args.epochs):
        x, opt_state, loss, styled = step(x, opt_state)
        if (n + 1) % 20 == 0:
            log.info("step %d  loss %.3f  style %.3f", n + 1, loss, styled)
    log.info("the style's distance fell from %.3f to %.3f", first, styled)
    pixels = np.concatenate([as_pixels(one) for one in (content, style, x)], axis=1)
    Image.fromarray(pixels).save(Path(args.out) / "style_transfer.png")
    return float(styled) / first


if __name__ == "__main__":
    parser = train.arguments(
        __doc__, name="style_transfer", epochs=200, smoke_epochs=20
    )
    parser.add_argument("--content", help="a picture (draws one)")
    parser.add_argument("--style", help="a picture (draws one)")
    parser.add_argument("--weights", help="a .pth of VGG-19 (random filters)")
    parser.add_argument("--size", type=int, default=96, help="of the picture (96)")
    train.run_script(main, parser)
