"""TensorFlow Datasets, without TensorFlow."""

from funcnet.data._tfds._build import build_tfds
from funcnet.data._tfds._read import TFDSDataset, tfds

__all__ = ["TFDSDataset", "build_tfds", "tfds"]
