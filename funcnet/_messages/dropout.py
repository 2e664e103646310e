"""Dropout."""

MESSAGES = {
    "dropout.p": "{name}: p is {p}, a probability lies in 0..1.",
    "dropout.channels": "{name}: input has shape {input}, it needs at least 2 "
    "dimensions: (batch, channels, *).",
}
