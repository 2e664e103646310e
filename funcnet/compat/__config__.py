"""What this was built with, as `torch.__config__`."""

import os

import jax


def show() -> str:
    """A text with the versions of what computes here."""
    places = ", ".join(sorted({one.platform for one in jax.devices()}))
    return f"funcnet.compat on JAX {jax.__version__}:\n  - devices: {places}\n"


def parallel_info() -> str:
    """A text about threads: XLA has as many as there are cores."""

    return f"XLA/threads: {os.cpu_count()}\n"
