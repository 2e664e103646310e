"""The tasks: what is trained, and on what; each peer's network is in its folder.

Data are random: only the time of a step is measured. Images are NCHW, labels int32.
Needs numpy only, so that the process that drives the peers stays small.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Batch = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Task:
    """A network to train, its batch and what a reader should know of it."""

    title: str
    make_batch: Callable[[np.random.Generator], Batch]
    parameters: int

    def batch(self) -> Batch:
        """The one batch that every step trains on."""
        return self.make_batch(np.random.default_rng(0))


def _parabola(rng: np.random.Generator) -> Batch:
    x = np.linspace(-1, 1, 100, dtype=np.float32)[:, None]
    return x, x**2 + 0.2 * rng.random(x.shape, dtype=np.float32)


def _images(*shape: int) -> Callable[[np.random.Generator], Batch]:
    def make(rng: np.random.Generator) -> Batch:
        labels = rng.integers(0, 10, shape[0], dtype=np.int32)
        return rng.standard_normal(shape, dtype=np.float32), labels

    return make


def _text(rng: np.random.Generator) -> Batch:
    tokens = rng.integers(0, 65, (12, 65), dtype=np.int32)
    return tokens[:, :-1], tokens[:, 1:]


TASKS = {
    "tiny": Task("1-10-1 regression, batch 100, SGD", _parabola, 31),
    "mlp": Task("784-512-512-10, batch 64, SGD momentum", _images(64, 784), 669_706),
    "cnn": Task(
        "MNIST CNN of pytorch/examples, batch 64, SGD momentum",
        _images(64, 1, 28, 28),
        1_199_882,
    ),
    "lstm": Task("LSTM 2×128 over 28×28, batch 64, Adam", _images(64, 28, 28), 214_282),
    "resnet18": Task(
        "ResNet-18, CIFAR stem, 32×32, batch 32, SGD momentum",
        _images(32, 3, 32, 32),
        11_173_962,
    ),
    "resnet50": Task(
        "ResNet-50 of torchvision, 224×224, batch 8, SGD momentum",
        _images(8, 3, 224, 224),
        25_557_032,
    ),
    "vit_b_16": Task(
        "ViT-B/16 of torchvision, 224×224, batch 8, AdamW",
        _images(8, 3, 224, 224),
        86_567_656,
    ),
    "gpt": Task("GPT 4×128, 4 heads, context 64, batch 12, AdamW", _text, 804_096),
}
