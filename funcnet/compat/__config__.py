"""Build information, as `torch.__config__`."""

import os

import jax


def show() -> str:
    """Return the versions of JAX and its devices as text."""
    platforms = ", ".join(sorted({device.platform for device in jax.devices()}))
    return f"funcnet.compat on JAX {jax.__version__}:\n  - devices: {platforms}\n"


def parallel_info() -> str:
    """Return a text about threads: XLA has as many as there are cores."""

    return f"XLA/threads: {os.cpu_count()}\n"
