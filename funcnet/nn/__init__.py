"""Layers: frozen descriptions with `init` and `apply`, named as in `torch.nn`."""

from funcnet.nn._base import Layer
from funcnet.nn._containers import Sequential
from funcnet.nn._dropout import Dropout
from funcnet.nn._linear import Bilinear, Identity, Linear
from funcnet.nn._model import Buffer, Model, ModuleDict, ModuleList, Parameter

__all__ = [
    "Bilinear",
    "Buffer",
    "Dropout",
    "Identity",
    "Layer",
    "Linear",
    "Model",
    "ModuleDict",
    "ModuleList",
    "Parameter",
    "Sequential",
]
